"""« Je ne trouve pas mon intercommunalité »: asked without an account, and a person answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from candidatures.demandes.actions import demander
from candidatures.demandes.forms import DemandeForm
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.limites import demande_admise
from rebond.socle.formulaires.vues import conduire, envoi
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete import compteurs
from rebond.socle.requete.compteurs import Limite
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.utilisateur import Utilisateur

# A town hall has one question, or a few: beyond, it is a machine.
D_UNE_ADRESSE = Limite("demandes-adresse", 5, 3600)
D_UN_CONNU = Limite("demandes-connu", 5, 3600)
VERS_UNE_ADRESSE = Limite("demandes-vers", 5, 86_400)
ENVOYEE = "Votre demande est enregistrée, avec l’heure à laquelle elle est arrivée. Un e-mail vous le confirme."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def epci_introuvable(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    formulaire = DemandeForm(envoi(request), initial=_connu(request))
    if request.method == "POST" and formulaire.is_valid() and not _admise(request, formulaire.cleaned_data["email"]):
        contexte = {"formulaire": formulaire, "vague": None, "trop": True}
        reponse = render(request, "candidatures/public/epci_introuvable.html", contexte, status=429)
        reponse["Retry-After"] = str(D_UNE_ADRESSE.duree)
        return reponse
    return conduire(
        request,
        formulaire,
        lambda: demander(maintenant=maintenant, **formulaire.cleaned_data),
        gabarit="candidatures/public/epci_introuvable.html",
        contexte={
            "vague": Vague.objects.ouvertes(maintenant).first(),
            "envoyee": request.method != "POST" and "envoyee" in request.GET,
        },
        succes=ENVOYEE,
        vers=f"{reverse('epci_introuvable')}?envoyee",
    )


def _admise(request: HttpRequest, email: str) -> bool:
    """Nobody fills the mailbox of somebody else either."""
    if not demande_admise(request, d_une_adresse=D_UNE_ADRESSE, d_un_connu=D_UN_CONNU):
        return False
    return compteurs.admis(VERS_UNE_ADRESSE, email.lower())


def _connu(request: HttpRequest) -> dict[str, str]:
    """What was searched, and who is signed in: nobody types twice what we know."""
    moi = request.user
    siens = {"nom": f"{moi.prenom} {moi.nom}".strip(), "email": moi.email} if isinstance(moi, Utilisateur) else {}
    return {"collectivite": request.GET.get("q", "")[:160], **siens}
