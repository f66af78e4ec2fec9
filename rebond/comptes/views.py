"""Who has which role: the list, the page of one role, and what an administrateur does of it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from rebond.comptes.actes_sur_un_role import ACTES_SUR_UN_ROLE, actes_ouverts
from rebond.comptes.actions import creer_organisme
from rebond.comptes.actions.roles import proposer
from rebond.comptes.forms import HabilitationForm, OrganismeForm
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.comptes.listes import ListeDesRoles
from rebond.comptes.regles import POUVOIRS, a_deux_signatures
from rebond.comptes.requetes import a_signer_par, historique, manque_un_administrateur
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import Extrait, tableaux
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from territoires.models import Habilitation

LECTEURS = (Role.ADMINISTRATEUR, Role.AUDITEUR)


@require_safe
@role_requis(*LECTEURS)
def roles(request: HttpRequest) -> HttpResponse:
    moi = personne(request)
    contexte = {
        "administre": a_le_role(moi, Role.ADMINISTRATEUR),
        "a_signer": a_signer_par(moi).count(),
        "seul": manque_un_administrateur(),
    }
    return render(request, "comptes/roles.html", {**_liste(request).contexte, **contexte})


@require_safe
@role_requis(*LECTEURS)
def exporter_les_roles(request: HttpRequest) -> HttpResponse:
    mentions = [f"Qui a accès à quoi, au {instant_fr(horloge_base())} (heure de Paris)"]
    if settings.DEMONSTRATION:
        mentions.insert(0, tableaux.MENTION_DEMONSTRATION)
    return Extrait(_liste(request), mentions)


def _liste(request: HttpRequest) -> ListeDesRoles:
    lus = Habilitation.objects.vivantes().avec_vigueur()
    return ListeDesRoles(lus, request.GET, fichier="roles", moi=personne(request), maintenant=horloge_base())


@require_safe
@role_requis(*LECTEURS)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """One role: who gave it, who signed it, until when, and what was done of it."""
    habilitation = get_object_or_404(Habilitation.objects.avec_vigueur().pour_fiche(), pk=pk)
    moi = personne(request)
    contexte = {
        "habilitation": habilitation,
        "pouvoir": POUVOIRS[Role(habilitation.role)],
        "a_deux": a_deux_signatures(habilitation.role),
        "actes": actes_ouverts(habilitation, moi) if a_le_role(moi, Role.ADMINISTRATEUR) else [],
        "historique": historique(habilitation),
    }
    return render(request, "comptes/role.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def donner_role(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    formulaire = HabilitationForm(envoi(request), maintenant=maintenant)

    def donner() -> None:
        choix = formulaire.cleaned_data
        proposer(
            adresse=choix["adresse"],
            role=choix["role"],
            organisme=choix["organisme"],
            region=choix["region"],
            departement=choix["departement"],
            jusqu_au=choix["fin"],
            acteur=personne(request),
            maintenant=maintenant,
        )

    return conduire(
        request,
        formulaire,
        donner,
        gabarit="comptes/donner_role.html",
        contexte={"seul": manque_un_administrateur()},
        succes="C’est enregistré. Les personnes concernées sont prévenues par e-mail.",
        vers=reverse("administration:roles"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def agir_sur_un_role(request: HttpRequest, pk: int, acte: str) -> HttpResponse:
    """Asks first, and says what will follow."""
    choisi = ACTES_SUR_UN_ROLE.get(acte)
    if choisi is None:
        raise Http404
    habilitation = get_object_or_404(Habilitation.objects.pour_fiche(), pk=pk)
    moi = personne(request)
    exiger(request, choisi.empechement(habilitation, moi))
    if request.method == "POST":
        choisi.agir(habilitation=habilitation, acteur=moi, maintenant=horloge_base())
        messages.success(request, choisi.succes)
        return redirect("administration:role", pk)
    return render(request, "comptes/acte_sur_un_role.html", {"habilitation": habilitation, "acte": choisi})


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def organisme(request: HttpRequest) -> HttpResponse:
    formulaire = OrganismeForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: creer_organisme(acteur=personne(request), **formulaire.cleaned_data),
        gabarit="comptes/organisme.html",
        contexte={},
        succes="L’organisme est ajouté.",
        vers=reverse("administration:donner_role"),
    )
