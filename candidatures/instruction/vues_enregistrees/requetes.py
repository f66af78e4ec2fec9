"""Whose views one may open."""

from typing import Any

from django.db.models import Q

from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from rebond.comptes.habilitations import habilitations_de
from rebond.socle.texte.noms import alphabetique, nom_nu
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Organisme

#: Those who read the list of a wave.
LECTEURS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)


def organismes_de(personne: Utilisateur) -> list[Organisme]:
    """For which `personne` reads the files of a wave; no statement."""
    siens = {h.organisme_id: h.organisme for h in habilitations_de(personne) if h.role in LECTEURS}
    return sorted(siens.values(), key=lambda organisme: (nom_nu(organisme.nom), organisme.pk))


def vues_de(personne: Utilisateur) -> Any:
    """Their own, and those that are shared with an organisme of theirs."""
    partagees = Q(partagee_avec__in=[organisme.pk for organisme in organismes_de(personne)])
    vues = VueEnregistree.objects.filter(Q(proprietaire=personne) | partagees)
    return vues.select_related("proprietaire", "partagee_avec").order_by(alphabetique("nom"), "pk")
