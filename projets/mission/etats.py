"""States of a mission, and the only passages between them."""

from itertools import pairwise

from django.db import models

from rebond.socle.etats.table import Table, Transition


class EtatMission(models.TextChoices):
    A_LANCER = "a_lancer", "À lancer"
    ETAT_DES_LIEUX = "etat_des_lieux", "État des lieux"
    RENCONTRES = "rencontres", "Rencontres des industriels"
    PORTEFEUILLE = "portefeuille", "Portefeuille consolidé"
    FEUILLE_DE_ROUTE = "feuille_de_route", "Feuille de route validée"
    RESTITUEE = "restituee", "Restituée"
    SUIVI = "suivi", "En suivi"
    CLOSE = "close", "Close"


ETAPES_MISSION = tuple(EtatMission)

TRANSITIONS_MISSION = Table(
    *(
        Transition(
            f"passer_a_{vers.value}",
            frozenset({de}),
            vers,
            f"La mission ne peut pas passer à l’étape « {vers.label} » depuis son étape actuelle.",
        )
        for de, vers in pairwise(ETAPES_MISSION)
    )
)
