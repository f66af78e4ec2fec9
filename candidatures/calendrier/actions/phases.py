"""The phases of a wave after its closing: proposed as far from it as those of the wave before, then set by hand."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.phases import PhaseVague
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import bornes_de_phase, empechement_de_fixer_les_phases, jours_de_phase
from candidatures.vagues.requetes import PhaseProposee, phases_de, phases_proposees, version_de
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import periode_fr
from rebond.socle.utilisateur import Utilisateur

AVANT_LA_CLOTURE = "L’instruction commence après la clôture\u00a0: aucune phase ne vient avant elle."
CHANGEES_DEPUIS = "Ces dates ont changé depuis que vous avez ouvert cette page. Relisez-les avant d’enregistrer."
REFUS = {
    **phrases_de(
        PhaseVague,
        *("phase_connue", "phase_commence_avant_de_finir", "phase_d_un_an_au_plus", "phase_sans_chevauchement"),
    ),
    "phase_apres_la_cloture": AVANT_LA_CLOTURE,
}


def programmer(vague: Vague) -> None:
    """Give a new wave the phases that are proposed for it. Called in the transaction that makes the wave."""
    PhaseVague.objects.bulk_create(_lignes(vague, phases_proposees(vague)))


def fixer_les_phases(
    *, vague: Vague, phases: Iterable[PhaseProposee], vues: str, acteur: Utilisateur, maintenant: datetime
) -> Vague:
    """Set all the phases of a wave at once: those that are not there any more go.

    `vues` is what `version_de` said of those that the page showed. Raises `RegleEnfreinte` when they changed since,
    for a phase before the closing, for two of one nature at once, and once the results are public.
    """
    with traduire(REFUS), transaction.atomic():
        vague = Vague.objects.select_for_update().get(pk=vague.pk)
        if refus := empechement_de_fixer_les_phases(resultats_publics=vague.resultats_publics(maintenant)):
            raise RegleEnfreinte(refus)
        avant = phases_de(vague)
        if version_de(avant) != vues:
            raise RegleEnfreinte(CHANGEES_DEPUIS)
        PhaseVague.objects.filter(vague=vague).delete()
        PhaseVague.objects.bulk_create(_lignes(vague, phases))
        consigner(
            ActeDeVague.FIXER_LES_PHASES,
            vague,
            acteur=acteur,
            fait_le=maintenant,
            avant=_dire(avant),
            apres=_dire(phases_de(vague)),
        )
    return vague


def _lignes(vague: Vague, phases: Iterable[PhaseProposee]) -> list[PhaseVague]:
    lignes = []
    for phase in phases:
        debut, fin = bornes_de_phase(phase.du, phase.au, vague.cloture)
        lignes.append(
            PhaseVague(vague=vague, nature=phase.nature, debut=debut, fin=fin, dite_aux_territoires=phase.dite)
        )
    return lignes


def _dire(phases: Iterable[PhaseVague]) -> list[str]:
    dites = []
    for phase in phases:
        du, au = jours_de_phase(phase.debut, phase.fin)
        dites.append(f"{phase}, {periode_fr(du, au)}")
    return dites
