"""Who works for which authority, and what authorities say of files: what waits for an administrateur."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.depot.actions.contestations import trancher
from candidatures.depot.forms.contestations import ReponseForm
from candidatures.dossier.models.contestations import Contestation
from candidatures.pages.administration.listes import ListeDesRattachements
from rebond.comptes.habilitations import role_requis
from rebond.comptes.rattachements import actions
from rebond.comptes.rattachements.forms import AdresseForm, FinForm, ParoleForm
from rebond.comptes.rattachements.regles import indice
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role
from territoires.models import AdresseOfficielle, Rattachement

VERS = "administration:rattachements"
GABARIT = "candidatures/administration/rattachement.html"


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def rattachements(request: HttpRequest) -> HttpResponse:
    """What waits: authorities that contest a file, then requests, then the links that are known."""
    liste = ListeDesRattachements(Rattachement.objects.en_cours(), request.GET)
    contestations = (
        Contestation.objects.en_cours()
        .select_related("candidature__vague", "par")
        .defer("candidature__contenu", "candidature__reprise")
    )
    contexte = {**liste.contexte, "contestations": list(contestations.order_by("pk"))}
    return render(request, "candidatures/administration/rattachements.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def adresse(request: HttpRequest, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        AdresseForm,
        lambda lien, saisi: actions.valider_adresse(rattachement=lien, **saisi),
        titre="Envoyer un code à l’adresse officielle",
        succes="L’adresse officielle est enregistrée et le code y est envoyé.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def attester(request: HttpRequest, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        ParoleForm,
        lambda lien, saisi: actions.attester(utilisateur=lien.utilisateur, siren=lien.siren, petr=lien.nom, **saisi),
        titre="Attester que cette personne y travaille",
        succes="Le lien est reconnu. La personne en est prévenue par e-mail.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def terminer(request: HttpRequest, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        FinForm,
        lambda lien, saisi: actions.terminer(rattachement=lien, **saisi),
        titre="Ne pas reconnaître ce lien",
        succes="C’est enregistré. La personne en est prévenue par e-mail.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def contestation(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to « ce dossier n’est pas de nous »."""
    lues = Contestation.objects.en_cours().select_related("candidature__vague", "par")
    lue = get_object_or_404(lues.defer("candidature__contenu", "candidature__reprise"), pk=pk)
    formulaire = ReponseForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: trancher(
            contestation=lue, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/contestation.html",
        contexte={"contestation": lue},
        succes="Votre réponse est envoyée à la collectivité et aux auteurs du dossier.",
        vers=reverse(VERS),
    )


def _acte(
    request: HttpRequest,
    pk: int,
    classe: type[FormulaireDsfr],
    agir: Callable[[Rattachement, dict[str, Any]], Any],
    *,
    titre: str,
    succes: str,
) -> HttpResponse:
    """One act on the link `pk`: `agir` gets it, what was typed, by whom and when."""
    lien = get_object_or_404(Rattachement.objects.en_cours().select_related("utilisateur"), pk=pk)
    officielle = AdresseOfficielle.objects.filter(siren=lien.siren).values_list("email", flat=True).first() or ""
    # Forms that do not ask for it leave it.
    formulaire = classe(envoi(request), initial={"adresse": officielle})
    return conduire(
        request,
        formulaire,
        lambda: agir(lien, {**formulaire.cleaned_data, "acteur": personne(request), "maintenant": horloge_base()}),
        gabarit=GABARIT,
        contexte={
            "lien": lien,
            "titre_de_l_acte": titre,
            "officielle": officielle,
            "indice": indice(lien.utilisateur.email, officielle),
        },
        succes=succes,
        vers=reverse(VERS),
    )
