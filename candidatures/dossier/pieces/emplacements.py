"""The page of the attachments: one place for each attachment that is expected, and what lies there already."""

from collections.abc import Iterable
from dataclasses import dataclass

from candidatures.cahier import Format, PieceAttendue
from candidatures.dossier.completude import (
    Composition,
    ancre_de_piece,
    intitule,
    manques,
    membres_attendus,
    pieces_demandees,
)
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.verification import REUNIR_DES_PHOTOS, extensions_permises, noms_des_formats
from rebond.socle.documents.formats import AFFICHABLES, Contenu
from rebond.socle.documents.stockage import type_de
from rebond.surveillance.antivirus import EtatAnalyse, etat

PLUS_DEMANDEE = "Cette pièce n’est plus demandée. Rechargez la page."


@dataclass(frozen=True)
class PieceLue:
    """An attachment as its page shows it."""

    piece: PieceJointe
    etat: EtatAnalyse

    @property
    def servie(self) -> bool:
        return self.etat is EtatAnalyse.SERVIE

    @property
    def en_attente(self) -> bool:
        return self.etat is EtatAnalyse.EN_ATTENTE

    @property
    def infectee(self) -> bool:
        return self.etat is EtatAnalyse.INFECTEE

    @property
    def effacee(self) -> bool:
        return self.etat is EtatAnalyse.EFFACEE

    @property
    def affichable(self) -> bool:
        """Whether a browser can show it."""
        return self.servie and type_de(self.piece.document) in AFFICHABLES

    @property
    def est_pdf(self) -> bool:
        return type_de(self.piece.document) == Contenu.PDF


@dataclass(frozen=True)
class Emplacement:
    """Where the attachments of one kind go, those of the authority `membre` where one of each is expected."""

    attendue: PieceAttendue
    membre: int | None
    titre: str
    ancre: str
    jointes: tuple[PieceLue, ...]
    manque: bool

    @property
    def recoit_des_photos(self) -> bool:
        """Made into one PDF, which must be welcome."""
        return Format.PDF in self.attendue.formats

    # As its link is read, and as a refused photo names it.
    reunir_des_photos = REUNIR_DES_PHOTOS

    @property
    def formats(self) -> str:
        return noms_des_formats(self.attendue.formats)

    @property
    def extensions(self) -> str:
        return ",".join(extensions_permises(self.attendue.formats))


def emplacements(dossier: Composition, pieces: Iterable[PieceJointe]) -> list[Emplacement]:
    """Every place, in the order of the specifications."""
    pieces = list(pieces)
    ancres_vides = {manque.ancre for manque in manques(dossier)}
    places = []
    for attendue in pieces_demandees(dossier):
        for membre, nom in membres_attendus(dossier, attendue):
            ancre = ancre_de_piece(attendue.cle, membre)
            jointes = tuple(
                lue(piece) for piece in pieces if piece.nature == attendue.cle and _est_la(piece, membre, dossier)
            )
            places.append(
                Emplacement(attendue, membre, intitule(attendue, nom), ancre, jointes, ancre in ancres_vides)
            )
    return places


def hors_emplacements(places: Iterable[Emplacement], pieces: Iterable[PieceJointe]) -> list[PieceLue]:
    """What is attached and no longer asked: an answer has changed, or an authority has left the grouping."""
    placees = {jointe.piece.pk for place in places for jointe in place.jointes}
    return [lue(piece) for piece in pieces if piece.pk not in placees]


def lue(piece: PieceJointe) -> PieceLue:
    return PieceLue(piece, etat(piece.document))


def _est_la(piece: PieceJointe, membre: int | None, dossier: Composition) -> bool:
    """What was attached before the grouping grew is the lead's."""
    if membre is None:
        return True
    chef = next(iter(dossier.membres), None)
    return piece.membre_id == membre or (piece.membre_id is None and membre == chef)
