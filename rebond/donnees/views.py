"""« Mes données »: asking for them, getting them; for administrateurs, having those of somebody prepared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.demandes.models import DemandeDEpci
from rebond.comptes.habilitations import role_requis
from rebond.donnees.anonymisation.actions import anonymiser
from rebond.donnees.anonymisation.demandeurs import oublier_le_demandeur
from rebond.donnees.anonymisation.regles import empechement_d_anonymiser, empechement_d_oublier
from rebond.donnees.anonymisation.requetes import situation_de
from rebond.donnees.export.actions import demander
from rebond.donnees.export.archive import NOM
from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.export.requetes import empechement_pour, empreinte_du_secret, exports_de
from rebond.donnees.forms import AnonymisationForm, ExportPourForm, OubliForm
from rebond.socle.documents.stockage import reponse
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@require_safe
@never_cache
@login_required
def mes_donnees(request: HttpRequest) -> HttpResponse:
    moi, maintenant = personne(request), horloge_base()
    contexte = {
        "exports": exports_de(moi),
        "empechement": empechement_pour(moi, maintenant),
        "maintenant": maintenant,
    }
    return render(request, "donnees/mes_donnees.html", contexte)


@require_POST
@login_required
@une_seule_fois
def demander_les_miennes(request: HttpRequest) -> HttpResponse:
    moi = personne(request)
    demander(personne=moi, acteur=moi, maintenant=horloge_base())
    messages.success(request, "Vos données sont en préparation. Un e-mail vous préviendra dès qu’elles seront prêtes.")
    return redirect("mes_donnees")


@require_safe
@login_required
def telecharger(request: HttpRequest, pk: int) -> HttpResponseBase:
    siens = ExportDeDonnees.objects.disponibles(horloge_base()).filter(personne=personne(request))
    return _remettre(get_object_or_404(siens.select_related("document"), pk=pk))


@require_safe
@never_cache
def remise(request: HttpRequest, secret: str) -> HttpResponseBase:
    """For whoever can sign in no more: the link of their letter, which nobody else has."""
    remis = ExportDeDonnees.objects.disponibles(horloge_base()).exclude(empreinte="")
    export = remis.filter(empreinte=empreinte_du_secret(secret)).select_related("document").first()
    if export is None:
        raise Http404
    return _remettre(export)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def preparer_pour(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepared for the person, and given to them alone: an administrateur reads none of it."""
    autre = get_object_or_404(Utilisateur, pk=pk)
    exiger(request, empechement_pour(autre, horloge_base()))
    formulaire = ExportPourForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: demander(
            personne=autre,
            acteur=personne(request),
            motif=formulaire.cleaned_data["motif"],
            maintenant=horloge_base(),
        ),
        gabarit="donnees/preparer_pour.html",
        contexte={"compte": autre},
        succes="Ces données sont en préparation. La personne recevra un e-mail dès qu’elles seront prêtes.",
        vers=reverse("administration:compte", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def rendre_anonyme(request: HttpRequest, pk: int) -> HttpResponse:
    autre = get_object_or_404(Utilisateur, pk=pk)
    exiger(request, empechement_d_anonymiser(situation_de(autre)))
    formulaire = AnonymisationForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: anonymiser(
            personne=autre,
            acteur=personne(request),
            motif=formulaire.cleaned_data["motif"],
            maintenant=horloge_base(),
        ),
        gabarit="donnees/rendre_anonyme.html",
        contexte={"compte": autre},
        succes="Ce compte ne nomme plus personne.",
        vers=reverse("administration:compte", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def oublier_qui_demande(request: HttpRequest, pk: int) -> HttpResponse:
    demande = get_object_or_404(DemandeDEpci, pk=pk)
    exiger(request, empechement_d_oublier(demande.email))
    formulaire = OubliForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: oublier_le_demandeur(
            demande=demande,
            acteur=personne(request),
            motif=formulaire.cleaned_data["motif"],
            maintenant=horloge_base(),
        ),
        gabarit="donnees/oublier_le_demandeur.html",
        contexte={"demande": demande},
        succes="Cette demande ne nomme plus personne.",
        vers=reverse("administration:demande", args=[pk]),
    )


def _remettre(export: ExportDeDonnees) -> HttpResponseBase:
    if export.document is None:
        raise Http404
    return reponse(export.document, NOM)
