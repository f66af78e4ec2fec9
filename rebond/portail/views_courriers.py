"""The outbox, as the administrateur watches it."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from rebond.comptes.habilitations import role_requis
from rebond.portail.listes import SITUATIONS, ListeDesCourriers
from rebond.socle.courriers import envoi as outbox
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.courriers.retours import annonces
from rebond.socle.courriers.retours.actions import constater
from rebond.socle.courriers.retours.regles import Source
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.typographie import compte
from territoires.etats import Role


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def courriers(request: HttpRequest) -> HttpResponse:
    """Who gets which letter and whether it left; never its text, which may tell a result under embargo."""
    venus = Courrier.objects.venus(horloge_base())
    liste = ListeDesCourriers(venus, request.GET)
    comptes = venus.aggregate(**{cle: Count("pk", filter=q) for cle, (_, q) in SITUATIONS.items()})
    contexte = {
        "panne": PanneMessagerie.objects.en_cours(),
        "ecartes": comptes["abandonnes"],
        "comptes": [(cle, libelle, comptes[cle]) for cle, (libelle, _) in SITUATIONS.items()],
    }
    return render(request, "portail/courriers.html", {**liste.contexte, **contexte})


@csrf_exempt
def retours(request: HttpRequest) -> HttpResponse:
    """Where the provider announces the letters that did not arrive. No session, no form of ours: its signature alone.

    Nothing is there without a secret, nor for whoever does not know it, whatever the method: « not allowed » would be
    an answer. Announced again, a letter comes back once.
    """
    lisible = request.method == "POST" and settings.RETOURS_SECRET and _est_courte(request)
    corps = request.body if lisible else b""
    secret, maintenant = settings.RETOURS_SECRET, horloge_base()
    if not corps or not annonces.est_signee(corps, request.headers, secret=secret, maintenant=maintenant):
        raise Http404
    try:
        constats = annonces.lire(corps)
    except ValueError:
        return HttpResponse(status=400)
    with transaction.atomic():
        for constat in constats:
            constater(constat, Source.PRESTATAIRE)
    return HttpResponse(status=204)


def _est_courte(request: HttpRequest) -> bool:
    annoncee = request.META.get("CONTENT_LENGTH") or "0"
    return entier_de_machine(annoncee, maximum=annonces.TAILLE_MAX) is not None


@require_POST
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    courrier = get_object_or_404(Courrier.objects.abandonnes(), pk=pk)
    outbox.renvoyer(courrier, maintenant=horloge_base())
    messages.success(request, f"L’e-mail destiné à {courrier.destinataire} est remis dans la file d’envoi.")
    return redirect("courriers")


@require_POST
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def renvoyer_tous(request: HttpRequest) -> HttpResponse:
    """Every letter set aside, whatever the filter of the page."""
    nombre = outbox.renvoyer_abandonnes(maintenant=horloge_base())
    remis = compte(nombre, "e-mail est remis", "e-mails sont remis")
    messages.success(request, f"{remis} dans la file d’envoi." if nombre else "Aucun e-mail n’est mis de côté.")
    return redirect("courriers")
