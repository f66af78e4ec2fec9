"""What is read of a grouping."""

from candidatures.dossier.models.groupements import Membre
from territoires.models import Epci, Petr

Collectivite = Epci | Petr


def collectivite_de(membre: Membre) -> Collectivite:
    return membre.petr or membre.epci  # type: ignore[return-value]
