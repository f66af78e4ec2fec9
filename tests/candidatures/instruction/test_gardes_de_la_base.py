"""What Postgres holds of what agents write around a file, under the portal's own role, whatever goes around the acts:
notes and their mentions, read marks, messages, interests, saved views, grouped acts."""

from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from candidatures.instruction import actions as instruction
from candidatures.instruction.annotations.actions import annoter, marquer_lues
from candidatures.instruction.conditions.etats import Issue
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.echanges.actions import envoyer_message
from candidatures.instruction.lots.actions import demander
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.suivi.requetes import ecarts
from candidatures.models import (
    ActeSurDossier,
    Annotation,
    Candidature,
    DeclarationInteret,
    ExamenDeRecevabilite,
    LectureDePiece,
    LectureDesMessages,
    Mention,
    Message,
    PieceDeMessage,
    Proposition,
    PropositionDIrrecevabilite,
    Recevabilite,
    RevisionDeProposition,
    VueEnregistree,
)
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    instruire,
    proposer_irrecevabilite,
    une_non_remplie,
    une_vague_close,
)
from tests.outils.refus import refus
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db


@pytest.fixture
def moi() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def dossier(moi: Utilisateur) -> Candidature:
    """Where one of each has been written."""
    vague, (dossier,) = une_vague_close(None)
    collegue, maintenant = f.un_agent(Role.INSTRUCTEUR), horloge_base()
    de = {"candidature": dossier, "auteur": moi, "maintenant": maintenant}
    annoter(ancre="", texte="Une note.", pour=[collegue], **de)
    marquer_lues(candidature=dossier, utilisateur=moi, documents=[f.la_deliberation()])
    message = envoyer_message(texte="Bonjour.", **de)
    PieceDeMessage.objects.create(message=message, document=f.la_deliberation(), nom="note.pdf")
    instruction.declarer_interet(
        candidature=dossier, utilisateur=f.un_agent(Role.COMITE), motif="Mandat.", maintenant=maintenant
    )
    VueEnregistree.objects.create(proprietaire=moi, nom="Prêts", demande="onglet=prets")
    demander(acte=ACTES["recevable"], vague=vague, personne=moi, dossiers=[dossier.pk], donnees={})
    return dossier


def toutes(dossier: Candidature) -> Any:
    """What is found of a file whose conditions are all met."""
    return toutes_remplies(dossier.cahier.cahier.recevabilite)


def signee(dossier: Candidature, auteur: Utilisateur) -> PropositionDIrrecevabilite:
    """An inadmissibility of which nothing is found yet, as a row."""
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=auteur)
    PropositionDIrrecevabilite.objects.filter(pk=proposee.pk).update(
        issue=Issue.SIGNEE,
        close_le=horloge_base(),
        close_par=f.un_agent(Role.VALIDEUR),
        signataire="C. D.",
        qualite="Directrice",
        service="DGE",
    )
    return proposee


def encore(modele: Any) -> Any:
    """The only one there is, again."""
    ligne = modele.objects.get()
    ligne.pk = None
    return ligne


@pytest.mark.parametrize(
    ("modele", "nom"),
    [
        (Mention, "mention_unique"),
        (LectureDePiece, "piece_lue_une_fois"),
        (DeclarationInteret, "declaration_interet_unique"),
        (LectureDesMessages, "lecture_unique"),
        (VueEnregistree, "vue_enregistree_un_seul_nom"),
        (ActeSurDossier, "acte_groupe_une_fois_par_dossier"),
    ],
)
def test_une_seule_fois(dossier: Candidature, modele: Any, nom: str) -> None:
    assert refus(lambda: encore(modele).save(force_insert=True)) == nom


def test_rien_de_vide_ni_de_contradictoire(dossier: Candidature, moi: Utilisateur) -> None:
    fait = encore(ActeSurDossier)
    fait.candidature, fait.refus = f.une_candidature(vague=dossier.vague), "Parce que."
    de = {"candidature": dossier, "auteur": moi}
    constats = une_non_remplie(dossier)
    irrecevable = {"recevable": False, "constatee_le": horloge_base(), "irrecevabilite": signee(dossier, moi)}
    lignes = {
        "annotation_ecrite": Annotation(texte="", **de),
        "message_ecrit": Message(texte="", **de),
        "proposition_motivee": Proposition(sens="labelliser", motif="", faite_le=horloge_base(), **de),
        "vue_enregistree_nommee": VueEnregistree(proprietaire=moi, nom="", demande=""),
        "irrecevabilite_motivee": Recevabilite(motif="", **irrecevable, **de),
        "proposition_d_irrecevabilite_motivee": PropositionDIrrecevabilite(
            constats=constats, motif="", proposee_le=horloge_base(), **de
        ),
        "acte_sur_dossier_refus_une_fois_fini": fait,
    }
    assert {nom: refus(partial(ligne.save, force_insert=True)) for nom, ligne in lignes.items()} == {
        nom: nom for nom in lignes
    }


