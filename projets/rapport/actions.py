"""Making a mission's report: a row first, then the work of a worker that may die at any instant.

The row is the pending work. A worker claims it, leaves signs of life in short transactions, and freezes the figures
with the PDF in a last one. Killed, it leaves a row whose signs of life stop: the sweep queues it again. Run twice, it
makes one.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Max

from projets.mission.models import Mission
from projets.rapport.actes import ActeDeRapport
from projets.rapport.etats import EtatRapport
from projets.rapport.impression import Etape, imprimer
from projets.rapport.models import Rapport
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents import stockage as documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur

journal = logging.getLogger(__name__)

TACHE = "projets.tasks.fabriquer_rapport"
# Laying out the PDF is the longest step without a sign of life: some ten seconds for a hundred projects.
SILENCE_MAX = timedelta(seconds=60)
REFUS = phrases_de(Rapport, "rapport_un_seul_en_fabrication")


def demander_rapport(*, mission: Mission, au: date, acteur: Utilisateur) -> Rapport:
    """Ask for a new version of the mission's report, with figures of the Paris day `au`; a worker makes it.

    Raises `RegleEnfreinte` while another one is being made, or when the mission began after `au`.
    """
    if mission.debut is None or au < mission.debut:
        raise RegleEnfreinte("La mission n’avait pas commencé à cette date : choisissez une date plus récente.")
    with traduire(REFUS), transaction.atomic():
        # Two requests at once take two numbers; the constraint lets one of them through.
        Mission.objects.select_for_update().get(pk=mission.pk)
        derniere = Rapport.objects.filter(mission=mission).aggregate(version=Max("version"))["version"] or 0
        rapport = Rapport.objects.create(mission=mission, version=derniere + 1, au=au, demande_par=acteur)
        consigner(ActeDeRapport.DEMANDER_RAPPORT, rapport, acteur=acteur, au=au.isoformat())
        planifier(TACHE, rapport.pk)
    return rapport


def relancer(*, rapport: Rapport, acteur: Utilisateur, maintenant: datetime) -> Rapport:
    """Try again a report whose making failed."""
    with traduire(REFUS), transaction.atomic():
        relance = appliquer(
            rapport,
            ActeDeRapport.RELANCER,
            acteur=acteur,
            maintenant=maintenant,
            champs={"etape": "", "avancement": 0, "erreur": "", "signe_de_vie": maintenant},
        )
        planifier(TACHE, rapport.pk)
    return relance


def fabriquer(*, rapport_id: int, maintenant: datetime) -> Rapport | None:
    """Make the report; None when there is nothing to do: made already, or another worker is alive on it.

    `maintenant` is on the database's clock. A fault in the making is recorded (`echec`), with a sentence
    for whoever asked.
    """
    rapport = _reserver(rapport_id, maintenant)
    if rapport is None:
        return None
    try:
        impression = imprimer(rapport, _temoin(rapport), connu_le=maintenant)
        with transaction.atomic():
            document = documents.enregistrer(impression.pdf, type_mime="application/pdf")
            return appliquer(
                rapport,
                ActeDeRapport.TERMINER,
                acteur=None,
                maintenant=maintenant,
                champs={
                    "document": document,
                    "chiffres": impression.chiffres.en_json(detail=True),
                    "pret_le": HorlogeBase(),
                    "avancement": 100,
                    "etape": "",
                },
                empreinte=document.sha256,
            )
    except (DatabaseError, RegleEnfreinte):
        # The database is away: the row still says what is to be done. Or another worker has finished first.
        journal.warning("Rapport %s laissé en l'état.", rapport_id, exc_info=True)
        return None
    except Exception:  # noqa: BLE001 – whatever goes wrong, whoever asked must be told
        journal.exception("Échec de la fabrication du rapport %s.", rapport_id)
        return _echouer(rapport, maintenant)


def _reserver(rapport_id: int, maintenant: datetime) -> Rapport | None:
    with transaction.atomic():
        rapport = Rapport.objects.select_for_update().get(pk=rapport_id)
        vivant = rapport.etat == EtatRapport.EN_COURS and rapport.signe_de_vie > maintenant - SILENCE_MAX
        if vivant or rapport.etat not in {EtatRapport.DEMANDE, EtatRapport.EN_COURS}:
            return None
        return appliquer(
            rapport, ActeDeRapport.COMMENCER, acteur=None, maintenant=maintenant, champs={"signe_de_vie": maintenant}
        )


def _temoin(rapport: Rapport) -> Callable[[Etape], None]:
    """Tells how far one is, outside any transaction: people watch it."""

    def dire(etape: Etape) -> None:
        Rapport.objects.filter(pk=rapport.pk, etat=EtatRapport.EN_COURS).update(
            etape=etape.libelle, avancement=etape.avancement, signe_de_vie=HorlogeBase()
        )

    return dire


def _echouer(rapport: Rapport, maintenant: datetime) -> Rapport:
    return appliquer(
        rapport,
        ActeDeRapport.ECHOUER,
        acteur=None,
        maintenant=maintenant,
        champs={
            "erreur": "La fabrication de ce rapport s’est interrompue. Vous pouvez la relancer ; si l’échec se répète,"
            f" signalez-le à l’équipe du portail en indiquant « rapport n° {rapport.pk} »."
        },
    )
