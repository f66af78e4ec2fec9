"""The letters of a file that did not arrive, as whoever had them sent reads it: to whom, why, and where to correct."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Left

from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.liens import Lien
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.requetes import injoignables, non_arrivees


@dataclass(frozen=True)
class LettrePerdue:
    """`page` is where its address is corrected: the name of that page of the file."""

    adresse: str
    raison: str
    page: str


def retours_des_invitations(invitations: Iterable[Invitation]) -> dict[int, Retour]:
    """By invitation, why its last letter did not arrive."""
    cles = {invitation.cle_de_la_lettre: invitation.pk for invitation in invitations}
    return {cles[cle]: retour for cle, retour in non_arrivees(cles).items()}


def retours_des_liens(liens: Iterable[Lien | None]) -> dict[int, Retour]:
    """By link, why its letter did not arrive."""
    cles = {lien.cle_de_la_lettre: lien.pk for lien in liens if lien is not None and lien.revoque_le is None}
    return {cles[cle]: retour for cle, retour in non_arrivees(cles).items()}


def retours_des_participants(participations: Collection[Participation], maintenant: datetime) -> dict[int, Retour]:
    """By person, why letters do not arrive at their address any more."""
    adresses = {part.utilisateur.email.lower(): part.utilisateur_id for part in participations}
    return {adresses[adresse]: retour for adresse, retour in injoignables(adresses, maintenant).items()}


def a_corriger(candidature: Candidature, maintenant: datetime, *, accuses: str = "") -> list[LettrePerdue]:
    """What whoever writes in the file has to put right, in one statement: pending invitations and living links whose
    letter did not arrive, and receipts (their keys begin by `accuses`) that came back from an address that one of
    them still has."""
    invitations = (
        Invitation.objects.filter(candidature=candidature, acceptee_le=None, revoquee_le=None)
        .annotate(lettre=_cle("invitation-", "pk", Value("-"), Left("empreinte", 16)))
        .order_by()
    )
    liens = (
        Lien.objects.filter(candidature=candidature, revoque_le=None, expire_le__gt=maintenant)
        .exclude(email="")
        .annotate(lettre=_cle("lien-", "pk"))
        .order_by()
    )
    lettres = Q(courrier__cle__in=invitations.values("lettre").union(liens.values("lettre"), all=True))
    if accuses:
        siennes = Participation.objects.filter(candidature=candidature).order_by().values("utilisateur__email")
        lettres |= Q(courrier__cle__startswith=accuses, courrier__destinataire__in=siennes)
    revenues = (
        Retour.objects.non_arrives()
        .filter(lettres)
        .select_related("courrier")
        .order_by("courrier_id", "-pk")
        .distinct("courrier_id")
    )
    return [
        LettrePerdue(
            retour.courrier.destinataire,
            retour.raison,
            f"candidatures:{'accords' if retour.courrier.cle.startswith('lien-') else 'equipe'}",
        )
        for retour in revenues
    ]


def _cle(debut: str, *suite: object) -> Concat:
    morceaux = [Cast(m, CharField()) if isinstance(m, str) else m for m in suite]
    return Concat(Value(debut), *morceaux, output_field=TextField())
