"""What allauth asks of the portal: its letters, in our words (`templates/account/email/`); who may try to come in.

Its letters go through the outbox, sealed: a mail server that is down, slow or picky is nothing that the page tells.
"""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import context as demande
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from rebond.comptes import limites
from rebond.comptes.proconnect.portes import PortesDeConnexion
from rebond.comptes.seances import confirmation
from rebond.socle.adresses import du_portail
from rebond.socle.courriers import facteur
from rebond.socle.courriers.envoi import mettre_sous_scelle
from rebond.socle.courriers.natures import Sorte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.visiteur import adresse_du_visiteur

# That of the codes, as the letters say it.
VALIDITE = timedelta(seconds=settings.DUREE_DES_CODES)
# What one asks for on a page left open. The others tell of something done: they are worth as much tomorrow.
DEMANDEES = frozenset(
    f"account/email/{nom}"
    for nom in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "login_code",
        "password_reset_code",
        "password_reset_key",
        "unknown_account",
    )
)


class AdaptateurDeComptes(PortesDeConnexion):
    def is_safe_url(self, url: str | None) -> bool:
        """What cannot be read as an address (« http://[::1 ») is none: allauth raises."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """All or nothing: the proof, the change of address, and what becomes of the roles."""
        with transaction.atomic():
            return bool(super().confirm_email(request, email_address))

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """allauth asks nothing of whoever has only e-mailed codes: we do (`confirmer_par_code`)."""
        demandee = bool(super().is_reauthentication_required(app=app, **options))
        if demandee and confirmation.a_confirmer(demande.request):
            raise ReauthenticationRequired
        return demandee

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        moyens: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if moyens or not user.is_authenticated:
            return moyens
        return [{"id": "code", "description": "Code reçu par e-mail", "url": reverse("confirmer_par_code")}]

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> Any:
        return super().render_mail(template_prefix, email, _aux_adresses_du_portail(context), headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the letter. The same work, and the same row, whether the address is known or not."""
        requete = demande.request
        valeurs = {"request": requete, "email": email, "current_site": get_current_site(requete), **context}
        message = self.render_mail(template_prefix, email, valeurs)
        demandee = template_prefix in DEMANDEES
        mettre_sous_scelle(
            cle=facteur.cle_attendue(),
            destinataire=email,
            objet=str(message.subject),
            texte=str(message.body),
            perime_le=horloge_base() + VALIDITE if demandee else None,
            sorte=Sorte.FORMULAIRE if demandee and not limites.est_connu(requete, email) else Sorte.LOI,
        )
        facteur.reveiller()

    def get_client_ip(self, request: HttpRequest) -> str:
        return adresse_du_visiteur(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In the place of allauth's own count, by which anybody closes an account or a whole building."""
        self._essai = limites.essayer_un_mot_de_passe(request, credentials.get("email", ""))
        if self._essai is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        personne: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if personne is not None and self._essai is not None:
            self._essai.rendre()
        return personne


def _aux_adresses_du_portail(contexte: dict[str, Any]) -> dict[str, Any]:
    """allauth makes addresses of the request's `Host`, which is whatever the visitor wrote there."""
    return {
        nom: du_portail(valeur) if nom.endswith("_url") and isinstance(valeur, str) and valeur else valeur
        for nom, valeur in contexte.items()
        if nom != "current_site"
    }
