"""What is kept of a way of looking at the files of a wave."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase
from territoires.models import Organisme

NOM_MAX, DEMANDE_MAX = 80, 2_000


class VueEnregistree(models.Model):
    """`demande` is what the address of a list is asked, whatever the wave: its tab, filters, sort and columns; never a
    file. `partagee_avec`: whoever instructs, sits or decides for that organisme may open it, on what they see."""

    proprietaire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nom = models.CharField("nom de la vue", max_length=NOM_MAX)
    demande = models.CharField("recherche, tri et colonnes", max_length=DEMANDE_MAX, blank=True)
    partagee_avec = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="partagée avec"
    )
    enregistree_le = models.DateTimeField("enregistrée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        constraints = [
            models.UniqueConstraint(
                fields=["proprietaire", "nom"],
                name="vue_enregistree_un_seul_nom",
                violation_error_message="Vous avez déjà une vue de ce nom\u00a0: donnez-lui un autre nom.",
            ),
            models.CheckConstraint(
                name="vue_enregistree_nommee",
                condition=~Q(nom=""),
                violation_error_message="Donnez un nom à cette vue.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
