"""Which requests for an avis reach a person, as an expert of an organisme."""

from typing import Any

from django.db.models import Q

from candidatures.instruction.saisine.models import Saisine, SaisineQuerySet
from rebond.comptes.habilitations import habilitations_de
from territoires.etats import Role
from territoires.models import Territoire
from territoires.regles import Perimetre


def adressees_a_l_organisme_de(personne: Any) -> Q:
    """Requests (as a condition on them) asked of an organisme of which `personne` is an expert, where they are."""
    portee = Q(pk__in=[])
    for tenue in habilitations_de(personne):
        if tenue.role == Role.EXPERT:
            portee |= Q(organisme=tenue.organisme_id) & _la_ou(tenue)
    return portee


def ouvertes_a(personne: Any, instant: Any) -> SaisineQuerySet:
    """Those by which `personne` reads a file: theirs, and those that nobody of their organisme took yet."""
    a_prendre = Q(expert=None) & adressees_a_l_organisme_de(personne)
    return Saisine.objects.qui_ouvrent(instant).filter(Q(expert=personne) | a_prendre)


def _la_ou(tenue: Any) -> Q:
    la = Perimetre(
        national=not (tenue.region_id or tenue.departement_id or tenue.territoire_id),
        regions=frozenset(filter(None, [tenue.region_id])),
        departements=frozenset(filter(None, [tenue.departement_id])),
        territoires=frozenset(filter(None, [tenue.territoire_id])),
    )
    if la.national:
        return Q()
    return Q(candidature__territoire__in=Territoire.objects.dans(la).order_by().values("pk"))
