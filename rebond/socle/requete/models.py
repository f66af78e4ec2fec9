"""Keys of the forms that were sent."""

from django.db import models

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.utilisateur import Utilisateur


class Envoi(models.Model):
    """A request sent by a form that acted, and the answer that it got: `rebond.socle.requete.envois`.

    `cle` was drawn with the page, `empreinte` is that of the address and of what was sent; `messages` are the level
    and the text of what was said on the way to the address `vers`.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="+")
    cle = models.UUIDField("clé du formulaire")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    vers = models.TextField("adresse de la réponse", blank=True)
    messages = models.JSONField(default=list)
    recu_le = models.DateTimeField("reçu le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "cle", "empreinte"], name="envoi_une_seule_fois")
        ]
        indexes = [models.Index(fields=["recu_le"], name="envoi_par_date")]

    def __str__(self) -> str:
        return str(self.cle)
