"""Map and bar charts of the report, as SVG images with a text that says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from projets.chiffres import INCONNU, Chiffre
from projets.rapport.modele import RapportMission
from rebond.socle.texte.typographie import compte, millions
from territoires.carte import carte_territoire_svg

LARGEUR, MARGE_LIBELLES, MARGE_VALEURS = 700, 270, 130
PAS, HAUTEUR_BARRE, TAILLE = 30, 18, 13
BLEU, TUILE, ENCRE = "#000091", "#a94645", "#161616"


@dataclass(frozen=True, slots=True)
class Barre:
    """`texte` is written at the end of the bar: nobody has to read an axis."""

    libelle: str
    valeur: int
    texte: str


@dataclass(frozen=True, slots=True)
class Dessin:
    titre: str
    alternative: str
    svg: str

    @property
    def adresse(self) -> str:
        """For `<img src>`: an inline `<svg>` would not be tagged as a figure with its alternative."""
        return f"data:image/svg+xml,{quote(self.svg)}"


@dataclass(frozen=True, slots=True)
class Dessins:
    cartes: tuple[Dessin, ...]
    investissements: Dessin
    emplois: Dessin


def dessiner(rapport: RapportMission) -> Dessins:
    return Dessins(
        cartes=tuple(
            Dessin(
                titre=f"Le territoire « {territoire} »",
                alternative="Carte des intercommunalités du territoire : "
                + ", ".join(epci.nom for epci in territoire.epcis.all()),
                svg=carte_territoire_svg(territoire),
            )
            for territoire in rapport.territoires
        ),
        investissements=_graphique(
            "Investissements par nature de projet",
            [_barre(p.nature, p.investissements, _en_millions) for p in rapport.natures],
            BLEU,
        ),
        emplois=_graphique(
            "Créations potentielles d’emplois par nature de projet",
            [_barre(p.nature, p.creations, lambda emplois: compte(emplois, "emploi")) for p in rapport.natures],
            TUILE,
        ),
    )


def _barre(libelle: str, part: Chiffre, ecrire: Callable[[int], str]) -> Barre:
    """A partial sum is a floor, and says so."""
    if part.connue is None:
        return Barre(libelle, 0, INCONNU)
    return Barre(libelle, part.connue, f"{'≥ ' if part.partiel else ''}{ecrire(part.connue)}")


def _en_millions(montant: int) -> str:
    return millions(montant) if montant >= 1_000_000 else "< 1 M€"


def _graphique(titre: str, barres: Sequence[Barre], couleur: str) -> Dessin:
    return Dessin(
        titre=titre,
        alternative=f"{titre} : " + " ; ".join(f"{barre.libelle}, {barre.texte}" for barre in barres),
        svg=barres_svg(barres, couleur),
    )


def barres_svg(barres: Sequence[Barre], couleur: str) -> str:
    """Horizontal bars from zero, one scale, in the order given."""
    maximum = max((barre.valeur for barre in barres), default=0) or 1
    etendue = LARGEUR - MARGE_LIBELLES - MARGE_VALEURS
    lignes = []
    for rang, barre in enumerate(barres):
        y = rang * PAS
        longueur = round(etendue * barre.valeur / maximum, 1)
        base = y + HAUTEUR_BARRE * 0.75
        lignes.append(
            f'<text x="{MARGE_LIBELLES - 8}" y="{base}" text-anchor="end">{escape(barre.libelle)}</text>'
            f'<rect x="{MARGE_LIBELLES}" y="{y}" width="{longueur}" height="{HAUTEUR_BARRE}" fill="{couleur}"/>'
            f'<text x="{MARGE_LIBELLES + longueur + 6}" y="{base}" font-weight="bold">{escape(barre.texte)}</text>'
        )
    hauteur = max(len(barres), 1) * PAS
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {hauteur}" font-size="{TAILLE}" '
        f'font-family="Marianne, DejaVu Sans, Arial, sans-serif" fill="{ENCRE}">{"".join(lignes)}</svg>'
    )
