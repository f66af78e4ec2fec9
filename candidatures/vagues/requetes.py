"""What is read of the phases of waves, by several rooms and pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.phases import PhaseVague
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import JOURS_DES_PHASES, PHASES_DITES, jours_de_phase
from rebond.socle.horloge.temps import jour_de_paris


@dataclass(frozen=True)
class PhaseProposee:
    """From a day to another, both included."""

    nature: NatureDePhase
    du: date
    au: date
    dite: bool


def avec_phases() -> Prefetch:
    """Waves come with their phases, in their order: one statement more, whatever their number."""
    return Prefetch("phases", PhaseVague.objects.dans_l_ordre())


def phases_de(vague: Vague | int) -> list[PhaseVague]:
    return list(PhaseVague.objects.filter(vague=vague).dans_l_ordre())


def version_de(phases: Iterable[PhaseVague]) -> str:
    """Tells these phases from any others: each time that they are set, they are other rows."""
    return "-".join(str(cle) for cle in sorted(phase.pk for phase in phases))


def phases_dites_aux_territoires(vague: Vague) -> list[PhaseVague]:
    """Those that whoever deposited in the wave may know: the same for all of them, whatever becomes of their files."""
    return list(PhaseVague.objects.filter(vague=vague).dites_aux_territoires().dans_l_ordre())


def phases_proposees(vague: Vague) -> list[PhaseProposee]:
    """What a wave without any phase would have: as far from its closing as those of the last wave that has some."""
    modele = (
        Vague.objects.filter(phases__isnull=False)
        .exclude(pk=vague.pk)
        .order_by("-numero")
        .prefetch_related(avec_phases())
        .first()
    )
    cloture = jour_de_paris(vague.cloture)
    if modele is None:
        return [
            PhaseProposee(nature, cloture + timedelta(du), cloture + timedelta(au), nature in PHASES_DITES)
            for nature, (du, au) in JOURS_DES_PHASES.items()
        ]
    ecart = cloture - jour_de_paris(modele.cloture)
    lues = [en_jours(phase) for phase in modele.phases.all()]
    return [PhaseProposee(lue.nature, lue.du + ecart, lue.au + ecart, lue.dite) for lue in lues]


def en_jours(phase: PhaseVague) -> PhaseProposee:
    du, au = jours_de_phase(phase.debut, phase.fin)
    return PhaseProposee(NatureDePhase(phase.nature), du, au, phase.dite_aux_territoires)


def terme_de(phases: Iterable[PhaseVague], nature: NatureDePhase) -> datetime | None:
    """By when what a phase is for is to be done, excluded: the beginning of the committee, which sits on what is
    ready; the end of any other."""
    return debut_de(phases, nature) if nature is NatureDePhase.COMITE else fin_de(phases, nature)


def fin_de(phases: Iterable[PhaseVague], nature: NatureDePhase) -> datetime | None:
    """When the last of the phases of that nature ends; None when there is none."""
    return max((phase.fin for phase in phases if phase.nature == nature), default=None)


def debut_de(phases: Iterable[PhaseVague], nature: NatureDePhase) -> datetime | None:
    """When the first of them begins; None when there is none."""
    return min((phase.debut for phase in phases if phase.nature == nature), default=None)
