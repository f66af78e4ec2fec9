"""« Bon pour dépôt »: where each member of the grouping stands, marking for one's own, writing to the others."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.depot.accords import actions
from candidatures.depot.accords.regles import REGLE
from candidatures.depot.accords.requetes import accords_du_groupement
from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.forms.liens import LienDeMembreForm
from candidatures.dossier.lecture import lire
from candidatures.dossier.liens.actions import envoyer_lien_a_un_membre, relancer
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.pieces.emplacements import emplacements
from candidatures.pages.commun.accords import ce_qui_a_change, signer
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import compte


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def accords(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has marked the present version, who has sent its document; those who write send links from here."""
    ouvert = mon_dossier(request, pk)
    formulaire = LienDeMembreForm(envoi(request), membres=ouvert.membres)
    return conduire(
        request,
        formulaire,
        lambda: envoyer_lien_a_un_membre(
            candidature=ouvert.candidature,
            membre=_membre(ouvert, formulaire.cleaned_data["membre"]),
            genre=formulaire.cleaned_data["genre"],
            email=formulaire.cleaned_data["email"],
            auteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/territoire/partage/accords.html",
        contexte=contexte(ouvert, **_lus(ouvert, request)),
        succes="Le lien est envoyé.",
        vers=reverse("candidatures:accords", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def donner(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    """The version to mark, and what changed since this member's last mark."""
    ouvert = mon_dossier(request, pk)
    membre, moi = _membre(ouvert, membre_pk), personne(request)
    if not est_rattache(moi, [membre.siren]):
        raise RegleEnfreinte(actions.PAS_DE_SA_COLLECTIVITE)
    essai = signer(request, ouvert.candidature, membre, {"signataire": str(moi)}, auteur=moi)
    if essai is None:
        messages.success(request, f"Le bon pour dépôt de {membre.nom} est enregistré, sur cette version.")
        return redirect("candidatures:accords", pk)
    formulaire, statut = essai
    propres = {"membre": membre, "formulaire": formulaire, "sections": lire(ouvert.cahier, ouvert.candidature.contenu)}
    propres |= ce_qui_a_change(ouvert.candidature, membre.siren, ouvert.composition)
    return render(request, "candidatures/territoire/partage/donner.html", contexte(ouvert, **propres), status=statut)


@require_POST
@login_required
@une_seule_fois
def rappeler(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    membre = _membre(ouvert, membre_pk)
    ecrites = actions.rappeler(
        candidature=ouvert.candidature, membre=membre, auteur=personne(request), maintenant=horloge_base()
    )
    messages.success(request, f"{compte(ecrites, 'rappel envoyé', 'rappels envoyés')} à {membre.nom}.")
    return redirect("candidatures:accords", pk)


@require_POST
@login_required
@une_seule_fois
def relancer_la_piece(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    membre = _membre(ouvert, membre_pk)
    relancer(
        candidature=ouvert.candidature,
        membre=membre,
        genre=GenreDeLien.PIECE,
        auteur=personne(request),
        maintenant=horloge_base(),
    )
    messages.success(request, f"Un nouveau lien est envoyé à {membre.nom}. L’ancien ne fonctionne plus.")
    return redirect("candidatures:accords", pk)


def _lus(ouvert: DossierOuvert, request: HttpRequest) -> dict[str, Any]:
    """Each member with where its document goes."""
    places = [place for place in emplacements(ouvert.composition, ouvert.pieces) if place.attendue.par_membre]
    lignes = [
        (ligne, [place for place in places if place.membre in {ligne.membre.pk, None}])
        for ligne in accords_du_groupement(ouvert.candidature, ouvert.membres, personne(request))
    ]
    return {"lignes": lignes, "regle": REGLE}


def _membre(ouvert: DossierOuvert, membre_pk: int) -> Membre:
    trouve = next((membre for membre in ouvert.membres if membre.pk == membre_pk), None)
    if trouve is None:
        raise Http404
    return trouve
