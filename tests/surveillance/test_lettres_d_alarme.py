"""What an alarm writes, word for word."""

import pytest

from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.surveillance import alarmes
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


def test_une_alarme(settings):
    settings.ALARMES_DESTINATAIRES = ["astreinte@example.fr"]
    alarme = alarmes.sonner(
        cle="disque", objet="le disque est plein", texte="Faites de la place.\n\nVite.", maintenant=horloge_base()
    )
    lue(
        "surveillance/alarme",
        Courrier.objects.get(),
        "Alarme : le disque est plein",
        BONJOUR,
        "Faites de la place.",
        "Vite.",
        f"Alarme sonnée le {instant_fr(alarme.sonnee_le, secondes=True)} (heure de Paris). Cet e-mail n’est envoyé "
        "qu’une fois.",
        f"Voir l’état du portail : {PORTAIL}/administration/clotures/",
        SIGNATURE,
    )
