"""A file at one instant: what completeness looks at, and what a deposit freezes."""

from collections.abc import Iterable, Mapping
from typing import Any

from candidatures.dossier.completude import Composition, Jointe
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from rebond.socle.documents.effacements import efface_le
from rebond.socle.documents.models import Document


def composition_de(candidature: Candidature, pieces: Iterable[PieceJointe], membres: Iterable[Membre]) -> Composition:
    """What `regles` judge. `pieces` come with their documents' `analyse`, `membres` the lead first."""
    return Composition(
        cahier=candidature.cahier.cahier,
        contenu=candidature.contenu,
        jointes=[Jointe(piece.nature, piece.membre_id, saine=est_saine(piece)) for piece in pieces],
        membres={membre.pk: membre.nom for membre in membres},
    )


def est_saine(piece: PieceJointe) -> bool:
    return est_sain(piece.document)


def est_sain(document: Document) -> bool:
    """False once the antivirus has found something, or the document was erased; not scanned yet, it is presumed
    sound."""
    if efface_le(document) is not None:
        return False
    analyse = getattr(document, "analyse", None)
    return analyse is None or bool(analyse.saine)


def pieces_de(candidature: Candidature) -> list[PieceJointe]:
    return list(
        candidature.pieces.select_related(
            "document__analyse", "document__lisibilite", "document__effacement", "ajoutee_par"
        )
    )


def membres_de(candidature: Candidature) -> list[Membre]:
    """The lead first."""
    return list(candidature.membres.select_related("epci", "petr"))


def instantane(candidature: Candidature, pieces: Iterable[PieceJointe], membres: Iterable[Membre]) -> dict[str, Any]:
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
            "epcis": [{"siren": epci.siren, "nom": epci.nom} for epci in territoire.epcis.order_by("siren")],
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


def reponses_posees(candidature: Candidature, contenu: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of `contenu`, by section, to the questions that are put."""
    gardees = {}
    for section in candidature.cahier.cahier.sections:
        reponses = contenu.get(section.cle)
        if reponses is not None:
            posees = (question for question in section.saisies if question.posee(reponses))
            gardees[section.cle] = {q.cle: reponses[q.cle] for q in posees if q.cle in reponses}
    return gardees
