"""What a figure is: a value with its unit, its definition, its date, and the rows that make it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from rebond.socle.typographie import compte, date_fr, euros, instant_fr

JAMAIS = "non programmée"


class Unite(StrEnum):
    """Of what `Chiffre.valeur` counts; amounts are whole euros."""

    TERRITOIRES = "territoires"
    REGIONS = "régions"
    INDUSTRIELS = "industriels"
    PROJETS = "projets"
    EMPLOIS = "emplois"
    EUROS = "euros"
    DATE = "date"


SINGULIERS = {
    Unite.TERRITOIRES: "territoire",
    Unite.REGIONS: "région",
    Unite.INDUSTRIELS: "industriel",
    Unite.PROJETS: "projet",
    Unite.EMPLOIS: "emploi",
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row behind a figure and what it brings to it. `libelle` names no company: the press office reads it."""

    pk: int
    libelle: str
    valeur: int
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Chiffre:
    """`valeur` is the sum of what its `lignes` bring, or a date (None: not known). `au`: a Paris day, inclusive.

    `demonstration`: at least one of the rows is invented.
    """

    cle: str
    libelle: str
    valeur: int | date | None
    unite: Unite
    definition: str
    au: date
    lignes: tuple[Ligne, ...]

    @property
    def demonstration(self) -> bool:
        return any(ligne.demonstration for ligne in self.lignes)

    @property
    def quantite(self) -> int:
        """The value of a figure that counts or sums. `TypeError` for a date."""
        if not isinstance(self.valeur, int):
            raise TypeError(f"{self.cle} is not a quantity.")
        return self.valeur

    @property
    def jour(self) -> date | None:
        """The value of a figure that is a date."""
        return self.valeur if isinstance(self.valeur, date) else None

    def __str__(self) -> str:
        """Exact, with its unit: « 286 340 000 € », « 88 projets », « 1er octobre 2023 »."""
        if self.unite is Unite.DATE:
            return date_fr(self.jour) if self.jour else JAMAIS
        if self.unite is Unite.EUROS:
            return euros(self.quantite)
        return compte(self.quantite, SINGULIERS[self.unite])

    def en_json(self, *, detail: bool = False) -> dict[str, Any]:
        """`lignes` holds primary keys, or with `detail` whole rows, from which `depuis_json` remakes the figure."""
        return {
            "libelle": self.libelle,
            "valeur": self.valeur.isoformat() if isinstance(self.valeur, date) else self.valeur,
            "unite": self.unite.value,
            "definition": self.definition,
            "au": self.au.isoformat(),
            "demonstration": self.demonstration,
            "lignes": [asdict(ligne) if detail else ligne.pk for ligne in self.lignes],
        }

    @classmethod
    def depuis_json(cls, cle: str, donnees: Mapping[str, Any]) -> Self:
        unite = Unite(donnees["unite"])
        valeur = donnees["valeur"]
        return cls(
            cle=cle,
            libelle=donnees["libelle"],
            valeur=date.fromisoformat(valeur) if unite is Unite.DATE and valeur else valeur,
            unite=unite,
            definition=donnees["definition"],
            au=date.fromisoformat(donnees["au"]),
            lignes=tuple(Ligne(**ligne) for ligne in donnees["lignes"]),
        )


@dataclass(frozen=True, slots=True)
class Restitution:
    """A mission whose conclusions have been presented."""

    pk: int
    titre: str
    debut: date
    restituee_le: date


@dataclass(frozen=True)
class Chiffres(Mapping[str, Chiffre]):
    """Figures of one date, by key.

    `restitutions`: the missions whose portfolio is counted, when the figures are national. `publique_a`: end of the
    last embargo among the laureates counted; until then the figures are not public.
    """

    au: date
    restitutions: tuple[Restitution, ...]
    publique_a: datetime | None
    par_cle: Mapping[str, Chiffre]

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

    def en_json(self, *, detail: bool = False) -> dict[str, Any]:
        return {
            "au": self.au.isoformat(),
            "restitutions": [
                {
                    "pk": restitution.pk,
                    "titre": restitution.titre,
                    "debut": restitution.debut.isoformat(),
                    "restituee_le": restitution.restituee_le.isoformat(),
                }
                for restitution in self.restitutions
            ],
            "publique_a": self.publique_a.isoformat() if self.publique_a else None,
            "demonstration": self.demonstration,
            # A JSON object keeps no order in Postgres; a list does.
            "ordre": list(self.par_cle),
            "chiffres": {cle: chiffre.en_json(detail=detail) for cle, chiffre in self.par_cle.items()},
        }

    @classmethod
    def depuis_json(cls, donnees: Mapping[str, Any]) -> Self:
        """What `en_json(detail=True)` wrote."""
        publique_a = donnees["publique_a"]
        return cls(
            au=date.fromisoformat(donnees["au"]),
            restitutions=tuple(
                Restitution(
                    pk=restitution["pk"],
                    titre=restitution["titre"],
                    debut=date.fromisoformat(restitution["debut"]),
                    restituee_le=date.fromisoformat(restitution["restituee_le"]),
                )
                for restitution in donnees["restitutions"]
            ),
            publique_a=datetime.fromisoformat(publique_a) if publique_a else None,
            par_cle={cle: Chiffre.depuis_json(cle, donnees["chiffres"][cle]) for cle in donnees["ordre"]},
        )
