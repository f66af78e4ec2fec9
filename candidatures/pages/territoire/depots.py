"""The deposit, its receipt, and what was deposited."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal
from candidatures.cloture.proces_verbal import lecture as lecture_du_proces_verbal
from candidatures.depot.accords.regles import REGLE
from candidatures.depot.accuses import accuse_de
from candidatures.depot.actions import depots
from candidatures.depot.actions.depots import AccordsManquants, VersionChangee
from candidatures.depot.ecarts_de_lecture import changements
from candidatures.depot.models import AccuseReception, AccuseRectificatif, Depot, PieceDeposee
from candidatures.depot.regles import ATTESTATION
from candidatures.depot.relecture import jeton_de, lecture_de, lecture_du_brouillon
from candidatures.depot.reliure.requetes import du_territoire, remise
from candidatures.dossier.forms.dossiers import DepotDeLaVersionRelueForm, DepotForm
from candidatures.dossier.lecture import lire
from candidatures.pages.territoire.acces import DEPOSER, DossierOuvert, contexte, mon_dossier, reception_selon
from candidatures.pages.territoire.atelier.relecture import a_relire, avec_ses_intercommunalites, presse
from candidatures.pages.territoire.etapes import etape
from candidatures.pages.territoire.groupement import alertes
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.horloges import interroger
from rebond.socle.requete.saisies import si_deconnecte
from rebond.socle.texte.typographie import instant_fr
from rebond.surveillance.antivirus import servir

# What is known of a document, wherever its file is named.
CONNUS = ("document__lisibilite", "document__effacement", "document__analyse")


@si_deconnecte("Votre dossier n’est pas déposé.")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def deposer(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary, then the small request that counts."""
    if request.method != "POST":
        return _page(request, mon_dossier(request, pk), uuid4())
    return _deposer(request, pk)


def _deposer(request: HttpRequest, pk: int) -> HttpResponse:
    formulaire = DepotForm(request.POST)
    formulaire.is_valid()
    donnees = formulaire.cleaned_data
    try:
        depot = _enregistrer(request, pk, donnees)
    except EcheanceDepassee as refus:
        return _page_de_l_echeance_depassee(request, mon_dossier(request, pk), refus)
    except VersionChangee as changee:
        return _page_de_la_version_changee(request, mon_dossier(request, pk), donnees, changee)
    except RegleEnfreinte as refus:
        manquent = isinstance(refus, AccordsManquants)
        page = mon_dossier(request, pk)
        return _page(request, page, donnees["cle"], refus=refus.message, accords_manquants=manquent)
    if depot.cle != donnees["cle"]:
        messages.info(request, _deja_recu(depot))
    return redirect("candidatures:depot", pk, depot.rang)


def _enregistrer(request: HttpRequest, pk: int, donnees: Mapping[str, Any]) -> Depot:
    """The clock is asked before anybody is waited for; the wave says how long a request may have waited."""
    arrivee, lue = interroger(request)
    moi = personne(request)
    with depots.tenu_pour_deposer(dossier=pk, personne=moi, cle=donnees["cle"]) as tenu:
        if tenu is None:
            raise Http404
        recue = reception_selon(request, tenu.candidature.vague, arrivee, lue)
        demande = depots.Demande(
            auteur=moi,
            recu_le=recue.instant,
            cle=donnees["cle"],
            preuve=recue.preuve,
            lecture=lecture_de(donnees["lecture"], tenu.candidature),
            relue=donnees["relue"],
            atteste=donnees["atteste"],
            maintenant=lue.instant,
        )
        return depots.deposer_ce_qui_est_tenu(tenu, demande)


def _page(
    request: HttpRequest, ouvert: DossierOuvert, cle: UUID, *, refus: str = "", accords_manquants: bool = False
) -> HttpResponse:
    avec_ses_intercommunalites(ouvert)
    lue = lecture_du_brouillon(ouvert.candidature, ouvert.pieces, ouvert.membres) if ouvert.peut_deposer else None
    demande = {"cle": cle, "lecture": jeton_de(ouvert.candidature, lue) if lue else "", "atteste": True}
    return render(
        request,
        "candidatures/territoire/depot/deposer.html",
        contexte(
            ouvert,
            # The same request twice: whichever button is pressed, the second finds the deposit made.
            formulaire=DepotForm(initial=demande),
            en_haut=DepotForm(initial=demande, auto_id="haut-%s"),
            attestation=ATTESTATION,
            refus=refus,
            presse=presse(ouvert),
            alertes=alertes(ouvert.candidature, ouvert.maintenant, ouvert.lecteur) if ouvert.restant else [],
            accords_manquants=accords_manquants,
            regle_des_accords=REGLE,
            sections=a_relire(ouvert),
            etape=etape(ouvert, DEPOSER),
        ),
        status=409 if refus else 200,
    )


