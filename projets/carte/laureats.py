"""The laureates as pages and press releases show them: a map and the list that says the same in words."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

from candidatures.labellisation.models import Labellisation
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr, pluriel
from territoires.carte import Couche, Forme, carte_svg, couche_perimetre, couches_des_territoires, par_region
from territoires.models import Territoire

CREDIT = "Contours : IGN – ADMIN EXPRESS COG, Licence Ouverte 2.0"


@dataclass(frozen=True)
class CarteLaureats:
    """Laureates « au » a day, among the perimeters that were in force on it.

    `regions` is the text alternative: the territories of the map, numbered as on it, by pilot région.
    """

    titre: str
    au: date
    laureats: Couche
    pilotes: Couche | None

    @property
    def regions(self) -> dict[str, list[Forme]]:
        return par_region(self.laureats)

    @property
    def fictive(self) -> bool:
        return any(forme.fictive for forme in self.laureats.formes)

    @cached_property
    def couches(self) -> list[Couche]:
        """From the lowest to the highest, all of the date `au`. One query; a layer without data is not drawn."""
        couches = (couche_perimetre(self.au), self.pilotes, self.laureats)
        return [couche for couche in couches if couche is not None]

    @property
    def alternative(self) -> str:
        nombre = len(self.laureats.formes)
        laureats = compte(nombre, "territoire lauréat", "territoires lauréats")
        return f"{self.titre}\u00a0: {laureats}, {pluriel(nombre, 'nommé')} dans la liste par région."

    def dessiner(self) -> tuple[str, tuple[str, ...]]:
        """The SVG, and the labels of its legend from the top layer down."""
        couches = self.couches
        svg = carte_svg(couches, titre=self.titre, description=self.alternative)
        return svg, tuple(couche.libelle for couche in reversed(couches))


def carte_annoncee(au: date) -> CarteLaureats:
    """Laureates announced at the end of the Paris day `au`, embargo or not."""
    return _carte(Labellisation.objects.annoncees_avant(fin_de_journee(au)), au)


def carte_publique(maintenant: datetime) -> CarteLaureats:
    """Laureates that anyone may know now."""
    return _carte(Labellisation.objects.publiques(maintenant), jour_de_paris(maintenant))


def _carte(labellisations: QuerySet[Labellisation], au: date) -> CarteLaureats:
    laureats, pilotes = couches_des_territoires(Territoire.objects.filter(labellisations__in=labellisations))
    return CarteLaureats(f"Carte des territoires lauréats au {date_fr(au)}", au, laureats, pilotes)
