"""A file that its porteur takes back."""

from datetime import datetime

from django.db import transaction

from candidatures.depot.actions.rappels import oublier_rappels
from candidatures.depot.regles import peut_retirer
from candidatures.dossier.actions.ecriture import qualite_de, tenir
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.utilisateur import Utilisateur


def retirer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Withdraw the file, until the deadline. Its deposits stay, and no longer count."""
    with transaction.atomic():
        verrouillee = tenir(candidature)
        if not peut_retirer(verrouillee.etat, verrouillee.phase(maintenant), qualite_de(verrouillee, auteur)):
            raise RegleEnfreinte("Ce dossier ne peut plus être retiré, ou vous n’en êtes pas le porteur.")
        oublier_rappels(verrouillee)
        return appliquer(verrouillee, "retirer", acteur=auteur, maintenant=maintenant)
