"""Changing a wave's specifications, one thing at a time: each save is a new version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.cahier import LIBELLES_TYPES, Cahier
from candidatures.cahier.actions import modifier_cahier, reprendre_cahier
from candidatures.cahier.edition import deplacer_question, deplacer_section, sans_question, sans_section
from candidatures.cahier.forms.cahiers import (
    DeplacementForm,
    EditionForm,
    GrilleForm,
    PiecesForm,
    RepriseForm,
    SectionForm,
    TexteForm,
    VersionForm,
)
from candidatures.cahier.forms.conditions import ConditionsForm
from candidatures.cahier.forms.niveaux import NiveauxForm
from candidatures.cahier.forms.questions import QuestionForm, TypeForm
from candidatures.pages.administration.cahiers import Atelier, mon_atelier
from rebond.comptes.habilitations import role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.requete.envois import une_fois_par_cle, une_seule_fois
from territoires.etats import Role

FORMULAIRE = "candidatures/administration/cahier/cahier_formulaire.html"


def _atelier_ouvert(numero: int) -> Atelier:
    """Raises `RegleEnfreinte` once the specifications are frozen."""
    atelier = mon_atelier(numero)
    if atelier.empechement:
        raise RegleEnfreinte(atelier.empechement)
    return atelier


def _adresse(atelier: Atelier, ancre: str = "") -> str:
    adresse = reverse("administration:cahier", args=[atelier.vague.numero])
    return f"{adresse}#{ancre}" if ancre else adresse


def _enregistrer(request: HttpRequest, atelier: Atelier, nouveau: Cahier, commentaire: str) -> None:
    modifier_cahier(
        vague=atelier.vague,
        version=VersionForm(request.POST).lue,
        cahier=nouveau,
        commentaire=commentaire,
        auteur=personne(request),
        maintenant=atelier.maintenant,
    )


def _conduire(
    request: HttpRequest, atelier: Atelier, formulaire: EditionForm, *, titre: str, ancre: str, **autres: Any
) -> HttpResponse:
    """The page of one change. When someone else's version comes in between, the page says so and keeps what was typed;
    sent again, the change is made to that version.
    """
    defauts = {"section": None, "type_de_reponse": "", "titre_lignes": ""}
    return conduire(
        request,
        formulaire,
        lambda: _enregistrer(request, atelier, formulaire.cahier_modifie(), formulaire.commente),
        gabarit=FORMULAIRE,
        contexte=atelier.contexte(titre=titre, retour=_adresse(atelier, ancre), **(defauts | autres)),
        succes="Le cahier des charges est enregistré.",
        vers=_adresse(atelier, ancre),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def texte(request: HttpRequest, numero: int) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    formulaire = TexteForm(envoi(request), cahier=atelier.cahier)
    return _conduire(request, atelier, formulaire, titre="Texte de l’appel", ancre="texte")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def pieces(request: HttpRequest, numero: int) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    formulaire = PiecesForm(envoi(request), cahier=atelier.cahier)
    return _conduire(request, atelier, formulaire, titre="Pièces jointes attendues", ancre="pieces")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def conditions(request: HttpRequest, numero: int) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    formulaire = ConditionsForm(envoi(request), cahier=atelier.cahier)
    return _conduire(request, atelier, formulaire, titre="Conditions de recevabilité", ancre="conditions")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def grille(request: HttpRequest, numero: int) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    formulaire = GrilleForm(envoi(request), cahier=atelier.cahier)
    return _conduire(request, atelier, formulaire, titre="Grille d’évaluation", ancre="grille")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def critere(request: HttpRequest, numero: int, cle: str) -> HttpResponse:
    """The levels of a criterion, its floor and its questions."""
    atelier = _atelier_ouvert(numero)
    modifie = atelier.critere(cle)
    formulaire = NiveauxForm(envoi(request), cahier=atelier.cahier, critere=modifie)
    titre = f"Critère « {modifie.libelle} »"
    return _conduire(
        request, atelier, formulaire, titre=titre, ancre=f"critere-{cle}", titre_lignes="Les niveaux du critère"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def section(request: HttpRequest, numero: int, cle: str = "") -> HttpResponse:
    """Words a section, or adds one."""
    atelier = _atelier_ouvert(numero)
    modifiee = atelier.section(cle) if cle else None
    formulaire = SectionForm(envoi(request), cahier=atelier.cahier, section=modifiee)
    titre = f"Rubrique « {modifiee.titre} »" if modifiee else "Ajouter une rubrique"
    return _conduire(request, atelier, formulaire, titre=titre, ancre=f"section-{cle}" if cle else "sections-fin")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def question(request: HttpRequest, numero: int, cle: str, question: str = "") -> HttpResponse:
    """Changes a question, or adds one to the section `cle`; a new one, or one that changes, says its type first."""
    atelier = _atelier_ouvert(numero)
    lieu = atelier.section(cle)
    modifiee = atelier.question(cle, question) if question else None
    actuel = modifiee.type if modifiee else None
    type_form = TypeForm(request.GET if "type" in request.GET else None, initial={"type": actuel})
    type_ = type_form.choisi or actuel
    titre = f"Question « {modifiee.libelle} »" if modifiee else "Ajouter une question"
    ancre = f"question-{cle}-{question}" if question else f"section-{cle}"
    if type_ is None or "changer" in request.GET:
        contexte = atelier.contexte(titre=titre, formulaire=type_form, section=lieu, retour=_adresse(atelier, ancre))
        return render(request, "candidatures/administration/cahier/cahier_type.html", contexte)
    formulaire = QuestionForm(envoi(request), cahier=atelier.cahier, section=lieu, type_=type_, question=modifiee)
    return _conduire(
        request,
        atelier,
        formulaire,
        titre=titre,
        ancre=ancre,
        section=lieu,
        type_de_reponse=LIBELLES_TYPES[type_],
        titre_lignes="Les colonnes du bloc",
    )


@require_POST
@role_requis(Role.ADMINISTRATEUR)
@une_fois_par_cle
def deplacer(request: HttpRequest, numero: int) -> HttpResponse:
    """Moves a section or a question one place, then shows the overview where it now is."""
    atelier = mon_atelier(numero)
    formulaire = DeplacementForm(request.POST)
    if not formulaire.is_valid():
        return redirect(_adresse(atelier))
    if formulaire.question:
        deplacee = atelier.question(formulaire.section, formulaire.question)
        nouveau = deplacer_question(atelier.cahier, formulaire.section, deplacee.cle, formulaire.pas)
        nom, ancre = f"Question « {deplacee.libelle} »", f"question-{formulaire.section}-{deplacee.cle}"
    else:
        rubrique = atelier.section(formulaire.section)
        nouveau = deplacer_section(atelier.cahier, rubrique.cle, formulaire.pas)
        nom, ancre = f"Rubrique « {rubrique.titre} »", f"section-{rubrique.cle}"
    try:
        _enregistrer(request, atelier, nouveau, f"{nom} déplacée")
    except RegleEnfreinte as refus:
        messages.error(request, refus.message)
        return redirect(_adresse(atelier))
    return redirect(_adresse(atelier, ancre))


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def retirer_section(request: HttpRequest, numero: int, cle: str) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    nom = f"Rubrique « {atelier.section(cle).titre} »"
    return _retirer(request, atelier, nom, lambda: sans_section(atelier.cahier, cle), ancre="sections")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def retirer_question(request: HttpRequest, numero: int, cle: str, question: str) -> HttpResponse:
    atelier = _atelier_ouvert(numero)
    nom = f"Question « {atelier.question(cle, question).libelle} »"
    ancre = f"section-{cle}"
    return _retirer(request, atelier, nom, lambda: sans_question(atelier.cahier, cle, question), ancre=ancre)


def _retirer(
    request: HttpRequest, atelier: Atelier, nom: str, nouveau: Callable[[], Cahier], *, ancre: str
) -> HttpResponse:
    """Asks first."""
    refus = ""
    if request.method == "POST":
        try:
            _enregistrer(request, atelier, nouveau(), f"{nom} retirée")
        except RegleEnfreinte as erreur:
            refus = erreur.message
        else:
            messages.success(request, f"{nom} : retirée du cahier des charges.")
            return redirect(_adresse(atelier, ancre))
    contexte = atelier.contexte(nom=nom, refus=refus, retour=_adresse(atelier, ancre))
    gabarit = "candidatures/administration/cahier/cahier_retirer.html"
    return render(request, gabarit, contexte, status=409 if refus else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def reprendre(request: HttpRequest, numero: int) -> HttpResponse:
    """Takes everything from another wave's last version."""
    atelier = _atelier_ouvert(numero)
    formulaire = RepriseForm(envoi(request), vague=atelier.vague)
    return conduire(
        request,
        formulaire,
        lambda: reprendre_cahier(
            vague=atelier.vague,
            version=VersionForm(request.POST).lue,
            source=formulaire.cleaned_data["source"],
            auteur=personne(request),
            maintenant=atelier.maintenant,
        ),
        gabarit="candidatures/administration/cahier/cahier_reprendre.html",
        contexte=atelier.contexte(retour=_adresse(atelier)),
        succes="Le cahier des charges est repris.",
        vers=_adresse(atelier),
    )
