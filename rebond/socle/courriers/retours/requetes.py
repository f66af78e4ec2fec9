"""Which letters did not arrive, and which addresses receive nothing any more."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.models import Retour, RetourQuerySet
from rebond.socle.courriers.retours.regles import DELAI_DE_RETOUR, NON_ARRIVEES, Genre


def non_arrivees(cles: Collection[str]) -> dict[str, Retour]:
    """By key, the last return of each letter that did not arrive: one that was sent again since may have."""
    if not cles:
        return {}
    perdues = Retour.objects.non_arrives().sans_autre_envoi().filter(courrier__cle__in=cles)
    return {retour.courrier.cle: retour for retour in perdues.select_related("courrier").order_by("pk")}


def revenus_de(adresses: Any) -> RetourQuerySet:
    """What came back of letters that did not arrive at one of these addresses (in small letters), however they were
    typed."""
    return Retour.objects.non_arrives().alias(la=Lower("courrier__destinataire")).filter(la__in=adresses)


def injoignables(adresses: Collection[str], maintenant: datetime) -> dict[str, Retour]:
    """By address in small letters, the return that says why nothing arrives there any more.

    The one rule: an address is out of reach from the day a letter came back because of it, until a later one left for
    it more than `DELAI_DE_RETOUR` ago and did not come back. Letters of the law, which always leave, try it.
    """
    cherchees = {adresse.lower() for adresse in adresses if adresse}
    if not cherchees:
        return {}
    arrivee = (
        Courrier.objects.alias(la=Lower("destinataire"))
        .filter(la=OuterRef("vers"), envoye_le__gt=OuterRef("parti_le"), envoye_le__lt=maintenant - DELAI_DE_RETOUR)
        .exclude(retours__genre__in=NON_ARRIVEES)
    )
    derniers = (
        Retour.objects.annotate(vers=Lower("courrier__destinataire"))
        .filter(~Exists(arrivee), genre=Genre.ADRESSE, vers__in=cherchees)
        .order_by("vers", "-parti_le")
        .distinct("vers")
    )
    return {retour.vers: retour for retour in derniers}


def deja_revenue(adresse: str, genres: Collection[Genre] = (Genre.ADRESSE,)) -> Exists:
    """Whether a letter came back one day from the address `adresse` of the query that holds it, because of that
    address: of no other is there anything to ask `injoignables`. `genres`: for another reason too."""
    a_elle = Courrier.objects.alias(la=Lower("destinataire")).filter(la=Lower(OuterRef(adresse)))
    return Exists(a_elle.filter(retours__genre__in=genres))


def est_injoignable(adresse: str, maintenant: datetime) -> bool:
    return bool(injoignables([adresse], maintenant))
