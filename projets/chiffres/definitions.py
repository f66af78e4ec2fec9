"""Names, units and definitions of the figures, as people read them; docs/chiffres.md comments on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projets.chiffres.lignes import Ligne, total
from projets.chiffres.valeurs import Chiffre, Unite


@dataclass(frozen=True, slots=True)
class Definition:
    cle: str
    libelle: str
    unite: Unite
    texte: str

    def chiffre(self, au: date, lignes: Sequence[Ligne], valeur: int | date | None = None) -> Chiffre:
        """`valeur` where it is known without them: the sum of these rows, or their date."""
        lue = total(lignes) if isinstance(lignes, tuple) and self.unite is not Unite.DATE else valeur
        return Chiffre(self.cle, self.libelle, lue, self.unite, self.texte, au, lignes)


def _table(*definitions: Definition) -> dict[str, Definition]:
    return {definition.cle: definition for definition in definitions}


LAUREATS = _table(
    Definition(
        "territoires_laureats",
        "Territoires lauréats",
        Unite.TERRITOIRES,
        "Territoires labellisés dont le résultat a été annoncé à cette date ou avant, qu’une mission y ait commencé "
        "ou non. Les territoires pilotes de France Relance n’en font pas partie.",
    ),
    Definition(
        "regions",
        "Régions concernées",
        Unite.REGIONS,
        "Régions pilotes des territoires lauréats. Un territoire situé sur deux régions ne compte que pour sa région "
        "pilote.",
    ),
    Definition(
        "nouveaux_laureats",
        "Nouveaux territoires lauréats",
        Unite.TERRITOIRES,
        "Territoires lauréats qu’aucun communiqué antérieur n’a annoncés. Pour le premier communiqué, ceux dont le "
        "résultat a été annoncé lors du dernier jour d’annonce, à cette date ou avant.",
    ),
)
PORTEFEUILLE = _table(
    Definition(
        "industriels_rencontres",
        "Industriels rencontrés",
        Unite.INDUSTRIELS,
        "Entreprises rencontrées à cette date ou avant. Une entreprise (numéro SIREN) compte une fois, même si "
        "plusieurs missions l’ont rencontrée.",
    ),
    Definition(
        "projets_recenses",
        "Projets recensés",
        Unite.PROJETS,
        "Projets industriels entrés au portefeuille à cette date ou avant, quelle que soit leur suite.",
    ),
    Definition(
        "investissements",
        "Investissements des projets recensés",
        Unite.EUROS,
        "Somme des investissements productifs des projets recensés, d’après la dernière estimation de chacun à cette "
        "date.",
    ),
    Definition(
        "creations_potentielles",
        "Créations potentielles d’emplois",
        Unite.EMPLOIS,
        "Emplois que créeraient les projets recensés s’ils aboutissaient tous, d’après la dernière estimation de "
        "chacun à cette date. À ne pas additionner avec les créations prévisionnelles.",
    ),
    Definition(
        "projets_orientes",
        "Projets structurants orientés vers l’enveloppe",
        Unite.PROJETS,
        "Projets structurants orientés, à cette date ou avant, vers une enveloppe d’aides de la mission.",
    ),
    Definition(
        "creations_previsionnelles",
        "Créations prévisionnelles d’emplois",
        Unite.EMPLOIS,
        "Emplois que prévoient les projets structurants orientés vers l’enveloppe, d’après la dernière estimation de "
        "chacun à cette date. Ne s’ajoute pas aux créations potentielles.",
    ),
    Definition(
        "enveloppe",
        "Enveloppe d’aides",
        Unite.EUROS,
        "Montant des enveloppes d’aides à l’investissement ouvertes à cette date ou avant, tous financeurs réunis.",
    ),
    Definition(
        "concours_accordes",
        "Aides accordées sur l’enveloppe",
        Unite.EUROS,
        "Somme des aides accordées sur l’enveloppe à cette date ou avant.",
    ),
)
CALENDRIER = _table(
    Definition(
        "prochaine_releve",
        "Prochaine période de dépôt",
        Unite.DATE,
        "Première date limite de dépôt des candidatures après cette date.",
    ),
)
PREFIXE_ENSEMBLE = "ensemble_"


@dataclass(frozen=True, slots=True)
class Precision:
    """Which missions count: `mot` follows the name of the figure, `texte` its definition."""

    mot: str
    texte: str


DE_LA_DERNIERE = Precision(
    "dernière restitution", "Missions comptées : celles dont la restitution est la plus récente à cette date."
)
DE_TOUTES = Precision(
    "toutes missions restituées",
    "Missions comptées : toutes celles qui ont été restituées à cette date ou avant.",
)