def _page_de_l_echeance_depassee(request: HttpRequest, ouvert: DossierOuvert, refus: EcheanceDepassee) -> HttpResponse:
    instants = contexte(ouvert, recu_le=refus.recu_le, echeance=refus.echeance)
    return render(request, "candidatures/territoire/depot/echeance_depassee.html", instants, status=409)


def _page_de_la_version_changee(
    request: HttpRequest, ouvert: DossierOuvert, donnees: Mapping[str, Any], changee: VersionChangee
) -> HttpResponse:
    """What changed since the page was read; what was read may be deposited nevertheless, when it is complete."""
    lu = changee.relu
    return render(
        request,
        "candidatures/territoire/depot/version_changee.html",
        contexte(
            ouvert,
            message=changee.message,
            changements=changements(ouvert.candidature, lu.contenu, changee.present, changee.lecture.revisions)
            if lu
            else [],
            attestation=ATTESTATION,
            formulaire=DepotDeLaVersionRelueForm(initial={**donnees, "relue": True, "atteste": True})
            if lu and lu.deposable
            else None,
        ),
        status=409,
    )


def _deja_recu(depot: Depot) -> str:
    return (
        f"Ce que vous déposez est déjà reçu\u00a0: c’est le contenu du dépôt n°\u00a0{depot.numero}, reçu le "
        f"{instant_fr(depot.recu_le, secondes=True)} (heure de Paris). Ce dépôt vaut toujours, et il n’en a pas été "
        "fait d’autre."
    )


@require_safe
@login_required
def depot(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """The receipt."""
    ouvert = mon_dossier(request, pk)
    trouve = _depot(ouvert, rang)
    reliure = du_territoire(trouve)
    return render(
        request,
        "candidatures/territoire/depot/depot.html",
        contexte(
            ouvert,
            depot=trouve,
            accuse=accuse_de(trouve),
            pdf=next((getattr(un, "accuse", None) for un in ouvert.depots if un.rang == rang), None),
            compte=trouve.rang == ouvert.depots[0].rang,
            rectificatifs=list(trouve.rectificatifs.select_related("document").order_by("rang")),
            inscription=_inscriptions(trouve).first(),
            reliure=reliure,
            relie=remise(reliure, trouve.pieces.all()),
        ),
    )


@require_safe
@login_required
def contenu_depose(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """What was deposited, whatever the draft has become since."""
    ouvert = mon_dossier(request, pk)
    trouve = _depot(ouvert, rang)
    return render(
        request,
        "candidatures/territoire/depot/contenu_depose.html",
        contexte(ouvert, depot=trouve, sections=lire(ouvert.cahier, trouve.contenu["sections"])),
    )


@require_safe
@login_required
def accuse(request: HttpRequest, pk: int, rang: int) -> HttpResponseBase:
    ouvert = mon_dossier(request, pk)
    trouve = get_object_or_404(
        AccuseReception.objects.select_related("document", "depot"),
        depot__candidature=ouvert.candidature,
        depot__rang=rang,
    )
    return documents.reponse(trouve.document, trouve.nom)


@require_safe
@login_required
def accuse_rectificatif(request: HttpRequest, pk: int, rang: int, numero: int) -> HttpResponseBase:
    trouves = AccuseRectificatif.objects.select_related("document", "depot")
    miens = trouves.filter(depot__candidature=mon_dossier(request, pk).candidature)
    trouve = get_object_or_404(miens, depot__rang=rang, rang=numero)
    return documents.reponse(trouve.document, trouve.nom)


@require_safe
@login_required
def preuve(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """What proves that this deposit is in the procès-verbal, and nothing of the others."""
    trouve = _depot(mon_dossier(request, pk), rang)
    contenu = lecture_du_proces_verbal.preuve(get_object_or_404(_inscriptions(trouve)))
    reponse = JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 1})
    reponse["Content-Disposition"] = disposition(f"preuve-{trouve.numero}.json")
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_safe
@login_required
def piece_deposee(request: HttpRequest, pk: int, rang: int, piece_pk: int) -> HttpResponseBase:
    trouvee = get_object_or_404(
        _depot(mon_dossier(request, pk), rang).pieces.select_related("document__lisibilite", "document__effacement"),
        pk=piece_pk,
    )
    return servir(trouvee.document, trouvee.nom)


def _inscriptions(depot: Depot) -> QuerySet[LigneProcesVerbal]:
    return depot.lignes_proces_verbal.select_related("proces_verbal__vague").order_by("pk")


def _depot(ouvert: DossierOuvert, rang: int) -> Depot:
    pieces = Prefetch("pieces", PieceDeposee.objects.select_related(*CONNUS).order_by("pk"))
    trouve = get_object_or_404(
        ouvert.candidature.depots.select_related("auteur", "reliure__document").prefetch_related(pieces), rang=rang
    )
    trouve.candidature = ouvert.candidature
    return trouve
