"""Marking a version, by an account or by a link: what both pages show and answer."""

from typing import Any

from django.http import HttpRequest

from candidatures.depot.accords.actions import Signature, donner_accord
from candidatures.depot.accords.differences import depuis
from candidatures.depot.accords.requetes import dernier_accord
from candidatures.dossier.completude import Composition, manques
from candidatures.dossier.forms.liens import AccordForm
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import envoi
from rebond.socle.horloge.temps import horloge_base

SIGNATURE = ("signataire", "fonction", "empreinte")


def ce_qui_a_change(candidature: Candidature, siren: str, composition: Composition) -> dict[str, Any]:
    """The last mark of that authority, and what changed since; `deja` when it is on this very version, `complet` when
    the file could be deposited as it stands, and so be marked.
    """
    ancien = dernier_accord(candidature, siren)
    return {
        "ancien": ancien,
        "deja": ancien is not None and ancien.empreinte == candidature.empreinte,
        "complet": not manques(composition),
        "changements": depuis(ancien, candidature) if ancien else [],
    }


def signer(
    request: HttpRequest, candidature: Candidature, membre: Membre, initial: dict[str, str], **par: Any
) -> tuple[AccordForm, int] | None:
    """The form to show and its status; None once the mark is given. `par` says by whom: `auteur`, or `lien`."""
    version = candidature.empreinte
    formulaire = AccordForm(envoi(request), initial={"empreinte": version, **initial})
    if request.method != "POST" or not formulaire.is_valid():
        return formulaire, 200
    try:
        donner_accord(
            candidature=candidature,
            membre=membre,
            signature=Signature(**{cle: formulaire.cleaned_data[cle] for cle in SIGNATURE}),
            maintenant=horloge_base(),
            **par,
        )
    except RegleEnfreinte as refus:
        return _a_relire(formulaire, version, refus), 409
    return None


def _a_relire(formulaire: AccordForm, version: str, refus: RegleEnfreinte) -> AccordForm:
    """The form again, on the present version: what was typed stays, the box is to be ticked anew."""
    garde = {nom: formulaire.cleaned_data[nom] for nom in ("signataire", "fonction")}
    # Bound, for the refusal to be said above it.
    neuf = AccordForm({**garde, "empreinte": version, "lu": ""})
    neuf.full_clean()
    neuf.errors.clear()
    neuf.add_error(None, refus.message)
    return neuf
