"""What was attached to a correction, for whoever may read it."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.correction.models import PieceDeCorrection
from rebond.surveillance.antivirus import servir


def piece_de_correction(candidature: Candidature, piece_pk: int, *, rendues: bool = False) -> HttpResponseBase:
    trouvee = piece_jointe_a_une_correction(candidature, piece_pk, rendues=rendues)
    return servir(trouvee.document, trouvee.nom)


def piece_jointe_a_une_correction(candidature: Candidature, piece_pk: int, *, rendues: bool) -> PieceDeCorrection:
    pieces = PieceDeCorrection.objects.select_related(
        "document__analyse", "document__lisibilite", "document__effacement"
    ).filter(demande__candidature=candidature)
    if rendues:
        pieces = pieces.filter(demande__rendue_le__isnull=False)
    trouvee: PieceDeCorrection = get_object_or_404(pieces, pk=piece_pk)
    return trouvee
