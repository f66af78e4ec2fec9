"""Who may do what, for which organisation, and where."""

from datetime import date, timedelta
from typing import ClassVar

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.etats.table import Table, declencheur_etats
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import (
    ETATS_EN_ATTENTE,
    ETATS_TENUS,
    ETATS_VIVANTS,
    ROLES_A_DEUX_SIGNATURES,
    ROLES_INCOMPATIBLES,
    TRANSITIONS_HABILITATION,
    EtatHabilitation,
    OrigineHabilitation,
    RaisonDeSuspension,
    Role,
    TypeOrganisme,
)
from territoires.models import gardes_des_roles as gardes
from territoires.models.contraintes import siren_correct
from territoires.models.referentiel import Departement, Epci, Region
from territoires.models.territoire import Territoire
from territoires.regles import DUREE_MAX_D_UN_ROLE, UN_AN

EH = EtatHabilitation
OH = OrigineHabilitation


class Organisme(models.Model):
    """What a person acts for: a service of the State, an operator, a local authority, a consultancy."""

    nom = models.CharField(max_length=160)
    type = models.CharField(max_length=14, choices=TypeOrganisme)
    siren = models.CharField("numéro SIREN", max_length=9, blank=True)
    epci = models.ForeignKey(
        Epci, models.PROTECT, null=True, blank=True, related_name="organismes", verbose_name="intercommunalité"
    )

    class Meta:
        verbose_name = "organisme"
        ordering = [alphabetique("nom"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "nom"],
                name="organisme_unique",
                violation_error_message="Cet organisme existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(epci=None) | Q(type=TypeOrganisme.EPCI),
                name="organisme_epci_coherent",
                violation_error_message="Seul un organisme de type intercommunalité est lié à une intercommunalité.",
            ),
            siren_correct("organisme_siren_valide", vide_permis=True),
        ]

    def __str__(self) -> str:
        return self.nom


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    @jumeau_de("postgres:habilitation_par_un_administrateur")
    def en_vigueur(self) -> "HabilitationQuerySet":
        """What its holder may use now, on the database's clock: proven, confirmed within the year, not at its end."""
        maintenant = HorlogeBase()
        return self.filter(
            Q(jusqu_au=None) | Q(jusqu_au__gt=maintenant), etat=EH.ACTIVE, a_confirmer_avant__gt=maintenant
        )

    def avec_vigueur(self) -> "HabilitationQuerySet":
        """Adds `vaut`: whether it is in force now."""
        return self.annotate(vaut=models.Exists(Habilitation.objects.en_vigueur().filter(pk=models.OuterRef("pk"))))

    def vivantes(self) -> "HabilitationQuerySet":
        """Held, suspended, or waiting for a signature or for its holder."""
        return self.filter(etat__in=ETATS_VIVANTS)

    def pour_fiche(self) -> "HabilitationQuerySet":
        personnes = ("utilisateur", "proposee_par", "signee_par", "confirmee_par")
        return self.select_related("organisme", "region", "departement", "territoire", *personnes)


def _personne() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")


