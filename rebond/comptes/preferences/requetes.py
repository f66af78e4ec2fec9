"""What somebody has chosen, and the letter whose link they followed."""

from uuid import UUID

from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import CONFORT, DE_CONFORT, Rythme
from rebond.socle.utilisateur import Utilisateur


def choisies_par(utilisateur: Utilisateur) -> dict[str, str]:
    """By kind of letter; at once for what was never chosen."""
    choisies = dict(PreferenceDeLettres.objects.filter(utilisateur=utilisateur).values_list("sorte", "rythme"))
    return {sorte: choisies.get(sorte, Rythme.AUSSITOT) for sorte in CONFORT}


def lettre_de_confort(jeton: str) -> Courrier | None:
    """The comfort letter that this token names; None for any other, and for what is no token."""
    try:
        nomme = UUID(hex=jeton)
    except ValueError:
        return None
    return Courrier.objects.filter(jeton=nomme, sorte__in=sorted(DE_CONFORT), envoye_le__isnull=False).first()
