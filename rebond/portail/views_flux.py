"""What machines read: the calendar of waves for agendas and news readers, the public pages for search engines."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from candidatures.calendrier.flux import en_atom, en_icalendar
from candidatures.vagues.models.vagues import Vague
from rebond.portail.parution.adresses import PUBLIQUES
from rebond.socle.adresses import adresse_complete
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.horloge.temps import horloge_base

# Seconds. Short, so that nobody reads « ouverte » long after the deadline.
FRAICHEUR = 60
JOURNEE = 86_400
# One page behind each door that needs an account. No address of a file, a person or a wave is told here.
A_PERSONNE = (
    "administration:calendrier",
    "candidatures:liste",
    "account_login",
    "instruction:vagues",
    "projets:liste",
    "presse:accueil",
)


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def icalendar(_request: HttpRequest) -> HttpResponse:
    corps = en_icalendar(Vague.objects.order_by("ouverture"), adresse=adresse_complete("calendrier"))
    return _fichier(corps, "text/calendar; charset=utf-8", "rebond-industriel.ics")


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def atom(_request: HttpRequest) -> HttpResponse:
    corps = en_atom(
        Vague.objects.order_by("ouverture"),
        horloge_base(),
        adresse=adresse_complete("calendrier"),
        flux=adresse_complete("calendrier_atom"),
    )
    return _fichier(corps.encode(), "application/atom+xml; charset=utf-8", "rebond-industriel.atom")


@require_safe
@cache_control(public=True, max_age=JOURNEE)
def robots(_request: HttpRequest) -> HttpResponse:
    """What is invented is not to be found as if it were real; the rest of what everybody may read is."""
    if settings.DEMONSTRATION:
        lignes = ["User-agent: *", "Disallow: /"]
    else:
        lignes = ["User-agent: *", *(f"Disallow: /{reverse(nom).split('/')[1]}/" for nom in A_PERSONNE), ""]
        lignes.append(f"Sitemap: {adresse_complete('sitemap')}")
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=JOURNEE)
def sitemap(_request: HttpRequest) -> HttpResponse:
    """The pages that are the same for everyone, and where one signs up."""
    noms = [publique.nom for publique in PUBLIQUES if publique.est_une_page]
    adresses = "".join(f"<url><loc>{escape(adresse_complete(nom))}</loc></url>" for nom in [*noms, "account_signup"])
    corps = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{adresses}</urlset>\n'
    )
    return HttpResponse(corps, content_type="application/xml; charset=utf-8")


def _fichier(corps: bytes, type_mime: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(corps, content_type=type_mime)
    reponse["Content-Disposition"] = disposition(nom, telecharger=False)
    return reponse
