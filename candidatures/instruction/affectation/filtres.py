"""What the files of a wave are chosen by: who holds them."""

from django.db.models import Q

from candidatures.instruction.affectation.etats import ETATS_CONFIES
from rebond.socle.utilisateur import Utilisateur

MOI, A_PRENDRE = "moi", "a_prendre"


def suivi_par(moi: Utilisateur, choisi: str) -> Q:
    """What this choice keeps (as a condition on narrow rows with their `etat_connu`): mine, those to be taken, or
    those of one person."""
    if choisi == A_PRENDRE:
        return Q(responsable=None, etat_connu__in=ETATS_CONFIES)
    return Q(responsable=moi.pk if choisi == MOI else int(choisi))
