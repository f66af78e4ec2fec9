"""One act on many files: what will be done and what cannot be, then how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par, avec_etat_connu, suivis_par
from candidatures.instruction.lots.actions import demander
from candidatures.instruction.lots.forms import TELECHARGER, ChoixForm
from candidatures.instruction.lots.registre import ACTES, Acte, Election
from candidatures.instruction.lots.requetes import Avancement, avancement, groupes_de, refus_lus
from candidatures.pages.instruction.listes import ListeDesDossiers
from candidatures.pages.instruction.vague.ma_vague import vague_close
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes.tableaux import TYPES_MIME
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

RIEN_DE_CHOISI = "Cochez au moins un dossier, ou «\u00a0Tous les dossiers de cette liste\u00a0»."
AVEC_CE_CHOIX = "Avec ce que vous avez choisi, ce qui sera fait change\u00a0: relisez-le, puis confirmez."
CHANGE_DEPUIS = "Un de ces dossiers a changé depuis que vous avez ouvert cette page\u00a0: relisez ce qui sera fait."

PERSONNE_D_ELU = Election({}, {})


@dataclass(frozen=True)
class Apercu:
    """`faisables` will be done, `refuses` cannot be, each with why; `dits`: what is written of each that will be.
    `empreinte` is that of what is shown."""

    faisables: list[Candidature]
    refuses: list[tuple[Candidature, str]]
    elus: Election = PERSONNE_D_ELU
    dits: Sequence[str] = ()

    @property
    def concernes(self) -> list[tuple[Candidature, str]]:
        """Each file that will be done, with whom it goes to when the act says so."""
        return [(dossier, self.elus.dit.get(dossier.pk, "")) for dossier in self.faisables]

    @property
    def empreinte(self) -> str:
        return empreinte([[dossier.pk, dit] for dossier, dit in self.concernes])


@dataclass(frozen=True)
class Relecture:
    """`confirmee`: the act is to be done with `donnees`, as it was read over; `changee` says why it is read again."""

    apercu: Apercu
    formulaire: Any
    confirmee: bool = False
    changee: str = ""
    donnees: Mapping[str, list[str]] = field(default_factory=dict)


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def preparer(request: HttpRequest, numero: int) -> HttpResponse:
    """What was ticked, read over; done once it is confirmed as it was read."""
    vague, moi = vague_close(request, numero), personne(request)
    choix = ChoixForm(request.POST)
    if not choix.is_valid():
        messages.error(request, RIEN_DE_CHOISI)
        return redirect(_retour(numero, choix.de_la_liste))
    if choix.telecharge:
        return redirect(_export(numero, choix))
    acte = ACTES.get(choix.cleaned_data["acte"])
    if acte is None:
        raise Http404
    lue = relire(acte, choix, vague, moi)
    if lue.confirmee:
        cles = [dossier.pk for dossier in lue.apercu.faisables]
        groupe = demander(acte=acte, vague=vague, personne=moi, dossiers=cles, donnees=lue.donnees)
        return redirect("instruction:lot", groupe.pk)
    if lue.changee:
        messages.warning(request, lue.changee)
    contexte = {"vague": vague, "acte": acte, "apercu": lue.apercu, "choix": choix, "formulaire": lue.formulaire}
    statut = 409 if lue.changee == CHANGE_DEPUIS else 200
    return render(request, "candidatures/instruction/lot_a_confirmer.html", contexte, status=statut)


def relire(acte: Acte, choix: ChoixForm, vague: Vague, moi: Utilisateur) -> Relecture:
    """What the act would do now, beside what its preview said."""
    relu, lue = choix.cleaned_data["relu"], choix.cleaned_data["empreinte"]
    formulaire: Any = acte.formulaire(choix.data if relu else None, vague=vague, par=moi) if acte.formulaire else None
    relu = relu and (formulaire is None or formulaire.is_valid())
    dossiers = dossiers_choisis(choix, vague, moi)
    apercu = apercu_de(acte, dossiers, moi, formulaire.cleaned_data if formulaire and relu else {})
    if not relu:
        return Relecture(apercu, formulaire)
    if apercu.faisables and lue == apercu.empreinte:
        saisies = {nom: choix.data.getlist(nom) for nom in formulaire.fields} if formulaire else {}
        return Relecture(apercu, formulaire, confirmee=True, donnees={**saisies, **apercu.elus.garde})
    # What was typed may be what changes it: then nothing was done behind one's back.
    choisi = formulaire is not None and lue == apercu_de(acte, dossiers, moi, {}).empreinte
    return Relecture(apercu, formulaire, changee=AVEC_CE_CHOIX if choisi else CHANGE_DEPUIS)


def dossiers_choisis(choix: ChoixForm, vague: Vague, moi: Utilisateur) -> list[Any]:
    """The files that were ticked, or all those of the list: of those that `moi` instructs, and no other."""
    siens = avec_etat_connu(a_instruire_par(moi).filter(vague=vague), moi, horloge_base())
    if choix.cleaned_data["tous"]:
        liste = ListeDesDossiers(
            suivis_par(moi).filter(vague=vague), QueryDict(choix.de_la_liste), moi=moi, vague=vague
        )
        siens = siens.filter(pk__in=liste.selection.order_by().values("pk"))
    else:
        siens = siens.filter(pk__in=choix.cles)
    return list(siens.pour_liste().order_by("pk"))


def apercu_de(acte: Acte, dossiers: list[Any], moi: Utilisateur, donnees: Mapping[str, Any]) -> Apercu:
    lues = {"par": moi, **donnees}
    refus = acte.refus(dossiers, lues)
    faisables = [dossier for dossier in dossiers if dossier.pk not in refus]
    refuses = [(dossier, refus[dossier.pk]) for dossier in dossiers if dossier.pk in refus]
    elus = acte.elire(faisables, lues) if acte.elire else PERSONNE_D_ELU
    return Apercu(faisables, refuses, elus, acte.dit(faisables) if acte.dit and faisables else ())


@require_safe
@never_cache
@role_requis(Role.INSTRUCTEUR)
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    moi = personne(request)
    groupe = get_object_or_404(groupes_de(moi).select_related("vague"), pk=pk)
    ou = avancement(groupe, moi)
    contexte = {
        "groupe": groupe,
        "acte": ACTES[groupe.acte],
        "ou": ou,
        "refus": refus_lus(groupe, moi) if ou.refuses else [],
        **_dit(ou),
    }
    return render(request, "candidatures/instruction/lot.html", contexte)


@require_safe
@never_cache
@role_requis(Role.INSTRUCTEUR)
def avancement_dit(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page's script asks for, every other second."""
    moi = personne(request)
    groupe = get_object_or_404(groupes_de(moi), pk=pk)
    ou = avancement(groupe, moi)
    return JsonResponse(_dit(ou) | {"fini": not ou.en_cours})


def _dit(ou: Avancement) -> dict[str, str | int]:
    etape = f"Le traitement est en cours\u00a0: {compte(ou.finis, 'dossier')} sur {ou.total}."
    return {"etape": etape, "avancement": 100 * ou.finis // max(ou.total, 1)}


def _retour(numero: int, demande: str) -> str:
    return f"{reverse('instruction:vague', args=[numero])}{f'?{demande}' if demande else ''}"


def _export(numero: int, choix: ChoixForm) -> str:
    """Where what was ticked is downloaded from, in the columns that the list shows."""
    format_ = choix.cleaned_data["acte"].removeprefix(TELECHARGER)
    if format_ not in TYPES_MIME:
        raise Http404
    demande = QueryDict(choix.de_la_liste, mutable=True)
    if not choix.cleaned_data["tous"]:
        demande.setlist("dossiers", [str(cle) for cle in choix.cles])
    return f"{reverse(f'instruction:export_{format_}', args=[numero])}?{demande.urlencode()}"
