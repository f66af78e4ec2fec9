"""The closing: it records what the deadline already decided.

One transaction: killed anywhere it leaves nothing, run again it finishes, run twice or at once it is done once,
because the wave's row is locked and its state re-read. Its marker is the procès-verbal. Neither the number of its
statements nor its memory grows with that of the files, but for those that the portal deposits itself.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from candidatures.cloture.actions import proces_verbaux
from candidatures.cloture.actions.lettres_de_cloture import ecrire_aux_territoires
from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.cloture.regles import grace_ecoulee
from candidatures.depot.actions.echeance import deposer_a_l_echeance
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature
from candidatures.dossier.models.dossiers import ECHEANCE, LIBELLE, Candidature
from candidatures.vagues.actes import ActeDeProlongation, ActeDeVague
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.etats.passages import appliquer_a_ce_qui_est_tenu, appliquer_a_la_selection, appliquer_a_tous


def clore(*, vague_id: int, maintenant: datetime) -> ProcesVerbal | None:
    """Record what has ended in a wave: deposits asked of the portal, procès-verbal, files to instruction, letters.

    First the closing itself; later, with a procès-verbal of its own, the end of each extension that went beyond it.
    `maintenant` is on the database's clock. None when there is nothing to do: already recorded, or the technical grace
    (within which a request received in time may still be recorded) is not over, or an earlier wave is due first.
    """
    with transaction.atomic():
        # Deposits hold this row FOR SHARE: the closing waits here for those in flight.
        vague = Vague.objects.select_for_update().get(pk=vague_id)
        # Named once for all: recording their end makes them leave those that have ended.
        finies = list(Prolongation.objects.finies(maintenant).filter(vague=vague))
        premiere = vague.etat == EtatVague.PREVUE
        if premiere and not grace_ecoulee(maintenant, vague.echeance, vague.grace):
            return None
        if not premiere and not (vague.etat == EtatVague.EN_INSTRUCTION and finies):
            return None
        if Vague.objects.a_clore(maintenant).filter(cloture__lt=vague.cloture).exists():
            return None
        decidees = _decidees(vague, maintenant, finies, premiere=premiere)
        rang = ProcesVerbal.objects.filter(vague=vague).count() + 1
        par_le_portail = deposer_a_l_echeance(candidatures=decidees, maintenant=maintenant)
        proces_verbal = proces_verbaux.etablir(vague=vague, rang=rang, candidatures=decidees, maintenant=maintenant)
        ecrire_aux_territoires(
            vague=vague,
            rang=rang,
            candidatures=decidees,
            par_le_portail=par_le_portail,
            fin=vague.echeance if premiere else max(prolongation.jusqu_au for prolongation in finies),
            prolongee=not premiere,
        )
        _terminer(decidees, finies, maintenant)
        appliquer_a_la_selection(
            decidees.filter(etat=EtatCandidature.DEPOSEE),
            ActeDuDossier.OUVRIR_INSTRUCTION,
            libelle=LIBELLE,
            acteur=None,
            maintenant=maintenant,
        )
        if premiere:
            appliquer_a_ce_qui_est_tenu(
                vague, ActeDeVague.CLORE, acteur=None, maintenant=maintenant, empreinte=proces_verbal.empreinte
            )
    return proces_verbal


def _decidees(
    vague: Vague, maintenant: datetime, finies: list[Prolongation], *, premiere: bool
) -> QuerySet[Candidature]:
    """Files of the wave that may no longer be deposited, and on which no procès-verbal has said the last word."""
    ouvertes = Candidature.objects.filter(vague=vague, etat__in=ETATS_MODIFIABLES)
    echues = ouvertes.alias(limite=ECHEANCE).filter(limite__lte=maintenant - vague.grace)
    prolongees = [p.candidature_id for p in finies if p.candidature_id is not None]
    de_la_vague = len(prolongees) < len(finies)
    return echues if premiere or de_la_vague else echues.filter(pk__in=prolongees)


def _terminer(decidees: QuerySet[Candidature], finies: list[Prolongation], maintenant: datetime) -> None:
    """What was prolonged is over: for the files, and for the extensions themselves."""
    if not finies:
        return
    prolongees = decidees.alias(limite=ECHEANCE).filter(limite__gt=F("vague__cloture"))
    Candidature.objects.filter(pk__in=prolongees.values("pk")).update(prolongation_close_le=maintenant)
    closes = Prolongation.objects.filter(pk__in=[prolongation.pk for prolongation in finies]).pour_liste()
    appliquer_a_tous(closes, ActeDeProlongation.TERMINER, acteur=None, maintenant=maintenant)
