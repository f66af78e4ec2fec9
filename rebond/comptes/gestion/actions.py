"""Closing, disabling and opening an account again; taking away second factors that their holder has lost."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from rebond.comptes.gestion.regles import (
    empechement_de_desactiver,
    empechement_de_fermer_le_sien,
    empechement_de_reactiver,
    empechement_de_reinitialiser,
)
from rebond.comptes.seances.actions import fermer_toutes
from rebond.comptes.securite.actes import ActeDeSecurite
from rebond.comptes.securite.signaux import compte_ferme
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur


@transaction.atomic
def fermer_le_sien(*, utilisateur: Utilisateur, maintenant: datetime) -> None:
    """The holder closes their account: it opens no more, and its proofs are erased; what it did keeps its name.

    Raises RegleEnfreinte while somebody else must take over first.
    """
    tenu = _tenir(utilisateur)
    _exiger(empechement_de_fermer_le_sien(tenu))
    compte_ferme.send(sender=Utilisateur, utilisateur=tenu, maintenant=maintenant)
    _retirer_les_facteurs(tenu, par=tenu)
    SocialAccount.objects.filter(user=tenu).delete()
    tenu.is_active = False
    tenu.set_unusable_password()
    tenu.save(update_fields=["is_active", "password"])
    fermer_toutes(utilisateur=tenu, acteur=tenu)
    entree = consigner(ActeDeSecurite.COMPTE_FERME, tenu, acteur=tenu, fait_le=maintenant)
    _ecrire(tenu, "comptes/compte_ferme", f"compte-ferme-{entree.pk}")


@transaction.atomic
def desactiver(*, utilisateur: Utilisateur, acteur: Utilisateur, motif: str, maintenant: datetime) -> None:
    """An administrateur shuts an account at once, whatever it holds: its sessions end, its rights sleep.

    A file that it answers for is entrusted to somebody else from « Rôles ». Raises RegleEnfreinte on one's own.
    """
    tenu = _tenir(utilisateur)
    _exiger(empechement_de_desactiver(tenu, acteur))
    tenu.is_active = False
    tenu.save(update_fields=["is_active"])
    fermer_toutes(utilisateur=tenu, acteur=acteur)
    entree = consigner(ActeDeSecurite.COMPTE_DESACTIVE, tenu, acteur=acteur, fait_le=maintenant, motif=motif)
    _ecrire(tenu, "comptes/compte_desactive", f"compte-desactive-{entree.pk}")


@transaction.atomic
def reactiver(*, utilisateur: Utilisateur, acteur: Utilisateur, motif: str, maintenant: datetime) -> None:
    tenu = _tenir(utilisateur)
    _exiger(empechement_de_reactiver(tenu))
    tenu.is_active = True
    tenu.save(update_fields=["is_active"])
    entree = consigner(ActeDeSecurite.COMPTE_REACTIVE, tenu, acteur=acteur, fait_le=maintenant, motif=motif)
    _ecrire(tenu, "comptes/compte_reactive", f"compte-reactive-{entree.pk}")


@transaction.atomic
def reinitialiser_les_facteurs(
    *, utilisateur: Utilisateur, acteur: Utilisateur, motif: str, maintenant: datetime
) -> None:
    """For whoever has lost phone, key and codes: the next sign-in sets a second factor up again.

    Sessions end, and the holder is told. Raises RegleEnfreinte on one's own account.
    """
    tenu = _tenir(utilisateur)
    _exiger(empechement_de_reinitialiser(tenu, acteur, Authenticator.objects.filter(user=tenu).count()))
    _retirer_les_facteurs(tenu, par=acteur)
    fermer_toutes(utilisateur=tenu, acteur=acteur)
    entree = consigner(
        ActeDeSecurite.SECOND_FACTEUR_REINITIALISE, tenu, acteur=acteur, fait_le=maintenant, motif=motif
    )
    _ecrire(tenu, "comptes/second_facteur_retire", f"second-facteur-retire-{entree.pk}")


def _tenir(utilisateur: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)


def _exiger(refus: str | None) -> None:
    if refus:
        raise RegleEnfreinte(refus)


def _retirer_les_facteurs(utilisateur: Utilisateur, *, par: Utilisateur) -> None:
    for facteur in Authenticator.objects.filter(user=utilisateur).order_by("pk"):
        facteur.par = par
        facteur.delete()


def _ecrire(utilisateur: Utilisateur, gabarit: str, cle: str) -> None:
    mettre_en_file(Lettre(gabarit=gabarit, valeurs={}, cle=cle, destinataire=utilisateur.email))
