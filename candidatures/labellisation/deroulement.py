"""What happened to a file from its closing to its announcement, as its territory reads it.

Before the hour nothing here is read but the clock: no step is dated, nor said to be done, until all of them are told.
"""

from datetime import datetime

from django.db.models import Max

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.lecture import Evenement
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.saisine.models import Saisine
from candidatures.labellisation.models import Decision
from rebond.socle.texte.typographie import instant_fr, limite_fr

E = EtatCandidature
PLUS_TARD = "La date de chacune de ces étapes vous sera donnée avec les résultats."
ETAPES = ("Vérification de la recevabilité", "Avis des experts", "Comité de sélection et décision")
ANNONCE = "Annonce des résultats"
CLOTURE = "Clôture des dépôts"
#: After these, a territory may want to contest.
DEFAVORABLES = frozenset({E.IRRECEVABLE, E.NON_RETENUE, E.AJOURNEE})


def deroulement(candidature: Candidature, maintenant: datetime) -> list[Evenement]:
    """From the closing on, in the order of the steps; dated once the results of the wave are public."""
    cloture = Evenement(f"{limite_fr(candidature.echeance)} (heure de Paris)", CLOTURE, "")
    if not candidature.vague.resultats_publics(maintenant):
        *premieres, derniere = ETAPES
        avenir = [*(Evenement("", titre, "") for titre in premieres), Evenement("", derniere, PLUS_TARD)]
        return [cloture, *avenir, Evenement("À venir", ANNONCE, "")]
    faites = [(titre, le) for titre, le in zip(ETAPES, _instants(candidature), strict=True) if le is not None]
    dates = [*faites, (ANNONCE, candidature.vague.publique_a)]
    return [cloture, *(Evenement(f"{instant_fr(le)} (heure de Paris)", titre, "") for titre, le in dates if le)]


def _instants(candidature: Candidature) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Admissibility, last avis, decision: each where there is one."""
    recevable = Recevabilite.objects.filter(candidature=candidature).values_list("constatee_le", flat=True).first()
    avis = Saisine.objects.filter(candidature=candidature).aggregate(le=Max("rendu_le"))["le"]
    decision = Decision.objects.filter(candidature=candidature).values_list("prise_le", flat=True).first()
    return recevable, avis, decision
