"""Whoever has an account."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT, identifiant
from rebond.socle.texte.noms import nom_nu, par_nom


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        """An account named by its e-mail address; without a password it signs in by e-mailed code."""
        utilisateur = self.model(email=identifiant(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save()
        return utilisateur

    def non_anonymes(self) -> models.QuerySet["Utilisateur"]:
        return self.filter(email__contains="@")

    def get_by_natural_key(self, email: str | None) -> "Utilisateur":
        return self.get(email__iexact=email)


class Utilisateur(AbstractBaseUser):
    """A person. What they may do is held elsewhere: by their habilitations, or by a file that they take part in."""

    email = models.EmailField("adresse e-mail", max_length=254)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    nom = models.CharField("nom", max_length=100, blank=True)
    is_active = models.BooleanField("actif", default=True)
    cree_le = models.DateTimeField("créé le", db_default=HorlogeBase())

    objects: ClassVar[UtilisateurManager] = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "utilisateur"
        # The order of the list of accounts.
        indexes = [models.Index(*par_nom(), "id", name="utilisateur_par_nom")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse e-mail.",
            ),
            models.CheckConstraint(
                name="utilisateur_email_net",
                condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT),
                violation_error_message="Une adresse e-mail n’a ni espace ni caractère invisible.",
            ),
            models.CheckConstraint(
                name="utilisateur_anonyme_reste_ferme",
                condition=Q(email__contains="@") | Q(is_active=False),
                violation_error_message="Un compte anonyme ne s’ouvre plus.",
            ),
        ]

    @jumeau_de("postgres:journal_acteur_connu")
    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @staticmethod
    def adresse_anonyme(pk: int) -> str:
        """No address at all: no form takes it, and no letter goes there."""
        return f"anonyme-{pk}"

    @property
    def est_anonyme(self) -> bool:
        return "@" not in self.email

    @property
    def rang_du_nom(self) -> tuple[str, str, str]:
        """Where they stand in a list of people sorted in Python: as `par_nom` has it."""
        return nom_nu(self.nom), nom_nu(self.prenom), self.email

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()