def test_un_dossier_sous_reserve_n_est_pas_recevable(dossier: Candidature, moi: Utilisateur) -> None:
    with sans_declencheurs():
        Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu="")
    de = {"candidature": dossier, "auteur": moi, "constatee_le": horloge_base()}
    assert refus(Recevabilite(recevable=True, constats=toutes(dossier), **de).save) == "recevable_sans_reserve"
    de["irrecevabilite"] = signee(dossier, moi)
    assert refus(Recevabilite(recevable=False, motif="Hors champ.", **de).save) is None


def test_une_revision_de_proposition_n_est_pas_deux(dossier: Candidature, moi: Utilisateur) -> None:
    """The second guard behind `proposition_revisee_une_a_une`: were it not there, this one would refuse."""
    instruire(dossier, instructeur=moi)
    revision = encore(RevisionDeProposition)
    with sans_declencheurs():
        assert refus(partial(revision.save, force_insert=True)) == "revision_de_proposition_unique"


def test_une_proposition_se_revoit_une_fois_a_la_fois(dossier: Candidature, moi: Utilisateur) -> None:
    instruire(dossier, instructeur=moi)
    siennes = Proposition.objects.filter(candidature=dossier)
    assert refus(lambda: siennes.update(motif="Autre.", revision=3)) == "proposition_revisee_une_a_une"
    assert refus(lambda: siennes.update(motif="Autre.", revision=2)) is None


def test_qui_a_declare_un_conflit_ne_constate_ni_ne_propose_rien(dossier: Candidature) -> None:
    qui = DeclarationInteret.objects.get().utilisateur
    de = {"candidature": dossier, "auteur": qui}
    lignes = [
        Recevabilite(recevable=True, constats=toutes(dossier), constatee_le=horloge_base(), **de),
        Proposition(sens="labelliser", motif="Prêt.", faite_le=horloge_base(), **de),
        PropositionDIrrecevabilite(
            constats=une_non_remplie(dossier), motif="Hors champ.", proposee_le=horloge_base(), **de
        ),
        ExamenDeRecevabilite(candidature=dossier, ecrit_par=qui, ecrit_le=horloge_base()),
    ]
    assert [refus(ligne.save) for ligne in lignes] == ["auteur_sans_conflit"] * len(lignes)


def test_un_constat_se_lit_aussitot_dans_les_listes(dossier: Candidature, moi: Utilisateur) -> None:
    Recevabilite.objects.create(
        candidature=dossier, auteur=moi, recevable=True, constats=toutes(dossier), constatee_le=horloge_base()
    )
    assert not ecarts()


CE_QUI_NE_CHANGE_PAS = {
    "annotation": "texte = 'Autre.'",
    "mention": "utilisateur_id = utilisateur_id",
    "message": "texte = 'Autre.'",
    "piecedemessage": "nom = 'autre.pdf'",
    "declarationinteret": "motif = 'Rien.'",
    "actegroupe": "acte = 'autre'",
    "actesurdossier": "candidature_id = (SELECT max(id) FROM candidatures_candidature)",
}


@pytest.mark.parametrize("table", CE_QUI_NE_CHANGE_PAS)
def test_ce_qui_est_ecrit_reste_et_tel_qu_il_l_etait(dossier: Candidature, table: str) -> None:
    f.une_candidature(vague=dossier.vague)
    _refusee(f"UPDATE candidatures_{table} SET {CE_QUI_NE_CHANGE_PAS[table]}")
    _refusee(f"DELETE FROM candidatures_{table}")


def test_un_acte_groupe_fini_ne_recommence_pas(dossier: Candidature) -> None:
    ActeSurDossier.objects.update(fini_le=horloge_base())
    _refusee("UPDATE candidatures_actesurdossier SET fini_le = NULL, essais = 0")


def _refusee(requete: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(requete)
