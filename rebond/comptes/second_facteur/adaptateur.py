"""What allauth asks of us about second factors: how their secrets are kept, how they are named."""

import base64
from functools import lru_cache

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from rebond.socle.erreurs import RegleEnfreinte

USAGE = b"rebond.comptes.second_facteur"
ILLISIBLE = (
    "Ce second facteur ne peut plus être vérifié\u00a0: la clé du portail a changé. "
    "Demandez à un administrateur de le retirer de votre compte."
)


@lru_cache(maxsize=4)
def chiffre(cles: tuple[str, ...]) -> MultiFernet:
    """Fernet (AES-128-CBC, HMAC-SHA256) under keys derived from these (RFC 5869); the first one writes."""

    def deriver(cle: str) -> Fernet:
        octets = HKDF(algorithm=SHA256(), length=32, salt=None, info=USAGE).derive(cle.encode())
        return Fernet(base64.urlsafe_b64encode(octets))

    return MultiFernet([deriver(cle) for cle in cles])


class AdaptateurDeSecondFacteur(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return chiffre(tuple(settings.CLES_DES_SECONDS_FACTEURS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises RegleEnfreinte for what none of the keys wrote: an empty secret would let anybody make its codes."""
        try:
            return chiffre(tuple(settings.CLES_DES_SECONDS_FACTEURS)).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise RegleEnfreinte(ILLISIBLE) from None

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        rang = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Clé d’accès {rang}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": settings.MFA_TOTP_ISSUER}
