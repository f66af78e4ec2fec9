"""The lists that the product declares, and the fields that they read."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Field
from django.db.models.constants import LOOKUP_SEP

from rebond.socle.listes import Liste

RACINE = Path(__file__).resolve().parents[2]
PAQUETS = ("rebond", "territoires", "candidatures", "projets")


def listes_declarees() -> list[type[Liste]]:
    for paquet in PAQUETS:
        for module in pkgutil.walk_packages([str(RACINE / paquet)], f"{paquet}."):
            if module.name.endswith(".listes"):
                importlib.import_module(module.name)
    declarees = (classe for classe in _descendantes(Liste) if hasattr(classe, "colonnes"))
    return sorted(
        (classe for classe in declarees if classe.__module__.startswith(PAQUETS)), key=lambda classe: classe.__name__
    )


def _descendantes(classe: type) -> Iterator[Any]:
    for fille in classe.__subclasses__():
        yield fille
        yield from _descendantes(fille)


def champs_lus(liste: type[Liste]) -> dict[str, Field]:
    """Every field that some column of `liste` reads, page and files together, by its path."""
    return {chemin: champ_de(liste, chemin) for chemin in liste.champs(liste.colonnes)}


def champ_de(liste: type[Liste], chemin: str) -> Any:
    """The model's own field; raises `FieldDoesNotExist` for a path that leads nowhere."""
    modele: Any = liste.modele
    *relations, nom = chemin.split(LOOKUP_SEP)
    for relation in relations:
        modele = modele._meta.get_field(relation).related_model
    return modele._meta.pk if nom == "pk" else modele._meta.get_field(nom)
