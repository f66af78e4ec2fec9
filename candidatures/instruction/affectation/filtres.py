"""What the files of a wave are chosen by: who holds them."""

from collections.abc import Iterator

from django.db.models import Q

from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from rebond.comptes.habilitations import a_le_role
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

MOI, A_PRENDRE = "moi", "a_prendre"


def suivi_par(moi: Utilisateur, choisi: str) -> Q:
    """What this choice keeps: mine, those to be taken, those of one person. A condition on narrow rows with their
    `etat_connu`."""
    if choisi == A_PRENDRE:
        return Q(responsable=None, etat_connu__in=ETATS_CONFIES)
    return Q(responsable=moi.pk if choisi == MOI else choisi)


def responsables_lus_par(moi: Utilisateur) -> Iterator[tuple[str, str]]:
    """What `moi` may choose, with its words: of the people, those who hold a file that `moi` reads."""
    if a_le_role(moi, Role.INSTRUCTEUR):
        yield MOI, "Moi"
    yield A_PRENDRE, "À prendre"
    tenus = suivis_par(moi).filter(responsable__isnull=False).exclude(responsable=moi).order_by()
    for personne in Utilisateur.objects.filter(pk__in=tenus.values("responsable")).order_by(*par_nom()):
        yield str(personne.pk), str(personne)
