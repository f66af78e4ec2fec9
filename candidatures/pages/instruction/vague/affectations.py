"""Who holds a file: taken, entrusted to a colleague, given back; the files of a wave shared out at once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.instruction.acces import a_instruire_par, avec_etat_connu, suivis_a_instruire_par
from candidatures.instruction.affectation import actions
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.affectation.forms import PREFIXE, ConfierForm, RendreForm, RepartitionForm
from candidatures.instruction.affectation.propositions import preparer
from candidatures.instruction.affectation.regles import LOT_MAX, empechement_d_affecter
from candidatures.instruction.affectation.requetes import affectation_de, affectations_de, assignations, candidats_a
from candidatures.instruction.suivi.models import PAR_TERRITOIRE
from candidatures.pages.instruction.lecture.parcours import suite_de
from candidatures.pages.instruction.vague.choix import CLE_MAX, choisis
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.noms import par_nom
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def prendre(request: HttpRequest, pk: int) -> HttpResponse:
    """« Je prends », in one press."""
    lu = _a_instruire(request, pk)
    actions.prendre(candidature=lu, acteur=personne(request), maintenant=horloge_base())
    messages.success(request, "Vous suivez ce dossier.")
    return redirect(_le_dossier(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def confier(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds the file, who held it, and to whom it goes."""
    lu = _a_instruire(request, pk)
    exiger(request, empechement_d_affecter(lu.etat_connu))
    tenue = affectation_de(lu)
    libres = [c.personne for c in candidats_a([pk])[pk] if not c.en_conflit]
    formulaire = ConfierForm(
        envoi(request),
        candidats=[cle for cle in libres if tenue is None or cle != tenue.instructeur_id],
        vue=tenue.pk if tenue else 0,
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.confier(
            candidature=lu, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/confier.html",
        contexte={
            "dossier": lu,
            "tenue": tenue,
            "affectations": affectations_de(lu),
            "retour": suite_de(request, None),
        },
        succes="Le dossier est confié.",
        vers=_le_dossier(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def rendre(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever holds the file; for anyone else there is nothing here."""
    lu = _a_instruire(request, pk)
    tenue = affectation_de(lu)
    if tenue is None or tenue.instructeur != personne(request):
        raise Http404
    formulaire = RendreForm(envoi(request), initial={"vue": tenue.pk})
    return conduire(
        request,
        formulaire,
        lambda: actions.rendre(
            candidature=lu, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/rendre_le_dossier.html",
        contexte={"dossier": lu, "retour": suite_de(request, None)},
        succes="Le dossier est rendu\u00a0: il est à prendre.",
        vers=_le_dossier(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def repartir(request: HttpRequest, numero: int) -> HttpResponse:
    """The files to be taken of a wave, those that are named (`?dossiers=`), or those that somebody holds (`?de=`),
    each with whom it is proposed to; one press confirms them all, but those that changed hands meanwhile."""
    vague = get_object_or_404(Vague.objects.closes(horloge_base()), numero=numero)
    demande = _demande(request)
    suivis = _suivis(request, vague, demande)
    # A choice that was made is never dropped in silence: what was taken meanwhile keeps its line, and the act says so.
    cede = request.method == "POST" or demande.de is not None
    tenues = assignations([suivi.pk for suivi in suivis]) if cede else {}
    proposition = preparer(lecteur=personne(request), suivis=suivis, a=demande.a, tenues=tenues)
    formulaire = RepartitionForm(envoi(request), proposition=proposition, cede=demande.de is not None)
    if request.method == "POST" and formulaire.is_valid():
        bilan = actions.affecter(
            choix=formulaire.choix,
            vues=formulaire.vues,
            mot=formulaire.cleaned_data.get("mot", ""),
            acteur=personne(request),
            maintenant=horloge_base(),
        )
        _dire(request, bilan, {suivi.pk: suivi.candidature.reference for suivi in suivis})
        return redirect("instruction:vague", numero)
    contexte = {"vague": vague, "formulaire": formulaire, "repartition": proposition, "demande": demande}
    contexte |= {"maximum": LOT_MAX, "plein": not demande.nommes and len(suivis) == LOT_MAX}
    return render(request, "candidatures/instruction/repartir.html", {**contexte, "tenants": _tenants(request, vague)})


@dataclass(frozen=True)
class Demande:
    """What the page is asked of: files by their keys, those of one person (`de`), all to one person (`a`)."""

    nommes: tuple[int, ...]
    de: int | None
    a: int | None


def _demande(request: HttpRequest) -> Demande:
    """Once the page is sent, the files are those of its fields, and each says whom it goes to."""
    envoye = request.method == "POST"
    if envoye:
        lus = (nom.removeprefix(PREFIXE) for nom in request.POST if nom.startswith(PREFIXE))
        cles = [cle for lu in lus if (cle := entier_de_machine(lu, maximum=CLE_MAX)) is not None]
    else:
        cles = choisis(request.GET) or []
    return Demande(
        tuple(cles[:LOT_MAX]),
        _qui(request, "de"),
        None if envoye else _qui(request, "a"),
    )


def _qui(request: HttpRequest, nom: str) -> int | None:
    lu = request.GET.get(nom, "")
    return personne(request).pk if lu == "moi" else entier_de_machine(lu, maximum=CLE_MAX)


def _suivis(request: HttpRequest, vague: Vague, demande: Demande) -> list[Any]:
    siens = suivis_a_instruire_par(personne(request)).filter(vague=vague)
    if demande.nommes or request.method == "POST":
        siens = siens.filter(pk__in=demande.nommes)
    else:
        siens = siens.filter(responsable=demande.de, etat_connu__in=ETATS_CONFIES)
    lus = siens.select_related("candidature__vague", "territoire__region_pilote", "responsable")
    return list(lus.defer("candidature__contenu", "candidature__reprise").order_by(*PAR_TERRITOIRE)[:LOT_MAX])


def _tenants(request: HttpRequest, vague: Vague) -> QuerySet[Utilisateur]:
    """Who holds a file of the wave that this person instructs."""
    tenus = suivis_a_instruire_par(personne(request)).filter(
        vague=vague, responsable__isnull=False, etat_connu__in=ETATS_CONFIES
    )
    return Utilisateur.objects.filter(pk__in=tenus.order_by().values("responsable")).order_by(*par_nom())


def _dire(request: HttpRequest, bilan: actions.Bilan, references: dict[int, str]) -> None:
    """Raises `RegleEnfreinte` when nothing of what was chosen could be done."""
    refus = [f"{references.get(refuse.dossier, 'Un dossier')}\u00a0: {refuse.raison}" for refuse in bilan.refus]
    if refus and not bilan.faites:
        raise RegleEnfreinte(*refus)
    if bilan.faites:
        messages.success(request, f"{compte(len(bilan.faites), 'dossier confié', 'dossiers confiés')}.")
    for phrase in refus:
        messages.warning(request, phrase)
    if not bilan.faites and not bilan.refus:
        messages.warning(request, "Aucun dossier n’a été confié\u00a0: personne n’était choisi.")


def _le_dossier(request: HttpRequest, pk: int) -> str:
    """Its page, in the list that it was opened from."""
    return reverse("instruction:dossier", args=[pk]) + suite_de(request, None)


def _a_instruire(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    siens = avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_liste()
    return get_object_or_404(siens, pk=pk)
