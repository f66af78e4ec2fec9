"""The porteur's files: their list, the page of each, its opening, its reading and its withdrawal."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.depot.actions import retrait
from candidatures.depot.models import avec_depot_perime
from candidatures.depot.retours import accuses_non_arrives
from candidatures.dossier.etats import ETATS_A_INSTRUIRE
from candidatures.dossier.forms.dossiers import OuvertureForm, RechercheEpciForm, RetraitForm
from candidatures.dossier.lecture import lire as lire_contenu
from candidatures.dossier.lettres import a_corriger, adresses_des_participants
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.regles import QUI_ECRIVENT, empechement_de_gerer_l_equipe
from candidatures.instruction.acces import avec_etat_connu
from candidatures.pages.commun.suites import motif_lu, signature_lue, suites
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from candidatures.pages.territoire.listes import ListeDeMesDossiers
from candidatures.pages.territoire.ouverture import commencer_ou_retrouver
from candidatures.vagues.delais import delais
from candidatures.vagues.models.vagues import Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois


@require_safe
@login_required
def liste(request: HttpRequest) -> HttpResponse:
    """Every file in which one takes part, the latest first."""
    maintenant, moi = horloge_base(), personne(request)
    qualites = Participation.objects.filter(candidature=OuterRef("pk"), utilisateur=moi).values("qualite")
    miens: Any = Candidature.objects.du_porteur(moi).annotate(qualite=Subquery(qualites))
    miens = avec_etat_connu(miens, moi, maintenant)
    miens = miens.annotate(a_redeposer=avec_depot_perime())
    liste = ListeDeMesDossiers(miens, request.GET)
    vague = Vague.objects.pas_encore_closes(maintenant).first()
    ouverte = vague is not None and vague.phase(maintenant).est_ouverte
    contexte = {**liste.contexte, "vague": vague, "ouverte": ouverte}
    return render(request, "candidatures/territoire/liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def ouvrir(request: HttpRequest) -> HttpResponse:
    """Choose the territory, one EPCI after the other, then begin its file, by its first section. The address carries
    what is chosen."""
    maintenant = horloge_base()
    vague = Vague.objects.ouvertes(maintenant).first()
    if vague is None:
        prochaine = Vague.objects.a_venir(maintenant).first()
        return render(request, "candidatures/territoire/ouvrir_ferme.html", {"prochaine": prochaine})
    recherche = RechercheEpciForm(request.GET)
    formulaire = OuvertureForm(envoi(request), choisis=recherche.choisis)
    statut = 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            voulu = formulaire.cleaned_data
            return redirect(commencer_ou_retrouver(request, personne(request), vague, recherche.choisis, **voulu))
        except RegleEnfreinte as erreur:
            formulaire.add_error(None, erreur.message)
            statut = 409
    return render(
        request,
        "candidatures/territoire/ouvrir.html",
        {"vague": vague, "recherche": recherche, "formulaire": formulaire},
        status=statut,
    )


@require_safe
@login_required
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the file stands, what is missing, what was deposited."""
    ouvert = mon_dossier(request, pk, avec_ses_lettres=True)
    motif = motif_lu(ouvert.candidature, ouvert.etat)
    suite = suites(
        ouvert.candidature, ouvert.etat, ouvert.maintenant, depose=bool(ouvert.depots), lecteur=ouvert.lecteur
    )
    attendus = delais(ouvert.maintenant) if ouvert.etat in ETATS_A_INSTRUIRE else None
    signature = signature_lue(ouvert.candidature, ouvert.etat)
    lu = contexte(
        ouvert, motif=motif, signature=signature, delais=attendus, **_ce_qui_n_est_pas_arrive(ouvert), **suite
    )
    return render(request, "candidatures/territoire/dossier.html", lu)


def _ce_qui_n_est_pas_arrive(ouvert: DossierOuvert) -> dict[str, Any]:
    """Nothing is asked unless a letter came back. Receipts are told for ever, what is corrected while it may be."""
    if not ouvert.lettre_perdue or ouvert.qualite not in QUI_ECRIVENT:
        return {}
    dossier = ouvert.candidature
    siennes = adresses_des_participants(dossier)
    return {
        "lettres_perdues": a_corriger(dossier, ouvert.maintenant) if ouvert.peut_ecrire else [],
        "accuses_perdus": accuses_non_arrives([dossier.pk], f"{dossier.reference}-", venus_de=siennes),
        "gere": empechement_de_gerer_l_equipe(ouvert.etat, ouvert.qualite) is None,
    }


@require_safe
@login_required
def lire(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole draft, as it stands."""
    ouvert = mon_dossier(request, pk)
    sections = lire_contenu(ouvert.cahier, ouvert.candidature.contenu)
    return render(request, "candidatures/territoire/lire.html", contexte(ouvert, sections=sections))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    exiger(request, ouvert.empechement_de_retirer)
    return conduire(
        request,
        RetraitForm(envoi(request)),
        lambda: retrait.retirer(candidature=ouvert.candidature, auteur=personne(request), maintenant=horloge_base()),
        gabarit="candidatures/territoire/depot/retirer.html",
        contexte=contexte(ouvert),
        succes="Votre dossier est retiré.",
        vers=reverse("candidatures:dossier", args=[pk]),
    )
