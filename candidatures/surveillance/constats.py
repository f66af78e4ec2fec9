"""Interruptions that the portal found by itself become incidents of the wave during which they happened."""

from datetime import datetime, timedelta

from django.db.models import Q

from candidatures.cloture.actions.incidents import constater_incident
from candidatures.cloture.etats import NatureIncident
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.models import PanneMessagerie
from rebond.socle.texte.typographie import INSECABLE
from rebond.socle.vigie import Alarme
from rebond.surveillance.alarmes import REPIT
from rebond.surveillance.derives import PREFIXE
from rebond.surveillance.disponibilite import NatureCoupure, coupures

PANNE_MESSAGERIE = timedelta(minutes=10)


def constater(*, maintenant: datetime) -> None:
    """Declare what is new, end what is over; `maintenant` is on the database's clock."""
    en_cours = Q(etat=EtatVague.PREVUE) | Q(incidents__auteur=None, incidents__fin=None, incidents__cle__isnull=False)
    for vague in Vague.objects.filter(en_cours, ouverture__lte=maintenant).distinct().order_by("pk"):
        _constater_indisponibilites(vague, maintenant)
        _constater_pannes_messagerie(vague, maintenant)
        _constater_horloges(vague, maintenant)


def _constater_indisponibilites(vague: Vague, maintenant: datetime) -> None:
    for coupure in coupures(vague.ouverture, maintenant):
        if coupure.nature != NatureCoupure.INDISPONIBLE or coupure.debut >= vague.echeance + vague.grace:
            continue
        constater_incident(
            cle=f"indisponibilite-{vague.numero}-{coupure.debut:%Y%m%dT%H%M%S%f}",
            vague=vague,
            nature=NatureIncident.INDISPONIBILITE,
            debut=coupure.debut,
            fin=coupure.fin if coupure.fin < maintenant else None,
            description=f"Constaté par la sonde du portail{INSECABLE}: {coupure.detail}",
            maintenant=maintenant,
        )


def _constater_pannes_messagerie(vague: Vague, maintenant: datetime) -> None:
    pannes = PanneMessagerie.objects.filter(
        Q(fin=None) | Q(fin__gt=vague.ouverture), debut__lt=vague.echeance + vague.grace
    )
    for panne in pannes:
        if (panne.fin or maintenant) - panne.debut <= PANNE_MESSAGERIE:
            continue
        constater_incident(
            cle=f"messagerie-{vague.numero}-{panne.pk}",
            vague=vague,
            nature=NatureIncident.MESSAGERIE,
            debut=panne.debut,
            fin=panne.fin,
            description=f"Le serveur de messagerie n’acceptait aucun e-mail{INSECABLE}: {panne.erreur}",
            maintenant=maintenant,
        )


def _constater_horloges(vague: Vague, maintenant: datetime) -> None:
    alarmes = Alarme.objects.filter(
        Q(eteinte_le=None) | Q(eteinte_le__gt=vague.ouverture),
        cle__startswith=PREFIXE,
        sonnee_le__lt=vague.echeance + vague.grace,
    )
    for alarme in alarmes:
        # Within that time it may come back in force: it is not over.
        finie = alarme.eteinte_le is not None and maintenant - alarme.eteinte_le >= REPIT
        constater_incident(
            cle=f"horloge-{vague.numero}-{alarme.pk}",
            vague=vague,
            nature=NatureIncident.HORLOGE,
            debut=alarme.sonnee_le,
            fin=alarme.eteinte_le if finie else None,
            description=alarme.texte,
            maintenant=maintenant,
        )
