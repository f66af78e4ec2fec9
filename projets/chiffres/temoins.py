"""What a press release says beside its figures, kept as facts so that a later count can be compared with them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from projets.carte.laureats import CarteLaureats
from projets.chiffres.valeurs import AxeLu, Periode, Releve, Restitution, Temoin
from projets.enveloppe.models import Cofinancement
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import date_fr, euros

CARTE = "carte"


def temoins(restitutions: Iterable[Restitution], rencontres: Periode, releve: Releve) -> tuple[Temoin, ...]:
    """Missions restituted, all of their meetings, funders, axes with their territories, layers of the map."""
    return (
        *_missions(restitutions),
        *_rencontres(rencontres),
        *_financeurs(releve.parts),
        *_axes(releve.axes),
        *_couches(releve.carte),
    )


def _missions(restitutions: Iterable[Restitution]) -> Iterator[Temoin]:
    for mission in restitutions:
        dates = f"du {date_fr(mission.debut)}, restituée le {date_fr(mission.restituee_le)}"
        yield Temoin(f"mission-{mission.pk}", "Mission restituée", f"{mission.titre}, {dates}")


def _rencontres(rencontres: Periode) -> Iterator[Temoin]:
    if rencontres.debut and rencontres.fin:
        periode = f"du {date_fr(rencontres.debut)} au {date_fr(rencontres.fin)}"
        yield Temoin("rencontres", "Période des rencontres", periode)


def _financeurs(parts: Iterable[Cofinancement]) -> Iterator[Temoin]:
    for part in parts:
        yield Temoin(f"financeur-{part.pk}", "Financeur de l’enveloppe", f"{part.financeur} : {euros(part.montant)}")


def _axes(axes: Iterable[AxeLu]) -> Iterator[Temoin]:
    for rang, axe in enumerate(axes, start=1):
        territoires = ", ".join(sorted((epci.nom for epci in axe.epcis), key=nom_nu)) or "tout le territoire"
        yield Temoin(f"axe-{axe.pk}", f"Axe {rang} de la feuille de route", f"{axe.titre} ({territoires})")


def _couches(carte: CarteLaureats) -> Iterator[Temoin]:
    """What each layer is drawn from: the same facts, the same map, whatever the hand that draws it."""
    for couche in carte.couches:
        faits = {"formes": [asdict(forme) for forme in couche.formes], "communes": couche.communes}
        yield Temoin(f"{CARTE}-{couche.motif.value}", f"Carte : {couche.libelle}", empreinte(faits))
