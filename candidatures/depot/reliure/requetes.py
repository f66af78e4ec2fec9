"""The bound PDF of a deposit, as far as it may be given."""

from collections.abc import Iterable

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.depot.reliure.models import Reliure
from rebond.surveillance.antivirus import EtatAnalyse, etat


def servies(pieces: Iterable[PieceDeposee]) -> list[int]:
    """The keys of the documents that may be read now: `pieces` come with what is known of theirs."""
    return [piece.document_id for piece in pieces if etat(piece.document) is EtatAnalyse.SERVIE]


def du_territoire(depot: Depot) -> Reliure | None:
    """The one that somebody of the file asked for; `depot` comes with its own, if any."""
    reliure: Reliure | None = getattr(depot, "reliure", None)
    return reliure if reliure is not None and reliure.montree_au_territoire else None


def remise(reliure: Reliure | None, pieces: Iterable[PieceDeposee]) -> Reliure | None:
    """The one that may be given: made, and holding nothing that was erased or found infected since."""
    if reliure is None or reliure.document_id is None:
        return None
    return reliure if reliure.contient_encore(servies(pieces)) else None
