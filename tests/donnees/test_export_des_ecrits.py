"""What somebody wrote for the State goes with their data, whatever became of it."""

import pytest

from candidatures.models import AvisRendu, BrouillonDAvis, Evaluateur, Evaluation, LeveeDeReserve, Participation
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_saisine
from tests.donnees.test_export import donnees
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


def test_ce_qu_un_agent_ecrit_en_instruisant_y_est_et_rien_de_ce_qu_un_autre_ecrit() -> None:
    agent, autre, dossier, le = f.un_utilisateur(), f.un_utilisateur(), f.une_candidature(), horloge_base()
    Participation.objects.create(candidature=dossier, utilisateur=agent, qualite="lecteur")
    avis = {"sens": "reserve", "texte": "D’un autre", "reserves": ["À préciser."], "rendu_le": le}
    with ignorer():
        rendu = AvisRendu.objects.create(saisine=une_saisine(dossier, autre), auteur=autre, **avis)
        LeveeDeReserve.objects.create(avis=rendu, rang=1, levee_par=agent, levee_le=le, motif="Précisé")
        BrouillonDAvis.objects.create(
            saisine=une_saisine(dossier, agent), ecrit_par=agent, ecrit_le=le, texte="Pas fini"
        )
        confie = Evaluateur.objects.create(candidature=dossier, personne=agent, confie_par=autre, confie_le=le)
        du_dossier = {"evaluateur": confie, "candidature": dossier, "auteur": agent}
        Evaluation.objects.create(**du_dossier, modifiee_le=le, commentaire="Bien mené")
    assert [(e["dossier"], e["genre"], e["texte"]) for e in donnees(agent)["instruction"]] == [
        (dossier.reference, "brouillon d’avis", "Pas fini"),
        (dossier.reference, "levée d’une réserve", "Précisé"),
        (dossier.reference, "évaluation", "Bien mené"),
    ]
