"""A line of the bench: what was measured, what was hoped for, and by how much one falls short of the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.banc.causes import CAUSES

PASS, FAIL = "PASS", "FAIL"
INCONNUE = "inconnue (à chercher, puis à dire dans tests/banc/causes.py)"


@dataclass(frozen=True)
class Objectif:
    """`valeur` must be `sens` (« ≤ » or « ≥ ») `seuil`."""

    quoi: str
    valeur: float
    sens: str
    seuil: float

    @property
    def tenu(self) -> bool:
        return self.valeur <= self.seuil if self.sens == "≤" else self.valeur >= self.seuil

    @property
    def ecart(self) -> str:
        """By how many times it is missed; empty when it is met."""
        if self.tenu:
            return ""
        haut, bas = max(self.valeur, self.seuil), min(self.valeur, self.seuil)
        fois = f"× {haut / bas:.2f}" if bas > 0 else "sans mesure"
        return f"{self.quoi} : {nombre(self.valeur)} au lieu de {self.sens} {nombre(self.seuil)} ({fois})"

    def en_json(self) -> dict[str, Any]:
        return {
            "quoi": self.quoi,
            "valeur": arrondi(self.valeur),
            "sens": self.sens,
            "seuil": arrondi(self.seuil),
            "verdict": PASS if self.tenu else FAIL,
        }


def au_plus(quoi: str, valeur: float, seuil: float) -> Objectif:
    return Objectif(quoi, valeur, "≤", seuil)


def au_moins(quoi: str, valeur: float, seuil: float) -> Objectif:
    return Objectif(quoi, valeur, "≥", seuil)


@dataclass
class Ligne:
    """`cle` names it for ever, `mesures` are numbers by their names (ms, requests a second, millions of bytes…)."""

    cle: str
    libelle: str
    mesures: dict[str, float]
    objectifs: list[Objectif] = field(default_factory=list)
    note: str = ""

    @property
    def tenue(self) -> bool:
        return all(objectif.tenu for objectif in self.objectifs)

    @property
    def verdict(self) -> str:
        return PASS if self.tenue else FAIL

    @property
    def ecart(self) -> str:
        return " ; ".join(objectif.ecart for objectif in self.objectifs if not objectif.tenu)

    @property
    def cause(self) -> str:
        """Why a goal is missed; empty when none is, or when nobody knows."""
        return "" if self.tenue else CAUSES.get(self.cle, "")

    def en_json(self) -> dict[str, Any]:
        return {
            "cle": self.cle,
            "libelle": self.libelle,
            "verdict": self.verdict,
            "mesures": {nom: arrondi(valeur) for nom, valeur in self.mesures.items()},
            "objectifs": [objectif.en_json() for objectif in self.objectifs],
            "gap": self.ecart,
            "cause": self.cause,
            "note": self.note,
        }


def arrondi(valeur: float) -> float:
    """Four significant digits are more than a run can tell."""
    return float(f"{valeur:.4g}")


def nombre(valeur: float) -> str:
    """For people: three significant digits, no exponent."""
    if valeur == 0 or abs(valeur) >= 100:
        return f"{valeur:.0f}"
    return f"{valeur:.3g}" if abs(valeur) >= 0.001 else f"{valeur:.5f}"


# What the printed table shows, in this order; the rest is in the JSON.
COLONNES: tuple[tuple[str, str], ...] = (
    ("instructions", "instr."),
    ("base_ms", "base ms"),
    ("p50_ms", "p50 ms"),
    ("p95_ms", "p95 ms"),
    ("par_seconde_1", "req/s × 1"),
    ("par_seconde_8", "× 8"),
    ("par_seconde_32", "× 32"),
    ("memoire_mo", "Mo"),
    ("croissance", "crois."),
    ("rapport", "rapport"),
)


def imprimer(lignes: list[Ligne], ecrire: Callable[[str], None] = print) -> None:
    """One line each, then what each one is measured against."""
    ecrire(f"{'':<58}" + "".join(f"{titre:>10}" for _, titre in COLONNES) + "  verdict")
    for ligne in lignes:
        valeurs = [nombre(ligne.mesures[nom]) if nom in ligne.mesures else "" for nom, _ in COLONNES]
        ecrire(f"{ligne.libelle[:57]:<58}" + "".join(f"{valeur:>10}" for valeur in valeurs) + f"  {ligne.verdict}")
        for objectif in ligne.objectifs:
            etat = "tenu" if objectif.tenu else "MANQUÉ"
            ecrire(
                f"    {etat:<6} {objectif.quoi} : {nombre(objectif.valeur)} ({objectif.sens} {nombre(objectif.seuil)})"
            )
        if ligne.note:
            ecrire(f"    {ligne.note}")
        if not ligne.tenue:
            ecrire(f"    cause : {ligne.cause or INCONNUE}")
