"""The report as data: read once, frozen, then only formatted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from projets.chiffres import Chiffre, Chiffres, de_la_mission
from projets.enveloppe.models import Concours, Enveloppe
from projets.feuille_de_route.models import Axe
from projets.mission.models import Industriel, Mission
from projets.portefeuille.etats import NatureProjet
from projets.portefeuille.models import Projet
from projets.rapport.models import Rapport
from rebond.socle.texte.noms import alphabetique, nom_nu
from rebond.socle.texte.typographie import date_fr
from territoires.models import Territoire


@dataclass(frozen=True, slots=True)
class PartNature:
    """What the projects of one nature bring to three figures; the last two say how many of them speak."""

    nature: str
    projets: int
    investissements: Chiffre
    creations: Chiffre


@dataclass(frozen=True, slots=True)
class LigneProjet:
    """Amounts in whole euros; None where nobody has said them."""

    projet: Projet
    investissement: int | None
    emplois_potentiels: int | None
    emplois_previsionnels: int | None
    suite: str


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
    connu_le: datetime
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


def assembler(rapport: Rapport, *, connu_le: datetime) -> RapportMission:
    """Everything that the report prints, at the end of the Paris day `rapport.au`, as it is known at `connu_le`."""
    mission, au = rapport.mission, rapport.au
    # Frozen with the PDF, once this snapshot is over.
    chiffres = de_la_mission(mission, au=au).lus()
    projets = tuple(_projets(mission, au))
    return RapportMission(
        mission=mission,
        version=rapport.version,
        au=au,
        demande_le=rapport.demande_le,
        connu_le=connu_le,
        territoires=tuple(
            Territoire.objects.filter(labellisations__rattachement__mission=mission)
            .pour_liste()
            .order_by(alphabetique("nom"), "pk")
        ),
        chiffres=chiffres,
        natures=_par_nature(chiffres, projets),
        industriels=tuple(
            Industriel.objects.filter(mission=mission)
            .rencontres(au)
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
    return sorted(
        lignes, key=lambda ligne: (not ligne.projet.structurant, -(ligne.investissement or 0), ligne.projet.pk)
    )


def _ligne(projet: Any, au: date) -> LigneProjet:
    """`projet` bears the annotations of `avec_estimation`."""
    return LigneProjet(
        projet=projet,
        investissement=projet.investissement,
        emplois_potentiels=projet.emplois_potentiels,
        emplois_previsionnels=projet.emplois_previsionnels,
        suite=_suite(projet, au),
    )


def _suite(projet: Projet, au: date) -> str:
    """What had become of the project by the end of the day `au`."""
    if projet.abandonne_le and projet.abandonne_le <= au:
        return f"Abandonné le {date_fr(projet.abandonne_le)}"
    return projet.get_voie_display() if projet.oriente_le and projet.oriente_le <= au else "À orienter"


def _par_nature(chiffres: Chiffres, projets: Iterable[LigneProjet]) -> tuple[PartNature, ...]:
    """Shares of the figures themselves, largest investment first: their totals are the figures."""
    rangs: dict[NatureProjet, set[int]] = {}
    for ligne in projets:
        rangs.setdefault(NatureProjet(ligne.projet.nature), set()).add(ligne.projet.pk)
    parts = [
        PartNature(
            nature.label, len(pks), chiffres["investissements"].part(pks), chiffres["creations_potentielles"].part(pks)
        )
        for nature, pks in rangs.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-(part.investissements.connue or 0), nom_nu(part.nature))))


def _enveloppes(mission: Mission, au: date) -> Iterable[SuiviEnveloppe]:
    enveloppes = Enveloppe.objects.filter(mission=mission, ouverte_le__lte=au).prefetch_related("cofinancements")
    for enveloppe in enveloppes.order_by("ouverte_le", "pk"):
        aides = tuple(
            Projet.objects.filter(concours__in=Concours.objects.filter(enveloppe=enveloppe).accordes(au))
            .select_related("concours", "industriel")
            .order_by("concours__accorde_le", "pk")
        )
        accorde = sum(projet.concours.montant for projet in aides)
        yield SuiviEnveloppe(enveloppe, accorde, enveloppe.montant - accorde, aides)
