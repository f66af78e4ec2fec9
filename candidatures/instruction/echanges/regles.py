"""When a territory and the service write to each other."""

from candidatures.dossier.etats import ETATS_INSTRUITS, Qualite


def peut_echanger(etat: str) -> bool:
    """Whether the territory and the State write to each other: once the file is instructed, and for ever after.

    It does not depend on what was decided: the thread tells nothing.
    """
    return etat in ETATS_INSTRUITS


def peut_ecrire_un_message(etat: str, qualite: str | None) -> bool:
    return peut_echanger(etat) and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}