class Habilitation(models.Model):
    """A role given to an address, within an organisation and a périmètre: région, département or territoire; none of
    them means the whole country.

    It is given to whoever proves `adresse` (small letters): `utilisateur` is nobody until then. It ends at `jusqu_au`
    (excluded), and is suspended unless an administrateur confirms it before `a_confirmer_avant`, a year at most.
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_HABILITATION

    adresse = models.EmailField("adresse e-mail", max_length=254)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="habilitations"
    )
    role = models.CharField("rôle", max_length=14, choices=Role)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="habilitations")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    departement = models.ForeignKey(Departement, models.PROTECT, null=True, blank=True, verbose_name="département")
    territoire = models.ForeignKey(Territoire, models.PROTECT, null=True, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatHabilitation, default=EH.PROPOSEE)
    origine = models.CharField(max_length=20, choices=OrigineHabilitation, default=OH.SIGNEE)
    jusqu_au = models.DateTimeField("jusqu’au", null=True, blank=True)
    proposee_par = _personne()
    proposee_le = models.DateTimeField("proposée le", db_default=HorlogeBase())
    signee_par = _personne()
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    activee_le = models.DateTimeField("en vigueur depuis", null=True, blank=True)
    a_confirmer_avant = models.DateTimeField("à confirmer avant", null=True, blank=True)
    confirmee_par = _personne()
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    suspension = models.CharField("suspendue parce que", max_length=20, choices=RaisonDeSuspension, blank=True)
    suspendue_le = models.DateTimeField("suspendue le", null=True, blank=True)
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["adresse", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(region=None, departement=None)
                    | Q(region=None, territoire=None)
                    | Q(departement=None, territoire=None)
                ),
                name="habilitation_un_seul_perimetre",
                violation_error_message="Choisissez une région, un département ou un territoire, pas plusieurs.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="habilitation_role_connu",
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.UniqueConstraint(
                fields=["adresse", "role", "organisme", "region", "departement", "territoire"],
                condition=Q(etat__in=ETATS_EN_ATTENTE),
                name="habilitation_proposee_une_fois",
                nulls_distinct=False,
                violation_error_message="Ce rôle est déjà proposé à cette adresse, pour ce périmètre.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "role", "organisme", "region", "departement", "territoire"],
                condition=Q(etat__in=ETATS_TENUS),
                name="habilitation_unique",
                nulls_distinct=False,
                violation_error_message="Cette personne a déjà ce rôle, pour cet organisme et ce périmètre.",
            ),
            models.CheckConstraint(
                condition=Q(adresse=Lower("adresse")) & ~Q(adresse__regex=INTERDIT_DANS_UN_IDENTIFIANT),
                name="habilitation_adresse_nette",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=[*ETATS_EN_ATTENTE, EH.ECARTEE, EH.RETIREE, EH.FINIE])
                | Q(
                    etat__in=ETATS_TENUS,
                    utilisateur__isnull=False,
                    activee_le__isnull=False,
                    a_confirmer_avant__isnull=False,
                    a_confirmer_avant__lte=Coalesce("confirmee_le", "activee_le") + UN_AN,
                ),
                name="habilitation_tenue_un_an",
                violation_error_message="Un rôle se confirme chaque année.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EH.SUSPENDUE, suspendue_le__isnull=False, suspension__in=RaisonDeSuspension.values)
                | ~Q(etat=EH.SUSPENDUE),
                name="habilitation_suspendue_pour_une_raison",
            ),
            models.CheckConstraint(
                condition=Q(origine=OH.INSTALLATION, proposee_par=None, signee_par=None)
                | Q(origine=OH.SIGNEE, proposee_par__isnull=False)
                & (
                    Q(signee_par__isnull=False, signee_le__isnull=False)
                    | Q(etat__in=[EH.PROPOSEE, EH.ECARTEE, EH.FINIE])
                    | ~Q(role__in=ROLES_A_DEUX_SIGNATURES)
                ),
                name="habilitation_deux_signatures",
                violation_error_message="Ce rôle demande la signature de deux administrateurs.",
            ),
            models.CheckConstraint(
                condition=Q(signee_par=None) | ~Q(signee_par=F("proposee_par")),
                name="habilitation_signee_par_un_autre",
            ),
            models.CheckConstraint(
                condition=Q(utilisateur=None)
                | (Q(proposee_par=None) | ~Q(proposee_par=F("utilisateur")))
                & (Q(signee_par=None) | ~Q(signee_par=F("utilisateur")))
                & (Q(confirmee_par=None) | ~Q(confirmee_par=F("utilisateur"))),
                name="habilitation_jamais_a_soi_meme",
            ),
            models.CheckConstraint(
                condition=Q(
                    jusqu_au__isnull=False,
                    jusqu_au__gt=F("proposee_le"),
                    jusqu_au__lte=F("proposee_le") + DUREE_MAX_D_UN_ROLE,
                )
                | (Q(jusqu_au=None) & ~Q(role__in=ROLES_A_DEUX_SIGNATURES)),
                name="habilitation_qui_finit",
            ),
            ExclusionConstraint(
                name="habilitation_roles_incompatibles",
                expressions=[("adresse", RangeOperators.EQUAL), ("role", RangeOperators.NOT_EQUAL)],
                condition=Q(etat__in=ETATS_VIVANTS, role__in=ROLES_INCOMPATIBLES),
            ),
            ExclusionConstraint(
                name="habilitation_roles_incompatibles_tenus",
                expressions=[("utilisateur", RangeOperators.EQUAL), ("role", RangeOperators.NOT_EQUAL)],
                condition=Q(etat__in=ETATS_TENUS, role__in=ROLES_INCOMPATIBLES),
            ),
        ]
        triggers = [declencheur_etats(TRANSITIONS_HABILITATION), *gardes.SUR_LES_HABILITATIONS]

    def __str__(self) -> str:
        return f"{self.get_role_display()} – {self.organisme} ({self.perimetre})"

    @property
    def perimetre(self) -> str:
        """« Hauts-de-France », « Nord (59) », « Cambrésis »; « national » when nothing narrows it."""
        return str(self.region or self.departement or self.territoire or "national")

    @property
    def titulaire(self) -> str:
        """Who holds the role, by name; its address until somebody has proven it."""
        return str(self.utilisateur) if self.utilisateur else self.adresse

    @property
    def adresse_changee(self) -> bool:
        """Whether its holder has another address than the one that it was given to."""
        return self.utilisateur is not None and self.utilisateur.email.lower() != self.adresse

    @property
    def dernier_jour(self) -> date | None:
        """The last day on which it holds, in Paris."""
        return jour_de_paris(self.jusqu_au - timedelta(microseconds=1)) if self.jusqu_au else None

    @property
    def etat_dit(self) -> str:
        """Its state as people read it; needs `avec_vigueur`: an end that nobody has recorded yet is an end."""
        if self.etat == EH.ACTIVE and not self.vaut:  # type: ignore[attr-defined]
            return "échu"
        return str(self.get_etat_display())


class AdresseDeTitulaire(Utilisateur):
    """Bears what Postgres holds of the address of whoever has a role: it does not change under the role."""

    class Meta:
        proxy = True
        verbose_name = "adresse d’un titulaire"
        triggers = [gardes.ADRESSE_D_UN_TITULAIRE]


class PreuveDAdresse(EmailAddress):
    """Bears what Postgres holds of a proven address: it stays proven as long as a role rests on it."""

    class Meta:
        proxy = True
        verbose_name = "preuve d’une adresse"
        triggers = [gardes.PREUVE_D_UN_TITULAIRE]
