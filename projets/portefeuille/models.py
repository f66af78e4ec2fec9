"""The portfolio of industrial projects, with the history of their estimates."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from projets.mission.annulation import Annulable, annulation_refusee, annulation_signee, rien_pour_un_annule
from projets.mission.models import Industriel, Mission
from projets.mission.regles import DERNIER_JOUR, PREMIER_JOUR
from projets.portefeuille.etats import TRANSITIONS_PROJET, EtatProjet, NatureProjet, Voie
from projets.portefeuille.regles import empechement_d_annuler_un_projet
from rebond.socle.bdd.expressions import HorlogeBase, Vecteur
from rebond.socle.etats.table import Table, declencheur_etats
from territoires.models import Epci

# Of several estimates of a project, the one that counts comes first.
DERNIERE = ("-au", "-pk")


class EstimationQuerySet(models.QuerySet["Estimation"]):
    def connues(self, au: date) -> "EstimationQuerySet":
        return self.filter(au__lte=au)

    def dernieres(self, au: date) -> "EstimationQuerySet":
        """The one of each project that counts on `au`, as `avec_estimation` finds it: for all of them at once, a
        fifth of the time."""
        return self.connues(au).order_by("projet_id", *DERNIERE).distinct("projet_id")


class ProjetQuerySet(models.QuerySet["Projet"]):
    def retenus(self) -> "ProjetQuerySet":
        return self.filter(annule_le=None)

    def recenses(self, au: date) -> "ProjetQuerySet":
        """Listed in the portfolio on or before `au`; those entered by mistake are left out."""
        return self.retenus().filter(recense_le__lte=au)

    def avec_estimation(self, au: date | None = None) -> "ProjetQuerySet":
        """Adds `investissement` (whole euros), `emplois_potentiels` and `emplois_previsionnels` (jobs): the last
        estimate known on `au`, or the last of all."""
        connues = Estimation.objects.all() if au is None else Estimation.objects.connues(au)
        derniere = connues.filter(projet=models.OuterRef("pk")).order_by(*DERNIERE)
        return self.annotate(
            investissement=models.Subquery(derniere.values("investissement")[:1]),
            emplois_potentiels=models.Subquery(derniere.values("emplois_potentiels")[:1]),
            emplois_previsionnels=models.Subquery(derniere.values("emplois_previsionnels")[:1]),
        )

    def pour_liste(self) -> "ProjetQuerySet":
        return self.select_related("industriel", "epci", "enveloppe", "concours__liberation")


class Projet(Annulable):
    """An industrial project found by a mission.

    `recense_le` is the day from which figures count it, `oriente_le` the day on which it was sent to a `voie`,
    `abandonne_le` the day on which its company gave it up, for the reason `abandon`: it was a project until then,
    which one that is cancelled (`annule_le`) never was.
    Amounts and jobs are in `Estimation`s, so that a figure « au » a past date stays what it was.
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_PROJET

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="projets")
    industriel = models.ForeignKey(Industriel, on_delete=models.PROTECT, related_name="projets")
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, related_name="+", verbose_name="intercommunalité du projet"
    )
    intitule = models.CharField("intitulé", max_length=200)
    description = models.TextField("description", blank=True)
    nature = models.CharField("nature", max_length=20, choices=NatureProjet.choices)
    structurant = models.BooleanField("projet structurant", default=False)
    etat = models.CharField("état", max_length=20, choices=EtatProjet.choices, default=EtatProjet.DETECTE)
    recense_le = models.DateField("recensé le")
    voie = models.CharField("orientation", max_length=20, choices=Voie.choices, blank=True)
    oriente_le = models.DateField("orienté le", null=True, blank=True)
    enveloppe = models.ForeignKey(
        "projets.Enveloppe", on_delete=models.PROTECT, null=True, blank=True, related_name="projets"
    )
    abandonne_le = models.DateField("abandonné le", null=True, blank=True)
    abandon = models.CharField("raison de l’abandon", max_length=300, blank=True)

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "projet"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="projet_orientation_entiere",
                condition=Q(voie="", oriente_le=None, enveloppe=None)
                | Q(voie=Voie.ENVELOPPE, oriente_le__isnull=False, enveloppe__isnull=False)
                | Q(voie__in=[Voie.DROIT_COMMUN, Voie.SANS_AIDE], oriente_le__isnull=False, enveloppe=None),
                violation_error_message="Une orientation porte une date et, vers l’enveloppe, le nom de celle-ci.",
            ),
            models.CheckConstraint(
                name="projet_oriente_apres_recensement",
                condition=Q(oriente_le=None) | Q(oriente_le__gte=F("recense_le")),
                violation_error_message="Un projet ne peut pas être orienté avant d’avoir été recensé.",
            ),
            models.CheckConstraint(
                name="projet_abandon_entier",
                condition=(Q(etat=EtatProjet.ABANDONNE, abandonne_le__isnull=False) & ~Q(abandon=""))
                | (~Q(etat=EtatProjet.ABANDONNE) & Q(abandonne_le=None, abandon="")),
                violation_error_message="Un abandon porte sa date et sa raison.",
            ),
            models.CheckConstraint(
                name="projet_abandonne_apres_recensement",
                condition=Q(abandonne_le=None) | Q(abandonne_le__gte=F("recense_le")),
                violation_error_message="Un projet ne peut pas être abandonné avant d’avoir été recensé.",
            ),
            models.CheckConstraint(
                name="projet_abandonne_apres_orientation",
                condition=Q(abandonne_le=None) | Q(oriente_le=None) | Q(abandonne_le__gte=F("oriente_le")),
                violation_error_message="Un projet ne peut pas être abandonné avant le jour de son orientation.",
            ),
            annulation_signee("projet_annulation_signee"),
        ]
        indexes = [GinIndex(Vecteur("intitule", "description"), name="projet_par_mots")]
        triggers = [
            declencheur_etats(TRANSITIONS_PROJET),
            annulation_refusee(
                "projet_annule_sans_aide",
                "EXISTS (SELECT 1 FROM projets_concours WHERE projet_id = NEW.id)",
                "un projet qui a eu une aide ne s''annule pas",
            ),
            rien_pour_un_annule(
                "projet_d_un_industriel_retenu",
                "projets_industriel",
                "industriel_id",
                "l''entreprise de ce projet est annulée",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def aide(self) -> Any:
        """The grant (`Concours`) that the project still has; None once it is freed."""
        concours = getattr(self, "concours", None)
        return None if concours is None or concours.est_libere else concours

    @property
    def empechement_d_annuler(self) -> str | None:
        """Why it may not be declared a mistake of entry; None when it may. Free after `pour_liste()`."""
        return empechement_d_annuler_un_projet(
            annule=self.est_annule, aide=getattr(self, "concours", None) is not None, liberee=self.aide is None
        )


class Estimation(models.Model):
    """What a project was worth in the eyes of the mission from the day `au` on; never changed, only followed by
    another.

    `investissement` in whole euros. `emplois_potentiels` (créations potentielles) and `emplois_previsionnels`
    (créations prévisionnelles, known for projects sent to an envelope) are different things and are never added.
    """

    projet = models.ForeignKey(Projet, on_delete=models.CASCADE, related_name="estimations")
    au = models.DateField("à compter du")
    investissement = models.PositiveBigIntegerField("investissement (€)")
    emplois_potentiels = models.PositiveIntegerField("créations potentielles d’emplois")
    emplois_previsionnels = models.PositiveIntegerField("créations prévisionnelles d’emplois", null=True, blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saisie_le = models.DateTimeField("saisie le", db_default=HorlogeBase())

    objects = EstimationQuerySet.as_manager()

    class Meta:
        verbose_name = "estimation"
        ordering = ["au", "pk"]
        indexes = [models.Index(fields=["projet", "-au", "-id"], name="estimation_derniere")]
        constraints = [
            models.CheckConstraint(
                name="estimation_dans_le_programme", condition=Q(au__gte=PREMIER_JOUR, au__lte=DERNIER_JOUR)
            )
        ]
        triggers = [pgtrigger.Protect(name="estimation_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.projet} au {self.au:%d/%m/%Y}"
