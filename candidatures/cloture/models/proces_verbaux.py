"""What a wave held when it closed, line by line, and what proves it afterwards."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q

from candidatures.cloture.etats import NatureLigne
from candidatures.depot.models import Depot
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document

# Those of format 1 come from an earlier version of the portal: `contenu` holds everything, `empreinte` is its SHA-256.
FORMAT_LIGNES = 2


class ProcesVerbalQuerySet(models.QuerySet["ProcesVerbal"]):
    def a_imprimer(self) -> "ProcesVerbalQuerySet":
        return self.filter(impression=None, contenu__format=FORMAT_LIGNES).order_by("pk")


class ProcesVerbal(models.Model):
    """What a wave held at its closing instant: recorded once, never changed.

    `rang` 1 is the closing, 2 and more complete it for the files whose deadline was put off. `contenu` is the header,
    line 0 of the `lignes`; `empreinte` is the root of their hash tree (`rebond.socle.preuve.merkle`), in hexadecimal.
    The header holds the `empreinte` of the procès-verbal recorded just before, whatever its wave: primary keys grow in
    the order of recording, and the recordings follow one another.
    """

    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="proces_verbaux")
    rang = models.PositiveSmallIntegerField("rang")
    etabli_le = models.DateTimeField("établi le", db_default=HorlogeBase())
    contenu = models.JSONField("en-tête")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)

    objects = ProcesVerbalQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal de clôture"
        verbose_name_plural = "procès-verbaux de clôture"
        constraints = [
            models.UniqueConstraint(fields=["vague", "rang"], name="proces_verbal_rang_unique"),
            models.CheckConstraint(name="proces_verbal_rang_positif", condition=Q(rang__gte=1)),
            models.CheckConstraint(name="proces_verbal_empreinte", condition=Q(empreinte__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [pgtrigger.Protect(name="proces_verbal_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        complement = f" (complément n°\u00a0{self.rang - 1})" if self.rang > 1 else ""
        return f"Procès-verbal de clôture de la vague {self.vague.numero}{complement}"

    @property
    def en_lignes(self) -> bool:
        return bool(self.contenu.get("format") == FORMAT_LIGNES)

    @property
    def nom(self) -> str:
        """Of its files, without what follows the dot."""
        return f"proces-verbal-vague-{self.vague.numero}" + (f"-{self.rang}" if self.rang > 1 else "")


class LigneProcesVerbal(models.Model):
    """One line: `texte` is exact, its UTF-8 bytes are the leaf of rank `ordre` in the hash tree.

    `objet` is the primary key, in its own table, of what the line states; the header has none. `depot` and
    `candidature` hold on to what they name.
    """

    proces_verbal = models.ForeignKey(ProcesVerbal, on_delete=models.PROTECT, related_name="lignes")
    ordre = models.PositiveIntegerField("ordre")
    nature = models.CharField("nature", max_length=12, choices=NatureLigne.choices)
    objet = models.BigIntegerField("objet", null=True)
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, null=True, related_name="lignes_proces_verbal")
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, null=True, related_name="lignes_proces_verbal"
    )
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "ligne de procès-verbal"
        verbose_name_plural = "lignes de procès-verbal"
        ordering = ["proces_verbal", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["proces_verbal", "ordre"], name="ligne_pv_ordre_unique"),
            models.UniqueConstraint(fields=["proces_verbal", "nature", "objet"], name="ligne_pv_objet_unique"),
            models.CheckConstraint(
                name="ligne_pv_entete_en_premier",
                condition=Q(nature=NatureLigne.ENTETE, ordre=0, objet=None)
                | (~Q(nature=NatureLigne.ENTETE) & Q(ordre__gte=1, objet__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="ligne_pv_immuable", operation=IMMUABLE),
            # Lines come first, then the row that seals them: their foreign key is only checked at the commit.
            pgtrigger.Trigger(
                name="ligne_pv_avant_le_sceau",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="nouvelles"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT 1 FROM nouvelles n JOIN candidatures_procesverbal p ON p.id = n.proces_verbal_id
                    ) THEN
                        RAISE EXCEPTION 'le procès-verbal est établi'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ligne_pv_avant_le_sceau';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proces_verbal_id}/{self.ordre} {self.nature}"


class ImpressionProcesVerbal(models.Model):
    """The PDF of a procès-verbal: made once, never again."""

    proces_verbal = models.OneToOneField(ProcesVerbal, on_delete=models.PROTECT, related_name="impression")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    etablie_le = models.DateTimeField("établie le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "procès-verbal imprimé"
        verbose_name_plural = "procès-verbaux imprimés"
        triggers = [pgtrigger.Protect(name="impression_pv_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.proces_verbal} (PDF)"


class HorodatageQuerySet(models.QuerySet["Horodatage"]):
    def a_demander(self, maintenant: datetime) -> "HorodatageQuerySet":
        return self.filter(jeton=None, prochain_essai__lte=maintenant).order_by("prochain_essai")


class Horodatage(models.Model):
    """What an outside authority certifies of a procès-verbal's `empreinte`: RFC 3161.

    A request to be made until `jeton` (the authority's whole answer, in DER) is there; nothing changes afterwards.
    `atteste_le` is the authority's instant, the only one that is not ours.
    """

    proces_verbal = models.OneToOneField(ProcesVerbal, on_delete=models.PROTECT, related_name="horodatage")
    tentatives = models.PositiveIntegerField("tentatives", default=0)
    prochain_essai = models.DateTimeField("prochain essai", db_default=HorlogeBase())
    derniere_erreur = models.TextField("dernière erreur", blank=True)
    jeton = models.BinaryField("jeton", null=True)
    atteste_le = models.DateTimeField("attesté le", null=True)

    objects = HorodatageQuerySet.as_manager()

    class Meta:
        verbose_name = "horodatage"
        constraints = [
            models.CheckConstraint(
                name="horodatage_entier",
                condition=Q(jeton=None, atteste_le=None) | Q(jeton__isnull=False, atteste_le__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="horodatage_obtenu_immuable",
                operation=IMMUABLE,
                condition=pgtrigger.Q(old__jeton__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Horodatage de {self.proces_verbal_id}"
