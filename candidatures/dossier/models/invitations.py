"""Who is invited to write a file."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def en_attente(self, maintenant: datetime) -> "InvitationQuerySet":
        return self.filter(acceptee_le=None, revoquee_le=None, expire_le__gt=maintenant)


class Invitation(models.Model):
    """A link sent by e-mail, that lets whoever holds the address take part in one file, until it expires.

    Only the SHA-256 of the secret is kept (`empreinte`). It is closed at `revoquee_le`: by the porteur, or by whoever
    was invited (`declinee`).
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse e-mail", max_length=254)
    qualite = models.CharField("qualité", max_length=20, choices=Qualite.choices)
    empreinte = models.CharField(max_length=64, unique=True)
    faite_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le", db_default=HorlogeBase())
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    acceptee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)
    declinee = models.BooleanField("déclinée", default=False, db_default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["pk"]
        indexes = [
            # What waits for somebody who comes in is looked for by their address.
            models.Index("email", name="invitation_par_adresse", condition=Q(acceptee_le=None, revoquee_le=None))
        ]
        constraints = [
            models.UniqueConstraint(
                "candidature",
                Lower("email"),
                name="invitation_une_seule_en_cours",
                condition=Q(acceptee_le=None, revoquee_le=None),
                violation_error_message="Cette personne est déjà invitée.",
            ),
            models.CheckConstraint(
                name="invitation_adresse_nette", condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT)
            ),
            models.CheckConstraint(name="invitation_sans_porteur", condition=~Q(qualite=Qualite.PORTEUR)),
            models.CheckConstraint(name="invitation_expire_apres", condition=Q(expire_le__gt=F("faite_le"))),
            models.CheckConstraint(
                name="invitation_acceptee_par_quelqu_un",
                condition=Q(acceptee_le=None, acceptee_par=None)
                | Q(acceptee_le__isnull=False, acceptee_par__isnull=False, revoquee_le=None),
            ),
            models.CheckConstraint(
                name="invitation_declinee_est_close", condition=Q(declinee=False) | Q(revoquee_le__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_qualite_display()})"

    @property
    def cle_de_la_lettre(self) -> str:
        """What names the last letter that was sent for it."""
        return f"invitation-{self.pk}-{self.empreinte[:16]}"
