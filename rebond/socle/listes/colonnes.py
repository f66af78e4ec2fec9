"""A column: its title, what it reads, what it shows and writes, what it sorts by."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ObjectDoesNotExist
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable

from rebond.socle.listes.tri import Cle, cle_de
from rebond.socle.texte import typographie

RIEN = "–"
Ecriture = Callable[[Any], str]


def qui(chemin: str) -> list[str]:
    """What naming the person at `chemin` reads: « auteur »."""
    return [f"{chemin}{LOOKUP_SEP}{champ}" for champ in ("prenom", "nom", "email")]


class Genre(Enum):
    """What a value is, and so how a page writes it; in a file it stays a number, a date or a text."""

    TEXTE = (str, False)
    SIREN = (typographie.siren_fr, False)
    JOUR = (typographie.date_fr, False)
    INSTANT = (typographie.instant_fr, False)
    LIMITE = (typographie.limite_fr, False)
    INSTANT_PRECIS = (partial(typographie.instant_fr, secondes=True), False)
    NOMBRE = (typographie.nombre, True)
    EUROS = (typographie.euros, True)
    EMPLOIS = (partial(typographie.compte, singulier="emploi"), True)

    def __init__(self, ecrire: Ecriture, numerique: bool) -> None:
        self.ecrire = ecrire
        self.numerique = numerique


@dataclass(frozen=True)
class Colonne:
    """`cle` names it, and is what `?tri=` says.

    `valeur`: a path on the row (« epci.nom », « get_nature_display »), or a function of the row.
    `lit`: the fields that it needs (« vague__numero »); nothing else of a row is ever read. Those of a path are found
    by themselves; a function and a property must say, be it nothing. `precharge` gives what is prefetched for it.
    `tri`: True to sort by the path; or a field, an annotation, an expression, or several of them.
    `adresse`: where the value leads, or nothing. `cellule`: the template of what the cell holds, when the value does
    not say all; it receives `valeur`, the row as `ligne`, and the context of its page. `vide`: what is shown for an
    empty value.
    `entete`: it names the row. `page` and `fichier`: whether it is on pages and in files.
    """

    cle: str
    libelle: str
    valeur: str | Callable[[Any], Any] = ""
    genre: Genre = Genre.TEXTE
    tri: bool | Cle | Sequence[Cle] = False
    lit: Collection[str] | None = None
    precharge: Callable[[], Sequence[Any]] = tuple
    adresse: Callable[[Any], str] | None = None
    cellule: str = ""
    vide: str = RIEN
    entete: bool = False
    page: bool = True
    fichier: bool = True
    libelle_du_fichier: str = ""

    @property
    def titre_du_fichier(self) -> str:
        return self.libelle_du_fichier or self.libelle

    def lire(self, ligne: Any) -> Any:
        """The value of a row; None once a step of the path has none. Raises `AttributeError` for an unknown one."""
        if not isinstance(self.valeur, str):
            return self.valeur(ligne)
        lu = ligne if self.valeur else None
        for pas in filter(None, self.valeur.split(".")):
            if lu is None:
                return None
            try:
                lu = getattr(lu, pas)
            except ObjectDoesNotExist:
                return None
            lu = lu() if callable(lu) else lu
        return lu

    def ecrire(self, valeur: Any) -> str:
        return self.vide if valeur in (None, "") else self.genre.ecrire(valeur)

    def champs(self, modele: type[Model]) -> set[str]:
        """The fields of a row that it reads."""
        chemin = self._chemin(modele)
        return {*(self.lit or ()), *([chemin] if chemin else [])}

    def cles(self, modele: type[Model]) -> list[Combinable]:
        """What it sorts by; nothing when it does not."""
        if self.tri is False:
            return []
        if self.tri is True:
            chemin = self._chemin(modele) or (self.valeur if isinstance(self.valeur, str) else "")
            return [cle_de(modele, chemin or self.cle)]
        suite = [self.tri] if isinstance(self.tri, str | Combinable) else self.tri
        return [cle_de(modele, cle) if isinstance(cle, str) else cle for cle in suite]

    def _chemin(self, modele: type[Model]) -> str:
        """The path as a lookup, when it leads to a field: an annotation needs nothing, a property says what it reads.

        Raises `ImproperlyConfigured` for what hides what it reads.
        """
        if not isinstance(self.valeur, str):
            self._exiger_lit()
            return ""
        pas = [mot.removeprefix("get_").removesuffix("_display") for mot in self.valeur.split(".") if mot]
        champ: Any = None
        for mot in pas:
            try:
                champ = modele._meta.get_field(mot)
            except FieldDoesNotExist:
                if hasattr(modele, mot):
                    self._exiger_lit()
                return ""
            modele = champ.related_model or modele
        if champ is not None and champ.is_relation:
            raise ImproperlyConfigured(f"Column {self.cle}: say which field of « {pas[-1]} » it shows.")
        return LOOKUP_SEP.join(pas)

    def _exiger_lit(self) -> None:
        if self.lit is None:
            raise ImproperlyConfigured(f"Column {self.cle}: say in `lit` which fields its value reads.")
