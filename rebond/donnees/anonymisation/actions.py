"""Making a person anonymous: what is a proof is never touched.

The journal, deposits, receipts, procès-verbaux, decisions, roles and releases keep the names that they bear (RGPD,
article 17.3.b and d): Postgres refuses to change them, whoever asks.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from candidatures.demandes.models import DemandeDEpci
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.versions import Presence
from rebond.comptes.habilitations import tient_le_role
from rebond.comptes.seances.actions import fermer_toutes
from rebond.comptes.seances.models import Appareil
from rebond.comptes.securite.signaux import compte_ferme
from rebond.donnees.anonymisation.actes import ActeDAnonymisation
from rebond.donnees.anonymisation.regles import ADMINISTRATEUR_SEUL, SOI_MEME, empechement_d_anonymiser
from rebond.donnees.anonymisation.requetes import adresses_de, courriers_de, situation_de
from rebond.donnees.courriels import taire_les_courriels
from rebond.donnees.export.models import ExportDeDonnees
from rebond.exports.models import Export
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.models import PreferenceDeLettres
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.requete.models import Envoi
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@transaction.atomic
def anonymiser(*, personne: Utilisateur, acteur: Utilisateur | None, motif: str, maintenant: datetime) -> None:
    """For ever: `personne`, whose account is closed, is named nowhere but in what proves. `acteur` is an
    administrateur, or nobody when its time has passed.

    Raises RegleEnfreinte while the account is open, or holds a role, a file, or waits for a letter.
    """
    if acteur is not None and not tient_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte(ADMINISTRATEUR_SEUL)
    if acteur is not None and acteur.pk == personne.pk:
        raise RegleEnfreinte(SOI_MEME)
    tenue = Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if refus := empechement_d_anonymiser(situation_de(tenue)):
        raise RegleEnfreinte(refus)
    # Whoever was disabled has left no team yet.
    compte_ferme.send(sender=Utilisateur, utilisateur=tenue, maintenant=maintenant)
    fermer_toutes(utilisateur=tenue, acteur=acteur)
    _oter_ce_qui_nomme(tenue)
    _oter_le_nom(tenue)
    anonyme = Utilisateur.objects.get(pk=tenue.pk)
    consigner(ActeDAnonymisation.COMPTE_ANONYME, anonyme, acteur=acteur, fait_le=maintenant, motif=motif)


def _oter_ce_qui_nomme(personne: Utilisateur) -> None:
    courriers_de(personne).filter(envoye_le=None, abandonne_le=None).delete()
    taire_les_courriels(courriers_de(personne))
    siennes = Invitation.objects.alias(vers=Lower("email")).filter(
        Q(vers__in=adresses_de(personne)) | Q(acceptee_par=personne)
    )
    siennes.delete()
    _oter_les_liens_envoyes(personne)
    demandes = DemandeDEpci.objects.alias(vers=Lower("email")).filter(vers__in=adresses_de(personne))
    demandes.oublier_qui_demande()
    PreferenceDeLettres.objects.filter(utilisateur=personne).delete()
    ExportDeDonnees.objects.filter(personne=personne).delete()
    Export.objects.filter(personne=personne).delete()
    for modele, lien in (
        (Authenticator, "user"),
        (SocialAccount, "user"),
        (EmailAddress, "user"),
        (Appareil, "utilisateur"),
        (Envoi, "utilisateur"),
        (Presence, "utilisateur"),
    ):
        modele._default_manager.filter(**{lien: personne}).delete()


def _oter_les_liens_envoyes(personne: Utilisateur) -> None:
    """Links sent to one of their addresses: nobody opens them any more, and they say to whom no more."""
    siens = Lien.objects.alias(vers=Lower("email")).filter(vers__in=adresses_de(personne))
    siens.filter(revoque_le=None).update(revoque_le=HorlogeBase(), email="")
    siens.update(email="")


def _oter_le_nom(personne: Utilisateur) -> None:
    """Without the receivers that a change of address wakes: nobody is there to be told."""
    Utilisateur.objects.filter(pk=personne.pk).update(
        email=Utilisateur.adresse_anonyme(personne.pk),
        prenom="",
        nom=f"Personne anonyme n°\u00a0{personne.pk}",
        password=make_password(None),
        last_login=None,
    )
