"""Choosing which comfort letters one gets."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Lower

from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import CONFORT, Rythme, Sorte
from rebond.socle.utilisateur import Utilisateur


@transaction.atomic
def choisir(*, utilisateur: Utilisateur, choix: Mapping[str, str]) -> None:
    for sorte, rythme in choix.items():
        PreferenceDeLettres.objects.update_or_create(utilisateur=utilisateur, sorte=sorte, defaults={"rythme": rythme})


def refuser(lettre: Courrier) -> None:
    """No other letter of that kind leaves for whoever got this one; of none, after a summary of them all. Twice is
    once. Nothing happens when no account has this address any more: the answer is the same."""
    titulaire = Utilisateur.objects.alias(vers=Lower("email")).filter(vers=lettre.destinataire.lower()).first()
    sortes = list(CONFORT) if lettre.sorte == Sorte.RESUME else [Sorte(lettre.sorte)]
    if titulaire is not None:
        choisir(utilisateur=titulaire, choix=dict.fromkeys(sortes, Rythme.AUCUN))
