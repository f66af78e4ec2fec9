"""An act on a file by a form at its own address: whoever sends it has read what was done, and may go on to the next.

Every act of the instruction passes by here (`conduire_l_acte`): it carries how many acts its author has read of,
and stops when somebody has done something since, with all that was typed and what was done, side by side.
"""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from candidatures.dossier.lecture import Evenement
from candidatures.instruction.revision.actions import DossierChange, agir_a_jour
from candidatures.instruction.revision.requetes import faits_depuis
from candidatures.pages.instruction.lecture.parcours import VU, VU_MAX, Parcours, SuiteForm, parcours_de, suite_de
from rebond.socle.formulaires.formulaire import Bouton, EntreesNettes, FormulaireDsfr, Hidden
from rebond.socle.formulaires.vues import conduire, personne

SUIVANT = "suivant"
ET_SUIVANT = "Enregistrer et passer au dossier suivant"


class EnvoiForm(EntreesNettes, forms.Form):
    """What a form of an act says beside what was typed: how far its author has read, and where they go next."""

    vu = forms.IntegerField(required=False, min_value=0, max_value=VU_MAX)
    suivant = forms.CharField(required=False)

    @property
    def lu(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def conduire_l_acte(
    request: HttpRequest,
    lu: Any,
    formulaire: FormulaireDsfr,
    agir: Callable[[], Any],
    *,
    gabarit: str,
    succes: str,
    sauf: Collection[str] = (),
    **contexte: Any,
) -> HttpResponse:
    """`lu` is the file, read with `vu` (`revision.requetes.avec_revision`). Answers 409 when others have acted since.

    A form that is opened late says at once what was done since the page of the file was.
    """
    moi, envoye = personne(request), EnvoiForm(request.POST).lu
    entier = bool(getattr(lu, "lu_en_entier", True))
    parcours = parcours_de(request, lu, moi)
    propres: dict[str, Any] = {"dossier": lu, "retour": suite_de(request, None), "faits": [], **contexte}
    if request.method != "POST":
        propres["faits"] = _depuis_la_page(request, lu, entier=entier)
    # What comes back to be corrected has been told of nothing: it goes on from what its author had read.
    deja_lu = envoye.get(VU)
    formulaire.complements = _complements(formulaire, parcours, lu.vu if deja_lu is None else deja_lu)

    def agir_si_rien_n_a_change() -> None:
        try:
            agir_a_jour(candidature=lu, personne=moi, vu=deja_lu, entier=entier, acte=agir, sauf=sauf)
        except DossierChange as survenu:
            propres["faits"] = survenu.faits
            formulaire.complements = _complements(formulaire, parcours, survenu.vu)
            raise

    suivant = parcours.suivant if parcours is not None and envoye.get(SUIVANT) else ""
    return conduire(
        request,
        formulaire,
        agir_si_rien_n_a_change,
        gabarit=gabarit,
        contexte=propres,
        # On the page of the next one, what is said is said of the one before.
        succes=f"Dossier {lu.reference}\u00a0: {succes[:1].lower()}{succes[1:]}" if suivant else succes,
        vers=suivant or reverse("instruction:dossier", args=[lu.pk]) + suite_de(request, None),
    )


def dans_la_page(formulaire: FormulaireDsfr, *, adresse: str, lu: Any, parcours: Parcours | None) -> FormulaireDsfr:
    """The form of an act, shown by the page of the file that it is on and sent to its own address, which answers."""
    formulaire.destination = adresse
    formulaire.complements = _complements(formulaire, parcours, lu.vu)
    return formulaire


def _depuis_la_page(request: HttpRequest, lu: Any, *, entier: bool) -> list[Evenement]:
    vu = SuiteForm(request.GET).lue.get(VU)
    return faits_depuis(lu, vu, personne(request), entier=entier) if vu is not None else []


def _complements(formulaire: FormulaireDsfr, parcours: Parcours | None, vu: int) -> list[Any]:
    complements: list[Any] = [Hidden(VU, vu)]
    if parcours is not None and parcours.apres and formulaire.bouton:
        complements.append(Bouton(ET_SUIVANT, name=SUIVANT, secondaire=True))
    return complements
