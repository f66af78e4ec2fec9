"""Choosing which comfort letters one gets."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower

from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import CONFORT, DE_CONFORT, Rythme, Sorte
from rebond.socle.utilisateur import Utilisateur


def choisies_par(utilisateur: Utilisateur) -> dict[str, str]:
    """By kind of letter; at once for what was never chosen."""
    choisies = dict(PreferenceDeLettres.objects.filter(utilisateur=utilisateur).values_list("sorte", "rythme"))
    return {sorte: choisies.get(sorte, Rythme.AUSSITOT) for sorte in CONFORT}


@transaction.atomic
def choisir(*, utilisateur: Utilisateur, choix: Mapping[str, str]) -> None:
    for sorte, rythme in choix.items():
        PreferenceDeLettres.objects.update_or_create(utilisateur=utilisateur, sorte=sorte, defaults={"rythme": rythme})


def lettre_de_confort(jeton: str) -> Courrier | None:
    """The comfort letter that this token names; None for any other, and for what is no token."""
    try:
        nomme = UUID(hex=jeton)
    except ValueError:
        return None
    return Courrier.objects.filter(jeton=nomme, sorte__in=sorted(DE_CONFORT), envoye_le__isnull=False).first()


def refuser(lettre: Courrier) -> None:
    """No other letter of that kind leaves for whoever got this one; of none, after a summary of them all. Twice is
    once. Nothing happens when no account has this address any more: the answer is the same."""
    titulaire = Utilisateur.objects.alias(vers=Lower("email")).filter(vers=lettre.destinataire.lower()).first()
    sortes = list(CONFORT) if lettre.sorte == Sorte.RESUME else [Sorte(lettre.sorte)]
    if titulaire is not None:
        choisir(utilisateur=titulaire, choix=dict.fromkeys(sortes, Rythme.AUCUN))
