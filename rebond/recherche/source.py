"""What an app gives to search: a kind of thing, where it is looked for, and how a result is shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import BigIntegerField, BooleanField, Case, FloatField, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.safestring import SafeString

from rebond.recherche.demande import Demande
from rebond.recherche.expressions import DEBUT, surligner
from rebond.socle.utilisateur import Utilisateur

#: A name or a number that was typed comes before whatever a text says.
EXACT, NOMME, PRESQUE = 3.0, 2.0, 0.0
#: Of the texts that answer, those that are weighed: the last ones, when a word is in thousands.
PESES = 100
RIEN, AUCUN, NON = Value(""), Value(0), Value(False)


@dataclass(frozen=True, slots=True)
class Recherche:
    """Who looks for what, and when; `au_plus`: how many results of each kind are wanted."""

    demande: Demande
    moi: Utilisateur
    instant: datetime
    au_plus: int
    _lus: dict[str, Any] = field(default_factory=dict)

    def une_fois(self, nom: str, lire: Callable[[], Any]) -> Any:
        """What several sources read alike, read by the first of them."""
        if nom not in self._lus:
            self._lus[nom] = lire()
        return self._lus[nom]


@dataclass(frozen=True, slots=True)
class Ligne:
    """A row found by one statement with those of the other kinds. `parent` leads to it with its key (0: none);
    `marque` is what its source makes a badge of, `lieu` the attachment in which `extrait` was found, if it was."""

    genre: str
    cle: int
    parent: int
    titre: str
    precision: str
    extrait: str
    marque: str
    rang: float
    fictif: bool
    lieu: str = ""


@dataclass(frozen=True, slots=True)
class Resultat:
    """A line of the page. `proche`: it is merely spelled alike."""

    titre: str
    adresse: str
    precision: str = ""
    extrait: SafeString | str = ""
    badge: str = ""
    couleur: str = ""
    fictif: bool = False
    proche: bool = False
    lieu: str = ""


class Source:
    """One kind of thing. `genre` names it in an address, `titre` on the page.

    `lignes` and `presque` are QuerySets made by `rangee`, of what `recherche.moi` may see and nothing else: neither
    what is found, nor in which order, nor how many, depends on any other row. `ailleurs` gives what is no table.
    """

    genre: ClassVar[str]
    titre: ClassVar[str]

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        """What answers."""
        return ()

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        """What is merely spelled alike, asked for when nothing answers."""
        return ()

    def ailleurs(self, recherche: Recherche) -> Sequence[Resultat]:
        """Results that no QuerySet gives."""
        return ()

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        raise NotImplementedError

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        return Resultat(
            ligne.titre,
            self.adresse(ligne, recherche),
            ligne.precision,
            surligner(ligne.extrait) if DEBUT in ligne.extrait else "",
            fictif=ligne.fictif,
            lieu=ligne.lieu,
        )

    def rangee(
        self,
        lignes: QuerySet[Any],
        recherche: Recherche,
        *,
        rang: Combinable | float,
        titre: Combinable | str,
        precision: Combinable | str = RIEN,
        extrait: Combinable = RIEN,
        marque: Combinable | str = RIEN,
        parent: Combinable | str = AUCUN,
        fictif: Combinable | str = NON,
        lieu: Combinable = RIEN,
    ) -> QuerySet[Any, Any]:
        """`lignes`, the best `au_plus` of them and one more, in the columns of a `Ligne`."""
        poids = Value(rang) if isinstance(rang, float) else rang
        colonnes = {
            "r_genre": Cast(Value(self.genre), TextField()),
            "r_cle": Cast("pk", BigIntegerField()),
            "r_parent": Cast(parent, BigIntegerField()),
            "r_titre": Cast(titre, TextField()),
            "r_precision": Cast(precision, TextField()),
            "r_extrait": Cast(extrait, TextField()),
            "r_marque": Cast(marque, TextField()),
            "r_rang": Cast(poids, FloatField()),
            "r_fictif": Cast(fictif, BooleanField()),
            "r_lieu": Cast(lieu, TextField()),
        }
        classees = lignes.order_by().annotate(**colonnes).order_by("-r_rang", "-pk")
        premieres: QuerySet[Any, Any] = classees.values_list(*colonnes)[: recherche.au_plus + 1]
        return premieres


def sans_doublon(lignes: Iterable[Ligne]) -> list[Ligne]:
    """Best first, each thing once: by its best rank, with the passage that another way in may have found."""
    meilleures: dict[tuple[str, int], Ligne] = {}
    for ligne in sorted(lignes, key=lambda lue: (-lue.rang, -lue.cle)):
        deja = meilleures.setdefault((ligne.genre, ligne.cle), ligne)
        if deja is not ligne and not deja.extrait:
            meilleures[ligne.genre, ligne.cle] = replace(deja, extrait=ligne.extrait, lieu=ligne.lieu)
    return list(meilleures.values())


def rang_du_nom(nu: str, demande: Demande) -> Case:
    """The very name first, then those that hold it. `nu` is the bare name, a column or an alias."""
    return Case(When(**{nu: demande.nom}, then=Value(EXACT)), default=Value(NOMME), output_field=FloatField())
