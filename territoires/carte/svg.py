"""Small vocabulary of SVG: elements, hatchings, legend. Presentation attributes only: the CSP forbids `style`."""

from html import escape as echapper

from rebond.socle.texte.typographie import sur_une_ligne
from territoires.carte.donnees import Motif

ENCRE = "#161616"
GRIS = "#666666"
TRAIT = "#929292"
SOL = "#f6f6f6"
BLEU_FRANCE = "#000091"
BLEU_CLAIR = "#a9bffb"
BLEU_MOYEN = "#5b7be0"
TUILE = "#a94645"
TUILE_CLAIRE = "#fee7e3"
BLANC = "#ffffff"
CREDIT = "Contours\u00a0: IGN – ADMIN EXPRESS COG, Licence Ouverte 2.0"
POLICE = "Marianne, DejaVu Sans, Arial, sans-serif"


def escape(texte: str) -> str:
    """Text as XML may hold it: a control character would leave the whole drawing unread."""
    return echapper(sur_une_ligne(texte))


def element(nom: str, contenu: str = "", /, **attributs: str | float) -> str:
    """`element("path", d="…", stroke_width=1)`; `contenu` is markup, attribute values are escaped."""
    ecrits = "".join(
        f' {cle.rstrip("_").replace("_", "-")}="{escape(_nombre(valeur))}"' for cle, valeur in attributs.items()
    )
    return f"<{nom}{ecrits}>{contenu}</{nom}>" if contenu else f"<{nom}{ecrits}/>"


def texte(contenu: str, *, x: float, y: float, taille: float, **attributs: str | float) -> str:
    attributs = {"fill": ENCRE, **attributs}
    return element("text", escape(contenu), x=x, y=y, font_size=taille, font_family=POLICE, **attributs)


def infobulle(contenu: str) -> str:
    return element("title", escape(contenu))


def motifs(prefixe: str) -> str:
    """Definitions of the fills; `prefixe` keeps them apart from those of another drawing on the page."""
    perimetre = (
        element("rect", width=6, height=6, fill=BLEU_CLAIR, fill_opacity=0.45)
        + element("circle", cx=1.5, cy=1.5, r=0.9, fill=BLEU_MOYEN)
        + element("circle", cx=4.5, cy=4.5, r=0.9, fill=BLEU_MOYEN)
    )
    pilote = element("rect", width=7, height=7, fill=TUILE_CLAIRE) + element(
        "path", d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6", stroke=TUILE, stroke_width=1.6
    )
    fictif = element("rect", width=6, height=6, fill=BLANC) + element(
        "path", d="M-1 -1L7 7M-1 5L1 7M5 -1L7 1", stroke=BLEU_FRANCE, stroke_width=1.2
    )
    return element(
        "defs",
        "".join(
            element("pattern", dessin, id=f"{prefixe}-{nom}", width=cote, height=cote, patternUnits="userSpaceOnUse")
            for nom, cote, dessin in (("perimetre", 6, perimetre), ("pilote", 7, pilote), ("fictif", 6, fictif))
        ),
    )


def remplissage(motif: Motif, prefixe: str) -> dict[str, str | float]:
    """Fill and outline of a layer."""
    traits: dict[Motif, dict[str, str | float]] = {
        Motif.PERIMETRE: {"fill": f"url(#{prefixe}-perimetre)", "stroke": BLEU_MOYEN, "stroke_width": 0.8},
        Motif.PILOTE: {"fill": f"url(#{prefixe}-pilote)", "stroke": TUILE, "stroke_width": 1.6},
        Motif.LAUREAT: {"fill": BLEU_FRANCE, "stroke": BLANC, "stroke_width": 1.2},
    }
    return traits[motif]


def hachures(prefixe: str) -> dict[str, str | float]:
    """How all that is invented is filled."""
    return {"fill": f"url(#{prefixe}-fictif)", "stroke": BLEU_FRANCE, "stroke_width": 2, "stroke_dasharray": "4 2"}


def losange(x: float, y: float, traits: dict[str, str | float], contenu: str = "", *, rayon: float = 13) -> str:
    """The marker of a territory without an outline: a shape that no real one has."""
    trace = f"M{_nombre(x)} {_nombre(y - rayon)}l{rayon} {rayon}l-{rayon} {rayon}l-{rayon} -{rayon}z"
    return element("path", contenu, d=trace, **traits)


def pastille(numero: int, x: float, y: float, *, rayon: float = 10) -> str:
    """A number in a white disc, legible on any fill."""
    return element("circle", cx=x, cy=y, r=rayon, fill=BLANC, stroke=BLEU_FRANCE, stroke_width=1.5) + texte(
        str(numero), x=x, y=y + rayon * 0.45, taille=rayon * 1.3, text_anchor="middle", font_weight="bold"
    )


def document(contenu: str, *, largeur: int, hauteur: int, titre: str, description: str, identifiant: str) -> str:
    """The whole drawing, named and described for those who do not see it."""
    return element(
        "svg",
        element("title", escape(titre), id=f"{identifiant}-titre")
        + element("desc", escape(description), id=f"{identifiant}-description")
        + contenu,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {largeur} {hauteur}",
        role="img",
        aria_labelledby=f"{identifiant}-titre {identifiant}-description",
    )


def _nombre(valeur: str | float) -> str:
    return f"{valeur:g}" if isinstance(valeur, int | float) else valeur
