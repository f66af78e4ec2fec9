"""What is written of the result of a file, word for word, and not before it may be known."""

from datetime import datetime, timedelta

import pytest

from candidatures.dossier.etats import SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db

MOTIF = "Le territoire n’est pas éligible.\nVoir l’article 3 <b>."


def une_vague_annoncee(publique_dans: timedelta) -> tuple[list[Candidature], datetime]:
    """One file of each result, in the order of the letters, and the instant at which they may be known."""
    valideur, instructeur = f.un_agent(Role.VALIDEUR), f.un_agent(Role.INSTRUCTEUR)
    vague, dossiers = une_vague_close(None, None, None, None)
    maintenant = horloge_base()
    *instruits, irrecevable = dossiers
    for dossier in instruits:
        instruire(dossier, instructeur=instructeur)
    constater_recevabilite(
        candidature=irrecevable, recevable=False, motif=MOTIF, auteur=instructeur, maintenant=maintenant
    )
    sens = (SensDecision.LABELLISER, SensDecision.NE_PAS_RETENIR, SensDecision.AJOURNER)
    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: choix for dossier, choix in zip(instruits, sens, strict=True)},
        valideur=valideur,
        maintenant=maintenant,
    )
    publique_a = maintenant + publique_dans
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=publique_a, maintenant=maintenant)
    return dossiers, publique_a


def lettre_lue(gabarit: str, dossier: Candidature, texte: str) -> None:
    lue(
        gabarit,
        Courrier.objects.get(cle__startswith=f"resultat-{dossier.pk}-"),
        f"Résultat de votre dossier {dossier.reference}",
        BONJOUR,
        f"Les résultats de la période de dépôt n° {dossier.vague.numero} de l’appel « Rebond industriel » sont "
        "annoncés.",
        f"Dossier {dossier.reference}, territoire « {dossier.territoire} » :\n{texte}",
        f"Retrouver votre dossier : {PORTAIL}/candidatures/",
        SIGNATURE,
    )


def test_chaque_resultat_a_sa_lettre_qui_attend_la_fin_de_l_embargo():
    dossiers, publique_a = une_vague_annoncee(timedelta(days=2))
    assert set(Courrier.objects.filter(cle__startswith="resultat-").values_list("prochain_essai", flat=True)) == {
        publique_a
    }
    lettre_lue(
        "labellisation/laureate",
        dossiers[0],
        "Votre territoire est lauréat. Une mission d’accompagnement va vous être proposée : nous vous contacterons "
        "pour en préparer le lancement.",
    )
    lettre_lue(
        "labellisation/non_retenue",
        dossiers[1],
        "Votre dossier n’a pas été retenu. Vous pouvez demander à l’équipe de l’appel les motifs de cette décision, "
        "et présenter un nouveau dossier à une prochaine période de dépôt.",
    )
    lettre_lue(
        "labellisation/ajournee",
        dossiers[2],
        "Votre dossier est ajourné : vous êtes invité à le compléter et à le présenter à une prochaine période "
        "de dépôt.",
    )
    signee = dossiers[3].recevabilite.irrecevabilite
    assert (signee.signataire, signee.qualite, signee.service) == (
        str(signee.close_par),
        "Directrice",
        signee.close_par.habilitations.get().organisme.nom,
    )
    lettre_lue(
        "labellisation/irrecevable",
        dossiers[3],
        "Votre dossier ne remplit pas les conditions de l’appel, pour le motif suivant : Condition non remplie : "
        f"{dossiers[3].cahier.cahier.recevabilite[0].libelle} {MOTIF}\n\nDécision signée par "
        f"{signee.signataire}, Directrice, pour {signee.service}.",
    )
