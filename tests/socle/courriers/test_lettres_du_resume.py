"""The summary of the day, read whole."""

from datetime import timedelta

import pytest

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.natures import Rythme, Sorte
from rebond.socle.courriers.regles import prochain_resume
from rebond.socle.horloge.temps import horloge_base
from tests.outils.lettres import BONJOUR, SIGNATURE, lue
from tests.socle.courriers.test_confort import choisir, des_messages

pytestmark = pytest.mark.django_db


def test_le_resume_dit_chaque_lettre_sans_sa_salutation_ni_sa_signature() -> None:
    choisir(Rythme.QUOTIDIEN)
    maintenant = horloge_base() + timedelta(seconds=1)
    for rang in (1, 2):
        des_messages(f"m-{rang}")
    courriers.envoyer_en_attente(maintenant=maintenant)
    courriers.envoyer_en_attente(maintenant=prochain_resume(maintenant))
    message = ("Vous avez 1 message non lu :", "Les pièces jointes se lisent sur le portail.")
    lue(
        "comptes/resume",
        Courrier.objects.get(sorte=Sorte.RESUME),
        "Résumé du jour : 2 nouvelles",
        BONJOUR,
        "Voici ce que le portail vous a écrit depuis le dernier résumé.",
        "1. 1 nouveau message sur Rebond industriel",
        *message,
        "2. 1 nouveau message sur Rebond industriel",
        *message,
        SIGNATURE,
    )
