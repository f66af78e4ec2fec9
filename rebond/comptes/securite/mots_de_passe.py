"""Passwords that are guessed at once are refused: common ones, leaked ones, and what is made from them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

# Tries: ten billion, out of reach of whoever tries against the portal (zxcvbn's score of 4; Wheeler, USENIX 2016).
SCORE = 4
LONGUEUR = 72
DU_PORTAIL = ["rebond", "industriel", "france2030", "france", "territoires", "industrie", "anct", "collectivite"]
REFUS = (
    "Ce mot de passe se devine vite\u00a0: il ressemble à un mot de passe courant, ou déjà dévoilé ailleurs. "
    "Prenez plutôt quatre ou cinq mots sans rapport entre eux."
)


class MotDePasseDevinable:
    """Estimates how many tries it takes, by lists kept on this machine: nothing is asked of anybody."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        connus = [str(getattr(user, champ, "") or "") for champ in ("email", "prenom", "nom")]
        mots = [mot for texte in connus for mot in (texte, *texte.split("@")) if mot]
        if zxcvbn(password[:LONGUEUR], user_inputs=[*mots, *DU_PORTAIL], max_length=LONGUEUR)["score"] < SCORE:
            raise ValidationError(REFUS, code="mot_de_passe_devinable")

    def get_help_text(self) -> str:
        return "Votre mot de passe ne doit pas se deviner\u00a0: quatre ou cinq mots sans rapport entre eux suffisent."
