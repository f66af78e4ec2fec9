"""The browsers that each person has signed in from."""

from django.conf import settings
from django.db import models

from rebond.socle.bdd.expressions import HorlogeBase


class Appareil(models.Model):
    """A browser known by a random mark that it keeps (a cookie), of which only the SHA-256 is here."""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appareils")
    empreinte = models.CharField("empreinte SHA-256 de la marque", max_length=64)
    nom = models.CharField("nom", max_length=80)
    premiere_fois = models.DateTimeField("première connexion", db_default=HorlogeBase())
    derniere_fois = models.DateTimeField("dernière connexion", db_default=HorlogeBase())

    class Meta:
        verbose_name = "appareil"
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "empreinte"], name="appareil_connu_une_fois"),
        ]

    def __str__(self) -> str:
        return self.nom
