"""What would follow a file into a later wave, and what would not."""

from candidatures.cahier import Cahier
from candidatures.cahier.differences import questions_nouvelles
from candidatures.dossier.instantane import est_saine
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.verification import contenus_permis
from rebond.socle.documents.stockage import type_de


def nouveautes(candidature: Candidature, section: str) -> set[str]:
    """Keys of the questions of `section` that are new, or put otherwise, since the file that this one is a copy of.

    Empty for a file that is no copy.
    """
    if candidature.copie_de is None:
        return set()
    return questions_nouvelles(candidature.copie_de.cahier.cahier, candidature.cahier.cahier, section)


def suit(piece: PieceJointe, cahier: Cahier) -> bool:
    """Whether an attachment has its place under `cahier`: same kind, a format that it accepts, nothing malicious."""
    attendue = cahier.piece(piece.nature)
    return attendue is not None and type_de(piece.document) in contenus_permis(attendue.formats) and est_saine(piece)
