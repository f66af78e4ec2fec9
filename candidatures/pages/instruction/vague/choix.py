"""The files of a list that were ticked one by one: `?dossiers=12&dossiers=15`, in every address that takes some."""

from django.http import QueryDict

from rebond.socle.texte.nombres import entier_de_machine

CHOISIS, CLE_MAX = "dossiers", 2**62


def choisis(demande: QueryDict) -> list[int] | None:
    """Their keys, whatever else was written there left out; None when nothing is chosen, that is the whole list."""
    if CHOISIS not in demande:
        return None
    cles = (entier_de_machine(lu, maximum=CLE_MAX) for lu in demande.getlist(CHOISIS))
    return [cle for cle in cles if cle is not None]
