"""Failures of the embedded servers, worded for whoever typed the command."""

import re
from pathlib import Path

PLEIN = ("No space left on device", "File too large", "Disk quota exceeded")
BIBLIOTHEQUE = re.compile(r"error while loading shared libraries: ([^\s:]+)")
GRAVE = re.compile(r"(?:FATAL|PANIC|ERROR|error|Fatal error[^:]*):\s+(.+)")


class ServeurIndisponible(RuntimeError):
    """An embedded server cannot run; the message is one French sentence that says why."""


def expliquer(serveur: str, sortie: str, journal: Path | None = None) -> ServeurIndisponible:
    """The exception that tells, from what `serveur` printed, why it did not start."""
    if any(mots in sortie for mots in PLEIN):
        raison = "le disque est plein (ou un quota est atteint) : libérez de la place puis recommencez"
    elif manque := BIBLIOTHEQUE.search(sortie):
        raison = f"la bibliothèque système {manque[1]} manque : installez-la puis recommencez"
    elif grave := GRAVE.findall(sortie):
        raison = f"« {grave[-1].strip()} »"
    else:
        lignes = sortie.strip().splitlines()
        raison = f"« {lignes[-1].strip()} »" if lignes else "aucune explication n'a été donnée"
    suite = f" Son journal : {journal}" if journal else ""
    return ServeurIndisponible(f"{serveur} n'a pas pu démarrer : {raison}.{suite}")
