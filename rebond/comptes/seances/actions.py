"""Devices that are new, sessions that are ended at a distance, and what is forgotten of both."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from rebond.comptes.seances.appareils import CONSERVATION
from rebond.comptes.seances.models import Appareil
from rebond.comptes.securite.actes import ActeDeSecurite
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

# Whoever signs in on the day of their sign-up knows that their device is new.
INSCRIPTION = timedelta(hours=1)


@transaction.atomic
def reconnaitre(*, utilisateur: Utilisateur, empreinte: str, nom: str, maintenant: datetime) -> Appareil:
    """The device of a sign-in. One never seen before is written down and told to its person by letter."""
    appareil, nouveau = Appareil.objects.get_or_create(
        utilisateur=utilisateur,
        empreinte=empreinte,
        defaults={"nom": nom, "premiere_fois": maintenant, "derniere_fois": maintenant},
    )
    if not nouveau:
        appareil.nom, appareil.derniere_fois = nom, maintenant
        appareil.save(update_fields=["nom", "derniere_fois"])
    elif maintenant - utilisateur.cree_le > INSCRIPTION:
        consigner(ActeDeSecurite.APPAREIL_NOUVEAU, utilisateur, acteur=utilisateur, fait_le=maintenant, appareil=nom)
        mettre_en_file(
            Lettre(
                gabarit="comptes/nouvel_appareil",
                valeurs={"appareil": nom, "le": instant_fr(maintenant)},
                cle=f"appareil-{appareil.pk}",
                destinataire=utilisateur.email,
            )
        )
    return appareil


@transaction.atomic
def fermer(*, sessions: Iterable[UserSession], utilisateur: Utilisateur, acteur: Utilisateur | None) -> int:
    """End these sessions of `utilisateur` at once; return how many there were."""
    fermees = [session for session in sessions if session.user_id == utilisateur.pk]
    magasin = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in fermees:
        magasin.delete(session.session_key)
        session.delete()
    if fermees:
        consigner(ActeDeSecurite.SESSIONS_FERMEES, utilisateur, acteur=acteur, nombre=len(fermees))
    return len(fermees)


def fermer_toutes(*, utilisateur: Utilisateur, acteur: Utilisateur | None, sauf: str = "") -> int:
    """Every session of `utilisateur` but the one of key `sauf`."""
    sessions = UserSession.objects.filter(user=utilisateur).exclude(session_key=sauf)
    return fermer(sessions=sessions, utilisateur=utilisateur, acteur=acteur)


def oublier(*, maintenant: datetime) -> int:
    """Sweep what no longer serves: sessions that are over, codes and links that expired, devices of another year."""
    finies, _ = Session.objects.filter(expire_date__lt=maintenant).delete()
    suivies, _ = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    liens = EmailConfirmation.objects.all_expired()
    perimes, _ = liens.delete()
    vieux, _ = Appareil.objects.filter(derniere_fois__lt=maintenant - CONSERVATION).delete()
    oubliees: int = finies + suivies + perimes + vieux
    return oubliees
