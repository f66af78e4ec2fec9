"""What Python and Postgres both say of a correction."""

import pytest

from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.instruction.correction.regles import empechement_de_rendre
from candidatures.models import DemandeDeCorrection
from tests import fabriques as f
from tests.candidatures.jumeaux import PREMIERE, UN_JOUR, autour
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.mark.jumeau("postgres:correction_rendue_a_temps")
def test_une_correction_se_rend_avant_son_echeance() -> None:
    dossier = f.une_candidature(complete=False)
    demande = DemandeDeCorrection.objects.create(
        candidature=dossier,
        auteur=f.un_utilisateur(),
        motif="À préciser.",
        questions=["choc.description"],
        demandee_le=PREMIERE,
        echeance=PREMIERE + UN_JOUR,
    )
    porteur = f.porteur_de(dossier)
    vues = []
    for instant in autour((demande.echeance,)):
        regle = empechement_de_rendre(EtatCandidature.CORRECTION_DEMANDEE, demande.echeance, instant, Qualite.PORTEUR)
        demande.rendue_le, demande.rendue_par = instant, porteur
        assert refus(demande.save) == ("correction_rendue_a_temps" if regle else None)
        vues.append(bool(regle))
    assert vues == [False, True, True]
