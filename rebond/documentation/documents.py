"""What the code says of itself, as Markdown with Mermaid diagrams, which forges draw."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from rebond.documentation import acces, donnees, etats, modele
from rebond.documentation.feuille_de_style import FEUILLE, SOMBRE, feuille, sombre

COMMANDE = "manage.py documenter"
AVERTISSEMENT = f"<!-- Écrit par `{COMMANDE}` : changez le code, puis relancez cette commande. -->"


def documents() -> dict[Path, str]:
    """Every generated file, by its path in the repository, as it should be."""
    modeles = list(nos_modeles())
    style = feuille()
    return {
        Path("docs/acces.md"): _page("Qui obtient quoi", acces.rubriques()),
        Path("docs/donnees-personnelles.md"): _page("Le registre des données personnelles", donnees.rubriques()),
        Path("docs/etats.md"): _page("Les états et leurs passages", etats.rubriques(modeles)),
        Path("docs/modele.md"): _page("Le modèle de données", modele.rubriques(modeles)),
        FEUILLE: style,
        SOMBRE: sombre(style),
    }


def nos_modeles() -> Iterator[type[Model]]:
    """The models of the product, in the order of their apps."""
    for application in apps.get_app_configs():
        if (settings.RACINE / application.name.partition(".")[0]).is_dir():
            yield from application.get_models()


def _page(titre: str, rubriques: Iterator[str]) -> str:
    return "\n\n".join([f"# {titre}", AVERTISSEMENT, *rubriques]) + "\n"
