"""A floor: a Django project that holds one empty view, served as Rebond is."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="une-clef-pour-le-banc", MIDDLEWARE=[])


def vide(_: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [path("", vide)]
application = get_wsgi_application()
