"""Types of requests, for views and their checkers."""

from django.http import HttpRequest

from rebond.socle.models import Utilisateur


class RequeteConnectee(HttpRequest):
    """A request behind `login_required` or `role_requis`: its user is an account, never anonymous."""

    user: Utilisateur  # type: ignore[assignment]
