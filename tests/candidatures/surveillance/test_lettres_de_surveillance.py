"""What is written of a file that the antivirus set aside, word for word."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candidatures.instruction.avis.actions import reponses
from candidatures.surveillance.analyses import analyser_en_attente
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
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


def test_un_fichier_infecte_joint_a_un_avis(clamd):
    """Its author is told; the territory learns nothing of it."""
    clamd()
    _, (dossier,) = une_vague_close(None, noms=["L’Écluse & <b>"])
    expert, maintenant = f.un_agent(Role.EXPERT), horloge_base()
    saisine = demander_avis(
        candidature=dossier,
        expert=expert,
        question="",
        auteur=f.un_agent(Role.INSTRUCTEUR),
        maintenant=maintenant,
    )
    fichier = SimpleUploadedFile("note & Cie.pdf", f.PDF + VIRUS)
    reponses.joindre(saisine=saisine, fichier=fichier, auteur=expert, maintenant=maintenant)
    Courrier.objects.all().delete()
    analyser_en_attente(maintenant=horloge_base())
    courrier = Courrier.objects.get()
    assert courrier.destinataire == expert.email
    lue(
        "surveillance/avis_infecte",
        courrier,
        f"Le fichier joint à votre avis sur le dossier {dossier.reference} contient un programme malveillant",
        BONJOUR,
        "L’antivirus du portail a trouvé un programme malveillant dans le fichier que vous avez joint à votre avis "
        f"sur le dossier {dossier.reference} du territoire « L’Écluse & <b> » :",
        "«\u00a0note & Cie.pdf\u00a0»",
        "Personne ne peut plus ouvrir ce fichier. Si votre avis n’est pas encore rendu, joignez-en une version saine. "
        "Faites aussi vérifier l’ordinateur d’où il vient.",
        f"Les avis qui vous sont demandés : {PORTAIL}/instruction/avis/",
        SIGNATURE,
    )
