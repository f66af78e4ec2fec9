"""Where a page that cannot be shown leads back to."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import Resolver404, resolve

# What an address carries of the list that its reader comes from, from page to page.
LISTE = "liste"

# Addresses of files, which are no page to come back to.
FICHIERS = frozenset({"piece", "piece_deposee", "piece_de_message", "piece_de_correction", "accuse", "fichier"})
# Acts that are refused together with those below them: back there, one would be refused again.
REFUSES_ENSEMBLE = frozenset({"evaluer", "evaluateurs"})
LIBELLES = {
    "dossier": "Revenir au dossier",
    "vague": "Revenir aux dossiers de la vague",
    "mission": "Revenir à la mission",
    "saisine": "Revenir à la demande d’avis",
}


@dataclass(frozen=True)
class Retour:
    adresse: str
    libelle: str


def page_parente(chemin: str, liste: str | None = None) -> Retour | None:
    """The nearest page above `chemin` in the addresses: « /instruction/dossiers/32/ » for an act on that file.

    It keeps `liste`, the one that its reader comes from. None when there is none but the home page. It may answer 404
    to whoever may not open it, like any other.
    """
    morceaux = [morceau for morceau in chemin.split("/") if morceau]
    for fin in range(len(morceaux) - 1, 0, -1):
        parent = f"/{'/'.join(morceaux[:fin])}/"
        try:
            nom = resolve(parent).url_name or ""
        except Resolver404:
            continue
        if nom not in FICHIERS | REFUSES_ENSEMBLE:
            suite = "" if liste is None else f"?{urlencode({LISTE: liste})}"
            return Retour(parent + suite, LIBELLES.get(nom, "Revenir à la page précédente"))
    return None
