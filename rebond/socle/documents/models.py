"""Documents, and what is known of their content."""

import pgtrigger
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.etats import Ouverture


class Document(models.Model):
    """A stored file, addressed by its content: the same bytes are kept once, and a row never changes.

    The file lies in private storage under its hash; `rebond.socle.documents.stockage` writes and reads it. Names
    belong to what refers to it. `taille` is in bytes.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    taille = models.PositiveBigIntegerField()
    type_mime = models.CharField(max_length=100)
    enregistre_le = models.DateTimeField(db_default=HorlogeBase())

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(name="document_sha256_hexadecimal", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = [pgtrigger.Protect(name="document_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.sha256

    @property
    def chemin(self) -> str:
        """Where the bytes lie in the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Analyse(models.Model):
    """What the antivirus said of a document. Where one is configured, a document without it is in quarantine."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="analyse")
    saine = models.BooleanField("rien trouvé")
    detail = models.CharField("ce qui a été trouvé", max_length=200, blank=True)
    faite_le = models.DateTimeField("faite le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "analyse antivirus"
        verbose_name_plural = "analyses antivirus"
        constraints = [
            models.CheckConstraint(name="analyse_saine_ou_detaillee", condition=Q(saine=True) ^ ~Q(detail=""))
        ]

    def __str__(self) -> str:
        return self.detail or "Rien trouvé"


class Lisibilite(models.Model):
    """What became of a document when it was opened to be read (`rebond.socle.documents.ouverture`). Without it, it
    waits.

    `contenu` is the media type that was then recognised, which later versions of the portal may know better than the
    document's own; empty for none. `detail` goes with the state in brackets.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="lisibilite")
    contenu = models.CharField("contenu reconnu", max_length=100, blank=True)
    ouverture = models.CharField(max_length=20, choices=Ouverture)
    pages = models.PositiveIntegerField(null=True, blank=True)
    detail = models.CharField("détail", max_length=200, blank=True)
    ouvert_le = models.DateTimeField("ouvert le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "lisibilité"
        verbose_name_plural = "lisibilités"
        constraints = [
            models.CheckConstraint(name="lisibilite_connue", condition=Q(ouverture__in=Ouverture.values)),
            models.CheckConstraint(
                name="lisibilite_pages_de_ce_qui_se_lit",
                condition=Q(pages=None) | Q(ouverture=Ouverture.LISIBLE, pages__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.get_ouverture_display()
