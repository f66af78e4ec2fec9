"""The closing: it records what the deadline already decided.

One transaction: killed anywhere it leaves nothing, run again it finishes, run twice or at once it is done once,
because the wave's row is locked and its state re-read. Its marker is the procès-verbal. Neither the number of its
statements nor its memory grows with that of the files, but for those that the portal deposits itself.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet

from candidatures.actions import proces_verbaux
from candidatures.actions.echeance import deposer_a_l_echeance
from candidatures.actions.lettres_de_cloture import ecrire_aux_territoires
from candidatures.etats import ETATS_MODIFIABLES, EtatCandidature, EtatVague
from candidatures.models import Candidature, ProcesVerbal, Prolongation, Vague
from candidatures.models.dossiers import ECHEANCE, LIBELLE
from candidatures.regles import grace_ecoulee
from rebond.socle.transitions import appliquer, appliquer_a_la_selection, appliquer_a_tous
from rebond.socle.typographie import instant_fr


def clore(*, vague_id: int, maintenant: datetime) -> ProcesVerbal | None:
    """Record what has ended in a wave: deposits asked of the portal, procès-verbal, files to instruction, letters.

    First the closing itself; later, with a procès-verbal of its own, the end of each extension that went beyond it.
    `maintenant` is on the database's clock. None when there is nothing to do: already recorded, or the technical grace
    (within which a request received in time may still be recorded) is not over.
    """
    with transaction.atomic():
        # Deposits hold this row FOR SHARE: the closing waits here for those in flight.
        vague = Vague.objects.select_for_update().get(pk=vague_id)
        finies = Prolongation.objects.finies(maintenant).filter(vague=vague)
        premiere = vague.etat == EtatVague.PREVUE
        if premiere and not grace_ecoulee(maintenant, vague.echeance, vague.grace):
            return None
        if not premiere and not (vague.etat == EtatVague.EN_INSTRUCTION and finies.exists()):
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
            fermeture=_fermeture(vague, finies, premiere=premiere),
        )
        _terminer(decidees, finies, maintenant)
        appliquer_a_la_selection(
            decidees.filter(etat=EtatCandidature.DEPOSEE),
            "ouvrir_instruction",
            libelle=LIBELLE,
            acteur=None,
            maintenant=maintenant,
        )
        if premiere:
            appliquer(vague, "clore", acteur=None, maintenant=maintenant, empreinte=proces_verbal.empreinte)
    return proces_verbal


def _decidees(
    vague: Vague, maintenant: datetime, finies: QuerySet[Prolongation], *, premiere: bool
) -> QuerySet[Candidature]:
    """Files of the wave that may no longer be deposited, and on which no procès-verbal has said the last word."""
    ouvertes = Candidature.objects.filter(vague=vague, etat__in=ETATS_MODIFIABLES)
    echues = ouvertes.alias(limite=ECHEANCE).filter(limite__lte=maintenant - vague.grace)
    if premiere or finies.filter(candidature=None).exists():
        return echues
    return echues.filter(pk__in=finies.values("candidature"))


def _terminer(decidees: QuerySet[Candidature], finies: QuerySet[Prolongation], maintenant: datetime) -> None:
    """What was prolonged is over: for the files, and for the extensions themselves."""
    if not finies.exists():
        return
    prolongees = decidees.alias(limite=ECHEANCE).filter(limite__gt=F("vague__cloture"))
    Candidature.objects.filter(pk__in=prolongees.values("pk")).update(prolongation_close_le=maintenant)
    appliquer_a_tous(finies, "terminer", acteur=None, maintenant=maintenant)


def _fermeture(vague: Vague, finies: QuerySet[Prolongation], *, premiere: bool) -> str:
    """What has ended, and when, to be read after the name of the wave."""
    if premiere:
        return f"s’est close le {instant_fr(vague.echeance)} (heure de Paris)."
    derniere = finies.aggregate(fin=Max("jusqu_au"))["fin"]
    return f"avait été prolongée\u00a0: la prolongation s’est terminée le {instant_fr(derniere)} (heure de Paris)."
