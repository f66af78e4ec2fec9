"""What is known of how a deposit was read."""

from django.db import models


class LectureDuDepot(models.TextChoices):
    """What is known of what the porteur had read, for a deposit made on the portal."""

    CONFORME = "conforme", "Déposé tel qu’il avait été relu"
    RELUE = "relue", "Version relue par le responsable du dossier, bien que le brouillon ait changé depuis"
    INTROUVABLE = "introuvable", "Brouillon tel qu’il était, la version relue n’ayant pas été retrouvée"
    NON_DITE = "non_dite", "Brouillon tel qu’il était, la page n’ayant pas dit ce qui avait été relu"


class Reserve(models.TextChoices):
    """Why a deposited file holds no territory yet."""

    A_PROUVER = "a_prouver", "Lien avec la collectivité chef de file à vérifier"
    SIGNALE = "signale", "Signalé par une collectivité du dossier"
    DEJA_TENU = "deja_tenu", "Un autre dossier déposé tient ce territoire"

    @property
    def est_deja_tenu(self) -> bool:
        return self is Reserve.DEJA_TENU

    @property
    def est_signale(self) -> bool:
        return self is Reserve.SIGNALE
