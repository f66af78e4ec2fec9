"""The pages where one types a code, allauth's own but for asking another: whoever has no account gets a letter too.

Allauth sends nothing again to an address that it does not know, and answers sooner: the second page would tell what
the first one kept.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmEmailVerificationCodeView, ConfirmLoginCodeView
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from rebond.comptes.entree import conduire_a_la_suite
from rebond.comptes.limites import lettre_admise


class RenvoiPourTous:
    """Written before one of allauth's pages of codes."""

    def _resend_form_valid(self: Any, _form: Any) -> HttpResponse:
        try:
            self._renvoyer()
        except RateLimited:
            adaptateur = get_adapter(self.request)
            adaptateur.add_message(self.request, messages.ERROR, message=adaptateur.error_messages["rate_limited"])
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))

    def _renvoyer(self: Any) -> None:
        """Counted like the first letter: it goes to whichever address was typed."""
        attente = self._process
        if not lettre_admise(self.request, attente.state.get("email") or ""):
            raise RateLimited
        attente.generate_code()
        attente.send(skip_enumeration_mails=False)
        attente.record_resend()
        attente.persist()


class CodeDeConnexion(RenvoiPourTous, ConfirmLoginCodeView):
    pass


class CodeDAdresse(RenvoiPourTous, ConfirmEmailVerificationCodeView):
    def _verify_form_valid(self, form: Any) -> HttpResponse:
        """A new account goes on to what it was made for (`rebond.comptes.entree`)."""
        nouveau = bool(self.stage and self.stage.login.signup)
        reponse: HttpResponse = super()._verify_form_valid(form)
        return conduire_a_la_suite(self.request, reponse) if nouveau else reponse
