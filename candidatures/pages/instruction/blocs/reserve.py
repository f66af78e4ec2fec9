"""The reserve under which a file was received, as those who read it whole see it."""

from collections.abc import Mapping
from typing import Any

from candidatures.depot.requetes import chef_depose, porteur_de, qui_tient
from candidatures.dossier.models.contestations import Contestation
from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier
from rebond.comptes.rattachements.requetes import est_rattache


def _lire(page: PageDuDossier) -> Mapping[str, Any] | None:
    """Nothing when it was received without."""
    dossier, depot = page.dossier, page.contexte["depot"]
    if not page.complet or not dossier.sous_reserve:
        return None
    siren, nom = chef_depose(depot)
    porteur = porteur_de(dossier)
    return {
        "chef_de_file": nom,
        "responsable": porteur,
        "lien_prouve": porteur is not None and est_rattache(porteur, [siren]),
        "contestations": list(Contestation.objects.retenues().filter(candidature=dossier)),
        "tenant": qui_tient(dossier, depot),
    }


RESERVE = Bloc("candidatures/instruction/_reserve.html", _lire)
