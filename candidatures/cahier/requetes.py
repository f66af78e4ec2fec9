"""What is read of specifications."""

from candidatures.cahier import MODELE, vers_json
from candidatures.cahier.models import CahierDesCharges
from candidatures.vagues.models.vagues import Vague


def cahier_courant(*, vague: Vague) -> CahierDesCharges:
    """What `cahier_en_vigueur` returns, without writing anything: version 1 is not saved yet when there is none."""
    dernier = CahierDesCharges.objects.filter(vague=vague).select_related("auteur").order_by("-version").first()
    if dernier is not None:
        dernier.vague = vague
        return dernier
    precedents = CahierDesCharges.objects.filter(vague__numero__lt=vague.numero).order_by("-vague__numero", "-version")
    modele = precedents.first()
    return CahierDesCharges(vague=vague, version=1, definition=modele.definition if modele else vers_json(MODELE))
