"""The map of France: mainland and Corse in Lambert-93, the five départements d’outre-mer beside it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rebond.socle.texte.noms import nom_nu
from territoires import referentiel
from territoires.carte import svg
from territoires.carte.donnees import PAPIER, Couche, Forme, Support
from territoires.carte.geometrie import Cadrage, cadrer, trace
from territoires.carte.pastilles import Pastille, ecarter
from territoires.referentiel import Point, Zone

LARGEUR, HAUTEUR = 1160, 1080
# Free water on the Atlantic side: two columns of frames.
OUTRE_MER = {
    "971": ("Guadeloupe", 8, 610),
    "972": ("Martinique", 118, 610),
    "973": ("Guyane", 8, 745),
    "974": ("La Réunion", 118, 745),
    "976": ("Mayotte", 8, 880),
}
COTE_CADRE = 100
# A second marker in the same département is put beside the first.
ECART_MARQUEURS = 44
LIBELLE_FICTIF = "Territoire fictif (données de démonstration)"
# Under this side (in drawing units) a number inside would hide the shape.
PETITE_FORME = 60


def carte_svg(
    couches: Sequence[Couche], *, titre: str, description: str, identifiant: str = "carte", support: Support = PAPIER
) -> str:
    """Layers drawn in their order over the outlines of the régions, as `support` shows them. Same input, same."""
    return svg.document(
        svg.motifs(identifiant)
        + _fond(support)
        + "".join(_dessiner(couche, identifiant) for couche in couches)
        + _numeros(couches, support)
        + (_legende(couches, identifiant) if support.legende else ""),
        largeur=LARGEUR,
        hauteur=HAUTEUR,
        titre=titre,
        description=description,
        identifiant=identifiant,
    )


@lru_cache(maxsize=1)
def cadrages() -> dict[str, Cadrage]:
    """One framing per projection."""
    par_cadre: dict[str, list[Zone]] = {}
    for zone in referentiel.zones("regions").values():
        par_cadre.setdefault(zone.cadre, []).append(zone)
    resultat = {"metro": cadrer(par_cadre["metro"], x=5, y=10, largeur=LARGEUR - 10, hauteur=HAUTEUR - 20)}
    for cadre, (_, x, y) in OUTRE_MER.items():
        resultat[cadre] = cadrer(par_cadre[cadre], x=x + 6, y=y + 6, largeur=COTE_CADRE - 12, hauteur=COTE_CADRE - 12)
    return resultat


@lru_cache(maxsize=4)
def _fond(support: Support) -> str:
    regions = "".join(
        svg.element("path", d=trace([zone], cadrages()[zone.cadre])) for zone in referentiel.zones("regions").values()
    )
    cadres = "".join(
        svg.element("rect", x=x, y=y, width=COTE_CADRE, height=COTE_CADRE, rx=4, fill="none", stroke=svg.TRAIT)
        + (_nom_du_cadre(nom, x, y) if support.legende else "")
        for nom, x, y in OUTRE_MER.values()
    )
    return svg.element("g", regions, fill=svg.SOL, stroke=svg.TRAIT, stroke_width=1) + cadres


def _nom_du_cadre(nom: str, x: float, y: float) -> str:
    return svg.texte(
        nom,
        x=x + COTE_CADRE / 2,
        y=y + COTE_CADRE + 16,
        taille=14,
        text_anchor="middle",
        fill=svg.GRIS,
    )


@lru_cache(maxsize=512)
def _traces(sirens: tuple[str, ...]) -> str:
    """Outlines of these EPCI put together, wherever they lie."""
    zones = [zone for siren in sirens if (zone := referentiel.zone("epcis", siren))]
    return "".join(trace(zones, cadrages()[cadre]) for cadre in sorted({zone.cadre for zone in zones}))


def _dessiner(couche: Couche, identifiant: str) -> str:
    ancres = _ancres(couche.formes)
    morceaux = []
    for forme in couche.formes:
        # The perimeter is one shape that says nothing more than the legend: no tooltip.
        bulle = svg.infobulle(_bulle(forme)) if forme.region else ""
        traits = svg.hachures(identifiant) if forme.fictive else {}
        if forme in ancres:
            morceaux.append(svg.losange(*ancres[forme], traits, bulle))
        elif chemin := _traces(forme.sirens):
            morceaux.append(svg.element("path", bulle, d=chemin, **traits))
    points = [_placer(commune.cadre, commune.point) for commune in _communes(couche) if commune.point]
    morceaux += [svg.element("circle", cx=x, cy=y, r=2.5) for x, y in points]
    return svg.element("g", "".join(morceaux), **svg.remplissage(couche.motif, identifiant)) if morceaux else ""


def _bulle(forme: Forme) -> str:
    suite = f" – {forme.suite}" if forme.suite else ""
    return f"{forme.nom} ({forme.region}){suite}" + (f" – {LIBELLE_FICTIF.lower()}" if forme.fictive else "")


def _communes(couche: Couche) -> Iterable[referentiel.Commune]:
    connues = referentiel.communes() if couche.communes else {}
    return (connues[code] for code in couche.communes if code in connues)


def _placer(cadre: str, point: Point) -> Point:
    return cadrages()[cadre].point(point)


def _ancres(formes: Iterable[Forme]) -> dict[Forme, Point]:
    """Where the marker of each shape without an outline goes."""
    deja: Counter[str] = Counter()
    ancres = {}
    for forme in formes:
        if forme.departement and not _traces(forme.sirens):
            zone = referentiel.zones("departements")[forme.departement]
            x, y = _placer(zone.cadre, zone.centre)
            ancres[forme] = (x + ECART_MARQUEURS * deja[forme.departement], y)
            deja[forme.departement] += 1
    return ancres


def _numeros(couches: Sequence[Couche], support: Support) -> str:
    """Numbers lie beside small shapes and inside large ones; none hides another: a line leads to what was moved."""
    voulues = []
    for couche in couches:
        ancres = _ancres(couche.formes)
        for forme in couche.formes:
            if forme.numero is not None:
                montre = ancres[forme] if forme in ancres else _milieu(forme.sirens)
                x, y = _a_cote(montre, support) if forme in ancres else _au_mieux(forme.sirens, support)
                voulues.append(Pastille(forme.numero, x, y, montre))
    placees = ecarter(voulues, rayon=support.rayon, largeur=LARGEUR, hauteur=HAUTEUR)
    traits = "".join(
        svg.element(
            "path", d=f"M{placee.montre[0]} {placee.montre[1]}L{placee.x:g} {placee.y:g}", stroke=svg.BLEU_FRANCE
        )
        for placee in placees
        if placee.loin_de(support.rayon)
    )
    return svg.element("g", traits, stroke_width=1.5) * bool(traits) + "".join(
        svg.pastille(placee.numero, placee.x, placee.y, rayon=support.rayon) for placee in placees
    )


def _a_cote(marqueur: Point, support: Support) -> Point:
    return round(marqueur[0] + support.rayon + 4), round(marqueur[1] - support.rayon - 4)


def _milieu(sirens: tuple[str, ...]) -> Point:
    zones = [zone for siren in sirens if (zone := referentiel.zone("epcis", siren))]
    plus_grande = max(zones, key=lambda zone: len(zone.anneaux[0]))
    return _placer(plus_grande.cadre, plus_grande.centre)


def _au_mieux(sirens: tuple[str, ...], support: Support) -> Point:
    """Inside the largest member, or against the north-eastern end of a small shape."""
    zones = [zone for siren in sirens if (zone := referentiel.zone("epcis", siren))]
    bords = [_placer(zone.cadre, point) for zone in zones for point in zone.anneaux[0]]
    largeur = max(x for x, _ in bords) - min(x for x, _ in bords)
    hauteur = max(y for _, y in bords) - min(y for _, y in bords)
    if min(largeur, hauteur) >= max(PETITE_FORME, 3 * support.rayon):
        return _milieu(sirens)
    x, y = max(bords, key=lambda bord: (bord[0] - bord[1], bord))
    return round(x + support.rayon - 2), round(y - support.rayon + 2)


def _legende(couches: Sequence[Couche], identifiant: str) -> str:
    """From the top layer down, then what a diamond means if there is one."""
    lignes = [
        (
            svg.element("rect", x=8, y=-14, width=28, height=18, **svg.remplissage(couche.motif, identifiant)),
            couche.libelle,
        )
        for couche in reversed(couches)
    ]
    if any(forme.fictive for couche in couches for forme in couche.formes):
        lignes.append((svg.losange(22, -5, svg.hachures(identifiant), rayon=11), LIBELLE_FICTIF))
    if any(not forme.fictive for couche in couches for forme in _ancres(couche.formes)):
        lignes.append((svg.losange(22, -5, {"fill": svg.BLEU_FRANCE}, rayon=11), "Territoire au contour inconnu"))
    elements = "".join(
        svg.element(
            "g", symbole + svg.texte(libelle, x=46, y=0, taille=17), transform=f"translate(0 {28 + 30 * rang})"
        )
        for rang, (symbole, libelle) in enumerate(lignes)
    )
    credit = svg.texte(svg.CREDIT, x=8, y=HAUTEUR - 10, taille=13, fill=svg.GRIS)
    return elements + credit


def par_region(couche: Couche) -> dict[str, list[Forme]]:
    """The text alternative of a layer: its territories by région, in alphabetical order of régions."""
    resultat: dict[str, list[Forme]] = {}
    for forme in sorted(couche.formes, key=lambda forme: (nom_nu(forme.region), nom_nu(forme.nom))):
        resultat.setdefault(forme.region, []).append(forme)
    return resultat
