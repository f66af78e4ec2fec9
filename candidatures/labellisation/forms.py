"""What a valideur types: the decisions of a wave and the instant of their announcement."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from candidatures.dossier.etats import SensDecision
from candidatures.labellisation.regles import EMBARGO_TROP_LONG
from candidatures.labellisation.requetes import ADecider
from candidatures.vagues.regles import PREMIERE_OUVERTURE, UN_AN_AU_PLUS
from rebond.socle.formulaires.champs_de_temps import ChampInstant
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.templatetags.dsfr_formulaires import saisie
from rebond.socle.templatetags.moules import Rangee

CHOIX = forms.TypedChoiceField(choices=SensDecision.choices, coerce=SensDecision)
REVISION = forms.IntegerField(widget=forms.HiddenInput, required=False)
# The file whose select is written once for all those on the same decision.
MODELE = "dossier_0"


class DecisionsForm(FormulaireDsfr, forms.Form):
    """One select a file, already on what the instruction proposes; and the revision of the proposal that is shown.

    A wave has thousands of files: one field reads all of their selects, and only those that are to be corrected become
    fields of the form.
    """

    confirmation = forms.BooleanField(
        label="Je prends ces décisions pour toute la vague ; elles ne pourront plus changer."
    )

    def __init__(self, *args: Any, dossiers: list[ADecider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossiers = dossiers
        self.decisions: dict[int, SensDecision] = {}
        self.lues: dict[int, int] = {}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        for dossier in self.dossiers:
            self.decisions[dossier.pk] = self._lire(f"dossier_{dossier.pk}", CHOIX, _libelle(dossier))
            self.lues[dossier.pk] = self._lire(f"revision_{dossier.pk}", REVISION) or 0
        self.order_fields([nom for nom in self.fields if nom != "confirmation"])
        return donnees

    def _lire(self, nom: str, champ: forms.Field, libelle: str | None = None) -> Any:
        try:
            return champ.clean(self._valeur(nom, champ))
        except ValidationError as erreur:
            self.fields[nom] = deepcopy(champ)
            self.fields[nom].label = libelle
            self.add_error(nom, erreur)
            return None

    def _valeur(self, nom: str, champ: forms.Field) -> Any:
        return self._widget_data_value(champ.widget, nom)

    @property
    def rangees(self) -> list[Rangee]:
        """The rows of the page (`{% mouler %}`): those of one proposal and as many opinions differ by texts alone."""
        saisies: dict[Any, str] = {}
        return [self._rangee(dossier, saisies) for dossier in self.dossiers]

    def _rangee(self, dossier: ADecider, saisies: dict[Any, str]) -> Rangee:
        nom, cle = f"dossier_{dossier.pk}", str(dossier.pk)
        textes = {
            "cle": cle,
            "reference": dossier.reference,
            "territoire": dossier.territoire,
            "region": dossier.region,
            "revision": str(dossier.revision),
            "saisie": self._saisie(nom, dossier, saisies),
        }
        cas = {"demonstration": dossier.demonstration, "proposition": dossier.sens, "avis_rendus": dossier.avis_rendus}
        fautes = tuple(self[nom].errors) if nom in self.errors else ()
        return Rangee((*cas.values(), fautes), textes, {**cas, "erreurs": fautes})

    def _saisie(self, nom: str, dossier: ADecider, saisies: dict[Any, str]) -> SafeString:
        if nom in self.errors:
            return saisie(self[nom])
        sur = self._valeur(nom, CHOIX) if self.is_bound else dossier.sens
        if sur not in saisies:
            saisies[sur] = saisie(_Modele(initial={MODELE: sur})[MODELE])
        return SafeString(saisies[sur].replace(MODELE, nom))


class _Modele(EntreesNettes, forms.Form):
    use_required_attribute = DecisionsForm.use_required_attribute
    dossier_0 = CHOIX


def _libelle(dossier: ADecider) -> str:
    return f"Décision pour {dossier.territoire} ({dossier.reference})"


class AnnonceForm(FormulaireDsfr, forms.Form):
    bouton = "Annoncer les résultats de la vague"

    quand = forms.ChoiceField(
        label="Quand les résultats deviennent-ils publics ?",
        choices=[("maintenant", "Tout de suite"), ("embargo", "À la fin d’un embargo")],
        widget=forms.RadioSelect,
        initial="maintenant",
    )
    publique_a = ChampInstant(
        label="Fin de l’embargo",
        required=False,
        trop_tard=EMBARGO_TROP_LONG,
        help_text="Heure de Paris. Jusque-là, les territoires et le public ne lisent rien ; aucun e-mail ne part.",
    )
    confirmation = forms.BooleanField(label="J’annonce tous les résultats de cette vague, en une seule fois.")

    def __init__(self, *args: Any, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        publique_a: Any = self.fields["publique_a"]
        publique_a.borner(minimum=PREMIERE_OUVERTURE, maximum=maintenant + UN_AN_AU_PLUS)

    @property
    def fin_de_l_embargo(self) -> datetime | None:
        """None when the results become public at once, whatever date was left in the field."""
        return self.cleaned_data["publique_a"] if self.cleaned_data["quand"] == "embargo" else None

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("quand") == "embargo" and not donnees.get("publique_a") and "publique_a" not in self.errors:
            self.add_error("publique_a", "Indiquez la date et l’heure de la fin de l’embargo.")
        return donnees
