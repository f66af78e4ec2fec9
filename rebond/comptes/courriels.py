"""The letters of accounts: allauth's own, in our words (`templates/account/email/`), and in HTML too."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage, EmailMultiAlternatives

from rebond.socle.adresses import du_portail
from rebond.socle.courriers.partie_html import en_html


class AdaptateurDeComptes(DefaultAccountAdapter):
    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        message: EmailMessage = super().render_mail(template_prefix, email, _aux_adresses_du_portail(context), headers)
        if isinstance(message, EmailMultiAlternatives):
            message.attach_alternative(en_html(str(message.subject), str(message.body)), "text/html")
        return message


def _aux_adresses_du_portail(contexte: dict[str, Any]) -> dict[str, Any]:
    """allauth makes addresses of the request's `Host`, which is whatever the visitor wrote there."""
    return {
        nom: du_portail(valeur) if nom.endswith("_url") and isinstance(valeur, str) and valeur else valeur
        for nom, valeur in contexte.items()
        if nom != "current_site"
    }
