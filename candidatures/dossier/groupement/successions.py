"""A member that is gone gives its place to the one that came after it."""

from datetime import datetime

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.groupement.actions import MEMBRE_PARTI, composer_tenue, modifier
from candidatures.dossier.groupement.requetes import membres_de_la_tenue
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.millesimes.suites import heritieres
from territoires.models import Epci
from territoires.requetes import nom_choisi


def suivre_la_succession(
    *, candidature: Candidature, membre: Membre, nouvelle: Epci, auteur: Utilisateur, maintenant: datetime
) -> Candidature:
    """`nouvelle` takes the place of the EPCI of `membre`: its attachments, its lead, its links; nothing is lost.

    When it is a member already, both become one. What was deposited keeps what it named. Raises `EcheanceDepassee`
    after the deadline; `RegleEnfreinte` when the file is not open to changes, or `nouvelle` did not come after it.
    """
    with modifier(candidature, auteur, maintenant) as tenue:
        place = tenue.membres.select_related("epci__region").filter(pk=membre.pk, epci__isnull=False).first()
        if place is None or place.epci is None:
            raise RegleEnfreinte(MEMBRE_PARTI)
        ancienne = place.epci
        suites = heritieres([ancienne], jour_de_paris(maintenant))
        if nouvelle.pk == ancienne.pk or nouvelle.pk not in suites[ancienne.pk]:
            raise RegleEnfreinte(f"{nouvelle.nom} ne succède pas à {ancienne.nom}.")
        membres, chef = membres_de_la_tenue(tenue)
        if nouvelle in membres:
            autre = tenue.membres.get(epci=nouvelle)
            tenue.pieces.filter(membre=place).update(membre=autre)
            tenue.televersements.filter(membre=place).update(membre=autre)
        else:
            place.epci = nouvelle
            place.save(update_fields=["epci"])
        suivants = list(dict.fromkeys(nouvelle if actuel == ancienne else actuel for actuel in membres))
        mene = nouvelle if chef == ancienne else chef
        composer_tenue(tenue, suivants, mene, nom_choisi(tenue.territoire), auteur, maintenant)
        consigner(
            ActeDuDossier.SUIVRE_SUCCESSION,
            tenue,
            acteur=auteur,
            fait_le=maintenant,
            siren=nouvelle.siren,
            nom=nouvelle.nom,
            ancienne=ancienne.siren,
        )
    return tenue
