"""The mission that a label opens, its team, and the companies that it meets."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.acces import hors_interets_de, lus_en_entier_par, vagues_en_interet
from candidatures.labellisation.models import Labellisation
from candidatures.vagues.models.vagues import Vague
from projets.mission.annulation import Annulable, annulation_refusee, annulation_signee
from projets.mission.etats import TRANSITIONS_MISSION, EtatMission
from rebond.comptes.habilitations import a_le_role, perimetre
from rebond.socle.bdd.expressions import Vecteur
from rebond.socle.etats.table import Table, declencheur_etats
from rebond.socle.texte.noms import alphabetique
from territoires.etats import Role
from territoires.models import Epci, Territoire
from territoires.models.contraintes import siren_correct
from territoires.regles import Perimetre

if TYPE_CHECKING:
    from rebond.socle.utilisateur import Utilisateur


class MissionQuerySet(models.QuerySet["Mission"]):
    def visibles_par(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """A mission's team; valideurs and administrateurs; the instructeurs and fund managers of its territories;
        their own people, and the chargés de mission as long as it waits for a team. For all of them a mission exists
        from the instant at which they may know of its laureates."""
        if not utilisateur.is_authenticated:
            return self.none()
        sues = self.sues_de(utilisateur)
        if a_le_role(utilisateur, Role.VALIDEUR, Role.ADMINISTRATEUR):
            return sues
        de_l_equipe = EquipeMission.objects.filter(utilisateur=utilisateur)
        visibles = Q(pk__in=de_l_equipe.values("mission"))
        visibles |= _dans(perimetre(utilisateur, Role.INSTRUCTEUR, Role.GESTIONNAIRE))
        visibles |= _du_territoire(utilisateur)
        if a_le_role(utilisateur, Role.CHARGE_MISSION):
            visibles |= Q(pk__in=self.a_prendre_en_charge_par(utilisateur).values("pk"))
        return sues.filter(visibles)

    def publiques(self) -> "MissionQuerySet":
        """None of its laureates is still under embargo, by the database's clock."""
        secretes = MissionLabellisation.objects.exclude(labellisation__publique_a__lte=Now())
        return self.exclude(pk__in=secretes.values("mission"))

    def sues_de(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """Those of whose laureates `utilisateur` may know: public, or among the files that they read whole.

        None under embargo of a wave where they have an interest: the number missing between two would tell the rest.
        """
        genants = Vague.objects.filter(vagues_en_interet(utilisateur))
        lus = lus_en_entier_par(utilisateur).exclude(vague__in=genants.values("pk"))
        secretes = MissionLabellisation.objects.exclude(labellisation__publique_a__lte=Now()).exclude(
            labellisation__candidature__in=lus.values("pk")
        )
        return self.exclude(pk__in=secretes.values("mission"))

    def a_prendre_en_charge_par(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """Those of the person's périmètre that wait for a team."""
        la = _dans(perimetre(utilisateur, Role.CHARGE_MISSION))
        return self.publiques().filter(la, etat=EtatMission.A_LANCER)

    def modifiables_par(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """The team alone writes in a mission, as long as it holds the role of chargé de mission."""
        if not utilisateur.is_authenticated or not a_le_role(utilisateur, Role.CHARGE_MISSION):
            return self.none()
        return self.publiques().filter(pk__in=EquipeMission.objects.filter(utilisateur=utilisateur).values("mission"))

    def composables_par(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """Those whose team the person makes up: one of the team, or an administrateur when nobody of it is left."""
        return self.publiques() if a_le_role(utilisateur, Role.ADMINISTRATEUR) else self.modifiables_par(utilisateur)

    def financables_par(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """Those whose envelopes the person opens and grants from: the périmètre of a fund manager, without what came
        out of a file in which they have an interest."""
        return self.hors_interets_de(utilisateur).publiques().filter(_dans(perimetre(utilisateur, Role.GESTIONNAIRE)))

    def hors_interets_de(self, utilisateur: "Utilisateur") -> "MissionQuerySet":
        """Without those of a laureate whose file is theirs, or on which they declared a conflict of interest."""
        etrangers = hors_interets_de(Candidature.objects.all(), utilisateur)
        genantes = MissionLabellisation.objects.exclude(labellisation__candidature__in=etrangers.values("pk"))
        return self.exclude(pk__in=genantes.values("mission"))


def _dans(ou: Perimetre) -> Q:
    """Missions with a laureate territory there; none for an empty périmètre."""
    if ou.national:
        return Q(pk__isnull=False)
    territoires = Territoire.objects.dans(ou)
    rattachements = MissionLabellisation.objects.filter(labellisation__territoire__in=territoires.values("pk"))
    return Q(pk__in=rattachements.values("mission"))


def _du_territoire(utilisateur: "Utilisateur") -> Q:
    """Missions that came out of a file in which the person takes part."""
    dossiers = Participation.objects.filter(utilisateur=utilisateur)
    rattachements = MissionLabellisation.objects.filter(labellisation__candidature__in=dossiers.values("candidature"))
    return Q(pk__in=rattachements.values("mission"))


class Mission(models.Model):
    """Support given to one labelled territory, or to several together: some three months of consultants' work."""

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_MISSION

    titre = models.CharField("titre", max_length=200)
    etat = models.CharField("étape", max_length=20, choices=EtatMission.choices, default=EtatMission.A_LANCER)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin prévue", null=True, blank=True)
    contexte = models.TextField("contexte", blank=True)
    labellisations = models.ManyToManyField(Labellisation, through="MissionLabellisation", related_name="missions")
    equipe = models.ManyToManyField(settings.AUTH_USER_MODEL, through="EquipeMission", related_name="missions")
    restituee_le = models.DateField("restituée le", null=True, blank=True)
    demonstration = models.BooleanField("données de démonstration", default=False)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = "mission"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mission_lancee_datee",
                condition=Q(etat=EtatMission.A_LANCER) | Q(debut__isnull=False),
                violation_error_message="Une mission lancée a une date de début.",
            ),
            models.CheckConstraint(
                name="mission_debut_avant_fin",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La mission ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                name="mission_restitution_datee",
                condition=Q(
                    etat__in=[EtatMission.RESTITUEE, EtatMission.SUIVI, EtatMission.CLOSE], restituee_le__isnull=False
                )
                | Q(~Q(etat__in=[EtatMission.RESTITUEE, EtatMission.SUIVI, EtatMission.CLOSE]), restituee_le=None),
            ),
        ]
        indexes = [GinIndex(Vecteur("titre", "contexte"), name="mission_par_mots")]
        triggers = [declencheur_etats(TRANSITIONS_MISSION)]

    def __str__(self) -> str:
        return self.titre


class MissionLabellisation(models.Model):
    """Which laureates a mission serves; a laureate has one mission."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="rattachements")
    labellisation = models.OneToOneField(Labellisation, on_delete=models.PROTECT, related_name="rattachement")

    class Meta:
        verbose_name = "territoire de la mission"
        verbose_name_plural = "territoires de la mission"

    def __str__(self) -> str:
        return f"{self.mission} – {self.labellisation}"


class EquipeMission(models.Model):
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="equipiers")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="equipes")

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "membres de l’équipe"
        constraints = [models.UniqueConstraint(fields=["mission", "utilisateur"], name="equipier_unique")]

    def __str__(self) -> str:
        return str(self.utilisateur)


class IndustrielQuerySet(models.QuerySet["Industriel"]):
    def retenus(self) -> "IndustrielQuerySet":
        return self.filter(annule_le=None)

    def rencontres(self, au: date) -> "IndustrielQuerySet":
        """Met on or before `au`; those entered by mistake are left out."""
        return self.retenus().filter(rencontre_le__lte=au)


class Industriel(Annulable):
    """A company of the territory; counted as met from the day of `rencontre_le`."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="industriels")
    siren = models.CharField("SIREN", max_length=9)
    nom = models.CharField("raison sociale", max_length=200)
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, related_name="+", verbose_name="intercommunalité du site")
    effectif = models.PositiveIntegerField("effectif du site", null=True, blank=True)
    activite = models.CharField("activité", max_length=200, blank=True)
    rencontre_le = models.DateField("rencontré le", null=True, blank=True)

    objects = IndustrielQuerySet.as_manager()

    class Meta:
        verbose_name = "industriel"
        ordering = [alphabetique("nom"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "siren"],
                name="industriel_unique_dans_la_mission",
                condition=Q(annule_le=None),
                violation_error_message="Cette entreprise est déjà dans la mission.",
            ),
            siren_correct("industriel_siren_valide"),
            annulation_signee("industriel_annulation_signee"),
        ]
        indexes = [
            GinIndex(Vecteur("nom", "activite"), name="industriel_par_mots"),
            GinIndex(OpClass(alphabetique("nom"), name="gin_trgm_ops"), name="industriel_par_lettres"),
        ]
        triggers = [
            annulation_refusee(
                "industriel_annule_sans_projet",
                "EXISTS (SELECT 1 FROM projets_projet WHERE industriel_id = NEW.id AND annule_le IS NULL)",
                "une entreprise qui a des projets ne s''annule pas",
            )
        ]

    def __str__(self) -> str:
        return self.nom
