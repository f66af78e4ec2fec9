"""Reminding, for many files at once, of whatever is awaited of somebody else: avis, corrections."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.avis.actions.demandes import relancer
from candidatures.instruction.avis.requetes import a_relancer
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.correction.relances import prevenir_des_relances, relancer_correction
from candidatures.instruction.correction.requetes import deja_relances
from candidatures.instruction.lots.models import ActeGroupe
from candidatures.instruction.lots.registre import Acte
from candidatures.instruction.saisine.models import Saisine
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur

RIEN = "Rien n’est attendu d’autrui sur ce dossier."
DEJA = "Un e-mail est parti depuis moins d’un jour pour ce qui est attendu sur ce dossier\u00a0: attendez demain."


def _attendus(dossiers: Collection[Any]) -> tuple[list[Saisine], set[int]]:
    """The requests that an avis may still answer, and the files of which a correction is awaited."""
    saisines = Saisine.objects.attendues().filter(candidature__in=dossiers).select_related("candidature")
    corrections = DemandeDeCorrection.objects.filter(candidature__in=dossiers, rendue_le=None, fermee_le=None)
    return list(saisines.order_by("pk")), set(corrections.values_list("candidature", flat=True))


def _relancer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> None:
    """Whoever was not written to for a day. Their letters come together, a little later."""
    saisines, corrections = _attendus([candidature])
    a_dire = a_relancer(saisines, maintenant)
    corrige = bool(corrections) and candidature.pk not in deja_relances([candidature.pk], maintenant)
    if not a_dire and not corrige:
        raise RegleEnfreinte(DEJA if saisines or corrections else RIEN)
    with transaction.atomic():
        for saisine in a_dire:
            relancer(saisine=saisine, auteur=auteur, maintenant=maintenant)
        if corrige:
            relancer_correction(candidature=candidature, auteur=auteur, maintenant=maintenant)


def _refus(dossiers: Collection[Any], _: Mapping[str, Any]) -> dict[int, str]:
    maintenant = horloge_base()
    saisines, corrections = _attendus(dossiers)
    a_dire = {saisine.candidature_id for saisine in a_relancer(saisines, maintenant)}
    a_dire |= corrections - deja_relances(corrections, maintenant)
    attendus = corrections | {saisine.candidature_id for saisine in saisines}
    return {d.pk: DEJA if d.pk in attendus else RIEN for d in dossiers if d.pk not in a_dire}


def _conclure(_groupe: ActeGroupe, faits: Collection[int], maintenant: datetime) -> None:
    prevenir_des_relances(dossiers=faits, maintenant=maintenant)


RELANCER = Acte(
    "relancer",
    "Relancer les experts et les territoires",
    "relancés",
    faire=_relancer,
    refus=_refus,
    conclure=_conclure,
)
