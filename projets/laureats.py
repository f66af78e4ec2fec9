"""The laureates as pages and press releases show them: a map and the list that says the same in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from candidatures.models import Labellisation
from rebond.socle.temps import fin_de_journee
from rebond.socle.typographie import compte, date_fr
from territoires.carte import Couche, Forme, carte_svg, couche_laureats, couche_perimetre, couche_pilotes, par_region
from territoires.models import Territoire

CREDIT = "Contours : IGN – ADMIN EXPRESS COG, Licence Ouverte 2.0"


@dataclass(frozen=True, slots=True)
class CarteLaureats:
    """`regions` is the text alternative: the territories of the map, numbered as on it, by pilot région."""

    titre: str
    svg: str
    legende: tuple[str, ...]
    regions: dict[str, list[Forme]]

    @property
    def fictive(self) -> bool:
        return any(forme.fictive for formes in self.regions.values() for forme in formes)


def carte_annoncee(au: date) -> CarteLaureats:
    """Laureates announced at the end of the Paris day `au`, embargo or not."""
    return _carte(Labellisation.objects.annoncees_avant(fin_de_journee(au)), au)


def carte_publique(maintenant: datetime, au: date) -> CarteLaureats:
    """Laureates that anyone may know now; `au` is the day to print."""
    return _carte(Labellisation.objects.publiques(maintenant), au)


def _carte(labellisations: Iterable[Labellisation], au: date) -> CarteLaureats:
    territoires = Territoire.objects.filter(labellisations__in=labellisations).pour_liste()
    laureats = couche_laureats(territoires)
    couches: list[Couche] = [c for c in (couche_perimetre(), couche_pilotes(), laureats) if c is not None]
    titre = f"Carte des territoires lauréats au {date_fr(au)}"
    description = (
        f"{compte(len(laureats.formes), 'territoire lauréat', 'territoires lauréats')} ; la liste par région, dans la "
        "page, dit la même chose en toutes lettres."
    )
    return CarteLaureats(
        titre=titre,
        svg=carte_svg(couches, titre=titre, description=description),
        legende=tuple(couche.libelle for couche in reversed(couches)),
        regions=par_region(laureats),
    )
