"""The report as data: read once, frozen, then only formatted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from projets.chiffres import Chiffre, Chiffres, de_la_mission
from projets.etats import NatureProjet
from projets.models import Axe, Enveloppe, Industriel, Mission, Projet, Rapport
from rebond.socle.noms import alphabetique, nom_nu
from territoires.models import Territoire


@dataclass(frozen=True, slots=True)
class PartNature:
    """What the projects of one nature bring to three figures; `investissement` in whole euros."""

    nature: str
    projets: int
    investissement: int
    emplois_potentiels: int


@dataclass(frozen=True, slots=True)
class LigneProjet:
    projet: Projet
    investissement: int
    emplois_potentiels: int
    emplois_previsionnels: int | None
    orientation: str


@dataclass(frozen=True, slots=True)
class SuiviEnveloppe:
    """`accorde` and `reste` in whole euros, at the date of the report."""

    enveloppe: Enveloppe
    accorde: int
    reste: int
    concours: tuple[Projet, ...]


@dataclass(frozen=True, slots=True)
class RapportMission:
    mission: Mission
    version: int
    au: date
    demande_le: datetime
    territoires: tuple[Territoire, ...]
    chiffres: Chiffres
    natures: tuple[PartNature, ...]
    industriels: tuple[Industriel, ...]
    projets: tuple[LigneProjet, ...]
    enveloppes: tuple[SuiviEnveloppe, ...]
    axes: tuple[Axe, ...]

    @property
    def demonstration(self) -> bool:
        return self.mission.demonstration


def assembler(rapport: Rapport) -> RapportMission:
    """Everything that the report prints, at the end of the Paris day `rapport.au`."""
    mission, au = rapport.mission, rapport.au
    chiffres = de_la_mission(mission, au=au)
    projets = tuple(_projets(mission, au))
    return RapportMission(
        mission=mission,
        version=rapport.version,
        au=au,
        demande_le=rapport.demande_le,
        territoires=tuple(
            Territoire.objects.filter(labellisations__rattachement__mission=mission)
            .pour_liste()
            .order_by(alphabetique("nom"), "pk")
        ),
        chiffres=chiffres,
        natures=_par_nature(chiffres, projets),
        industriels=tuple(
            Industriel.objects.filter(mission=mission, rencontre_le__lte=au)
            .select_related("epci")
            .order_by("rencontre_le", alphabetique("nom"), "pk")
        ),
        projets=projets,
        enveloppes=tuple(_enveloppes(mission, au)),
        axes=tuple(
            Axe.objects.filter(feuille__mission=mission)
            .prefetch_related("epcis", "actions")
            .order_by("feuille", "rang", "pk")
        ),
    )


def _projets(mission: Mission, au: date) -> Iterable[LigneProjet]:
    projets = (
        Projet.objects.filter(mission=mission)
        .recenses(au)
        .avec_estimation(au)
        .select_related("industriel", "epci")
        .order_by("pk")
    )
    lignes = [_ligne(projet, au) for projet in projets]
    return sorted(lignes, key=lambda ligne: (not ligne.projet.structurant, -ligne.investissement, ligne.projet.pk))


def _ligne(projet: Any, au: date) -> LigneProjet:
    """`projet` bears the annotations of `avec_estimation`."""
    return LigneProjet(
        projet=projet,
        investissement=projet.investissement or 0,
        emplois_potentiels=projet.emplois_potentiels or 0,
        emplois_previsionnels=projet.emplois_previsionnels,
        orientation=projet.get_voie_display() if projet.oriente_le and projet.oriente_le <= au else "À orienter",
    )


def _par_nature(chiffres: Chiffres, projets: Iterable[LigneProjet]) -> tuple[PartNature, ...]:
    """Shares of the figures themselves, largest investment first: their totals are the figures."""
    natures = {ligne.projet.pk: NatureProjet(ligne.projet.nature) for ligne in projets}
    comptes = _repartir(chiffres["projets_recenses"], natures)
    montants = _repartir(chiffres["investissements"], natures)
    emplois = _repartir(chiffres["creations_potentielles"], natures)
    presentes = sorted(set(natures.values()), key=lambda nature: (-montants[nature], nom_nu(nature.label)))
    return tuple(PartNature(nature.label, comptes[nature], montants[nature], emplois[nature]) for nature in presentes)


def _repartir(chiffre: Chiffre, natures: dict[int, NatureProjet]) -> dict[NatureProjet, int]:
    parts = dict.fromkeys(NatureProjet, 0)
    for ligne in chiffre.lignes:
        parts[natures[ligne.pk]] += ligne.valeur
    return parts


def _enveloppes(mission: Mission, au: date) -> Iterable[SuiviEnveloppe]:
    enveloppes = Enveloppe.objects.filter(mission=mission, ouverte_le__lte=au).prefetch_related("cofinancements")
    for enveloppe in enveloppes.order_by("ouverte_le", "pk"):
        aides = tuple(
            Projet.objects.filter(concours__enveloppe=enveloppe, concours__accorde_le__lte=au)
            .select_related("concours", "industriel")
            .order_by("concours__accorde_le", "pk")
        )
        accorde = sum(projet.concours.montant for projet in aides)
        yield SuiviEnveloppe(enveloppe, accorde, enveloppe.montant - accorde, aides)
