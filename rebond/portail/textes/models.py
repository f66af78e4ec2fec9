"""What these pages have said, version by version."""

import pgtrigger
from django.conf import settings
from django.db import models

from rebond.portail.textes.pages import PageDeTexte
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.parution.models import fait_paraitre


class VersionDeTexte(models.Model):
    """One version of a page: never changed, only followed by another one. The last one is what visitors read."""

    page = models.CharField("page", max_length=40, choices=PageDeTexte.choices)
    version = models.PositiveIntegerField("version")
    texte = models.TextField("texte")
    commentaire = models.CharField("ce qui change", max_length=300, blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ecrite_le = models.DateTimeField("écrite le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "version d’un texte"
        verbose_name_plural = "versions des textes"
        ordering = ["page", "version"]
        constraints = [
            models.UniqueConstraint(fields=["page", "version"], name="texte_version_unique"),
            models.CheckConstraint(name="texte_page_connue", condition=models.Q(page__in=PageDeTexte.values)),
            models.CheckConstraint(name="texte_version_des_un", condition=models.Q(version__gte=1)),
            models.CheckConstraint(name="texte_non_vide", condition=~models.Q(texte="")),
        ]
        triggers = [
            pgtrigger.Protect(name="texte_immuable", operation=pgtrigger.Update | pgtrigger.Delete),
            fait_paraitre(pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()}, version {self.version}"
