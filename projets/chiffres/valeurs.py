"""What a figure is: a value with its unit, its definition, its date, and the rows that make it."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from projets.carte.laureats import CarteLaureats
from projets.chiffres.ecriture import INCONNU, JAMAIS, SINGULIERS, Unite, ecrire, montrer, reserve
from projets.chiffres.lignes import Compte, Ligne, compter, lire_ensemble, sceller, total
from projets.enveloppe.models import Cofinancement
from rebond.socle.texte.typographie import instant_fr

__all__ = [
    "INCONNU",
    "JAMAIS",
    "SINGULIERS",
    "Chiffre",
    "Chiffres",
    "Ligne",
    "Periode",
    "Releve",
    "Restitution",
    "Temoin",
    "Unite",
    "ecrire",
    "montrer",
    "reserve",
    "total",
]


@dataclass(frozen=True, slots=True)
class Chiffre:
    """`valeur` is the sum of what its `lignes` bring, or a date (None: not known). `au`: a Paris day, inclusive.

    `lignes` are in memory (a tuple), or stay in the database until somebody reads them (`Justificatif`).

    `demonstration`: at least one of the rows is invented. `couverture`: how many rows speak, out of how many;
    `partiel` when some do not, and then nothing may show the value without its `reserve`.
    """

    cle: str
    libelle: str
    valeur: int | date | None
    unite: Unite
    definition: str
    au: date
    lignes: Sequence[Ligne]

    @property
    def compte(self) -> Compte:
        return compter(self.lignes)

    @property
    def demonstration(self) -> bool:
        return self.compte.demonstration

    @property
    def couverture(self) -> tuple[int, int]:
        compte = self.compte
        return compte.renseignees, compte.nombre

    @property
    def partiel(self) -> bool:
        renseignees, comptees = self.couverture
        return renseignees < comptees

    @property
    def reserve(self) -> str:
        """« renseigné pour 1 projet sur 14 »; empty for a whole figure."""
        return reserve(*self.couverture)

    def lu(self) -> Self:
        """The same with all of its rows in memory."""
        return replace(self, lignes=tuple(self.lignes))

    def part(self, pks: Container[int]) -> Self:
        """What these rows alone make of it."""
        lignes = tuple(ligne for ligne in self.lignes if ligne.pk in pks)
        return replace(self, valeur=total(lignes), lignes=lignes)

    @property
    def connue(self) -> int | None:
        """The value of a figure that counts or sums, None when no row speaks."""
        return self.valeur if isinstance(self.valeur, int) else None

    @property
    def quantite(self) -> int:
        """The value of a figure that counts or sums. `TypeError` for a date, or when no row speaks."""
        if not isinstance(self.valeur, int):
            raise TypeError(f"{self.cle} is not a quantity.")
        return self.valeur

    @property
    def jour(self) -> date | None:
        """The value of a figure that is a date."""
        return self.valeur if isinstance(self.valeur, date) else None

    def __str__(self) -> str:
        """« 286 340 000 € », « 88 projets », « 1er octobre 2023 »; a partial sum says that it is."""
        return ecrire(self.valeur, self.unite, self.couverture)

    @property
    def en_bref(self) -> str:
        return montrer(self.valeur, self.unite, self.couverture)

    def en_json(self, *, detail: bool = False) -> dict[str, Any]:
        """`lignes` holds primary keys, or with `detail` whole rows, from which `depuis_json` remakes the figure."""
        return self._sans_lignes() | {"lignes": [asdict(ligne) if detail else ligne.pk for ligne in self.lignes]}

    def sommaire(self) -> dict[str, Any]:
        """Without its rows, but what tells whether they are the same: as Postgres sums up a frozen figure
        (`sommaire_des_chiffres`)."""
        return self._sans_lignes() | {"compte": asdict(sceller(self.lignes))}

    def _sans_lignes(self) -> dict[str, Any]:
        compte = self.compte
        return {
            "libelle": self.libelle,
            "valeur": self.valeur.isoformat() if isinstance(self.valeur, date) else self.valeur,
            "unite": self.unite.value,
            "definition": self.definition,
            "au": self.au.isoformat(),
            "demonstration": compte.demonstration,
            "couverture": {"renseignees": compte.renseignees, "lignes": compte.nombre},
            "partiel": compte.renseignees < compte.nombre,
        }

    @classmethod
    def depuis_json(cls, cle: str, donnees: Mapping[str, Any], *, lignes: Sequence[Ligne] | None = None) -> Self:
        """What `en_json(detail=True)` wrote; or, with its `lignes` apart, what `sommaire` did."""
        unite = Unite(donnees["unite"])
        valeur = donnees["valeur"]
        return cls(
            cle=cle,
            libelle=donnees["libelle"],
            valeur=date.fromisoformat(valeur) if unite is Unite.DATE and valeur else valeur,
            unite=unite,
            definition=donnees["definition"],
            au=date.fromisoformat(donnees["au"]),
            lignes=tuple(Ligne(**ligne) for ligne in donnees["lignes"]) if lignes is None else lignes,
        )


@dataclass(frozen=True, slots=True)
class Restitution:
    """A mission whose conclusions have been presented; `nouvelle`: no former release has told of it."""

    pk: int
    titre: str
    debut: date
    restituee_le: date
    nouvelle: bool = True


@dataclass(frozen=True, slots=True)
class Periode:
    """First and last day; None when there is none."""

    debut: date | None = None
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class Temoin:
    """A fact that a press release rests on beside its figures: an axis of the roadmap, a funder, a layer of the map.

    `cle` tells it from the others; `texte` is what is said of it, or a fingerprint where only a drawing says it.
    """

    cle: str
    libelle: str
    texte: str


class Membre(NamedTuple):
    """An EPCI, as a text names it."""

    pk: int
    nom: str
    nature: str


@dataclass(frozen=True, slots=True)
class AxeLu:
    """An axis of the roadmap of the mission `mission` (its key); without `epcis`, of all of it."""

    pk: int
    mission: int
    titre: str
    epcis: tuple[Membre, ...]


@dataclass(frozen=True)
class Releve:
    """What was read beside the figures, for the text that tells of them: their snapshot, and no second query.

    `rencontres`: from when to when the missions restituted first met each company. `annonces`: when each laureate was
    announced, by its key. `membres`: by mission, the EPCIs of its laureates, each once. `parts` of the funders: from
    the first envelope, then the first written.
    """

    rencontres: Periode
    carte: CarteLaureats
    annonces: Mapping[int, datetime]
    membres: Mapping[int, tuple[Membre, ...]]
    axes: tuple[AxeLu, ...]
    parts: tuple[Cofinancement, ...]


@dataclass(frozen=True)
class Chiffres(Mapping[str, Chiffre]):
    """Figures of one date, by key.

    `restitutions`: the missions whose portfolio is counted, when the figures are national. `publique_a`: end of the
    last embargo among the laureates counted; until then the figures are not public. `temoins`: what else a release of
    these figures rests on; None in those that were frozen before it was kept. `releve`: None in what was not just
    counted.
    """

    au: date
    restitutions: tuple[Restitution, ...]
    publique_a: datetime | None
    par_cle: Mapping[str, Chiffre]
    temoins: tuple[Temoin, ...] | None = ()
    releve: Releve | None = field(default=None, compare=False)

    def __getitem__(self, cle: str) -> Chiffre:
        return self.par_cle[cle]

    def __iter__(self) -> Iterator[str]:
        return iter(self.par_cle)

    def __len__(self) -> int:
        return len(self.par_cle)

    @property
    def demonstration(self) -> bool:
        return any(chiffre.demonstration for chiffre in self.par_cle.values())

    def sous_embargo(self, maintenant: datetime) -> bool:
        return self.publique_a is not None and self.publique_a > maintenant

    def embargo(self, maintenant: datetime) -> str:
        """What every page, file and command says of it; empty when the figures are public."""
        if self.publique_a is None or not self.sous_embargo(maintenant):
            return ""
        return f"SOUS EMBARGO jusqu’au {instant_fr(self.publique_a)} (heure de Paris)"

    def lus(self) -> Self:
        """The same with all of their rows in memory: within the snapshot that counted them."""
        lues = lire_ensemble({cle: chiffre.lignes for cle, chiffre in self.par_cle.items()})
        return replace(self, par_cle={cle: replace(self[cle], lignes=lignes) for cle, lignes in lues.items()})

    def en_json(self, *, detail: bool = False) -> dict[str, Any]:
        return self._en_json({cle: chiffre.en_json(detail=detail) for cle, chiffre in self.par_cle.items()})

    def sommaire(self) -> dict[str, Any]:
        """Whatever they say, without the rows: equal if, and only if, the figures are (see `sceau`)."""
        return self._en_json({cle: chiffre.sommaire() for cle, chiffre in self.par_cle.items()})

    def _en_json(self, chiffres: dict[str, Any]) -> dict[str, Any]:
        return {
            "au": self.au.isoformat(),
            "restitutions": [
                {
                    "pk": restitution.pk,
                    "titre": restitution.titre,
                    "debut": restitution.debut.isoformat(),
                    "restituee_le": restitution.restituee_le.isoformat(),
                    "nouvelle": restitution.nouvelle,
                }
                for restitution in self.restitutions
            ],
            "publique_a": self.publique_a.isoformat() if self.publique_a else None,
            "demonstration": self.demonstration,
            # A JSON object keeps no order in Postgres; a list does.
            "ordre": list(self.par_cle),
            "chiffres": chiffres,
            "temoins": None if self.temoins is None else [asdict(temoin) for temoin in self.temoins],
        }

    @classmethod
    def depuis_json(
        cls, donnees: Mapping[str, Any], *, lignes: Callable[[str, Compte], Sequence[Ligne]] | None = None
    ) -> Self:
        """What `en_json(detail=True)` wrote; or, with `lignes` to find the rows of each key, what `sommaire` did."""
        publique_a = donnees["publique_a"]
        temoins = donnees.get("temoins")
        return cls(
            au=date.fromisoformat(donnees["au"]),
            restitutions=tuple(
                Restitution(
                    pk=restitution["pk"],
                    titre=restitution["titre"],
                    debut=date.fromisoformat(restitution["debut"]),
                    restituee_le=date.fromisoformat(restitution["restituee_le"]),
                    nouvelle=restitution.get("nouvelle", True),
                )
                for restitution in donnees["restitutions"]
            ),
            publique_a=datetime.fromisoformat(publique_a) if publique_a else None,
            par_cle={
                cle: Chiffre.depuis_json(cle, lu, lignes=lignes(cle, Compte(**lu["compte"])) if lignes else None)
                for cle in donnees["ordre"]
                if (lu := donnees["chiffres"][cle])
            },
            temoins=None if temoins is None else tuple(Temoin(**temoin) for temoin in temoins),
        )
