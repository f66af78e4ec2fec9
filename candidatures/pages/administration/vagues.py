"""The calendar of the waves and what is set on each."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.calendrier.actions import vagues as actions
from candidatures.calendrier.forms import AccordsForm, CalendrierForm, SilenceForm, VagueForm, annee_suivante
from candidatures.calendrier.requetes import fin_de_serie
from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import avec_etat_de_vague_connu
from candidatures.pages.administration.listes import ListeDesVagues
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import (
    dans_quelques_mois,
    empechement_de_deplacer,
    empechement_de_fixer_le_silence,
    empechement_de_regler_les_accords,
)
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def calendrier(request: HttpRequest) -> HttpResponse:
    """Every wave with where its closing stands, latest first; and a form that adds the next ones."""
    maintenant = horloge_base()
    non_deposes = [EtatCandidature.BROUILLON, EtatCandidature.RETIREE]
    deposes = Count("candidatures", filter=~Q(candidatures__etat__in=non_deposes))
    vagues = avec_etat_de_vague_connu(Vague.objects.all(), personne(request), maintenant)
    liste = ListeDesVagues(vagues.annotate(deposes=deposes), request.GET, maintenant=maintenant)
    derniere = Vague.objects.order_by("numero").last()
    formulaire = CalendrierForm(
        request.POST or None,
        maintenant=maintenant,
        initial={"jusqu_au": annee_suivante(derniere, maintenant)},
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.generer_calendrier(
            jusqu_a=formulaire.jusqu_a, acteur=personne(request), maintenant=maintenant
        ),
        gabarit="candidatures/administration/calendrier.html",
        contexte={**liste.contexte, "fin": fin_de_serie()},
        succes="Le calendrier est à jour.",
        vers=reverse("administration:calendrier"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def vague(request: HttpRequest, numero: int) -> HttpResponse:
    """The dates of a wave that has not opened yet; for an open one, why they no longer change."""
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.maintenues().filter(cloture__gt=maintenant), numero=numero)
    formulaire = VagueForm(request.POST or None, vague=vague, maintenant=maintenant)
    return conduire(
        request,
        formulaire,
        lambda: actions.modifier_vague(
            vague=vague, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/vague.html",
        contexte={"vague": vague, "refus": empechement_de_deplacer(vague.phase(maintenant))},
        succes=f"Les dates de la vague {numero} sont enregistrées.",
        vers=reverse("administration:calendrier"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def silence(request: HttpRequest, numero: int) -> HttpResponse:
    """From when silence is a decision, as the receipts of the wave will say; once it is open, what they say."""
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.maintenues(), numero=numero)
    formulaire = SilenceForm(request.POST if request.method == "POST" else None, vague=vague)
    return conduire(
        request,
        formulaire,
        lambda: actions.fixer_le_silence(
            vague=vague, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/silence.html",
        contexte={
            "vague": vague,
            "modifiable": empechement_de_fixer_le_silence(vague.phase(maintenant)) is None,
            "terme": dans_quelques_mois(jour_de_paris(vague.echeance), vague.silence_mois),
        },
        succes=f"Ce que disent les accusés de réception de la vague {numero} est enregistré.",
        vers=reverse("administration:silence", args=[numero]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def accords(request: HttpRequest, numero: int) -> HttpResponse:
    """Whether the deposit waits for a mark of each member of a grouping; once the wave is open, what it asks."""
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.maintenues(), numero=numero)
    formulaire = AccordsForm(request.POST if request.method == "POST" else None, vague=vague)
    return conduire(
        request,
        formulaire,
        lambda: actions.exiger_les_accords(
            vague=vague, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/accords.html",
        contexte={
            "vague": vague,
            "modifiable": empechement_de_regler_les_accords(vague.phase(maintenant)) is None,
        },
        succes=f"La règle de la vague {numero} est enregistrée.",
        vers=reverse("administration:accords", args=[numero]),
    )
