"""The attachments of a file in its page: what was deposited, then what corrections gave, shown in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse

from candidatures.depot.models import Depot
from candidatures.dossier.pieces.emplacements import PieceLue, lue
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.correction.requetes import CorrectionLue
from rebond.socle.documents.lectures.requetes import avec_leurs_lectures
from rebond.surveillance.antivirus import servir


@dataclass(frozen=True)
class PieceMontree:
    """`correction` gave it; none for what was deposited. `deja_lue`: its reader said so."""

    vue: PieceLue
    adresse: str
    apercu: str
    correction: DemandeDeCorrection | None
    deja_lue: bool

    @property
    def piece(self) -> Any:
        return self.vue.piece


def pieces_montrees(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> list[PieceMontree]:
    """`dossier` comes with its `documents_lus`; one statement, for what search reads of them."""
    avec_leurs_lectures([*depot.pieces.all(), *(piece for rendue in corrections for piece in rendue.pieces)])
    lus = set(dossier.documents_lus)

    def montrer(piece: Any, nom: str, correction: DemandeDeCorrection | None) -> PieceMontree:
        return PieceMontree(
            lue(piece),
            reverse(f"instruction:{nom}", args=[dossier.pk, piece.pk]),
            reverse(f"instruction:apercu_de_{nom}", args=[dossier.pk, piece.pk]),
            correction,
            piece.document_id in lus,
        )

    deposees = [montrer(piece, "piece", None) for piece in depot.pieces.all()]
    return deposees + [
        montrer(piece, "piece_de_correction", rendue.demande)
        for rendue in corrections
        if rendue.demande.rendue_le
        for piece in rendue.pieces
    ]


def contenu_montre(piece: Any) -> HttpResponseBase:
    """The bytes, for the frame of the page and nothing else. Raises `Http404` for what a browser does not show."""
    vue = lue(piece)
    if vue.servie and not vue.affichable:
        raise Http404
    return servir(piece.document, piece.nom, telecharger=False)
