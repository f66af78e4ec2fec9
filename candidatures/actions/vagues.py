"""The calendar of waves: proposed every four months, corrected by hand as long as nothing is closed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from candidatures.actions.cahiers import cahier_en_vigueur
from candidatures.etats import EtatVague
from candidatures.models import Vague
from candidatures.regles import PREMIERE_OUVERTURE, PREMIERE_RELEVE, releve_suivante
from rebond.socle.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur

CONFLITS = {
    "vague_sans_chevauchement": "Cette période chevauche celle d’une autre vague.",
    "vague_ouvre_avant_de_clore": "Une vague doit ouvrir avant de clore.",
}


def generer_calendrier(*, jusqu_a: datetime, acteur: Utilisateur | None, maintenant: datetime) -> list[Vague]:
    """Add the waves that follow the last one, each opening when the previous closes, up to the first that closes after
    `jusqu_a`. Return the new ones; none when the calendar already reaches that far.
    """
    nouvelles: list[Vague] = []
    with transaction.atomic():
        derniere = Vague.objects.select_for_update().order_by("numero").last()
        while derniere is None or derniere.cloture <= jusqu_a:
            derniere = Vague.objects.create(
                numero=derniere.numero + 1 if derniere else 1,
                ouverture=derniere.cloture if derniere else PREMIERE_OUVERTURE,
                cloture=releve_suivante(derniere.cloture) if derniere else PREMIERE_RELEVE,
            )
            cahier_en_vigueur(vague=derniere, auteur=acteur)
            consigner("programmer", derniere, acteur=acteur, fait_le=maintenant, **_bornes(derniere))
            nouvelles.append(derniere)
    return nouvelles


def modifier_vague(
    *, vague: Vague, ouverture: datetime, cloture: datetime, acteur: Utilisateur, maintenant: datetime
) -> Vague:
    """Move the opening or the closing of a wave that is not closed yet.

    Refused once the deadline has passed, when the new deadline would already be past, or when the opening of a
    wave that has begun would move. Raises `RegleEnfreinte`.
    """
    with traduire(CONFLITS), transaction.atomic():
        vague = Vague.objects.select_for_update().get(pk=vague.pk)
        avant = _bornes(vague)
        if vague.etat != EtatVague.PREVUE or vague.cloture <= maintenant:
            raise RegleEnfreinte("Cette vague est close : ses dates ne changent plus.")
        if cloture <= maintenant:
            raise RegleEnfreinte("La nouvelle clôture est déjà passée : choisissez un instant à venir.")
        if vague.ouverture <= maintenant and ouverture != vague.ouverture:
            raise RegleEnfreinte("Cette vague est déjà ouverte : seule sa clôture peut changer.")
        vague.ouverture, vague.cloture = ouverture, cloture
        try:
            vague.validate_constraints()
        except ValidationError as erreur:
            raise RegleEnfreinte(" ".join(erreur.messages)) from erreur
        vague.save(update_fields=["ouverture", "cloture"])
        consigner("deplacer", vague, acteur=acteur, fait_le=maintenant, avant=avant, apres=_bornes(vague))
    return vague


def _bornes(vague: Vague) -> dict[str, str]:
    return {"ouverture": vague.ouverture.isoformat(), "cloture": vague.cloture.isoformat()}
