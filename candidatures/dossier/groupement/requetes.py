"""What is read of a grouping."""

from collections.abc import Iterable
from datetime import datetime

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from territoires.appellations import l_epci
from territoires.models import Epci, Petr

Collectivite = Epci | Petr


def refuser_les_finies(collectivites: Iterable[Collectivite], maintenant: datetime) -> None:
    """Raises RegleEnfreinte for an EPCI that is gone: nobody can commit it any more. A file that already had it keeps
    it until its people choose."""
    jour = jour_de_paris(maintenant)
    for collectivite in collectivites:
        if isinstance(collectivite, Epci) and (suite := collectivite.suite(jour)):
            raise RegleEnfreinte(
                f"{l_epci(collectivite.nom)}\u00a0: {suite}. Cherchez l’intercommunalité qui lui succède."
            )


def collectivite_de(membre: Membre) -> Collectivite:
    return membre.petr or membre.epci  # type: ignore[return-value]


def membres_de_la_tenue(tenue: Candidature) -> tuple[list[Collectivite], Collectivite]:
    """The members of the held file, and the one that leads."""
    membres = list(tenue.membres.select_related("epci", "petr"))
    (chef,) = (collectivite_de(membre) for membre in membres if membre.chef_de_file)
    return [collectivite_de(membre) for membre in membres], chef
