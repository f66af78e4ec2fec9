"""What is written of a file that the antivirus set aside, word for word."""

import pytest

from candidatures.surveillance.analyses import analyser_en_attente
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.surveillance.test_antivirus import VIRUS, clamd

__all__ = ["clamd"]
pytestmark = pytest.mark.django_db


def test_un_fichier_infecte(clamd):
    clamd()
    dossier = f.une_candidature(complete=False, territoire=f.un_territoire("L’Écluse & <b>"))
    joindre(dossier, f.PDF + VIRUS, nature="deliberation", nom="mandat & Cie.pdf")
    analyser_en_attente(maintenant=horloge_base())
    lue(
        "surveillance/fichier_infecte",
        Courrier.objects.get(),
        f"Un fichier de votre dossier {dossier.reference} contient un programme malveillant",
        BONJOUR,
        f"L’antivirus du portail a trouvé un programme malveillant dans un fichier du dossier {dossier.reference} du "
        "territoire « L’Écluse & <b> » :",
        "«\u00a0mandat & Cie.pdf\u00a0»",
        "Personne ne peut plus ouvrir ce fichier, et il ne compte pas dans le dossier. S’il y est attendu, joignez-en "
        "une version saine. Faites aussi vérifier l’ordinateur d’où il vient.",
        f"Les pièces du dossier : {PORTAIL}/candidatures/{dossier.pk}/pieces/",
        SIGNATURE,
    )
