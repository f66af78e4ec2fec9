"""What Postgres holds of a correction, against whatever goes around the acts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import demandes, fins, reponses
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.etats import SensAvis
from candidatures.models import (
    Candidature,
    DemandeDeCorrection,
    Evaluateur,
    Participation,
    PieceDeCorrection,
    RelanceDAvis,
    Saisine,
    TexteDuDossier,
)
from rebond.recherche.expressions import RequeteDe, Trouve
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import QUESTION, corriger, rendre
from tests.candidatures.instruction.instruction import demander_avis, rendre_avis, une_saisine
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)


def une_demande(dossier: Candidature, auteur: Any, **champs: Any) -> DemandeDeCorrection:
    """A row that no act makes."""
    maintenant = horloge_base()
    valeurs = {"motif": "Précisez.", "questions": [QUESTION], "natures": []}
    instants = {"demandee_le": maintenant, "echeance": maintenant + 10 * UN_JOUR}
    return DemandeDeCorrection(**{"candidature": dossier, "auteur": auteur, **valeurs, **instants, **champs})


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({}, None),
        ({"motif": ""}, "correction_motivee"),
        ({"questions": []}, "correction_porte_sur_quelque_chose"),
        ({"echeance": horloge_base}, "correction_echeance_apres"),
        ({"echeance": lambda: horloge_base() + 400 * UN_JOUR}, "correction_d_un_an_au_plus"),
        ({"rendue_le": horloge_base}, "correction_rendue_a_temps"),
        ({"rendue_le": horloge_base, "fermee_le": horloge_base}, "correction_rendue_ou_fermee"),
    ],
)
def test_une_demande_est_entiere(dossier: Candidature, instructeur: Any, champs: Any, nom: Any) -> None:
    valeurs = {champ: valeur() if callable(valeur) else valeur for champ, valeur in champs.items()}
    if "fermee_le" in valeurs:
        valeurs["rendue_par"] = instructeur
    if nom == "correction_echeance_apres":
        valeurs["demandee_le"] = horloge_base()
    demande = une_demande(dossier, instructeur, **valeurs)
    assert refus(lambda: demande.save(force_insert=True)) == nom


def test_une_seule_a_la_fois(dossier: Candidature, demande: DemandeDeCorrection, instructeur: Any) -> None:
    autre = une_demande(dossier, instructeur)
    assert refus(lambda: autre.save(force_insert=True)) == "correction_une_seule_en_cours"


@pytest.mark.parametrize("interet", ["déclaré", "participation"])
def test_ni_qui_a_un_interet_dans_le_dossier(dossier: Candidature, interet: str) -> None:
    agent = f.un_agent(Role.INSTRUCTEUR)
    if interet == "déclaré":
        instruction.declarer_interet(
            candidature=dossier, utilisateur=agent, motif="Mandat.", maintenant=horloge_base()
        )
    else:
        Participation.objects.create(candidature=dossier, utilisateur=agent, qualite="lecteur")
    nom = "auteur_sans_conflit" if interet == "déclaré" else "auteur_etranger_au_dossier"
    demande, saisine = une_demande(dossier, agent), une_saisine(dossier, f.un_agent(Role.EXPERT), enregistrer=False)
    saisine.demande_par = agent
    evaluateur = Evaluateur(
        candidature=dossier, personne=f.un_agent(Role.INSTRUCTEUR), confie_par=agent, confie_le=horloge_base()
    )
    # Who asks for a correction; who chooses an expert, or an evaluator.
    assert refus(lambda: demande.save(force_insert=True)) == nom
    assert refus(lambda: saisine.save(force_insert=True)) == "saisine_par_un_tiers"
    assert refus(lambda: evaluateur.save(force_insert=True)) == "evaluateur_par_un_tiers"


CE_QUI_EST_DEMANDE: dict[str, Any] = {
    "motif": "'Autre chose.'",
    "questions": "'[]'",
    "natures": '\'["lettre", "photo"]\'',
    "demandee_le": "demandee_le - interval '1 day'",
    "echeance": "echeance + interval '1 day'",
    "auteur_id": "(SELECT max(id) FROM socle_utilisateur)",
    "candidature_id": "(SELECT max(id) FROM candidatures_candidature)",
}


@pytest.mark.parametrize("colonne", CE_QUI_EST_DEMANDE)
def test_ce_qui_est_demande_ne_change_pas(demande: DemandeDeCorrection, colonne: str) -> None:
    f.un_utilisateur()
    f.une_candidature(vague=demande.candidature.vague)
    _refusee(f"UPDATE candidatures_demandedecorrection SET {colonne} = {CE_QUI_EST_DEMANDE[colonne]}")


def test_une_demande_se_garde_et_rendue_ne_change_plus(demande: DemandeDeCorrection) -> None:
    _refusee("DELETE FROM candidatures_demandedecorrection")
    corriger(demande)
    rendre(demande)
    _refusee("UPDATE candidatures_demandedecorrection SET reponses = '{}', revision = 99")
    _refusee("UPDATE candidatures_demandedecorrection SET rendue_le = NULL, rendue_par_id = NULL")


def test_une_correction_rendue_ne_recoit_ni_ne_perd_de_piece(demande: DemandeDeCorrection) -> None:
    porteur = f.porteur_de(demande.candidature)

    def piece(nom: str) -> PieceDeCorrection:
        champs = {"nature": "lettre", "intitule": "Lettre", "nom": nom, "ajoutee_par": porteur}
        return PieceDeCorrection(demande=demande, document=f.la_deliberation(), **champs)

    piece("lettre.pdf").save()
    doublon = piece("autre.pdf")
    assert refus(lambda: doublon.save(force_insert=True)) == "piece_de_correction_une_seule_fois"
    rendre(demande)
    siennes = PieceDeCorrection.objects.filter(demande=demande)
    for agir in (siennes.delete, lambda: siennes.update(nom="x.pdf")):
        assert refus(agir) == "piece_d_une_correction_ouverte"


def test_ce_qui_est_corrige_se_trouve_une_fois_rendu(demande: DemandeDeCorrection) -> None:
    trouves = TexteDuDossier.objects.filter(Trouve("vecteur", RequeteDe(["aluminium"])))
    corriger(demande, projets="Une fonderie d’aluminium.")
    assert not trouves.exists()
    rendre(demande)
    assert trouves.get().candidature == demande.candidature


def test_aucun_acte_n_est_permis_a_qui_a_declare_un_conflit(dossier: Candidature, instructeur: Any) -> None:
    """What bears the name of nobody in particular too: reminding, revoking, lifting a reserve, asking."""
    expert, autre = f.un_agent(Role.EXPERT), f.un_agent(Role.EXPERT)
    de = {"candidature": dossier, "maintenant": horloge_base()}
    attendue = demander_avis(expert=expert, question="", auteur=instructeur, **de)
    demander_avis(expert=autre, question="", auteur=instructeur, **de)
    rendu = rendre_avis(expert=autre, sens=SensAvis.RESERVE, texte="Oui.", reserves=["Le foncier."], **de)
    agent = f.un_agent(Role.INSTRUCTEUR)
    instruction.declarer_interet(utilisateur=agent, motif="Mandat.", **de)
    par = {"auteur": agent, "maintenant": horloge_base()}
    actes = [
        lambda: demandes.relancer(saisine=attendue, **par),
        lambda: fins.revoquer(saisine=attendue, motif="Inutile.", **par),
        lambda: reponses.lever_reserve(avis=rendu, rang=1, motif="Vu.", **par),
        lambda: demandes.demander_avis(
            candidature=dossier,
            cibles=[cible_de(f.un_agent(Role.EXPERT))],
            question="",
            a_rendre_avant=jour_de_paris(horloge_base()) + 14 * UN_JOUR,
            **par,
        ),
    ]
    for acte in actes:
        with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
            acte()
    assert (RelanceDAvis.objects.count(), Saisine.objects.actives().count()) == (0, 1)


def _refusee(requete: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(requete)
