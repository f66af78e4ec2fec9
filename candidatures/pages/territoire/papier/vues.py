"""The form to fill in offline, and what comes back: shown whole before anything is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.papier.actions import reprendre_du_document
from candidatures.dossier.papier.comprehension import Recu, comprendre
from candidatures.dossier.papier.forms import ChoixForm, DocumentForm, LuForm, en_json
from candidatures.dossier.papier.formulaire import Formulaire, formulaire_de
from candidatures.dossier.papier.propositions import Reprise, preparer, revisions_de
from candidatures.dossier.papier.tables import lire
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier, reception
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import envoi, personne
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.limites import DOCUMENTS, limiter
from rebond.socle.texte.typographie import compte, instant_fr

AUTRE_REPONSE = (
    "Une de ces réponses a changé sur le portail pendant que vous lisiez cette page. Rien n’a été enregistré\u00a0: "
    "relisez, puis choisissez de nouveau."
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def papier(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to download, and where it comes back: a document that is understood leads to its preview."""
    ouvert = mon_dossier(request, pk)
    document = DocumentForm(envoi(request), request.FILES or None)
    statut = 200
    if request.method == "POST" and document.is_valid() and document.contenu is not None:
        try:
            return _apercu(request, ouvert, _lire(ouvert, document.cleaned_data["fichier"], document.contenu))
        except RegleEnfreinte as refus:
            document.refuser(refus.message)
            statut = 409
    propres = contexte(ouvert, formulaire=document if ouvert.peut_ecrire else None)
    return render(request, "candidatures/territoire/papier/papier.html", propres, status=statut)


@require_POST
@login_required
@une_seule_fois
def reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the answers that were chosen on the preview."""
    ouvert = mon_dossier(request, pk)
    lue = LuForm(request.POST)
    recu = lue.recu
    reprise = preparer(ouvert.candidature, recu)
    choix = ChoixForm(request.POST, propositions=reprise.propositions)
    try:
        nombre = reprendre_du_document(
            candidature=ouvert.candidature,
            choisies=choix.choisies,
            revisions=lue.montrees,
            auteur=personne(request),
            maintenant=reception(request, ouvert).instant,
        )
    except ConflitDeSaisie:
        relu = mon_dossier(request, pk)
        return _apercu(request, relu, recu, refus=AUTRE_REPONSE)
    messages.success(request, _dit(nombre))
    return redirect("candidatures:dossier", pk)


@require_safe
@login_required
@limiter(DOCUMENTS)
def formulaire(request: HttpRequest, pk: int, format_: str) -> HttpResponse:
    """The questions, with the answers saved so far."""
    ouvert = mon_dossier(request, pk)
    ecrit = _formulaire(ouvert, revisions=True)
    if format_ == "docx":
        from candidatures.dossier.papier.en_docx import en_docx  # late: heavy

        octets, contenu = en_docx(ecrit), Contenu.DOCX
    else:
        from candidatures.dossier.papier.en_odt import en_odt  # late: heavy

        octets, contenu = en_odt(ecrit), Contenu.ODT
    nom = f"formulaire-{ouvert.candidature.reference}.{format_}"
    entetes = {"Content-Disposition": disposition(nom), "Cache-Control": "private, no-store"}
    return HttpResponse(octets, content_type=contenu.value, headers=entetes)


def _lire(ouvert: DossierOuvert, fichier: File, contenu: Contenu) -> Recu:
    if ouvert.empechement_d_ecrire:
        raise RegleEnfreinte(ouvert.empechement_d_ecrire)
    return comprendre(lire(fichier, contenu), ouvert.cahier, _formulaire(ouvert))


def _formulaire(ouvert: DossierOuvert, *, revisions: bool = False) -> Formulaire:
    candidature = ouvert.candidature
    entete = {
        "Territoire": str(candidature.territoire),
        "Date limite de dépôt": f"{instant_fr(candidature.echeance)} (heure de Paris)",
        "Réponses au": f"{instant_fr(ouvert.maintenant)} (heure de Paris)",
    }
    if candidature.demonstration:
        entete["Attention"] = "Données de démonstration"
    lues = revisions_de(candidature) if revisions else {}
    return formulaire_de(candidature.reference, ouvert.cahier, candidature.contenu, lues, entete)


def _apercu(request: HttpRequest, ouvert: DossierOuvert, recu: Recu, *, refus: str = "") -> HttpResponse:
    """Each answer that would change, both as they are and as they would be, and what was not understood."""
    reprise = preparer(ouvert.candidature, recu)
    propres: dict[str, Any] = {
        "reprise": reprise,
        "recu": recu,
        "rejets": [*recu.rejets, *reprise.rejets],
        "refus": refus,
        "lu": LuForm(initial={"lu": en_json(recu), "revisions": reprise.revisions}),
        "bilan": _bilan(reprise),
    }
    gabarit = "candidatures/territoire/papier/apercu.html"
    return render(request, gabarit, contexte(ouvert, **propres), status=409 if refus else 200)


def _bilan(reprise: Reprise) -> list[str]:
    """What is not listed one by one."""
    lignes = []
    if reprise.identiques:
        lignes.append(f"{compte(reprise.identiques, 'réponse')} du document et du portail sont les mêmes.")
    if reprise.gardees:
        lignes.append(
            f"{compte(reprise.gardees, 'réponse')} n’ont pas été touchées dans le document, et ont changé depuis sur "
            "le portail\u00a0: le portail les garde."
        )
    return lignes


def _dit(nombre: int) -> str:
    if not nombre:
        return "Vous avez gardé toutes les réponses du portail\u00a0: rien n’a changé."
    enregistrees = "est enregistrée" if nombre == 1 else "sont enregistrées"
    return f"{compte(nombre, 'réponse')} du document {enregistrees} dans le brouillon."
