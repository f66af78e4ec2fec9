"""Headers of every answer, beside those of Django and of django-csp (OWASP ASVS 5.0, 3.4, 4.1 and 14.3)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_max_age, has_vary_header, patch_cache_control

from rebond.socle.requete.cookies import MessagesEnCookie

Suite = Callable[[HttpRequest], HttpResponse]

#: No page uses any of it; a page that is made to run somebody else's script cannot either.
PERMISSIONS = (
    *("accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer"),
    *("microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb"),
    *("web-share", "xr-spatial-tracking", "browsing-topics"),
)
PERMISSIONS_POLICY = ", ".join(f"{permission}=()" for permission in PERMISSIONS)


class EntetesMiddleware:
    """Nothing of a page that depends on who asks is kept anywhere, nor is anything read by another site.

    A page depends on it when the request says who asks (a session), when it gives a cookie, or when it read either
    (`Vary: Cookie`) for somebody signed in. What a view says may be kept for a while holds nothing of theirs, and is.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        _dire_ses_lettres(reponse)
        reponse.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _depend_de_qui(request, reponse) and not _dit(reponse):
            patch_cache_control(reponse, private=True, no_store=True)
        return reponse


def _dire_ses_lettres(reponse: HttpResponse) -> None:
    """A text that says nothing of its letters is ours: UTF-8."""
    genre = reponse.headers.get("Content-Type", "")
    if "charset" not in genre and (genre.startswith("text/") or genre.endswith(("+xml", "/xml"))):
        reponse.headers["Content-Type"] = f"{genre}; charset=utf-8"


def _depend_de_qui(request: HttpRequest, reponse: HttpResponse) -> bool:
    if settings.SESSION_COOKIE_NAME in request.COOKIES or reponse.cookies:
        return True
    # What the portal has just answered to somebody, told on this page.
    if MessagesEnCookie.cookie_name in request.COOKIES:
        return True
    # A page that shows a form to a visitor has their own key in it.
    return has_vary_header(reponse, "Cookie") and settings.CSRF_COOKIE_NAME in request.COOKIES


def _dit(reponse: HttpResponse) -> bool:
    """Whether the view has said it: nothing is kept, or what is the same for everyone, for a while."""
    return bool(get_max_age(reponse)) or "no-store" in reponse.headers.get("Cache-Control", "")
