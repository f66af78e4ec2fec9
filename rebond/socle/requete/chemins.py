"""Where a page that cannot be shown leads back to."""

from dataclasses import dataclass

from django.urls import Resolver404, resolve

# Addresses of files, which are no page to come back to.
FICHIERS = frozenset({"piece", "piece_deposee", "piece_de_message", "piece_de_correction", "accuse", "fichier"})
LIBELLES = {
    "dossier": "Revenir au dossier",
    "vague": "Revenir aux dossiers de la vague",
    "mission": "Revenir à la mission",
}


@dataclass(frozen=True)
class Retour:
    adresse: str
    libelle: str


def page_parente(chemin: str) -> Retour | None:
    """The nearest page above `chemin` in the addresses: « /instruction/dossiers/32/ » for an act on that file.

    None when there is none but the home page. It may answer 404 to whoever may not open it, like any other.
    """
    morceaux = [morceau for morceau in chemin.split("/") if morceau]
    for fin in range(len(morceaux) - 1, 0, -1):
        parent = f"/{'/'.join(morceaux[:fin])}/"
        try:
            nom = resolve(parent).url_name or ""
        except Resolver404:
            continue
        if nom not in FICHIERS:
            return Retour(parent, LIBELLES.get(nom, "Revenir à la page précédente"))
    return None
