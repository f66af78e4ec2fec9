"""The deposits of a file, and what is known beforehand of one that the portal makes."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Prefetch

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionComplete

# Names the deposits of `source = echeance`: a file has one at most, and the database refuses a second.
ESPACE = UUID("6f2b1f0e-5d0a-4c57-9b6e-0f6f3c1f7a11")


def cle_du_depot(candidature: Candidature) -> UUID:
    """The same whenever the closing runs: a file is deposited by the portal once."""
    return uuid5(ESPACE, str(candidature.pk))


def recu_le_de(version: VersionComplete, candidature: Candidature) -> datetime:
    """The later of the save that made the version complete and of the request to deposit it."""
    demande_le = candidature.depot_a_l_echeance_le
    return max(version.fait_le, demande_le) if demande_le else version.fait_le


def depots_de(candidature: Candidature) -> list[Depot]:
    """With their receipts and attachments, the latest first: it is the one that counts."""
    pieces = PieceDeposee.objects.select_related("document__lisibilite").order_by("pk")
    depots = candidature.depots.select_related("accuse", "auteur")
    return list(depots.prefetch_related("rectificatifs", Prefetch("pieces", pieces)).order_by("-rang"))
