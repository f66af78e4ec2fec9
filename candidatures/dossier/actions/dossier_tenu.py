"""A file as an act holds it: locked once, and read once since, with all that the act looks at.

Two statements, whatever the file: Postgres locks the row, then reads it anew. In one, it would show of the rest
(attachments, authorities, versions) what they were before the wait.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from candidatures.cahier import Cahier
from candidatures.dossier.completude import Composition, Manque, manques
from candidatures.dossier.etats import NatureMembre, Qualite
from candidatures.dossier.instantane import MembreLu, PieceLue, composition_de, instantane, reste_sain
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionDeSection
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.documents.models import Document
from rebond.socle.horloge.horloges import Lecture
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire

CLE = models.BigIntegerField()
# Whoever takes no part in it never waits for it, nor makes anybody wait.
VERROU = """
    SELECT c.id FROM candidatures_candidature c WHERE c.id = %s AND EXISTS (
        SELECT 1 FROM candidatures_participation p WHERE p.candidature_id = c.id AND p.utilisateur_id = %s
    ) FOR UPDATE OF c
"""


@dataclass
class DossierTenu:
    """`qualite` is that of whoever acts, `lecture` what the database's clock showed when the file was read."""

    candidature: Any
    qualite: Qualite
    pieces: list[PieceLue]
    membres: list[MembreLu]
    lecture: Lecture

    @property
    def cahier(self) -> Cahier:
        cahier: Cahier = self.candidature.cahier.cahier
        return cahier

    @property
    def composition(self) -> Composition:
        return composition_de(self.candidature, self.pieces, self.membres)

    @property
    def contenu(self) -> dict[str, Any]:
        """What a deposit would freeze of it as it stands."""
        return instantane(self.candidature, self.pieces, self.membres)

    @property
    def manques(self) -> list[Manque]:
        return manques(self.composition)


@dataclass
class SectionTenue(DossierTenu):
    """With what is saved of the section that is being written, which started from `revision` (None: whatever it is).

    `derniere` is its last version; `base`, the answers of that revision, None when there is none of that number.
    """

    section: str
    revision: int | None

    @cached_property
    def derniere(self) -> VersionDeSection | None:
        return _version(self.candidature, self.candidature.derniere_lue)

    @cached_property
    def base(self) -> dict[str, Any] | None:
        reponses: dict[str, Any] | None = self.candidature.base_lue if self.revision else {}
        return reponses


@contextmanager
def section_tenue(
    *, dossier: int, section: str, revision: int | None, personne: Utilisateur
) -> Iterator[SectionTenue | None]:
    """One transaction, in which the file is held; None for whoever takes no part in it."""
    with transaction.atomic():
        tenu = tenir_en_entier(dossier, personne, _AVEC_SECTION, section=section, revision=revision or 0)
        yield SectionTenue(**vars(tenu), section=section, revision=revision) if tenu else None


def tenir_en_entier(
    dossier: int, personne: Utilisateur, requete: Preparee[Candidature], **valeurs: Any
) -> DossierTenu | None:
    """The file, locked until the end of the transaction and read by `requete` (made from `entiere`); None for whoever
    takes no part in it.
    """
    with connection.cursor() as curseur:
        curseur.execute(VERROU, [dossier, personne.pk])
        if curseur.fetchone() is None:
            return None
    avant = time.monotonic_ns()
    lues: list[Any] = requete.lire(dossier=dossier, personne=personne.pk, **valeurs)
    apres = time.monotonic_ns()
    # Whoever was taken out of it while this waited takes no part in it.
    if not lues or lues[0].qualite_lue is None:
        return None
    return DossierTenu(
        candidature=lues[0],
        qualite=Qualite(lues[0].qualite_lue),
        pieces=[_piece(brute) for brute in lues[0].pieces_lues],
        membres=[_membre(brut) for brut in lues[0].membres_lus],
        lecture=Lecture(lues[0].instant_lu, avant, apres),
    )


def entiere() -> QuerySet[Candidature]:
    """The file `dossier`, the part of `personne` in it, the clock, its attachments, its authorities, its territory."""
    pieces = PieceJointe.objects.filter(candidature=OuterRef("pk")).order_by("pk")
    membres = Membre.objects.filter(candidature=OuterRef("pk")).order_by("-chef_de_file", "pk")
    epcis = Territoire.epcis.through.objects.filter(territoire=OuterRef("territoire")).order_by("epci__siren")
    part = Participation.objects.filter(candidature=OuterRef("pk"), utilisateur=valeur("personne", CLE))
    lue = Candidature.objects.filter(pk=valeur("dossier", CLE)).select_related(
        "vague", "cahier", "territoire__chef_de_file"
    )
    return lue.defer("reprise", "cahier__definition").annotate(
        qualite_lue=Subquery(part.values("qualite")),
        instant_lu=HorlogeBase(),
        pieces_lues=ArraySubquery(pieces.values(lue=_PIECE)),
        membres_lus=ArraySubquery(membres.values(lu=_MEMBRE)),
        epcis_lus=ArraySubquery(epcis.values(lu=JSONObject(siren="epci__siren", nom="epci__nom"))),
    )


_PIECE = JSONObject(
    **{nom: nom for nom in ("nom", "nature", "intitule", "membre", "document")},
    sha256="document__sha256",
    taille="document__taille",
    saine="document__analyse__saine",
    efface_le="document__effacement__signe_le",
)
_MEMBRE = JSONObject(pk="pk", epci="epci__siren", petr="petr__siren", nom=Coalesce("petr__nom", "epci__nom"))
_VERSION = JSONObject(
    **{nom: nom for nom in ("pk", "section", "revision", "reponses", "enregistree_le", "automatique", "restauree_de")},
    auteur=JSONObject(pk="auteur", **{nom: f"auteur__{nom}" for nom in ("prenom", "nom", "email")}),
)


def _piece(brute: Mapping[str, Any]) -> PieceLue:
    document = Document(pk=brute["document"], sha256=brute["sha256"], taille=brute["taille"])
    saine = reste_sain(efface=brute["efface_le"] is not None, verdict=brute["saine"])
    return PieceLue(brute["nom"], brute["nature"], brute["intitule"], brute["membre"], document, saine)


def _membre(brut: Mapping[str, Any]) -> MembreLu:
    nature = NatureMembre.EPCI if brut["petr"] is None else NatureMembre.PETR
    return MembreLu(brut["pk"], brut["petr"] or brut["epci"], brut["nom"], nature)


def _version(candidature: Candidature, brute: Mapping[str, Any] | None) -> VersionDeSection | None:
    if brute is None:
        return None
    le = VersionDeSection._meta.get_field("enregistree_le").to_python(brute["enregistree_le"])
    auteur = Utilisateur(**brute["auteur"])
    return VersionDeSection(**{**brute, "candidature": candidature, "auteur": auteur, "enregistree_le": le})


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


_AVEC_SECTION = Preparee(_avec_section)
