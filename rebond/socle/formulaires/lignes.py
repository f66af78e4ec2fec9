"""Repeated rows in a form, added, removed and moved by submit buttons: no JavaScript is needed.

    Lignes = fabrique_de_lignes(ProduitForm, extra=1, max_num=10)
    lignes = Lignes(request.POST or None, prefix="produits")
    if lignes.is_valid():            # False while rows are being added or removed: the view just shows the page again
        enregistrer(lignes.lignes)

Works with plain formsets, and with model and inline ones (`can_delete=True` in Django's own factories). A removed row
stays in the page as hidden inputs, marked DELETE.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.forms.formsets import DELETION_FIELD_NAME, TOTAL_FORM_COUNT, BaseFormSet, formset_factory
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from rebond.socle.texte.nombres import entier_de_machine


class LignesDsfr(BaseFormSet):
    libelle_ligne: ClassVar[str] = "Ligne"
    libelle_ajout: ClassVar[str] = "Ajouter une ligne"
    libelle_retrait: ClassVar[str] = "Retirer"
    #: Whether rows may go up and down: their order is kept, and they have neither files nor rows of a model.
    ordonnable: ClassVar[bool] = False

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, **options: Any) -> None:
        if not self.can_delete:
            raise ImproperlyConfigured(f"{type(self).__name__} removes rows: build it with can_delete=True.")
        options["prefix"] = options.get("prefix") or self.get_default_prefix()
        self.lignes_modifiees = False
        #: Prefix of the row that has just moved.
        self.deplacee = ""
        if data is not None:
            data = self._jouer_les_boutons(data, options["prefix"])
        super().__init__(data, files, **options)

    def _jouer_les_boutons(self, data: Mapping[str, Any], prefixe: str) -> Mapping[str, Any]:
        """The data as they are once the pressed button, if any, has added, removed or moved a row."""
        ajout, retrait = f"{prefixe}-ajouter", f"{prefixe}-retirer"
        mouvements = {f"{prefixe}-monter": -1, f"{prefixe}-descendre": 1} if self.ordonnable else {}
        if not {ajout, retrait, *mouvements} & data.keys():
            return data
        self.lignes_modifiees = True
        suite = data.copy() if isinstance(data, MultiValueDict) else dict(data)
        if ajout in data:
            if (nombre := self._nombre(data, prefixe)) is not None:
                suite[f"{prefixe}-{TOTAL_FORM_COUNT}"] = str(min(nombre + 1, self.max_num))
        elif retrait in data:
            suite[f"{prefixe}-{data[retrait]}-{DELETION_FIELD_NAME}"] = "on"
        for bouton, pas in mouvements.items():
            if bouton in data:
                self._deplacer(suite, prefixe, str(data[bouton]), pas)
        return suite

    def _deplacer(self, suite: Any, prefixe: str, rang: str, pas: int) -> None:
        """What was typed in the row takes the place of that of the row above or below; nothing at either end."""
        rangs = range(self._nombre(suite, prefixe) or 0)
        restent = [str(r) for r in rangs if not suite.get(f"{prefixe}-{r}-{DELETION_FIELD_NAME}")]
        if rang not in restent or not 0 <= (place := restent.index(rang) + pas) < len(restent):
            return
        self.deplacee = f"{prefixe}-{restent[place]}"
        _echanger(suite, f"{prefixe}-{rang}-", f"{self.deplacee}-")

    def _nombre(self, data: Mapping[str, Any], prefixe: str) -> int | None:
        """How many rows the page says that it has, as many as are ever read at most; None when it does not."""
        total = str(data.get(f"{prefixe}-{TOTAL_FORM_COUNT}", ""))
        lu = entier_de_machine(total, maximum=self.absolute_max)
        return self.absolute_max if lu is None and total.isdecimal() else lu

    def full_clean(self) -> None:
        super().full_clean()
        if self.lignes_modifiees:
            # Whoever adds a row has not finished: it is too early to speak of errors.
            self._non_form_errors = self.error_class()
            self._errors = [ErrorDict() for _ in self.forms]
            for formulaire, erreurs in zip(self.forms, self._errors, strict=True):
                formulaire._errors = erreurs  # noqa: SLF001 - as Django's own formsets do

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and not self.lignes_modifiees

    def est_retiree(self, formulaire: forms.BaseForm) -> bool:
        """Whether the row has been removed in this submission (and so must not be shown)."""
        if not self.is_bound:
            return False
        formulaire.is_valid()
        return bool(formulaire.cleaned_data.get(DELETION_FIELD_NAME))

    @property
    def lignes(self) -> list[dict[str, Any]]:
        """The rows that are filled in and kept, once the formset is valid."""
        return [
            {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != DELETION_FIELD_NAME}
            for formulaire in self.forms
            if formulaire.has_changed() and not self.est_retiree(formulaire)
        ]

    @property
    def visibles(self) -> list[forms.BaseForm]:
        return [formulaire for formulaire in self.forms if not self.est_retiree(formulaire)]

    @property
    def retirees(self) -> list[forms.BaseForm]:
        return [formulaire for formulaire in self.forms if self.est_retiree(formulaire)]

    def voisine(self, formulaire: forms.BaseForm, pas: int) -> str:
        """Prefix of the row shown above (-1) or below (1); empty at either end."""
        prefixes = [str(visible.prefix) for visible in self.visibles]
        place = prefixes.index(str(formulaire.prefix)) + pas
        return prefixes[place] if 0 <= place < len(prefixes) else ""

    @property
    def peut_ajouter(self) -> bool:
        return len(self.forms) < self.max_num

    @property
    def helper(self) -> FormHelper:
        """Rows inside the page's own form; the layout is the `disposition` of the row's form, if it has one."""
        helper = FormHelper()
        helper.form_tag = False
        disposition = getattr(self.empty_form, "disposition", None)
        if disposition is not None:
            helper.layout = disposition()
        return helper


def _echanger(donnees: Any, un: str, autre: str) -> None:
    """What is typed under each of two prefixes goes under the other one."""
    plusieurs = isinstance(donnees, MultiValueDict)
    deplacees = {}
    for cle in list(donnees):
        for ici, la in ((un, autre), (autre, un)):
            if cle.startswith(ici):
                deplacees[la + cle.removeprefix(ici)] = donnees.getlist(cle) if plusieurs else donnees[cle]
                del donnees[cle]
                break
    for cle, valeur in deplacees.items():
        if plusieurs:
            donnees.setlist(cle, valeur)
        else:
            donnees[cle] = valeur


def fabrique_de_lignes(
    formulaire: type[forms.BaseForm], *, lignes: type[LignesDsfr] = LignesDsfr, **options: Any
) -> type[LignesDsfr]:
    """Django's `formset_factory` with rows that can be removed; `options` are its own (extra, min_num, max_num…)."""
    return cast("type[LignesDsfr]", formset_factory(formulaire, formset=lignes, can_delete=True, **options))
