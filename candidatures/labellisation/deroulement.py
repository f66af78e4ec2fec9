"""What happened to a file from its closing to its announcement, as its territory reads it.

Before the hour nothing here is read but the clock, and the dates that the wave tells all its territories it plans: no
step is dated otherwise, nor said to be done, until all of them are told.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Max

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.lecture import Evenement
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.saisine.models import Saisine
from candidatures.labellisation.models import Decision
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.phases import PhaseVague
from candidatures.vagues.regles import jours_de_phase
from candidatures.vagues.requetes import phases_dites_aux_territoires
from rebond.socle.texte.typographie import instant_fr, limite_fr, periode_fr

E = EtatCandidature
PLUS_TARD = "La date de chacune de ces étapes vous sera donnée avec les résultats."
ETAPES = ("Vérification de la recevabilité", "Avis des experts", "Comité de sélection et décision")
ANNONCE = "Annonce des résultats"
#: Said only when the wave tells when it is planned.
EVALUATION = "Évaluation des dossiers"
TITRES = dict(zip(NatureDePhase, (*ETAPES[:2], EVALUATION, ETAPES[2], ANNONCE), strict=True))
CLOTURE = "Clôture des dépôts"
#: After these, a territory may want to contest.
DEFAVORABLES = frozenset({E.IRRECEVABLE, E.NON_RETENUE, E.AJOURNEE})


def deroulement(candidature: Candidature, maintenant: datetime) -> list[Evenement]:
    """From the closing on, in the order of the steps; dated once the results of the wave are public."""
    cloture = Evenement(f"{limite_fr(candidature.echeance)} (heure de Paris)", CLOTURE, "")
    if not candidature.vague.resultats_publics(maintenant):
        return [cloture, *_a_venir(prevues(phases_dites_aux_territoires(candidature.vague)))]
    faites = [(titre, le) for titre, le in zip(ETAPES, _instants(candidature), strict=True) if le is not None]
    dates = [*faites, (ANNONCE, candidature.vague.publique_a)]
    return [cloture, *(Evenement(f"{instant_fr(le)} (heure de Paris)", titre, "") for titre, le in dates if le)]


def _a_venir(quand: Mapping[NatureDePhase, str]) -> Iterator[Evenement]:
    for nature, titre in TITRES.items():
        if nature is NatureDePhase.ANNONCE:
            yield Evenement(quand.get(nature, "À venir"), titre, "")
        elif nature in quand or titre in ETAPES:
            plus_tard = PLUS_TARD if nature is NatureDePhase.COMITE else ""
            yield Evenement(quand.get(nature, ""), titre, plus_tard)


def prevues(phases: Iterable[PhaseVague]) -> dict[NatureDePhase, str]:
    """« Prévu du 2 au 14 mars » in words, by nature."""
    jours: dict[NatureDePhase, list[str]] = {}
    for phase in phases:
        du, au = jours_de_phase(phase.debut, phase.fin)
        jours.setdefault(NatureDePhase(phase.nature), []).append(periode_fr(du, au))
    return {nature: f"Prévu {', puis '.join(dits)}" for nature, dits in jours.items()}


def _instants(candidature: Candidature) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Admissibility, last avis, decision: each where there is one."""
    recevable = Recevabilite.objects.filter(candidature=candidature).values_list("constatee_le", flat=True).first()
    avis = Saisine.objects.filter(candidature=candidature).aggregate(le=Max("rendu_le"))["le"]
    decision = Decision.objects.filter(candidature=candidature).values_list("prise_le", flat=True).first()
    return recevable, avis, decision
