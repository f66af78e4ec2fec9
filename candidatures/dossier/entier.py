"""How a file is read once it is held (`actions.dossier_tenu`): in one statement, with all that an act looks at."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.instantane import MembreLu, PieceLue, reste_sain
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionDeSection
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.documents.models import Document
from territoires.models import Territoire

CLE = models.BigIntegerField()


def entiere() -> QuerySet[Candidature]:
    """The file `dossier`, the part of `personne` in it, the clock, its attachments, its authorities, its territory."""
    epcis = Territoire.epcis.through.objects.filter(territoire=OuterRef("territoire")).order_by("epci__siren")
    part = Participation.objects.filter(candidature=OuterRef("pk"), utilisateur=valeur("personne", CLE))
    lue = Candidature.objects.filter(pk=valeur("dossier", CLE)).select_related(
        "vague", "cahier", "territoire__chef_de_file"
    )
    return avec_ses_parties(lue.defer("reprise", "cahier__definition")).annotate(
        qualite_lue=Subquery(part.values("qualite")),
        instant_lu=HorlogeBase(),
        epcis_lus=ArraySubquery(epcis.values(lu=JSONObject(siren="epci__siren", nom="epci__nom"))),
    )


def avec_ses_parties(dossiers: QuerySet[Candidature]) -> QuerySet[Candidature]:
    """Adds `pieces_lues` and `membres_lus`, the lead first: `parties_de` reads them."""
    pieces = PieceJointe.objects.filter(candidature=OuterRef("pk")).order_by("pk")
    membres = Membre.objects.filter(candidature=OuterRef("pk")).order_by("-chef_de_file", "pk")
    return dossiers.annotate(
        pieces_lues=ArraySubquery(pieces.values(lue=_PIECE)), membres_lus=ArraySubquery(membres.values(lu=MEMBRE))
    )


def parties_de(lue: Any) -> tuple[list[PieceLue], list[MembreLu]]:
    """The attachments and the authorities of a file that was read by `avec_ses_parties`."""
    return [_piece(brute) for brute in lue.pieces_lues], [_membre(brut) for brut in lue.membres_lus]


def _piece(brute: Mapping[str, Any]) -> PieceLue:
    document = Document(pk=brute["document"], sha256=brute["sha256"], taille=brute["taille"])
    saine = reste_sain(efface=brute["efface_le"] is not None, verdict=brute["saine"])
    return PieceLue(brute["nom"], brute["nature"], brute["intitule"], brute["membre"], document, saine)


def _membre(brut: Mapping[str, Any]) -> MembreLu:
    nature = NatureMembre.EPCI if brut["petr"] is None else NatureMembre.PETR
    return MembreLu(brut["pk"], brut["petr"] or brut["epci"], brut["nom"], nature)


_PIECE = JSONObject(
    **{nom: nom for nom in ("nom", "nature", "intitule", "membre", "document")},
    sha256="document__sha256",
    taille="document__taille",
    saine="document__analyse__saine",
    efface_le="document__effacement__signe_le",
)
MEMBRE = JSONObject(pk="pk", epci="epci__siren", petr="petr__siren", nom=Coalesce("petr__nom", "epci__nom"))
_VERSION = JSONObject(
    **{nom: nom for nom in ("pk", "section", "revision", "reponses", "enregistree_le", "automatique", "restauree_de")},
    auteur=JSONObject(pk="auteur", **{nom: f"auteur__{nom}" for nom in ("prenom", "nom", "email")}),
)


def _avec_section() -> QuerySet[Candidature]:
    section = valeur("section", models.TextField())
    depart = VersionDeSection.objects.filter(
        candidature=OuterRef("pk"), section=section, revision=valeur("revision", models.IntegerField())
    )
    # Its key first: of hundreds of versions, the answers of one are read.
    versions = VersionDeSection.objects.filter(candidature=OuterRef(OuterRef("pk")), section=section)
    derniere = VersionDeSection.objects.filter(pk=Subquery(versions.order_by("-revision").values("pk")[:1]))
    return entiere().annotate(
        derniere_lue=Subquery(derniere.values(lue=_VERSION)), base_lue=Subquery(depart.values("reponses"))
    )


AVEC_SECTION = Preparee(_avec_section)
