"""Giving roles in tests as administrateurs do, in one line."""

from datetime import timedelta
from typing import Any

from rebond.comptes.actions import roles
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation
from territoires.regles import UN_AN
from tests import fabriques as f

AGENT = "agent@exemple.fr"


def proposer(acteur: Utilisateur, adresse: str = AGENT, role: Role = Role.VALIDEUR, **champs: Any) -> Habilitation:
    maintenant = horloge_base()
    champs = {"jusqu_au": maintenant + timedelta(days=300), "organisme": f.un_service()} | champs
    return roles.proposer(adresse=adresse, role=role, acteur=acteur, maintenant=maintenant, **champs)


def signer(habilitation: Habilitation, acteur: Utilisateur) -> Habilitation:
    return roles.signer(habilitation=habilitation, acteur=acteur, maintenant=horloge_base())


def activer(habilitation: Habilitation, utilisateur: Utilisateur) -> None:
    maintenant = horloge_base()
    Habilitation.objects.filter(pk=habilitation.pk).update(
        etat=EtatHabilitation.ACTIVE,
        utilisateur=utilisateur,
        activee_le=maintenant,
        a_confirmer_avant=maintenant + UN_AN,
    )
