"""The letters of a file that did not arrive, as whoever had them sent reads it: to whom, why, and where to correct."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat, Left, Lower

from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.liens import Lien
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import NON_ARRIVEES
from rebond.socle.courriers.retours.requetes import deja_revenue, injoignables, non_arrivees


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
    """By person, why letters do not arrive at their address any more. They come with `deja_revenue`: asked only when
    one did."""
    lues: Collection[Any] = participations
    adresses = {part.utilisateur.email.lower(): part.utilisateur_id for part in lues if part.deja_revenue}
    return {adresses[adresse]: retour for adresse, retour in injoignables(adresses, maintenant).items()}


def a_une_lettre_perdue(dossier: Any, maintenant: Any) -> ExpressionWrapper:
    """Whether `a_corriger` may have something to say, for a query of files to hold: `dossier` leads to the file from
    there, `maintenant` may be the clock of the base. Whatever came back from one of its people is reason to ask."""
    revenue = Exists(Retour.objects.non_arrives().sans_autre_envoi().filter(courrier__cle=OuterRef("lettre")))
    lettres = (_des_invitations(dossier), _des_liens(dossier, maintenant))
    invitation, lien = (Exists(lettre.filter(revenue)) for lettre in lettres)
    venue_d_eux = deja_revenue("utilisateur__email", NON_ARRIVEES)
    des_siens = Exists(Participation.objects.filter(venue_d_eux, candidature=dossier))
    return ExpressionWrapper(Q(invitation) | Q(lien) | Q(des_siens), output_field=BooleanField())


def adresses_des_participants(candidature: Candidature) -> QuerySet[Any]:
    """In small letters: those that they have now."""
    siennes = Participation.objects.filter(candidature=candidature).order_by()
    return siennes.values(adresse=Lower("utilisateur__email"))


def a_corriger(candidature: Candidature, maintenant: datetime) -> list[LettrePerdue]:
    """What whoever writes in the file has to put right, in one statement: pending invitations and living links whose
    letter did not arrive."""
    invitations, liens = _des_invitations(candidature), _des_liens(candidature, maintenant)
    revenues = (
        Retour.objects.non_arrives()
        .sans_autre_envoi()
        .filter(courrier__cle__in=invitations.values("lettre").union(liens.values("lettre"), all=True))
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


def _des_invitations(dossier: Any) -> QuerySet[Any]:
    """Those that wait for an answer, with the key of their letter (`lettre`)."""
    attendues = Invitation.objects.filter(candidature=dossier, acceptee_le=None, revoquee_le=None)
    return attendues.annotate(lettre=_cle("invitation-", "pk", Value("-"), Left("empreinte", 16))).order_by()


def _des_liens(dossier: Any, maintenant: Any) -> QuerySet[Any]:
    """Those that live, in the same way."""
    vivants = Lien.objects.filter(candidature=dossier, revoque_le=None, expire_le__gt=maintenant).exclude(email="")
    return vivants.annotate(lettre=_cle("lien-", "pk")).order_by()


def _cle(debut: str, *suite: object) -> Concat:
    morceaux = [Cast(m, CharField()) if isinstance(m, str) else m for m in suite]
    return Concat(Value(debut), *morceaux, output_field=TextField())
