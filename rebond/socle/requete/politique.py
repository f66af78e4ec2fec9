"""The Content-Security-Policy of every page, which django-csp would write anew for each answer."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PROPRES_A_UNE_PAGE = (
    "_csp_config",
    "_csp_update",
    "_csp_replace",
    "_csp_exempt",
    "_csp_config_ro",
    "_csp_update_ro",
    "_csp_replace_ro",
)


class PolitiqueMiddleware(CSPMiddleware):
    """django-csp's. The policy that the settings say is written once; a page that has one of its own is answered by
    django-csp, as is everything when the settings say more than what is to be refused.
    """

    _reglee: object = None
    _ecrite: str | None = None

    @property
    def _commune(self) -> str | None:
        """None when django-csp has more to look at than the directives. Written again for other settings."""
        if self._reglee is not settings.CONTENT_SECURITY_POLICY:
            self._reglee, self._ecrite = settings.CONTENT_SECURITY_POLICY, self._ecrire()
        return self._ecrite

    @staticmethod
    def _ecrire() -> str | None:
        seules = set(settings.CONTENT_SECURITY_POLICY) == {"DIRECTIVES"}
        autre = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        return build_policy() if seules and not autre and not settings.DEBUG else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # A nonce, once asked for, is in the policy.
        propre = hasattr(request, "_csp_nonce") or any(hasattr(response, nom) for nom in PROPRES_A_UNE_PAGE)
        if propre or not self._commune:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._commune)
        return response
