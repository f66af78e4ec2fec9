"""Forgetting whoever asked for an intercommunalité without an account: nobody else can do it for them."""

from datetime import datetime

from django.db import transaction

from candidatures.demandes.actes import ActeDeDemande
from candidatures.demandes.models import DemandeDEpci
from rebond.comptes.habilitations import tient_le_role
from rebond.donnees.anonymisation.regles import ADMINISTRATEUR_SEUL_EFFACE, empechement_d_oublier
from rebond.donnees.courriels import taire_les_courriels
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@transaction.atomic
def oublier_le_demandeur(
    *, demande: DemandeDEpci, acteur: Utilisateur, motif: str, maintenant: datetime
) -> DemandeDEpci:
    """For ever: name, address, telephone and message go from the request, and its letters say to whom no more. What
    was asked, and when, stays: more time may rest on it. No answer leaves any more.

    Raises RegleEnfreinte unless `acteur` is an administrateur, and when it names nobody.
    """
    if not tient_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte(ADMINISTRATEUR_SEUL_EFFACE)
    tenue = DemandeDEpci.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    if refus := empechement_d_oublier(tenue.email):
        raise RegleEnfreinte(refus)
    lettres = Courrier.objects.filter(cle__in=[tenue.cle_de_la_lettre, tenue.cle_de_la_reponse])
    lettres.filter(envoye_le=None, abandonne_le=None).delete()
    taire_les_courriels(lettres)
    DemandeDEpci.objects.filter(pk=tenue.pk).oublier_qui_demande()
    consigner(ActeDeDemande.OUBLIER, tenue, acteur=acteur, fait_le=maintenant, motif=motif)
    tenue.refresh_from_db()
    return tenue
