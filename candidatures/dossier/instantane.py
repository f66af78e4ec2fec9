"""A file at one instant: what completeness looks at, and what a deposit freezes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from candidatures.dossier.completude import Composition, Jointe
from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from rebond.socle.documents.effacements import efface_le
from rebond.socle.documents.models import Document


@dataclass(frozen=True)
class PieceLue:
    """An attachment, as far as a snapshot and completeness look at it."""

    nom: str
    nature: str
    intitule: str
    membre_id: int | None
    document: Document
    saine: bool


@dataclass(frozen=True)
class MembreLu:
    """An authority of the grouping, in the same way."""

    pk: int
    siren: str
    nom: str
    nature: NatureMembre


Pieces = Iterable[PieceJointe | PieceLue]
Membres = Iterable[Membre | MembreLu]


def composition_de(candidature: Candidature, pieces: Pieces, membres: Membres) -> Composition:
    """What `regles` judge. `pieces` come with their documents' `analyse`, `membres` the lead first."""
    return Composition(
        cahier=candidature.cahier.cahier,
        contenu=candidature.contenu,
        jointes=[Jointe(piece.nature, piece.membre_id, saine=est_saine(piece)) for piece in pieces],
        membres={membre.pk: membre.nom for membre in membres},
    )


def est_saine(piece: PieceJointe | PieceLue) -> bool:
    return piece.saine if isinstance(piece, PieceLue) else est_sain(piece.document)


def est_sain(document: Document) -> bool:
    """`reste_sain`, from a document that comes with its `analyse` and its `effacement`."""
    analyse = getattr(document, "analyse", None)
    return reste_sain(efface=efface_le(document) is not None, verdict=analyse.saine if analyse else None)


def reste_sain(*, efface: bool, verdict: bool | None) -> bool:
    """False once the antivirus has found something, or the document was erased; not scanned yet (None), it is presumed
    sound."""
    return not efface and verdict is not False


def pieces_de(candidature: Candidature) -> list[PieceJointe]:
    return list(
        candidature.pieces.select_related(
            "document__analyse", "document__lisibilite", "document__effacement", "ajoutee_par"
        )
    )


def membres_de(candidature: Candidature) -> list[Membre]:
    """The lead first."""
    return list(candidature.membres.select_related("epci", "petr"))


def instantane(candidature: Candidature, pieces: Pieces, membres: Membres) -> dict[str, Any]:
    """The content that a deposit freezes and fingerprints: texts, integers and lists only.

    Answers to questions that are not put (their condition is not met) stay in the draft.
    """
    territoire = candidature.territoire
    noms = {membre.pk: membre for membre in membres}
    return {
        "format": 2,
        "reference": candidature.reference,
        "vague": candidature.vague.numero,
        "cahier": candidature.cahier.version,
        "territoire": {
            "nom": territoire.nom,
            "chef_de_file": territoire.chef_de_file.siren,
            "epcis": _epcis(candidature),
        },
        "membres": [
            {"siren": membre.siren, "nom": membre.nom, "nature": membre.nature.value} for membre in noms.values()
        ],
        "sections": reponses_posees(candidature, candidature.contenu),
        "pieces": [
            {
                "nom": piece.nom,
                "nature": piece.nature,
                "intitule": piece.intitule,
                "membre": noms[piece.membre_id].siren if piece.membre_id in noms else None,
                "sha256": piece.document.sha256,
                "taille": piece.document.taille,
            }
            for piece in pieces
        ],
    }


def _epcis(candidature: Candidature) -> list[dict[str, str]]:
    """Those of its territory: as they were read with a held file, otherwise asked for."""
    lus: list[dict[str, str]] | None = getattr(candidature, "epcis_lus", None)
    if lus is not None:
        return lus
    return [{"siren": epci.siren, "nom": epci.nom} for epci in candidature.territoire.epcis.order_by("siren")]


def reponses_posees(candidature: Candidature, contenu: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of `contenu`, by section, to the questions that are put."""
    gardees = {}
    for section in candidature.cahier.cahier.sections:
        reponses = contenu.get(section.cle)
        if reponses is not None:
            posees = (question for question in section.saisies if question.posee(reponses))
            gardees[section.cle] = {q.cle: reponses[q.cle] for q in posees if q.cle in reponses}
    return gardees
