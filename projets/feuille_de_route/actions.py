"""Writing the roadmap."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from projets.feuille_de_route.models import ActionAxe, Axe, FeuilleDeRoute
from projets.mission.actions import verrouiller_ouverte
from projets.mission.models import Mission
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Epci


def ecrire_axe(
    *,
    mission: Mission,
    titre: str,
    description: str,
    epcis: Iterable[Epci],
    actions: Iterable[Mapping[str, Any]],
    acteur: Utilisateur,
    maintenant: datetime,
    axe: Axe | None = None,
) -> Axe:
    """Write one axis with its actions (`intitule`, `pilote`, `echeance`): a new one at the end, or `axe` again."""
    with transaction.atomic():
        mission = verrouiller_ouverte(mission, acteur)
        feuille, _ = FeuilleDeRoute.objects.get_or_create(mission=mission)
        if axe is None:
            dernier = feuille.axes.aggregate(dernier=Max("rang"))["dernier"] or 0
            axe = Axe(feuille=feuille, rang=dernier + 1)
        else:
            axe = _relire(feuille, axe)
        axe.titre, axe.description = titre, description
        axe.save()
        axe.epcis.set(epcis)
        axe.actions.all().delete()
        ActionAxe.objects.bulk_create(ActionAxe(axe=axe, **action) for action in actions)
        consigner("ecrire_axe", axe, acteur=acteur, fait_le=maintenant)
    return axe


def deplacer_axe(*, axe: Axe, vers_le_haut: bool, acteur: Utilisateur, maintenant: datetime) -> None:
    """Exchange an axis with its neighbour; at the end of the list nothing changes."""
    with transaction.atomic():
        verrouiller_ouverte(axe.feuille.mission, acteur)
        axes = list(axe.feuille.axes.order_by("rang"))
        ici = axes.index(_relire(axe.feuille, axe))
        la = ici - 1 if vers_le_haut else ici + 1
        if not 0 <= la < len(axes):
            return
        axes[ici].rang, axes[la].rang = axes[la].rang, axes[ici].rang
        Axe.objects.bulk_update([axes[ici], axes[la]], ["rang"])
        consigner("deplacer_axe", axe, acteur=acteur, fait_le=maintenant)


def retirer_axe(*, axe: Axe, acteur: Utilisateur, maintenant: datetime) -> None:
    with transaction.atomic():
        verrouiller_ouverte(axe.feuille.mission, acteur)
        axe = _relire(axe.feuille, axe)
        consigner("retirer_axe", axe, acteur=acteur, fait_le=maintenant)
        axe.delete()


def _relire(feuille: FeuilleDeRoute, axe: Axe) -> Axe:
    """The axis as it is under the mission's lock: a colleague may have removed it in the meantime."""
    relu = feuille.axes.filter(pk=axe.pk).first()
    if relu is None:
        raise RegleEnfreinte("Cet axe n’est plus dans la feuille de route.")
    return relu
