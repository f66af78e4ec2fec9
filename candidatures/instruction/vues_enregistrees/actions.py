"""Keeping a view, and letting it go."""

from django.db import transaction

from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from candidatures.instruction.vues_enregistrees.requetes import organismes_de
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Organisme

REFUS = phrases_de(VueEnregistree, "vue_enregistree_un_seul_nom", "vue_enregistree_nommee")
AU_PLUS = 30
TROP = f"Vous gardez déjà {AU_PLUS} vues\u00a0: supprimez-en une avant d’en enregistrer une autre."
PAS_LE_SIEN = "Vous ne partagez une vue qu’avec un organisme pour lequel vous lisez ces dossiers."


def enregistrer(
    *, personne: Utilisateur, nom: str, demande: str, partagee_avec: Organisme | None = None
) -> VueEnregistree:
    """Raises `RegleEnfreinte` for a name that is taken or empty, too many views, or an organisme of somebody else."""
    if partagee_avec is not None and partagee_avec not in organismes_de(personne):
        raise RegleEnfreinte(PAS_LE_SIEN)
    with traduire(REFUS), transaction.atomic():
        if VueEnregistree.objects.filter(proprietaire=personne).count() >= AU_PLUS:
            raise RegleEnfreinte(TROP)
        return VueEnregistree.objects.create(
            proprietaire=personne, nom=nom.strip(), demande=demande, partagee_avec=partagee_avec
        )


def oublier(*, vue: VueEnregistree) -> None:
    vue.delete()
