"""The `{% csrf_token %}` of every template, which is a builtin of the settings: it also carries the form's key.

A form that could be posted without the token would be refused, so none can be written without its key.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rebond.socle.requete.champs_de_page import CLE_D_ENVOI, cle_pour

register = template.Library()


class JetonEtCle(CsrfTokenNode):
    def render(self, context: Any) -> SafeString:
        jeton = super().render(context)
        if not jeton:
            return SafeString("")
        cle = cle_pour(getattr(getattr(context.get("request"), "user", None), "pk", None))
        return format_html('{}<input type="hidden" name="{}" value="{}">', jeton, CLE_D_ENVOI, cle)


@register.tag
def csrf_token(parser: Parser, token: Token) -> JetonEtCle:
    return JetonEtCle()
