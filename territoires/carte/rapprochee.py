"""The map of one territory among its neighbours, for the mission report."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from math import dist, floor

from territoires import referentiel
from territoires.carte import svg
from territoires.carte.geometrie import Cadrage, Interieur, cadrer, trace
from territoires.models import Territoire
from territoires.referentiel import Boite, Genre, Zone

LARGEUR, HAUTEUR_CARTE = 900, 620
MARGE = 0.35
MARGE_FICTIF = 0.05
RAYON_FICTIF = 40
# Newer than the outlines, or of another projection: it is named, and the map says that it does not show it.
SANS_CONTOUR = " (hors de la carte)"
# Names of départements are placed on a grid of this step, where at least so many of its points are free.
PAS_GRILLE = 30
CASES_POUR_UN_NOM = 8
# Half of what a letter takes, for a letter of 1.
DEMI_CHASSE = 0.27
HALO_PUIS_ENCRE: tuple[dict[str, str | float], ...] = (
    {"stroke": svg.SOL, "stroke_width": 5, "fill": svg.SOL},
    {"fill": svg.GRIS, "font_style": "italic"},
)


@dataclass(frozen=True, slots=True)
class Cadre:
    """Where a name is written: its middle, half its width, the height of its letters."""

    x: int
    y: int
    demi_largeur: float
    corps: int

    def touche(self, autre: "Cadre") -> bool:
        """Closer than a letter to another one, on the same line or on two that meet."""
        cote_a_cote = abs(self.x - autre.x) < self.demi_largeur + autre.demi_largeur + self.corps
        return cote_a_cote and abs(self.y - autre.y) < 1.5 * self.corps


@dataclass(frozen=True, slots=True)
class Corps:
    """What is written, in units of a drawing of 900: `numero` is the radius of a disc, `demi_nom` half of a name."""

    numero: float = 13
    nom: int = 18
    demi_nom: int = 80
    legende: int = 19
    ligne: int = 28
    credit: int = 16


LARGE = Corps()
#: A phone of 320 pixels shows 288: nothing is under 12 there.
ETROIT = Corps(numero=30, nom=38, demi_nom=170, legende=38, ligne=50, credit=38)


def carte_territoire_svg(
    territoire: Territoire, *, identifiant: str = "carte-territoire", etroit: bool = False
) -> str:
    """Its EPCI, numbered and named below, over neighbouring EPCI and départements; `etroit`: as a phone shows it.

    An invented territory has no outline: its département is shown, with a marker.
    """
    membres = sorted(territoire.epcis.all(), key=lambda epci: (-epci.population, epci.siren))
    cadre = next((zone.cadre for epci in membres if (zone := referentiel.zone("epcis", epci.siren))), "")
    traces = {
        rang: (epci.nom, zone)
        for rang, epci in enumerate(membres, start=1)
        if (zone := referentiel.zone("epcis", epci.siren)) and zone.cadre == cadre
    }
    corps = ETROIT if etroit else LARGE
    dessin = _membres(traces, corps) if traces else _fictif(territoire.departements[0].code, identifiant, corps)
    legende = [
        f"{rang}. {epci.nom_suivi}" + (SANS_CONTOUR if traces and rang not in traces and not epci.fictif else "")
        for rang, epci in enumerate(membres, start=1)
    ]
    legende = [morceau for ligne in legende for morceau in _lignes(ligne, corps.legende)]
    if territoire.demonstration:
        legende.append("Territoire fictif (données de démonstration)")
    # The credit has lines of its own: names are long, and would meet it.
    sous_la_carte = HAUTEUR_CARTE + (corps.credit + 4) * len(_lignes(svg.CREDIT, corps.credit))
    hauteur = sous_la_carte + 20 + corps.ligne * len(legende)
    return svg.document(
        svg.motifs(identifiant)
        + svg.element("svg", dessin, width=LARGEUR, height=HAUTEUR_CARTE, viewBox=f"0 0 {LARGEUR} {HAUTEUR_CARTE}")
        + svg.element("rect", width=LARGEUR, height=HAUTEUR_CARTE, fill="none", stroke=svg.TRAIT)
        + "".join(
            svg.texte(ligne, x=4, y=sous_la_carte + corps.legende + 5 + corps.ligne * rang, taille=corps.legende)
            for rang, ligne in enumerate(legende)
        )
        + _credit(corps),
        largeur=LARGEUR,
        hauteur=hauteur,
        titre=f"Carte du territoire {territoire.nom}",
        description="Intercommunalités du territoire\u00a0: " + ", ".join(epci.nom for epci in membres) + ".",
        identifiant=identifiant,
    )


def _lignes(texte: str, taille: int) -> list[str]:
    """`texte`, cut where it would go beyond the drawing."""
    return textwrap.wrap(texte, floor(LARGEUR / (2 * DEMI_CHASSE * taille)), break_long_words=False)


def _credit(corps: Corps) -> str:
    return "".join(
        svg.texte(
            ligne,
            x=LARGEUR,
            y=HAUTEUR_CARTE + (corps.credit + 4) * rang,
            taille=corps.credit,
            text_anchor="end",
            fill=svg.GRIS,
        )
        for rang, ligne in enumerate(_lignes(svg.CREDIT, corps.credit), start=1)
    )


def _membres(traces: dict[int, tuple[str, Zone]], corps: Corps) -> str:
    """Outlines and numbers of the members (all of one projection), in their context."""
    zones = [zone for _, zone in traces.values()]
    interieurs = [Interieur(zone) for zone in zones]
    cadrage = cadrer(zones, x=0, y=0, largeur=LARGEUR, hauteur=HAUTEUR_CARTE, marge=MARGE)
    formes = "".join(
        svg.element("path", svg.infobulle(nom), d=trace([zone], cadrage)) for nom, zone in traces.values()
    )
    numeros = "".join(
        svg.pastille(rang, *cadrage.point(zone.centre), rayon=corps.numero) for rang, (_, zone) in traces.items()
    )
    return (
        _contexte(cadrage)
        + svg.element("g", formes, fill=svg.BLEU_CLAIR, stroke=svg.BLEU_FRANCE, stroke_width=2.5)
        + _noms_des_departements(
            cadrage, lambda x, y: any(dedans.contient(cadrage.inverse(x, y)) for dedans in interieurs), corps
        )
        + numeros
    )


def _fictif(code_departement: str, identifiant: str, corps: Corps) -> str:
    departement = referentiel.zones("departements")[code_departement]
    cadrage = cadrer([departement], x=0, y=0, largeur=LARGEUR, hauteur=HAUTEUR_CARTE, marge=MARGE_FICTIF)
    x, y = cadrage.point(departement.centre)
    return (
        _contexte(cadrage)
        + _noms_des_departements(cadrage, lambda px, py: dist((px, py), (x, y)) < 2 * RAYON_FICTIF, corps)
        + svg.losange(x, y, svg.hachures(identifiant), rayon=RAYON_FICTIF)
    )


def _visibles(genre: Genre, cadrage: Cadrage) -> dict[str, Zone]:
    """The outlines whose bounding box meets the frame, by code."""

    def visible(cadre: str, boite: Boite) -> bool:
        if cadre != cadrage.cadre:
            return False
        (ouest, nord), (est, sud) = (cadrage.point(coin) for coin in boite)
        return est >= 0 and ouest <= LARGEUR and sud >= 0 and nord <= HAUTEUR_CARTE

    vues = [code for code, connue in referentiel.boites(genre).items() if visible(*connue)]
    return {code: referentiel.zones(genre)[code] for code in vues}


def _contexte(cadrage: Cadrage) -> str:
    voisins, departements = (
        "".join(svg.element("path", d=trace([zone], cadrage)) for zone in _visibles(genre, cadrage).values())
        for genre in ("epcis", "departements")
    )
    return svg.element("g", voisins, fill=svg.SOL, stroke="#cecece", stroke_width=1) + svg.element(
        "g", departements, fill="none", stroke=svg.GRIS, stroke_width=1.5
    )


def _noms_des_departements(cadrage: Cadrage, occupe: Callable[[int, int], bool], corps: Corps) -> str:
    """Each name in the middle of what the frame shows of its département, or as near to it as is clear of what is
    drawn there already and of the other names; none where nothing is."""
    libres = [
        (x, y)
        for x in range(PAS_GRILLE, LARGEUR, PAS_GRILLE)
        for y in range(PAS_GRILLE, HAUTEUR_CARTE, PAS_GRILLE)
        if not any(occupe(x + part * corps.demi_nom // 2, y) for part in (-2, -1, 0, 1, 2))
    ]
    noms: list[str] = []
    ecrits: list[Cadre] = []
    for code, zone in _visibles("departements", cadrage).items():
        interieur = Interieur(zone)
        dedans = [(x, y) for x, y in libres if interieur.contient(cadrage.inverse(x, y))]
        if len(dedans) >= CASES_POUR_UN_NOM:
            milieu = (sum(x for x, _ in dedans) / len(dedans), sum(y for _, y in dedans) / len(dedans))
            nom = f"{referentiel.nom('departements', code)} ({code})"
            proches = sorted(dedans, key=lambda case: dist(case, milieu))
            cadres = (_cadre(nom, x, y, corps) for x, y in proches)
            if (libre := next((cadre for cadre in cadres if not any(map(cadre.touche, ecrits))), None)) is None:
                continue
            ecrits.append(libre)
            noms += [
                svg.texte(nom, x=libre.x, y=libre.y, taille=corps.nom, text_anchor="middle", **traits)
                for traits in HALO_PUIS_ENCRE
            ]
    return "".join(noms)


def _cadre(nom: str, x: int, y: int, corps: Corps) -> "Cadre":
    """What `nom` takes there, within the drawing."""
    demi_largeur = len(nom) * corps.nom * DEMI_CHASSE
    return Cadre(round(min(max(x, demi_largeur), LARGEUR - demi_largeur)), y, demi_largeur, corps.nom)
