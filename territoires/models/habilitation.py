"""Who may do what, for which organisation, and where."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rebond.socle.texte.noms import alphabetique
from territoires.etats import Role, TypeOrganisme
from territoires.models.contraintes import siren_correct
from territoires.models.referentiel import Departement, Epci, Region
from territoires.models.territoire import Territoire


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


class Habilitation(models.Model):
    """A role held by a person within an organisation and a périmètre: région, département or territoire; none of them
    means the whole country.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="habilitations")
    role = models.CharField("rôle", max_length=14, choices=Role)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="habilitations")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    departement = models.ForeignKey(Departement, models.PROTECT, null=True, blank=True, verbose_name="département")
    territoire = models.ForeignKey(Territoire, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "habilitation"
        ordering = ["utilisateur", "role", "pk"]
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
                fields=["utilisateur", "role", "organisme", "region", "departement", "territoire"],
                name="habilitation_unique",
                nulls_distinct=False,
                violation_error_message="Cette personne a déjà ce rôle, pour cet organisme et ce périmètre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} – {self.organisme} ({self.perimetre})"

    @property
    def perimetre(self) -> str:
        """« Hauts-de-France », « Nord (59) », « Cambrésis »; « national » when nothing narrows it."""
        return str(self.region or self.departement or self.territoire or "national")
