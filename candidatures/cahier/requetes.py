"""What is read of specifications."""

from candidatures.cahier import MODELE, vers_json
from candidatures.cahier.models import CahierDesCharges
from candidatures.vagues.models.vagues import Vague


def cahier_courant(*, vague: Vague) -> CahierDesCharges:
    """What `cahier_en_vigueur` returns, without writing anything: version 1 is not saved yet when there is none."""
    jusqu_ici = CahierDesCharges.objects.filter(vague__numero__lte=vague.numero).order_by("-vague__numero", "-version")
    modele = jusqu_ici.select_related("auteur").first()
    if modele is not None and modele.vague_id == vague.pk:
        modele.vague = vague
        return modele
    return CahierDesCharges(vague=vague, version=1, definition=modele.definition if modele else vers_json(MODELE))
