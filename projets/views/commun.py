"""What the views of the app share."""

from django.http import Http404, HttpRequest

from rebond.socle.models import Utilisateur


def personne(request: HttpRequest) -> Utilisateur:
    """Whoever is signed in; the decorators of the views have let nobody else through."""
    if not isinstance(request.user, Utilisateur):
        raise Http404
    return request.user
