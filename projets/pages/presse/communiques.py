"""The press office's pages: aggregates and press releases, never a file."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projets.communique import actions, editions
from projets.communique.annexes import A_VERIFIER, ANNEXES, TOUS
from projets.communique.contenu import CommuniquePret
from projets.communique.formats import FORMATS, riche
from projets.communique.forms import ChoixDeDateForm, FigerForm
from projets.pages.presse.lignes import avec_lignes
from projets.pages.presse.listes import ListeDesCommuniques
from projets.publication.models import Communique
from rebond.comptes.habilitations import role_requis
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.documents import document_prepare
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.limites import DOCUMENTS, limiter
from territoires.etats import Role

# A release frozen since files are kept has them within the act itself.
DELAI = timedelta(minutes=10)


@require_safe
@role_requis(Role.PRESSE)
def accueil(request: HttpRequest) -> HttpResponse:
    """Choice of the date, and the releases frozen so far."""
    aujourd_hui = jour_de_paris(horloge_base())
    choisie = request.GET if "au" in request.GET else None
    formulaire = ChoixDeDateForm(choisie, aujourd_hui=aujourd_hui, initial={"au": aujourd_hui})
    if formulaire.is_bound and formulaire.is_valid():
        return redirect("presse:projet", formulaire.cleaned_data["au"])
    liste = ListeDesCommuniques(Communique.objects.pour_liste(), request.GET)
    return render(request, "projets/presse/accueil.html", {**liste.contexte, "formulaire": formulaire})


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.PRESSE)
@une_seule_fois
def projet(request: HttpRequest, au: date) -> HttpResponse:
    """Figures and text as the data tell them now; freezing them is one click away."""
    maintenant = horloge_base()
    if au > jour_de_paris(maintenant):
        raise Http404
    lu = editions.a_figer(au=au, maintenant=maintenant)
    formulaire = FigerForm(envoi(request), projet=lu)
    return conduire(
        request,
        formulaire,
        lambda: actions.figer(
            au=au,
            acteur=personne(request),
            maintenant=maintenant,
            motif=formulaire.cleaned_data.get("motif", ""),
            relu=formulaire.cleaned_data["empreinte"],
        ),
        gabarit="projets/presse/projet.html",
        contexte={
            **_contexte(lu.pret),
            "justificatifs": avec_lignes(lu.pret.chiffres, "presse:lignes", au),
            "figes": lu.figes,
            "inchange": lu.inchange,
            "refus": lu.refus,
            "ecarts": lu.ecarts,
            "groupes": _groupes_du_projet(au),
        },
        succes="Le texte est arrêté : ses mots, ses chiffres, sa carte et ses fichiers ne changeront plus.",
        vers=reverse("presse:projet", args=[au]),
    )


@require_safe
@role_requis(Role.PRESSE)
def communique(request: HttpRequest, pk: int) -> HttpResponse:
    """A frozen release as it went out, and what today's data say otherwise."""
    maintenant = horloge_base()
    lu = editions.paru(pk)
    if lu is None:
        raise Http404
    fige, parus = lu
    pret = editions.fige(fige, maintenant=maintenant)
    fichiers = list(editions.fichiers(fige, maintenant=maintenant))
    return render(
        request,
        "projets/presse/communique.html",
        {
            **_contexte(pret),
            "fige": fige,
            "derniere": fige.derniere,
            "ecarts": editions.contredit(fige, pret.chiffres, parus),
            "justificatifs": avec_lignes(pret.chiffres, "presse:lignes_figees", fige.pk),
            "fabriques_apres": next((f.fabrique_le for f in fichiers if f.fabrique_le > fige.fige_le + DELAI), None),
            "groupes": _groupes(
                (fichier.cle, TOUS[fichier.cle].libelle, reverse("presse:fichier_fige", args=[pk, fichier.cle]))
                for fichier in fichiers
                if fichier.cle in TOUS
            ),
        },
    )


@require_safe
@role_requis(Role.PRESSE)
@limiter(DOCUMENTS)
def fichier(request: HttpRequest, au: date, format_: str) -> HttpResponse:
    """A draft, made now."""
    maintenant = horloge_base()
    if format_ not in TOUS or au > jour_de_paris(maintenant):
        raise Http404
    choisi = TOUS[format_]
    pret = editions.projet(au=au, maintenant=maintenant, entier=format_ in A_VERIFIER)
    return document_prepare(
        request,
        "/".join(["communique", format_, pret.sceau, pret.nom, *pret.entete]),
        lambda: choisi.fabriquer(pret),
        nom=choisi.nom(pret),
        type_mime=choisi.type_mime,
    )


@require_safe
@role_requis(Role.PRESSE)
def fichier_fige(_request: HttpRequest, pk: int, format_: str) -> FileResponse:
    """What was stored when the release froze, byte for byte."""
    fige = get_object_or_404(Communique.objects.legers().defer("contenu"), pk=pk)
    fichier = get_object_or_404(editions.fichiers(fige, maintenant=horloge_base()), cle=format_)
    return documents.reponse(fichier.document, fichier.nom)


def _groupes_du_projet(au: date) -> dict[str, list[tuple[str, str]]]:
    return _groupes((cle, format_.libelle, reverse("presse:fichier", args=[au, cle])) for cle, format_ in TOUS.items())


def _groupes(fichiers: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Pairs (label, address) by what may be done with them, from triples (key, label, address)."""
    groupes: dict[str, list[tuple[str, str]]] = {"communique": [], "annexes": [], "a_verifier": []}
    for cle, libelle, adresse in fichiers:
        groupe = "communique" if cle in FORMATS else "annexes" if cle in ANNEXES else "a_verifier"
        groupes[groupe].append((libelle, adresse))
    return groupes


def _contexte(pret: CommuniquePret) -> dict[str, object]:
    return {
        "communique": pret,
        "contenu": pret.contenu,
        "chiffres": pret.chiffres,
        "blocs": [(bloc, [riche(texte) for texte in bloc.textes]) for bloc in pret.contenu.blocs],
    }
