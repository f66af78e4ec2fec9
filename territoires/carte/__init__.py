"""Maps as SVG strings, from plain data; `couches` alone reads the database."""

from territoires.carte.couches import couche_laureats, couche_perimetre, couche_pilotes, formes_de
from territoires.carte.donnees import Couche, Forme, Motif
from territoires.carte.nationale import carte_svg, par_region
from territoires.carte.rapprochee import carte_territoire_svg

__all__ = [
    "Couche",
    "Forme",
    "Motif",
    "carte_svg",
    "carte_territoire_svg",
    "couche_laureats",
    "couche_perimetre",
    "couche_pilotes",
    "formes_de",
    "par_region",
]
