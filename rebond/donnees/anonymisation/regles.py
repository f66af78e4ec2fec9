"""What keeps a person from being made anonymous: a sentence, or None."""

from dataclasses import dataclass

DEJA = "Ce compte est déjà anonyme."
OUVERT = "Ce compte est ouvert\u00a0: la personne le ferme d’abord, ou un administrateur le désactive."
ROLE = "Cette personne tient encore un rôle de l’État, ou en attend un\u00a0: retirez-le d’abord."
PORTEUR = "Cette personne porte encore un dossier\u00a0: confiez-le d’abord à quelqu’un."
COURRIEL = "Un e-mail attend encore de lui être envoyé\u00a0: réessayez quand il sera parti."
ADMINISTRATEUR_SEUL = "Il faut être administrateur pour rendre un compte anonyme."
ADMINISTRATEUR_SEUL_EFFACE = "Il faut être administrateur pour effacer les coordonnées d’une personne."
SANS_PERSONNE = "Cette demande ne nomme déjà plus personne."
SOI_MEME = "Vous ne pouvez pas rendre anonyme votre propre compte."


@dataclass(frozen=True)
class Situation:
    """What is read of an account for that."""

    anonyme: bool
    ouvert: bool
    tient_un_role: bool
    porte_un_dossier: bool
    attend_un_courriel: bool


def empechement_d_anonymiser(situation: Situation) -> str | None:
    empechements = (
        (situation.anonyme, DEJA),
        (situation.ouvert, OUVERT),
        (situation.tient_un_role, ROLE),
        (situation.porte_un_dossier, PORTEUR),
        (situation.attend_un_courriel, COURRIEL),
    )
    return next((phrase for vrai, phrase in empechements if vrai), None)


def empechement_d_oublier(email: str) -> str | None:
    """Why a request made without an account, with that address, names nobody to forget; None when it does."""
    return None if email else SANS_PERSONNE
