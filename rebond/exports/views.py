"""« Mes exports »: asking for a list, seeing it come, getting its file, giving it up."""

from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rebond.exports import actions
from rebond.exports.forms import DemandeForm
from rebond.exports.lecture import Adresse
from rebond.exports.listes import ListeDeMesExports
from rebond.exports.models import CHEMIN_MAX, DEMANDE_MAX, Export
from rebond.exports.progression import lignes_ecrites
from rebond.exports.requetes import exports_de, relue_avant_remise, se_remet
from rebond.socle.documents import stockage
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.acces import consigner_l_adresse
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import compte, nombre


@require_safe
@never_cache
@login_required
def mes_exports(request: HttpRequest) -> HttpResponse:
    liste = ListeDeMesExports(exports_de(personne(request)), request.GET, maintenant=horloge_base())
    return render(request, "exports/exports.html", liste.contexte)


@require_POST
@login_required
@une_seule_fois
def demander(request: HttpRequest) -> HttpResponse:
    formulaire = DemandeForm(request.POST)
    if not formulaire.is_valid():
        raise Http404
    try:
        voulue = urlsplit(formulaire.cleaned_data["adresse"])
    except ValueError:
        raise Http404 from None
    if voulue.scheme or voulue.netloc:
        raise Http404
    adresse = Adresse.lire(unquote(voulue.path), voulue.query)
    if len(adresse.chemin) > CHEMIN_MAX or len(adresse.demande) > DEMANDE_MAX:
        raise Http404
    moi = personne(request)
    extrait, _ = adresse.relire(moi)
    return redirect("exports:export", actions.demander(personne=moi, adresse=adresse, extrait=extrait).pk)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponse:
    moi, maintenant = personne(request), horloge_base()
    sien = get_object_or_404(exports_de(moi).select_related("document"), pk=pk)
    disponible = sien.document is not None and not sien.en_cours_a(maintenant) and sien.expire_le > maintenant
    contexte = {
        "export": sien,
        "etat": sien.etat_a(maintenant),
        "en_cours": sien.en_cours_a(maintenant),
        "disponible": disponible,
        "format": sien.format.upper(),
        "se_remet": disponible and se_remet(sien, moi),
        **_avancement(sien),
    }
    return render(request, "exports/export.html", contexte)


@require_safe
@never_cache
@login_required
def etat(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page's script asks for, every other second."""
    sien = get_object_or_404(exports_de(personne(request)), pk=pk)
    return JsonResponse(_avancement(sien) | {"fini": not sien.en_cours_a(horloge_base())})


@require_safe
@login_required
def fichier(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, to whoever asked for it, as long as the list would let them in."""
    moi = personne(request)
    disponibles = exports_de(moi) & Export.objects.disponibles(horloge_base())
    sien = get_object_or_404(disponibles.select_related("document"), pk=pk)
    if sien.document is None:
        raise Http404
    consigner_l_adresse(request, relue_avant_remise(sien, moi))
    return stockage.reponse(sien.document, sien.fichier)


@require_POST
@login_required
@une_seule_fois
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    sien = get_object_or_404(exports_de(personne(request)), pk=pk)
    actions.annuler(export=sien, maintenant=horloge_base())
    messages.success(request, "L’export est annulé.")
    return redirect("exports:mes_exports")


def _avancement(sien: Export) -> dict[str, str | int]:
    """`etape` in words, which change at each tenth, since they are read aloud; `avancement` in hundredths."""
    ecrites = lignes_ecrites(sien.pk)
    if not sien.essais:
        return {"etape": "Votre export se prépare\u00a0: il attend son tour.", "avancement": 0}
    if ecrites is None:
        return {"etape": "Votre export se prépare.", "avancement": 0}
    avancement = min(100 * ecrites // max(sien.lignes, 1), 100)
    dites = sien.lignes * (avancement // 10) // 10
    etape = f"Votre export se prépare\u00a0: {compte(dites, sien.unite)} sur {nombre(sien.lignes)}."
    return {"etape": etape, "avancement": avancement}
