"""What the portal does when a second factor is added, used or taken away."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from rebond.comptes.securite.actes import ActeDeSecurite
from rebond.comptes.securite.preuves import CLE, SECOND_FACTEUR, prouver
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

PRINCIPAUX = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NOMS = {
    Authenticator.Type.TOTP: "application",
    Authenticator.Type.WEBAUTHN: "clé d’accès",
    Authenticator.Type.RECOVERY_CODES: "codes de secours",
}


@receiver(authenticator_added, dispatch_uid="second_facteur_ajoute")
def prouver_en_ajoutant(request: HttpRequest, user: Utilisateur, authenticator: Authenticator, **_: Any) -> None:
    """Whoever has just set it up has it in hand: the codes kept for later are shown without asking again."""
    if authenticator.type in PRINCIPAUX:
        prouver(request, user, SECOND_FACTEUR)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


@receiver(authenticator_used, dispatch_uid="second_facteur_utilise")
def prouver_en_utilisant(request: HttpRequest, user: Utilisateur, authenticator: Authenticator, **_: Any) -> None:
    prouver(request, user, SECOND_FACTEUR)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        consigner(
            ActeDeSecurite.CODE_DE_SECOURS_UTILISE,
            user,
            acteur=user,
            restants=len(Authenticator.objects.get(pk=authenticator.pk).wrap().get_unused_codes()),
        )


@receiver(authenticator_removed, dispatch_uid="second_facteur_retire")
def ne_plus_prouver(request: HttpRequest, user: Utilisateur, **_: Any) -> None:
    if not is_mfa_enabled(user, PRINCIPAUX):
        request.session.pop(CLE, None)


@receiver(post_save, sender=Authenticator, dispatch_uid="second_facteur_journal_ajout")
def consigner_l_ajout(instance: Authenticator, created: bool, **_: Any) -> None:
    """In the transaction of the act, whatever its path: allauth tells its own signals after it."""
    if created:
        consigner(
            ActeDeSecurite.SECOND_FACTEUR_AJOUTE, instance.user, acteur=instance.user, moyen=NOMS[_genre(instance)]
        )


@receiver(post_delete, sender=Authenticator, dispatch_uid="second_facteur_journal_retrait")
def consigner_le_retrait(instance: Authenticator, **_: Any) -> None:
    """One taken away by somebody else carries who did (`par`)."""
    acteur = getattr(instance, "par", instance.user)
    consigner(ActeDeSecurite.SECOND_FACTEUR_RETIRE, instance.user, acteur=acteur, moyen=NOMS[_genre(instance)])


def _genre(facteur: Authenticator) -> Authenticator.Type:
    return Authenticator.Type(facteur.type)
