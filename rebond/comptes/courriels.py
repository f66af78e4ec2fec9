"""The letters of accounts: allauth's own, in our words (`templates/account/email/`), and in HTML too."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest

from rebond.socle.courriers.partie_html import en_html


class AdaptateurDeComptes(DefaultAccountAdapter):
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """All or nothing: the proof, the change of address, and what becomes of the roles."""
        with transaction.atomic():
            return bool(super().confirm_email(request, email_address))

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
