"""An avis, from its request to its reserves."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable

from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_EN_COURS
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.models import choisi_par_un_tiers, refuse_en_conflit
from candidatures.instruction.regles import LECTURE_APRES_L_AVIS, fin_de_lecture
from candidatures.instruction.saisine import gardes
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.instruction.saisine.regles import empechement_d_y_repondre, est_en_retard
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.documents.models import Document
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Organisme

TEXTE_MAX = 5000


class SaisineQuerySet(models.QuerySet["Saisine"]):
    def actives(self) -> "SaisineQuerySet":
        """Neither given, nor ended without an avis."""
        return self.filter(rendu_le=None, close_le=None)

    def attendues(self) -> "SaisineQuerySet":
        """Those that an avis may still answer: nothing moves once the file has its proposal."""
        return self.actives().filter(candidature__etat__in=ETATS_EN_COURS)

    def qui_ouvrent(self, instant: datetime | Combinable) -> "SaisineQuerySet":
        """Those by which their expert reads the file at `instant`: as long as it is being instructed, until some days
        after their avis."""
        recents = Q(rendu_le=None) | Q(rendu_le__gt=instant - LECTURE_APRES_L_AVIS)
        return self.filter(recents, close_le=None, candidature__etat__in=ETATS_EN_COURS)

    def attendues_de(self, utilisateur: Utilisateur) -> "SaisineQuerySet":
        return self.attendues().filter(expert=utilisateur)


class Saisine(models.Model):
    """An avis asked of `organisme` on a file, before a day (Paris).

    `expert` holds it: the person that it was asked of, or whoever of the organisme took it; a colleague may take it
    over. It is answered once, by an `AvisRendu` (`rendu_le` is what that says), or ends without one: revoked, or
    declined. What an instructeur gives unasked is a request to oneself. Rows older than these rules have no due day.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="saisines")
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="+")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="saisines"
    )
    prise_le = models.DateTimeField("prise le", null=True, blank=True)
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le")
    question = models.TextField("question posée", blank=True)
    a_rendre_avant = models.DateField("à rendre avant le", null=True, blank=True)
    annoncee_le = models.DateTimeField("lettre écrite le", null=True, blank=True)
    rendu_le = models.DateTimeField("rendu le", null=True, blank=True)
    close_le = models.DateTimeField("finie sans avis le", null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fin = models.CharField("fin sans avis", max_length=20, choices=FinDeSaisine.choices, blank=True)
    motif = models.TextField("pourquoi elle a fini sans avis", blank=True)

    objects = SaisineQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’avis"
        verbose_name_plural = "demandes d’avis"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "organisme"],
                name="saisine_une_active_par_organisme",
                condition=Q(rendu_le=None, close_le=None, a_rendre_avant__isnull=False),
                violation_error_message="L’avis de cet organisme est déjà demandé sur ce dossier.",
            ),
            models.CheckConstraint(
                name="saisine_prise_par_quelqu_un",
                condition=Q(expert=None, prise_le=None, rendu_le=None)
                | Q(expert__isnull=False, prise_le__isnull=False),
            ),
            models.CheckConstraint(name="saisine_rendue_ou_close", condition=Q(rendu_le=None) | Q(close_le=None)),
            models.CheckConstraint(
                name="saisine_close_dite",
                condition=Q(close_le=None, close_par=None, fin="", motif="")
                | Q(close_le__isnull=False, close_par__isnull=False, fin__in=FinDeSaisine.values),
            ),
            models.CheckConstraint(
                name="saisine_fin_motivee",
                condition=~Q(fin__in=[FinDeSaisine.REVOQUEE, FinDeSaisine.AILLEURS], motif=""),
                violation_error_message="Écrivez pourquoi\u00a0: l’autre le lira.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisme"],
                condition=Q(rendu_le=None, close_le=None),
                name="saisine_active_d_un_organisme",
            )
        ]
        triggers = [
            refuse_en_conflit("expert_id"),
            # Nor does whoever has an interest in the file choose who gives an avis on it.
            choisi_par_un_tiers("saisine_par_un_tiers", "demande_par_id"),
            gardes.fige_a_la_proposition(),
            gardes.saisine_datee(),
            gardes.saisine_rendue_par_son_avis(),
            pgtrigger.Protect(
                name="saisine_rendue_immuable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendu_le__isnull=False),
            ),
            pgtrigger.Protect(
                name="saisine_close_immuable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__close_le__isnull=False),
            ),
            # What was asked, of which organisme and by whom never changes; who holds it may.
            pgtrigger.ReadOnly(
                name="saisine_demandee_immuable",
                fields=["candidature", "organisme", "demande_par", "demande_le", "question", "a_rendre_avant"],
            ),
            pgtrigger.Protect(name="saisine_conservee", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Avis demandé à {self.organisme}"

    @property
    def empechement_de_rendre(self) -> str | None:
        """Why nobody may answer any more; None when somebody may."""
        return empechement_d_y_repondre(rendu=self.rendu_le is not None, fin=self.fin)

    @property
    def relisible_jusqu_au(self) -> datetime | None:
        """Until when an expert who gave their avis may read the file again, while it is being instructed."""
        return fin_de_lecture(rendu_le=self.rendu_le)

    def en_retard(self, maintenant: datetime) -> bool:
        """Whether the avis should have come by now."""
        return self.empechement_de_rendre is None and est_en_retard(self.a_rendre_avant, jour_de_paris(maintenant))


class RelanceDAvis(models.Model):
    """A reminder to whoever should answer, by `par`, or by the portal. Its letter is written with those of others."""

    saisine = models.ForeignKey(Saisine, on_delete=models.PROTECT, related_name="relances")
    relancee_le = models.DateTimeField("relancée le")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annoncee_le = models.DateTimeField("lettre écrite le", null=True, blank=True)

    class Meta:
        verbose_name = "relance d’un avis"
        verbose_name_plural = "relances d’avis"
        ordering = ["pk"]
        triggers = [
            gardes.fige_a_la_proposition(gardes.DE_LA_SAISINE),
            pgtrigger.ReadOnly(name="relance_d_avis_immuable", fields=["saisine", "relancee_le", "par"]),
            pgtrigger.Protect(name="relance_d_avis_conservee", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.saisine}, relancé le {self.relancee_le:%d/%m/%Y}"


class BrouillonDAvis(models.Model):
    """The answer that is being written, of the request whoever holds it: a colleague who takes it over goes on."""

    saisine = models.OneToOneField(Saisine, on_delete=models.CASCADE, primary_key=True, related_name="brouillon")
    sens = models.CharField("avis", max_length=20, choices=SensAvis.choices, blank=True)
    texte = models.TextField("motivation", blank=True)
    reserves = models.TextField("réserves, une par ligne", blank=True)
    qualite = models.CharField("qualité du signataire", max_length=160, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    nom = models.CharField("nom du fichier", max_length=200, blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    ecrit_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "brouillon d’avis"
        verbose_name_plural = "brouillons d’avis"
        triggers = [gardes.brouillon_revise_un_a_un(), gardes.fige_a_la_proposition(gardes.DE_LA_SAISINE)]

    def __str__(self) -> str:
        return f"Brouillon de {self.saisine}"


class AvisRendu(models.Model):
    """The answer, given once by the holder of the request, in a quality, on the deposit and the last correction given
    back that they read. `reserves`: its lines, each of which may be lifted. Rows older than these rules do not say
    what they read, nor in which quality they were given."""

    saisine = models.OneToOneField(Saisine, on_delete=models.PROTECT, related_name="avis")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="avis_rendus")
    qualite = models.CharField("qualité du signataire", max_length=160, blank=True)
    sens = models.CharField("avis", max_length=20, choices=SensAvis.choices)
    texte = models.TextField("motivation")
    reserves = ArrayField(models.TextField(), verbose_name="réserves", default=list, blank=True)
    rendu_le = models.DateTimeField("rendu le")
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.ForeignKey(
        "candidatures.DemandeDeCorrection", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    nom = models.CharField("nom du fichier", max_length=200, blank=True)

    class Meta:
        verbose_name = "avis rendu"
        verbose_name_plural = "avis rendus"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="avis_rendu_entier", condition=Q(sens__in=SensAvis.values) & ~Q(texte="")),
            models.CheckConstraint(
                name="avis_reserves_dites",
                condition=Q(depot=None)
                | (Q(sens=SensAvis.RESERVE) & ~Q(reserves=[]))
                | (~Q(sens=SensAvis.RESERVE) & Q(reserves=[])),
                violation_error_message="Un avis avec réserves dit lesquelles\u00a0; un autre n’en a pas.",
            ),
            models.CheckConstraint(
                name="avis_signe",
                condition=Q(depot=None) | ~Q(qualite=""),
                violation_error_message="Dites en quelle qualité vous rendez cet avis.",
            ),
            models.CheckConstraint(
                name="avis_fichier_nomme",
                condition=Q(document=None, nom="") | (Q(document__isnull=False) & ~Q(nom="")),
            ),
        ]
        triggers = [
            gardes.fige_a_la_proposition(gardes.DE_LA_SAISINE),
            gardes.avis_sur_ce_qui_est_lu(),
            gardes.avis_note_sur_sa_saisine(),
            pgtrigger.Protect(name="avis_rendu_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return self.get_sens_display()

    @property
    def en_entier(self) -> str:
        """All that its author wrote: the reasons, then the reserves."""
        return "\n".join([self.texte, *(f"- {reserve}" for reserve in self.reserves)])

    @property
    def lignes(self) -> list[tuple[int, str, "LeveeDeReserve | None"]]:
        """Each reserve with its rank and what lifted it, if anything did."""
        levees = {levee.rang: levee for levee in self.levees.all()}
        return [(rang, texte, levees.get(rang)) for rang, texte in enumerate(self.reserves, 1)]


class AnnonceDAvis(models.Model):
    """Whoever asked for the avis was told that it came, or nobody was to be: an avis without one is the pending
    work."""

    avis = models.OneToOneField(AvisRendu, on_delete=models.PROTECT, primary_key=True, related_name="annonce")
    faite_le = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "annonce d’un avis"
        verbose_name_plural = "annonces d’avis"
        triggers = [pgtrigger.Protect(name="annonce_d_avis_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.avis}, annoncé le {self.faite_le:%d/%m/%Y}"


class LeveeDeReserve(models.Model):
    """A line of the reserves of an avis is no more in the way: by whom, when, why."""

    avis = models.ForeignKey(AvisRendu, on_delete=models.PROTECT, related_name="levees")
    rang = models.PositiveSmallIntegerField("rang de la réserve")
    levee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    levee_le = models.DateTimeField("levée le")
    motif = models.TextField("motif")

    class Meta:
        verbose_name = "levée d’une réserve"
        verbose_name_plural = "levées de réserves"
        ordering = ["avis", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["avis", "rang"],
                name="reserve_levee_une_fois",
                violation_error_message="Cette réserve est déjà levée.",
            ),
            models.CheckConstraint(
                name="levee_de_reserve_motivee",
                condition=~Q(motif=""),
                violation_error_message="Écrivez pourquoi cette réserve est levée.",
            ),
        ]
        triggers = [
            refuse_en_conflit("levee_par_id", dossier=gardes.DE_L_AVIS),
            gardes.fige_a_la_proposition(gardes.DE_L_AVIS),
            gardes.reserve_de_cet_avis(),
            pgtrigger.Protect(name="levee_de_reserve_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return f"Réserve {self.rang}, levée"
