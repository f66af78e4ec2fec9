"""A correction as people read it: what was asked, what was deposited, what is written instead."""

from dataclasses import dataclass

from candidatures.actions.corrections import deposees, sections_demandees
from candidatures.cahier import PieceAttendue, Section
from candidatures.comparaison import Ligne, comparer
from candidatures.models import DemandeDeCorrection, PieceDeCorrection


@dataclass(frozen=True)
class SectionCorrigee:
    """`lignes` put the deposited answers first, those of the correction second."""

    section: Section
    lignes: tuple[Ligne, ...]

    @property
    def modifiee(self) -> bool:
        return any(ligne.change for ligne in self.lignes)


@dataclass(frozen=True)
class CorrectionLue:
    demande: DemandeDeCorrection
    sections: tuple[SectionCorrigee, ...]
    natures: tuple[PieceAttendue, ...]
    pieces: tuple[PieceDeCorrection, ...]

    @property
    def modifiee(self) -> bool:
        return bool(self.pieces) or any(section.modifiee for section in self.sections)


def lire_correction(demande: DemandeDeCorrection) -> CorrectionLue:
    """`demande.candidature` comes with its `cahier`."""
    avant = deposees(demande.candidature)
    sections = tuple(
        SectionCorrigee(
            section,
            tuple(
                comparer(
                    section,
                    avant.get(section.cle, {}),
                    avant.get(section.cle, {}) | demande.reponses.get(section.cle, {}),
                )
            ),
        )
        for section in sections_demandees(demande)
    )
    natures = tuple(p for p in demande.candidature.cahier.cahier.pieces_attendues if p.cle in demande.natures)
    pieces = tuple(demande.pieces.select_related("document__analyse").order_by("pk"))
    return CorrectionLue(demande, sections, natures, pieces)
