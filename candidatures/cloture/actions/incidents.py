"""Incidents of a wave: declared, ended, never taken back. The procès-verbal lists them."""

from datetime import datetime

from django.db import transaction

from candidatures.cloture.etats import NatureIncident
from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.regles import INCIDENT_AVANT_L_OUVERTURE
from candidatures.vagues.models.vagues import Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

DEBUT_FUTUR = "Le début de l’incident est dans le futur."
FIN_FUTURE = "La fin de l’incident est dans le futur\u00a0: enregistrez-la quand il sera terminé."
FIN_AVANT_LE_DEBUT = "L’incident finit avant d’avoir commencé."
TROP_ANCIEN = (
    f"Vérifiez cette date\u00a0: elle précède de plus de {INCIDENT_AVANT_L_OUVERTURE.days}\u00a0jours l’ouverture de "
    "la vague."
)


def declarer_incident(
    *,
    vague: Vague,
    nature: NatureIncident,
    debut: datetime,
    fin: datetime | None,
    description: str,
    auteur: Utilisateur,
    maintenant: datetime,
) -> Incident:
    """Declare what went wrong from `debut` to `fin`, or since `debut` when it lasts still. Raises `RegleEnfreinte`."""
    if debut > maintenant:
        raise RegleEnfreinte(DEBUT_FUTUR)
    _verifier_la_fin(debut, fin, maintenant)
    if maintenant < vague.ouverture or (fin is not None and fin < vague.ouverture):
        raise RegleEnfreinte("Cet incident est terminé avant l’ouverture de la vague.")
    if debut < vague.ouverture - INCIDENT_AVANT_L_OUVERTURE:
        raise RegleEnfreinte(TROP_ANCIEN)
    with transaction.atomic():
        incident = Incident.objects.create(
            vague=vague, nature=nature, debut=debut, fin=fin, description=description, auteur=auteur
        )
        _consigner("declarer_incident", incident, auteur, maintenant)
    return incident


def clore_incident(*, incident: Incident, fin: datetime, auteur: Utilisateur, maintenant: datetime) -> Incident:
    """Say when an incident ended. Raises `RegleEnfreinte` when that is said already, or cannot be."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).select_related("vague").get(pk=incident.pk)
        if incident.fin is not None:
            raise RegleEnfreinte("La fin de cet incident est déjà enregistrée.")
        _verifier_la_fin(incident.debut, fin, maintenant)
        return _finir(incident, fin, auteur, maintenant)


def constater_incident(
    *,
    cle: str,
    vague: Vague,
    nature: NatureIncident,
    debut: datetime,
    fin: datetime | None,
    description: str,
    maintenant: datetime,
) -> Incident:
    """What the portal found by itself: declared the first time, ended once `fin` is known. The same `cle` is one
    incident, however often it is found.
    """
    champs = {"vague": vague, "nature": nature, "debut": debut, "fin": fin, "description": description}
    with transaction.atomic():
        incident, nouveau = Incident.objects.get_or_create(cle=cle, defaults=champs)
        if nouveau:
            _consigner("declarer_incident", incident, None, maintenant)
        elif fin is not None:
            incident = Incident.objects.select_for_update(of=("self",)).select_related("vague").get(pk=incident.pk)
            if incident.fin is None:
                _finir(incident, fin, None, maintenant)
    return incident


def _verifier_la_fin(debut: datetime, fin: datetime | None, maintenant: datetime) -> None:
    if fin is not None and fin < debut:
        raise RegleEnfreinte(FIN_AVANT_LE_DEBUT)
    if fin is not None and fin > maintenant:
        raise RegleEnfreinte(FIN_FUTURE)


def _finir(incident: Incident, fin: datetime, auteur: Utilisateur | None, maintenant: datetime) -> Incident:
    incident.fin = fin
    incident.save(update_fields=["fin"])
    _consigner("clore_incident", incident, auteur, maintenant)
    return incident


def _consigner(acte: str, incident: Incident, auteur: Utilisateur | None, maintenant: datetime) -> None:
    consigner(
        acte,
        incident,
        acteur=auteur,
        fait_le=maintenant,
        nature=incident.get_nature_display(),
        debut=incident.debut.isoformat(),
        fin=incident.fin.isoformat() if incident.fin else None,
        description=incident.description,
    )
