"""The laureates as pages and press releases show them: a map and the list that says the same in words."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

from candidatures.labellisation.models import Labellisation
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr, pluriel
from territoires.carte import (
    ECRAN,
    PAPIER,
    TELEPHONE,
    Couche,
    Forme,
    carte_svg,
    couche_perimetre,
    couches_des_territoires,
    par_region,
)
from territoires.carte.nationale import LIBELLE_FICTIF
from territoires.models import Territoire

LISTE_DES_LAUREATS = "Territoires lauréats, par région"
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

    @cached_property
    def pilotes_numerotes(self) -> Couche | None:
        """The pilots, numbered after the laureates: `pilotes` itself is what published figures were drawn from."""
        if self.pilotes is None:
            return None
        debut = len(self.laureats.formes) + 1
        rangs = {forme: rang for rang, forme in enumerate(_dans_l_ordre(self.pilotes), start=debut)}
        return replace(
            self.pilotes, formes=tuple(replace(forme, numero=rangs[forme]) for forme in self.pilotes.formes)
        )

    @property
    def listes(self) -> list[tuple[str, list[Forme]]]:
        """The text alternative of all that has a number, in the order of the numbers: a title, its territories."""
        pilotes = self.pilotes_numerotes
        return [
            (LISTE_DES_LAUREATS, _dans_l_ordre(self.laureats)),
            *([(pilotes.libelle, _dans_l_ordre(pilotes))] if pilotes else []),
        ]

    @property
    def legende(self) -> list[tuple[str, str]]:
        """How each layer is filled and what it is, from the top one down; then what is invented."""
        lue = [(couche.motif.value, couche.libelle) for couche in reversed(self.couches)]
        return lue + ([("fictif", LIBELLE_FICTIF)] if self.fictive else [])

    @property
    def fictive(self) -> bool:
        return any(forme.fictive for _, formes in self.listes for forme in formes)

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
        """The SVG of a document, and the labels of its legend from the top layer down."""
        couches = self.couches
        svg = carte_svg(couches, titre=self.titre, description=self.alternative, support=PAPIER)
        return svg, tuple(couche.libelle for couche in reversed(couches))

    def dessiner_a_l_ecran(self, *, etroit: bool) -> str:
        """The SVG of a page, whose legend and lists are beside it; `etroit`: for a phone."""
        numerotees = [self.pilotes_numerotes if couche is self.pilotes else couche for couche in self.couches]
        return carte_svg(
            [couche for couche in numerotees if couche is not None],
            titre=self.titre,
            description=self.alternative,
            support=TELEPHONE if etroit else ECRAN,
        )


def _dans_l_ordre(couche: Couche) -> list[Forme]:
    return [forme for formes in par_region(couche).values() for forme in formes]


def carte_annoncee(au: date) -> CarteLaureats:
    """Laureates announced at the end of the Paris day `au`, embargo or not."""
    return _carte(Labellisation.objects.annoncees_avant(fin_de_journee(au)), au)


def carte_publique(maintenant: datetime) -> CarteLaureats:
    """Laureates that anyone may know now."""
    return _carte(Labellisation.objects.publiques(maintenant), jour_de_paris(maintenant), suivis=True)


def _carte(labellisations: QuerySet[Labellisation], au: date, *, suivis: bool = False) -> CarteLaureats:
    territoires = Territoire.objects.filter(labellisations__in=labellisations)
    laureats, pilotes = couches_des_territoires(territoires, au, suivis=suivis)
    return CarteLaureats(f"Carte des territoires lauréats au {date_fr(au)}", au, laureats, pilotes)
