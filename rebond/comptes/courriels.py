"""The letters of accounts: allauth's own, in our words (`templates/account/email/`), and in HTML too."""

from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

from rebond.comptes.proconnect.portes import PortesDeConnexion
from rebond.socle.courriers.partie_html import en_html


class AdaptateurDeComptes(PortesDeConnexion):
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
