"""From a report's row to its PDF, telling at each step how far one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from projets.chiffres import Chiffres
from projets.rapport.dessins import dessiner
from projets.rapport.modele import RapportMission, assembler
from projets.rapport.models import Rapport
from rebond.socle.documents.stockage import html_en_pdf, rendre_html
from rebond.socle.preuve.instantane import instantane

GABARIT = "projets/rapport/rapport.html"


@dataclass(frozen=True, slots=True)
class Etape:
    """`avancement` in per cent of the whole."""

    libelle: str
    avancement: int


LECTURE = Etape("Lecture des données et calcul des chiffres", 10)
DESSINS = Etape("Dessin de la carte et des graphiques", 35)
MISE_EN_PAGE = Etape("Mise en page du document", 55)
ENREGISTREMENT = Etape("Enregistrement", 95)


@dataclass(frozen=True, slots=True)
class Impression:
    """The PDF and the figures that it prints, frozen together."""

    pdf: bytes
    chiffres: Chiffres


def imprimer(rapport: Rapport, dire: Callable[[Etape], None], *, connu_le: datetime) -> Impression:
    """What was known at `connu_le`, just before the data are read. Same data, same row and instant: same bytes."""
    dire(LECTURE)
    with instantane():
        modele = assembler(rapport, connu_le=connu_le)
    dire(DESSINS)
    html = en_html(modele)
    dire(MISE_EN_PAGE)
    pdf = html_en_pdf(html, identifiant=f"rapport-{rapport.pk}")
    dire(ENREGISTREMENT)
    return Impression(pdf, modele.chiffres)


def en_html(modele: RapportMission) -> str:
    return rendre_html(GABARIT, {"rapport": modele, "dessins": dessiner(modele)})
