"""The letters of accounts: allauth's own, in our words (`templates/account/email/`), and in HTML too."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest

from rebond.comptes import limites
from rebond.socle.courriers.partie_html import en_html
from rebond.socle.requete.visiteur import adresse_du_visiteur


class AdaptateurDeComptes(DefaultAccountAdapter):
    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        if isinstance(message, EmailMultiAlternatives):
            message.attach_alternative(en_html(str(message.subject), str(message.body)), "text/html")
        return message

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
