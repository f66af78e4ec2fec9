"""The press release as data: what is frozen, and what every format is made from."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from projets.carte.laureats import CREDIT
from projets.chiffres import Chiffres
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.accords import minuscule
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import INSECABLE, compte, pluriel

Genre = Literal["titre", "paragraphe", "puces"]


@dataclass(frozen=True, slots=True)
class Bloc:
    """A heading or a paragraph (one text), or a list (one text per item). `**…**` marks what is strong."""

    genre: Genre
    textes: tuple[str, ...]

    @property
    def est_titre(self) -> bool:
        return self.genre == "titre"

    @property
    def est_liste(self) -> bool:
        return self.genre == "puces"


@dataclass(frozen=True, slots=True)
class Laureat:
    """`numero` is the one that the map bears."""

    numero: int
    nom: str
    region: str
    nouveau: bool
    fictif: bool


@dataclass(frozen=True, slots=True)
class Contenu:
    """`avis` says what is invented; empty when nothing is. `carte` is the SVG of the annex."""

    au: date
    titre: str
    blocs: tuple[Bloc, ...]
    laureats: tuple[Laureat, ...]
    carte_titre: str
    carte_legende: tuple[str, ...]
    carte: str
    liens: tuple[str, ...]
    contacts: tuple[str, ...]
    avis: tuple[str, ...]

    @property
    def titre_de_l_annexe(self) -> str:
        return f"Annexe{INSECABLE}: {minuscule(self.carte_titre)}"

    @property
    def legende(self) -> str:
        return f"Légende{INSECABLE}: {f'{INSECABLE}; '.join(self.carte_legende)}. {CREDIT}."

    @property
    def par_region(self) -> dict[str, list[Laureat]]:
        """New laureates first in each région."""
        regions: dict[str, list[Laureat]] = {}
        for laureat in sorted(
            self.laureats, key=lambda laureat: (nom_nu(laureat.region), not laureat.nouveau, laureat.numero)
        ):
            regions.setdefault(laureat.region, []).append(laureat)
        return regions

    @property
    def textes(self) -> list[str]:
        """Whatever it prints that may hold an address."""
        return [self.titre, *(texte for bloc in self.blocs for texte in bloc.textes), *self.liens, *self.contacts]

    def en_json(self) -> dict[str, Any]:
        """Everything but the map, which is stored as a document."""
        return {
            "au": self.au.isoformat(),
            "titre": self.titre,
            "blocs": [[bloc.genre, list(bloc.textes)] for bloc in self.blocs],
            "laureats": [list(astuple(laureat)) for laureat in self.laureats],
            "carte_titre": self.carte_titre,
            "carte_legende": list(self.carte_legende),
            "liens": list(self.liens),
            "contacts": list(self.contacts),
            "avis": list(self.avis),
        }

    @classmethod
    def depuis_json(cls, donnees: dict[str, Any], *, carte: str) -> Self:
        return cls(
            au=date.fromisoformat(donnees["au"]),
            titre=donnees["titre"],
            blocs=tuple(Bloc(genre, tuple(textes)) for genre, textes in donnees["blocs"]),
            laureats=tuple(Laureat(*champs) for champs in donnees["laureats"]),
            carte_titre=donnees["carte_titre"],
            carte_legende=tuple(donnees["carte_legende"]),
            carte=carte,
            liens=tuple(donnees["liens"]),
            contacts=tuple(donnees["contacts"]),
            avis=tuple(donnees["avis"]),
        )


@dataclass(frozen=True)
class CommuniquePret:
    """What a format receives: the content, the figures it prints, and how it presents itself.

    `entete` holds the lines above the title: a draft says that it is one, a frozen release gives its date and version,
    and the last one is the `embargo`, empty when there is none.
    """

    contenu: Contenu
    chiffres: Chiffres
    entete: tuple[str, ...]
    embargo: str
    identifiant: str
    # Titles of the restituted missions whose roadmap is empty: known of a draft.
    sans_feuille: tuple[str, ...] = ()

    @property
    def nom(self) -> str:
        """File name, without its extension: a map or a table under embargo says so wherever it is saved."""
        return f"{self.identifiant}-sous-embargo" if self.embargo else self.identifiant

    @property
    def pied(self) -> str:
        """For the foot of each page: what is invented, what the release is, its embargo."""
        return " – ".join([*self.contenu.avis[:1], *self.entete])

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 of what freezing keeps: the figures with their rows, the text, the map. It reads every row."""
        return empreinte(self.en_json())

    @cached_property
    def sommaire(self) -> dict[str, Any]:
        """What tells whether it is the same, without a row read."""
        return {"chiffres": self.chiffres.sommaire(), "contenu": self._contenu_fige}

    @cached_property
    def sceau(self) -> str:
        """What a page sends back of the draft that was read: another one has another seal."""
        return empreinte(self.sommaire)

    def en_json(self) -> dict[str, Any]:
        """What freezing keeps, the map by the fingerprint under which it is stored."""
        return {"chiffres": self.chiffres.en_json(detail=True), "contenu": self._contenu_fige}

    @cached_property
    def _contenu_fige(self) -> dict[str, Any]:
        return self.contenu.en_json() | {"carte": hashlib.sha256(self.contenu.carte.encode()).hexdigest()}

    @property
    def alternative(self) -> str:
        """What the map says, in one sentence, for those who do not see it."""
        nombre = len(self.contenu.laureats)
        laureats = compte(nombre, "territoire lauréat", "territoires lauréats")
        return (
            f"{self.contenu.carte_titre}{INSECABLE}: {laureats}, {pluriel(nombre, 'nommé')} dans la liste par région."
        )


def morceaux(texte: str) -> list[tuple[str, bool]]:
    """`"a **b** c"` → `[("a ", False), ("b", True), (" c", False)]`."""
    return [(morceau, rang % 2 == 1) for rang, morceau in enumerate(texte.split("**")) if morceau]
