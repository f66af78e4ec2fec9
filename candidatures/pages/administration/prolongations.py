"""Extensions of a deadline: who proposes, who signs, what they were granted for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.cloture.actions import prolongations as actions
from candidatures.cloture.forms.prolongations import ProlongationForm, SignatureForm
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.cloture.regles import empechement_de_prolonger, empechement_de_signer
from candidatures.demandes.models import DemandeDEpci
from candidatures.demandes.regles import motif_de_prolongation
from candidatures.dossier.etats import ETATS_MODIFIABLES
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import avec_etat_de_vague_connu
from candidatures.pages.administration.listes import ListeDesProlongations
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

CLE_MAX = 10**9 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(*actions.SIGNATAIRES)
@une_seule_fois
def prolongations(request: HttpRequest, numero: int) -> HttpResponse:
    """Those of the wave, latest first; and a form that proposes another, as long as one is possible."""
    moi, maintenant = personne(request), horloge_base()
    vague: Any = get_object_or_404(avec_etat_de_vague_connu(Vague.objects.all(), moi, maintenant), numero=numero)
    formulaire = ProlongationForm(envoi(request), vague=vague, maintenant=maintenant, initial=_initial(request, vague))
    refus = empechement_de_prolonger(vague.etat_connu)
    return conduire(
        request,
        formulaire,
        lambda: actions.proposer(vague=vague, acteur=moi, maintenant=maintenant, **formulaire.cleaned_data),
        gabarit="candidatures/administration/prolongations.html",
        contexte={
            **ListeDesProlongations(Prolongation.objects.filter(vague=vague), request.GET).contexte,
            "vague": vague,
            "parent": _parent(moi),
            "propose": refus is None and a_le_role(moi, Role.ADMINISTRATEUR),
            "refus": refus,
        },
        succes="La prolongation est proposée\u00a0: elle ne vaudra qu’une fois signée par une autre personne.",
        vers=reverse("administration:prolongations", args=[numero]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(*actions.SIGNATAIRES)
@une_seule_fois
def prolongation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed, in full, and the second signature."""
    trouvee = get_object_or_404(Prolongation.objects.pour_liste(), pk=pk)
    moi = personne(request)
    formulaire = SignatureForm(envoi(request))
    sien = trouvee.est_du_dossier_de(moi)
    refus = empechement_de_signer(trouvee.etat, de_qui_propose=trouvee.demandee_par_id == moi.pk, de_son_dossier=sien)
    return conduire(
        request,
        formulaire,
        lambda: actions.signer(prolongation=trouvee, acteur=moi, maintenant=horloge_base()),
        gabarit="candidatures/administration/prolongation.html",
        contexte={
            "prolongation": trouvee,
            "vague": trouvee.vague,
            "attend": trouvee.attend_une_signature,
            "signe": refus is None,
            "de_son_dossier": sien,
            "refus": refus,
        },
        succes="La prolongation est accordée. Les personnes concernées en sont prévenues par e-mail.",
        vers=reverse("administration:prolongations", args=[trouvee.vague.numero]),
    )


def _initial(request: HttpRequest, vague: Vague) -> dict[str, Any]:
    """The reason, for an administrateur who comes from the request of somebody who did not find their authority, and
    their file once it is begun: what one of them asks is not proposed to all."""
    cle = entier_de_machine(request.GET.get("demande", ""), maximum=CLE_MAX)
    if cle is None or not a_le_role(personne(request), Role.ADMINISTRATEUR):
        return {}
    demande = DemandeDEpci.objects.filter(pk=cle, vague=vague, recue_le__lt=vague.cloture).first()
    if demande is None:
        return {}
    sien = Candidature.objects.filter(vague=vague, territoire__epcis=demande.epci_id, etat__in=ETATS_MODIFIABLES)
    return {
        "motif": motif_de_prolongation(demande.collectivite, demande.recue_le),
        "candidature": sien.order_by("-pk").values_list("pk", flat=True).first() if demande.epci_id else None,
    }


def _parent(agent: Utilisateur) -> dict[str, str]:
    """Where they came from: each role has its own list of waves."""
    if a_le_role(agent, Role.ADMINISTRATEUR):
        return {"libelle": "Calendrier des vagues", "adresse": reverse("administration:calendrier")}
    return {"libelle": "Instruction", "adresse": reverse("instruction:vagues")}


@require_POST
@role_requis(*actions.SIGNATAIRES)
@une_seule_fois
def ecarter(request: HttpRequest, pk: int) -> HttpResponse:
    trouvee = get_object_or_404(Prolongation.objects.pour_liste(), pk=pk)
    actions.ecarter(prolongation=trouvee, acteur=personne(request), maintenant=horloge_base())
    messages.success(request, "La prolongation est écartée\u00a0: l’échéance ne change pas.")
    return redirect("administration:prolongations", trouvee.vague.numero)
