"""Who asked for which list, and the file that answers."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5

from rebond.exports.etats import EN_COURS, EtatExport
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document
from rebond.socle.texte.typographie import compte

CHEMIN_MAX, DEMANDE_MAX = 300, 2_000
ARCHIVE = "zip"
A_PREPARER = Q(pret_le=None, echoue_le=None, annule_le=None)


class ExportQuerySet(models.QuerySet["Export"]):
    def a_preparer(self) -> "ExportQuerySet":
        """The pending work: whatever stops the worker, the next beat finds it again."""
        return self.filter(A_PREPARER)

    def disponibles(self, maintenant: datetime) -> "ExportQuerySet":
        return self.filter(expire_le__gt=maintenant).exclude(document=None)


class Export(models.Model):
    """The list at `chemin`, chosen and sorted by `demande`, as `personne` may see it at the instant it is written.

    `second_facteur` and `proconnect`: what their session had proven; the worker uses no role that it could not.
    `habilitations`: the roles under which it was written, `cles` the rows whose sight is a right, `caches` what was
    hidden from them: the file is given as long as all of it holds, and nothing more is hidden. `documents` are the
    files of an archive, which goes with the first of them that must not be read any more. `lignes` are counted when it
    is asked for, then are those of the file.
    """

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chemin = models.CharField("adresse de la liste", max_length=CHEMIN_MAX)
    demande = models.CharField("recherche et tri", max_length=DEMANDE_MAX, blank=True)
    intitule = models.CharField("liste", max_length=200)
    fichier = models.CharField("nom du fichier", max_length=200)
    second_facteur = models.BooleanField("second facteur prouvé", default=False)
    proconnect = models.BooleanField("ProConnect prouvé", default=False)
    lignes = models.PositiveIntegerField("lignes")
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    essais = models.PositiveSmallIntegerField("essais", default=0)
    pret_le = models.DateTimeField("prêt le", null=True, blank=True)
    expire_le = models.DateTimeField("disponible jusqu’au", null=True, blank=True)
    echoue_le = models.DateTimeField("échoué le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    raison = models.CharField("raison de l’échec", max_length=300, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    habilitations = ArrayField(models.BigIntegerField(), verbose_name="rôles employés", default=list, blank=True)
    caches = ArrayField(
        models.CharField(max_length=CHEMIN_MAX), verbose_name="ce qui n’y est pas montré", default=list, blank=True
    )
    cles = ArrayField(models.BigIntegerField(), verbose_name="lignes à revoir", default=list, blank=True)
    documents = ArrayField(models.BigIntegerField(), verbose_name="fichiers inclus", default=list, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "export de liste"
        verbose_name_plural = "exports de listes"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                F("personne"),
                F("chemin"),
                MD5("demande"),
                F("second_facteur"),
                F("proconnect"),
                name="export_de_liste_un_seul_en_preparation",
                condition=A_PREPARER,
                violation_error_message="Cet export est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="export_de_liste_pret_avec_son_terme",
                condition=Q(pret_le=None, expire_le=None, document=None)
                | Q(pret_le__isnull=False, expire_le__gt=F("pret_le"), echoue_le=None, annule_le=None),
            ),
            models.CheckConstraint(
                name="export_de_liste_une_seule_fin", condition=Q(echoue_le=None) | Q(annule_le=None, raison__gt="")
            ),
        ]

    def __str__(self) -> str:
        return f"Export de liste n° {self.pk}"

    @property
    def est_une_archive(self) -> bool:
        return self.format == ARCHIVE

    @property
    def contenance(self) -> str:
        """« 6 dossiers », « 12 350 lignes »."""
        return compte(self.lignes, self.unite)

    @property
    def unite(self) -> str:
        return "dossier" if self.est_une_archive else "ligne"

    @property
    def format(self) -> str:
        """« csv »."""
        return self.fichier.rpartition(".")[2]

    def etat_a(self, instant: datetime) -> EtatExport:
        if self.annule_le:
            return EtatExport.ANNULE
        if self.echoue_le:
            return EtatExport.ECHOUE
        if self.expire_le:
            return EtatExport.PRET if self.expire_le > instant else EtatExport.EXPIRE
        return EtatExport.EN_PREPARATION if self.essais else EtatExport.EN_ATTENTE

    def en_cours_a(self, instant: datetime) -> bool:
        return self.etat_a(instant) in EN_COURS
