"""The people of a file: their list and what each of them did, invitations, roles, the change of porteur."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.dossier import activite, requetes
from candidatures.dossier.actions import equipe as actions
from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite
from candidatures.dossier.forms.equipe import AdresseCorrigeeForm, InvitationForm, PassationForm, QualiteForm
from candidatures.dossier.lettres import retours_des_invitations, retours_des_participants
from candidatures.dossier.models.dossiers import Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.regles import (
    empechement_d_ecarter,
    empechement_de_changer_de_role,
    empechement_de_changer_l_equipe,
    empechement_de_gerer_l_equipe,
)
from candidatures.dossier.requetes import empechement, empechement_de_decliner, invitation_de, invitations_en_attente
from candidatures.pages.commun.liens import discrete_avec_formulaire
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.pages import page_demandee
from rebond.socle.texte.citations import citer
from rebond.socle.utilisateur import Utilisateur

PAR_PAGE = 20
BIENVENUE = "Bienvenue\u00a0! Vous participez maintenant à ce dossier."
DECLINEE = "Vous avez décliné l’invitation\u00a0: la personne qui l’a faite en est prévenue."
# The button of the form that declines, on the page of an invitation.
DECLINER = "decliner"
GABARIT_D_INVITATION = "candidatures/territoire/equipe/invitation.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def equipe(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part, who is invited, who did what; the porteur invites from here."""
    ouvert = mon_dossier(request, pk)
    formulaire = InvitationForm(envoi(request))
    candidature = ouvert.candidature
    actes = activite.actes_du_territoire(candidature)
    page = page_demandee(actes, request.GET.get("page"), par_page=PAR_PAGE)
    return conduire(
        request,
        formulaire,
        lambda: invitations.inviter(
            candidature=candidature, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/territoire/equipe/equipe.html",
        contexte=contexte(
            ouvert,
            **_les_gens(ouvert),
            page=page,
            evenements=activite.evenements(candidature, page),
            gere=empechement_de_gerer_l_equipe(ouvert.etat, ouvert.qualite) is None,
            empechement=empechement_de_changer_l_equipe(ouvert.etat),
        ),
        succes="L’invitation est envoyée.",
        vers=_equipe(pk),
    )


@require_POST
@login_required
@une_seule_fois
def renvoyer_invitation(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitations.renvoyer_invitation(
        invitation=_invitation(request, pk, invitation_pk), auteur=personne(request), maintenant=horloge_base()
    )
    messages.success(request, "L’invitation est renvoyée, avec un nouveau lien. L’ancien ne fonctionne plus.")
    return redirect(_equipe(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def corriger_adresse(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Invite the right address in the place of the one where the letter did not arrive, or that was mistyped."""
    ouvert = mon_dossier(request, pk)
    corrigee = get_object_or_404(Invitation, candidature=ouvert.candidature, pk=invitation_pk)
    repondue = requetes.refus_d_y_repondre(corrigee)
    if refus := empechement_de_gerer_l_equipe(ouvert.etat, ouvert.qualite) or repondue:
        raise RegleEnfreinte(refus)
    formulaire = AdresseCorrigeeForm(envoi(request), initial={"email": corrigee.email})
    return conduire(
        request,
        formulaire,
        lambda: invitations.corriger_adresse(
            invitation=corrigee, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/territoire/equipe/corriger_adresse.html",
        contexte=contexte(ouvert, invitation=corrigee, retour=retours_des_invitations([corrigee]).get(corrigee.pk)),
        succes="L’invitation est envoyée à la nouvelle adresse. L’ancien lien ne fonctionne plus.",
        vers=_equipe(pk),
    )


@require_POST
@login_required
@une_seule_fois
def revoquer_invitation(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitations.revoquer_invitation(
        invitation=_invitation(request, pk, invitation_pk), auteur=personne(request), maintenant=horloge_base()
    )
    messages.success(request, "L’invitation est annulée\u00a0: son lien ne fonctionne plus.")
    return redirect(_equipe(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def participant(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    """Change the role of one of the participants."""
    ouvert = mon_dossier(request, pk)
    participation = _participation(ouvert, participation_pk)
    gerer = empechement_de_gerer_l_equipe(ouvert.etat, ouvert.qualite)
    if refus := gerer or empechement_de_changer_de_role(participation.qualite):
        raise RegleEnfreinte(refus)
    formulaire = QualiteForm(envoi(request), initial={"qualite": participation.qualite})
    return conduire(
        request,
        formulaire,
        lambda: actions.changer_qualite(
            participation=participation,
            auteur=personne(request),
            maintenant=horloge_base(),
            **formulaire.cleaned_data,
        ),
        gabarit="candidatures/territoire/equipe/participant.html",
        contexte=contexte(ouvert, participation=participation),
        succes="Le rôle est enregistré.",
        vers=_equipe(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def participant_retirer(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    """Asks first: the access ends at once. One's own part is ended here too."""
    ouvert = mon_dossier(request, pk)
    participation = _participation(ouvert, participation_pk)
    moi = personne(request)
    de_soi = participation.utilisateur_id == moi.pk
    if request.method == "POST":
        actions.retirer_participant(participation=participation, auteur=moi, maintenant=horloge_base())
        if de_soi:
            messages.success(request, f"Vous avez quitté le dossier {ouvert.candidature.reference}.")
            return redirect("candidatures:liste")
        messages.success(
            request, f"Cette personne n’a plus accès au dossier\u00a0: {citer(participation.utilisateur)}."
        )
        return redirect(_equipe(pk))
    ecarter = empechement_d_ecarter(participation.qualite, de_soi=de_soi, par=ouvert.qualite)
    if refus := empechement_de_changer_l_equipe(ouvert.etat) or ecarter:
        raise RegleEnfreinte(refus)
    return render(
        request,
        "candidatures/territoire/equipe/participant_retirer.html",
        contexte(ouvert, participation=participation, de_soi=de_soi),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def passer_la_main(request: HttpRequest, pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    if refus := empechement_de_gerer_l_equipe(ouvert.etat, ouvert.qualite):
        raise RegleEnfreinte(refus)
    autres = ouvert.candidature.participations.exclude(qualite=Qualite.PORTEUR).filter(utilisateur__is_active=True)
    formulaire = PassationForm(envoi(request), autres=autres.select_related("utilisateur").order_by("pk"))
    return conduire(
        request,
        formulaire,
        lambda: actions.passer_la_main(
            candidature=ouvert.candidature,
            a=formulaire.personne,
            auteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/territoire/equipe/passer_la_main.html",
        contexte=contexte(ouvert),
        succes="Vous avez passé la main. Vous participez toujours au dossier, comme coresponsable.",
        vers=_equipe(pk),
    )


@discrete_avec_formulaire
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Where the link of an invitation leads, signed in or not. Reading it answers nothing: the buttons do."""
    trouvee = invitation_de(jeton)
    if trouvee is None:
        return render(
            request, GABARIT_D_INVITATION, {"refus": invitations.LIEN_INCONNU, "invitation": None}, status=404
        )
    moi = request.user if isinstance(request.user, Utilisateur) else None
    if request.method != "POST":
        return _page_de_l_invitation(request, trouvee, moi, empechement(trouvee, moi, horloge_base()))
    if DECLINER in request.POST:
        return _decliner(
            request,
            trouvee,
            lambda: invitations.decliner_invitation(jeton=jeton, utilisateur=moi, maintenant=horloge_base()),
            vers=request.path,
        )
    if moi is None:
        return redirect_to_login(request.path)
    try:
        participation = invitations.accepter_invitation(jeton=jeton, utilisateur=moi, maintenant=horloge_base())
    except RegleEnfreinte as refus:
        return _page_de_l_invitation(request, trouvee, moi, refus.message, status=409)
    messages.success(request, BIENVENUE)
    return redirect("candidatures:dossier", participation.candidature_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def invitation_recue(request: HttpRequest, invitation_pk: int) -> HttpResponse:
    """The same, from the home of whoever has proven the address that it was sent to; nothing for anybody else."""
    moi, maintenant = personne(request), horloge_base()
    trouvee = requetes.invitation_recue(invitation_pk, moi, maintenant)
    if trouvee is None:
        raise Http404
    if request.method != "POST":
        return _page_de_l_invitation(request, trouvee, moi, empechement(trouvee, moi, maintenant))
    if DECLINER in request.POST:
        return _decliner(
            request,
            trouvee,
            lambda: invitations.decliner_invitation_recue(pk=invitation_pk, utilisateur=moi, maintenant=maintenant),
            vers=reverse("tableau_de_bord"),
            succes=DECLINEE,
        )
    try:
        participation = invitations.accepter_invitation_recue(pk=invitation_pk, utilisateur=moi, maintenant=maintenant)
    except RegleEnfreinte as refus:
        return _page_de_l_invitation(request, trouvee, moi, refus.message, status=409)
    messages.success(request, BIENVENUE)
    return redirect("candidatures:dossier", participation.candidature_id)


def _decliner(
    request: HttpRequest, trouvee: Invitation, decliner: Callable[[], None], *, vers: str, succes: str = ""
) -> HttpResponse:
    """`succes` is said where one comes next, unless that page says it already."""
    try:
        decliner()
    except RegleEnfreinte as refus:
        moi = request.user if isinstance(request.user, Utilisateur) else None
        return _page_de_l_invitation(request, trouvee, moi, refus.message, status=409)
    if succes:
        messages.success(request, succes)
    return redirect(vers)


def _page_de_l_invitation(
    request: HttpRequest, trouvee: Invitation, moi: Utilisateur | None, refus: str | None, *, status: int = 200
) -> HttpResponse:
    qualite = Qualite(trouvee.qualite)
    contexte = {
        "invitation": trouvee,
        "refus": refus,
        "qualite": qualite,
        "pouvoirs": actions.POUVOIRS[qualite],
        "deja": moi is not None and trouvee.acceptee_par_id == moi.pk,
        "peut_decliner": empechement_de_decliner(trouvee, horloge_base()) is None,
    }
    return render(request, GABARIT_D_INVITATION, contexte, status=status)


def _les_gens(ouvert: DossierOuvert) -> dict[str, Any]:
    """Who takes part, who is invited, and at which of their addresses letters do not arrive."""
    gens = activite.equipe(ouvert.candidature)
    attendues = invitations_en_attente(ouvert.candidature, ouvert.maintenant)
    parts = [equipier.participation for equipier in gens]
    retours = retours_des_invitations(invitation for invitation, _ in attendues)
    for invitation, _ in attendues:
        invitation.retour = retours.get(invitation.pk)  # type: ignore[attr-defined]
    revenus = retours_des_participants(parts, ouvert.maintenant)
    return {
        "equipe": [(equipier, revenus.get(equipier.participation.utilisateur_id)) for equipier in gens],
        "invitations": attendues,
    }


def _equipe(pk: int) -> str:
    return reverse("candidatures:equipe", args=[pk])


def _participation(ouvert: DossierOuvert, pk: int) -> Participation:
    participations = ouvert.candidature.participations.select_related("utilisateur", "candidature")
    return get_object_or_404(participations, pk=pk)


def _invitation(request: HttpRequest, pk: int, invitation_pk: int) -> Invitation:
    """One of the file's, for whoever takes part in it; the action says who may do what with it."""
    return get_object_or_404(Invitation, candidature=mon_dossier(request, pk).candidature, pk=invitation_pk)
