"""Links to read the file without an account: made, listed, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.forms.liens import LienDeLectureForm
from candidatures.dossier.liens import actions
from candidatures.dossier.liens.requetes import liens_de_lecture
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.regles_de_liens import empechement_de_partager
from candidatures.pages.territoire.acces import contexte, mon_dossier
from rebond.socle.adresses import adresse_complete
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import cle_d_envoi, une_seule_fois

GABARIT = "candidatures/territoire/partage/partager.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def partager(request: HttpRequest, pk: int) -> HttpResponse:
    """The secret is on the page that answers the act, and nowhere else: it is not kept."""
    ouvert = mon_dossier(request, pk)
    refus = empechement_de_partager(ouvert.etat, ouvert.qualite)
    formulaire = LienDeLectureForm(envoi(request))
    fait, statut = None, 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            lien, jeton = actions.creer_lien_de_lecture(
                candidature=ouvert.candidature,
                auteur=personne(request),
                maintenant=horloge_base(),
                cle=cle_d_envoi(request),
                **formulaire.cleaned_data,
            )
        except RegleEnfreinte as erreur:
            formulaire.add_error(None, erreur.message)
            statut = 409
        else:
            fait = {"lien": lien, "adresse": adresse_complete("liens:lien", jeton)}
            formulaire = LienDeLectureForm()
    liens = [] if refus else liens_de_lecture(ouvert.candidature, ouvert.maintenant)
    propres = {"formulaire": formulaire, "fait": fait, "liens": liens, "refus": refus}
    return render(request, GABARIT, contexte(ouvert, **propres), status=statut)


@require_POST
@login_required
@une_seule_fois
def annuler(request: HttpRequest, pk: int, lien_pk: int) -> HttpResponse:
    """Whatever the link opens. The action says who may."""
    lien = get_object_or_404(Lien, candidature=mon_dossier(request, pk).candidature, pk=lien_pk)
    actions.revoquer_lien(lien=lien, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, "Ce lien est annulé\u00a0: il n’ouvre plus rien.")
    return redirect("candidatures:partager" if lien.genre == GenreDeLien.LECTURE else "candidatures:accords", pk)
