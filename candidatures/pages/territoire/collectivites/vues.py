"""The pages of one's authorities: proving that one works for them, and what is written in their names."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.depot.actions.contestations import contester as signaler
from candidatures.depot.requetes import porteur_de, qui_citent
from candidatures.dossier.connaissance import avec_etat_su
from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_MODIFIABLES
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.pages.territoire.collectivites.forms import ChercherForm, CodeForm, DemandeForm
from rebond.comptes.rattachements.actions import demander, prouver_par_code
from rebond.comptes.rattachements.requetes import nom_de_la_collectivite, rattachement_de, sirens_prouves
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement

GABARIT = "candidatures/territoire/collectivites/collectivite.html"
MONTRES = 100


@require_safe
@login_required
def collectivites(request: HttpRequest) -> HttpResponse:
    """One's authorities, and the files of others that speak in the names of those that are proven."""
    moi = personne(request)
    formulaire = ChercherForm(request.GET if "collectivite" in request.GET else None)
    if formulaire.is_bound and formulaire.is_valid():
        return redirect("candidatures:collectivite", formulaire.cleaned_data["collectivite"]["siren"])
    return render(
        request,
        "candidatures/territoire/collectivites/collectivites.html",
        {
            "formulaire": formulaire,
            "rattachements": Rattachement.objects.en_cours()
            .filter(utilisateur=moi)
            .order_by(alphabetique("nom"), "pk"),
            "dossiers": _dossiers_des_autres(moi),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def collectivite(request: HttpRequest, siren: str) -> HttpResponse:
    """Where the proof stands for one authority. Nothing here depends on what anybody else has asked or written."""
    moi = personne(request)
    petr = _petr_de_mes_dossiers(moi, siren)
    nom = nom_de_la_collectivite(siren, petr=petr)
    if not nom:
        raise Http404
    formulaire = DemandeForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: demander(
            utilisateur=moi,
            siren=siren,
            adresse_proposee=formulaire.cleaned_data["adresse"],
            petr=petr,
            maintenant=horloge_base(),
        ),
        gabarit=GABARIT,
        contexte={"siren": siren, "nom": nom, "rattachement": rattachement_de(moi, siren), "code": CodeForm()},
        succes="Votre demande est enregistrée. Un code part à l’adresse officielle de la collectivité dès que cette "
        "adresse est vérifiée.",
        vers=reverse("candidatures:collectivite", args=[siren]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def code(request: HttpRequest, siren: str) -> HttpResponse:
    """The code that the authority has passed on."""
    rattachement = rattachement_de(personne(request), siren)
    if rattachement is None:
        raise Http404
    formulaire = CodeForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: prouver_par_code(
            rattachement=rattachement, code=formulaire.cleaned_data["code"], maintenant=horloge_base()
        ),
        gabarit="candidatures/territoire/collectivites/code.html",
        contexte={"siren": siren, "nom": rattachement.nom},
        succes="C’est vérifié\u00a0: le portail sait que vous travaillez pour cette collectivité.",
        vers=reverse("candidatures:collectivite", args=[siren]),
    )


@require_POST
@login_required
@une_seule_fois
def contester(request: HttpRequest, siren: str, pk: int) -> HttpResponse:
    """« Ce dossier n’est pas de nous », in one click. The file does not exist for whoever is not known there."""
    moi = personne(request)
    if siren not in sirens_prouves(moi):
        raise Http404
    signaler(
        candidature=get_object_or_404(qui_citent({siren}), pk=pk), siren=siren, auteur=moi, maintenant=horloge_base()
    )
    return redirect("candidatures:collectivites")


def _petr_de_mes_dossiers(moi: Utilisateur, siren: str) -> str:
    """The name that one's own files give to the PETR of that SIREN; empty when none speaks of it."""
    membres = Membre.objects.filter(candidature__participations__utilisateur=moi, petr__siren=siren)
    return str(membres.order_by("-pk").values_list("petr__nom", flat=True).first() or "")


def _dossiers_des_autres(moi: Utilisateur) -> list[dict[str, object]]:
    """The files in which one takes no part, by the authority of one's own that they name."""
    lus: list[dict[str, object]] = []
    for rattachement in Rattachement.objects.prouves().filter(utilisateur=moi).order_by(alphabetique("nom"), "pk"):
        cites = qui_citent({rattachement.siren}).exclude(participations__utilisateur=moi)
        sus = avec_etat_su(cites, HorlogeBase()).filter(etat_connu__in=[*ETATS_MODIFIABLES, *ETATS_A_INSTRUIRE])
        signales = set(Contestation.objects.filter(siren=rattachement.siren).values_list("candidature", flat=True))
        montres = sus.pour_liste().order_by("-pk")[:MONTRES]
        lus += [_lu(dossier, rattachement, deja=dossier.pk in signales) for dossier in montres]
    return lus


def _lu(dossier: Candidature, rattachement: Rattachement, *, deja: bool) -> dict[str, object]:
    return {"dossier": dossier, "rattachement": rattachement, "porteur": porteur_de(dossier), "signale": deja}
