"""When a territory and the service write to each other."""

from candidatures.dossier.etats import ETATS_INSTRUITS, Qualite

FICHIERS_MAX = 5


def peut_echanger(etat: str) -> bool:
    """Whether the territory and the State write to each other: once the file is instructed, and for ever after.

    It does not depend on what was decided: the thread tells nothing.
    """
    return etat in ETATS_INSTRUITS


def empechement_d_y_joindre(fichiers: int) -> str | None:
    """Why a message may not carry so many files; None when it may."""
    return None if fichiers <= FICHIERS_MAX else f"Un message porte au plus {FICHIERS_MAX} fichiers."


def empechement_d_ecrire_un_message(etat: str, qualite: str | None, *, du_service: bool) -> str | None:
    """Why the holder of `qualite`, or one of the service, may not write in the thread; None when they may."""
    if peut_echanger(etat) and (du_service or qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}):
        return None
    return "Vous ne pouvez pas écrire de message sur ce dossier en ce moment."
