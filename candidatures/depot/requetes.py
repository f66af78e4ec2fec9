"""The deposits of a file, and what is known beforehand of one that the portal makes."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet

from candidatures.depot.etats import Reserve
from candidatures.depot.models import AccuseRectificatif, Depot, PieceDeposee
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.versions import VersionComplete
from rebond.comptes.habilitations import perimetre, titulaires
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Territoire
from territoires.regles import cle_de

# Names the deposits of `source = echeance`: a file has one at most, and the database refuses a second.
ESPACE = UUID("6f2b1f0e-5d0a-4c57-9b6e-0f6f3c1f7a11")


def cle_du_depot(candidature: Candidature) -> UUID:
    """The same whenever the closing runs: a file is deposited by the portal once."""
    return uuid5(ESPACE, str(candidature.pk))


def recu_le_de(version: VersionComplete, candidature: Candidature) -> datetime:
    """The later of the save that made the version complete and of the request to deposit it."""
    demande_le = candidature.depot_a_l_echeance_le
    return max(version.fait_le, demande_le) if demande_le else version.fait_le


def depots_de(candidature: Candidature) -> list[Any]:
    """With their receipts, attachments and bound PDF, the latest first: it is the one that counts.

    Each has the ranks of its corrected receipts (`rectifies`)."""
    connus = ("document__lisibilite", "document__effacement", "document__analyse", "document__lecture")
    sauf = ("document__lecture__texte", "document__lecture__vecteur")
    pieces = PieceDeposee.objects.select_related(*connus).defer(*sauf).order_by("pk")
    rectifies = AccuseRectificatif.objects.filter(depot=OuterRef("pk")).order_by("rang")
    depots = candidature.depots.select_related("accuse", "auteur", "reliure__document")
    lus = depots.annotate(rectifies=ArraySubquery(rectifies.values("rang")))
    return list(lus.prefetch_related(Prefetch("pieces", pieces)).order_by("-rang"))


def chef_depose(depot: Depot) -> tuple[str, str]:
    """SIREN and name of the authority that leads what was deposited."""
    membres = depot.contenu.get("membres")
    if membres:
        return str(membres[0]["siren"]), str(membres[0]["nom"])
    territoire = depot.contenu["territoire"]
    siren = str(territoire["chef_de_file"])
    return siren, next((str(epci["nom"]) for epci in territoire["epcis"] if epci["siren"] == siren), "")


def cle_deposee(depot: Depot) -> str:
    """The key of the grouping that the deposit was made for."""
    return cle_de(epci["siren"] for epci in depot.contenu["territoire"]["epcis"])


def porteur_de(candidature: Candidature) -> Utilisateur | None:
    """The porteur; none in data made by hand."""
    trouve = Participation.objects.filter(candidature=candidature, qualite=Qualite.PORTEUR)
    participation = trouve.select_related("utilisateur").first()
    return participation.utilisateur if participation else None


def reserve_de(candidature: Candidature, depot: Depot | None) -> Reserve | None:
    """Why the file, whose deposit that counts is `depot`, was received under reserve, as far as its people know; None
    when it was not, or is not any more.

    The first two reasons hide the third: whoever has proven nothing never learns that another file exists.
    """
    if depot is None or not candidature.reserve_sue or candidature.etat == EtatCandidature.RETIREE:
        return None
    porteur = porteur_de(candidature)
    if porteur is None or not est_rattache(porteur, [chef_depose(depot)[0]]):
        return Reserve.A_PROUVER
    if Contestation.objects.retenues().filter(candidature=candidature).exists():
        return Reserve.SIGNALE
    return Reserve.DEJA_TENU


def qui_tient(candidature: Candidature, depot: Depot) -> Candidature | None:
    """The file that holds, in this wave, the territory that `depot` was made for."""
    tenants = Candidature.objects.filter(vague=candidature.vague_id, territoire_tenu=cle_deposee(depot))
    return tenants.exclude(pk=candidature.pk).pour_liste().order_by("pk").first()


def qui_citent(sirens: set[str]) -> QuerySet[Candidature]:
    """Files that speak of one of these authorities: as they are written, or as they were deposited."""
    cites = Q(territoire__epcis__siren__in=sirens) | Q(membres__petr__siren__in=sirens)
    for siren in sirens:
        cites |= Q(depots__contenu__territoire__epcis__contains=[{"siren": siren}])
    return Candidature.objects.filter(pk__in=Candidature.objects.filter(cites).values("pk"))


def agents_a_prevenir_de(candidature: Candidature, *, instruite: bool) -> list[Utilisateur]:
    """The administrateurs, and whoever instructs the files of that territory once this one is `instruite`; never who
    takes part in it, left it, or declared an interest in it."""
    la = Territoire.objects.filter(pk=candidature.territoire_id)
    instruisent = titulaires(Role.INSTRUCTEUR) if instruite else Utilisateur.objects.none()
    agents = {agent for agent in instruisent if la.dans(perimetre(agent, Role.INSTRUCTEUR)).exists()}
    prevenus = agents | set(titulaires(Role.ADMINISTRATEUR))
    anciennes = AncienneParticipation.objects.filter(candidature=candidature)
    liens = (candidature.participations, candidature.declarations_interets, anciennes)
    interesses = {pk for lien in liens for pk in lien.values_list("utilisateur", flat=True)}
    return sorted((agent for agent in prevenus if agent.pk not in interesses), key=lambda agent: agent.pk)
