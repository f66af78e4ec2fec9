"""Maps as SVG strings, from plain data; `couches` alone reads the database."""

from territoires.carte.couches import couche_perimetre, couches_des_territoires
from territoires.carte.donnees import ECRAN, PAPIER, TELEPHONE, Couche, Forme, Motif, Support
from territoires.carte.nationale import carte_svg, par_region
from territoires.carte.rapprochee import carte_territoire_svg

__all__ = [
    "ECRAN",
    "PAPIER",
    "TELEPHONE",
    "Couche",
    "Forme",
    "Motif",
    "Support",
    "carte_svg",
    "carte_territoire_svg",
    "couche_perimetre",
    "couches_des_territoires",
    "par_region",
]
