"""The page on which a porteur asks the portal to deposit the file at the deadline, or takes that back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.depot.actions.echeance import demander_depot_a_l_echeance, y_renoncer
from candidatures.depot.forms.echeance import DemandeForm, RenonciationForm
from candidatures.dossier.models.versions import VersionComplete
from candidatures.pages.territoire.acces import contexte, mon_dossier, reception
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.requete.envois import une_seule_fois


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def echeance(request: HttpRequest, pk: int) -> HttpResponse:
    """What the option means and where it stands, for whoever takes part; its porteur decides."""
    ouvert = mon_dossier(request, pk)
    candidature = ouvert.candidature
    renonciation = RenonciationForm(envoi(request))
    # What a request asks for is in it, whatever has been decided since its page was shown.
    renonce = renonciation.is_valid() if request.method == "POST" else candidature.depot_a_l_echeance_le is not None
    agir = y_renoncer if renonce else demander_depot_a_l_echeance
    return conduire(
        request,
        renonciation if renonce else DemandeForm(envoi(request)),
        lambda: agir(candidature=candidature, auteur=personne(request), maintenant=reception(request, ouvert).instant),
        gabarit="candidatures/territoire/depot/echeance.html",
        contexte=contexte(
            ouvert, version=VersionComplete.objects.select_related("auteur").filter(candidature=candidature).first()
        ),
        succes="Votre demande est annulée\u00a0: le portail ne déposera rien à l’échéance."
        if renonce
        else "Votre demande est enregistrée. Les participants du dossier en sont prévenus.",
        vers=reverse("candidatures:echeance", args=[pk]),
    )
