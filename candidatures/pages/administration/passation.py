"""The administrateur's way to a file whose porteur has left: found by its reference, entrusted to someone else.

It shows who takes part in the file, and nothing of what the file holds.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.dossier.actions.equipe import passer_la_main as confier
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.forms.equipe import PassationDOfficeForm, ReferenceForm
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.regles import empechement_de_changer_l_equipe
from candidatures.dossier.requetes import nom_et_adresse, porteur_et_autres
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def retrouver_dossier(request: HttpRequest) -> HttpResponse:
    formulaire = ReferenceForm(request.GET or None)
    if formulaire.is_valid():
        return redirect("administration:passer_la_main", formulaire.candidature.pk)
    return render(request, "candidatures/administration/retrouver_dossier.html", {"formulaire": formulaire})


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def passer_la_main(request: HttpRequest, pk: int) -> HttpResponse:
    candidature = get_object_or_404(Candidature.objects.pour_liste(), pk=pk)
    porteur, autres = porteur_et_autres(candidature)
    formulaire = PassationDOfficeForm(envoi(request), autres=autres)
    return conduire(
        request,
        formulaire,
        lambda: confier(
            candidature=candidature,
            a=formulaire.personne,
            auteur=personne(request),
            maintenant=horloge_base(),
            motif=formulaire.cleaned_data["motif"],
        ),
        gabarit="candidatures/administration/passer_la_main.html",
        contexte={
            "candidature": candidature,
            "porteur": porteur,
            "nom": nom_et_adresse(porteur.utilisateur) if porteur else "",
            "empechement": empechement_de_changer_l_equipe(etat_connu_du_territoire(candidature, horloge_base())),
        },
        succes=f"Le dossier {candidature.reference} a un nouveau responsable.",
        vers=reverse("administration:passer_la_main", args=[pk]),
    )
