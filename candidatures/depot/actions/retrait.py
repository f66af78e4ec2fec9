"""A file that its porteur takes back."""

from datetime import datetime

from django.db import transaction

from candidatures.depot.actions.depots import tenir_avec_sa_vague
from candidatures.depot.actions.rappels import oublier_rappels
from candidatures.depot.actions.tenue import laisser_la_place
from candidatures.depot.regles import empechement_de_retirer
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.requetes import qualite_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.utilisateur import Utilisateur


def retirer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Withdraw the file, until the deadline. Its deposits stay, and no longer count."""
    with transaction.atomic():
        verrouillee = tenir_avec_sa_vague(candidature)
        qualite = qualite_de(verrouillee, auteur)
        if refus := empechement_de_retirer(verrouillee.etat, verrouillee.phase(maintenant), qualite):
            raise RegleEnfreinte(refus)
        oublier_rappels(verrouillee)
        retiree = appliquer(verrouillee, ActeDuDossier.RETIRER, acteur=auteur, maintenant=maintenant)
        laisser_la_place(candidature=retiree, acteur=auteur, maintenant=maintenant)
    return retiree
