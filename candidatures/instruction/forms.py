"""Forms of the instruction. Their fields bear the names of the arguments of the action that they feed."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.models import Proposition
from rebond.comptes.habilitations import titulaires
from rebond.comptes.requetes import nomme
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import Avec, FormulaireDsfr
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


class TexteLong(forms.CharField):
    """A text of several lines; what is typed is kept as it is, but for the spaces around it."""

    def __init__(self, *, lignes: int = 6, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": lignes}), max_length=5000, **options)


class RecevabiliteForm(FormulaireDsfr, forms.Form):
    bouton = "Enregistrer le constat"

    recevable = forms.TypedChoiceField(
        label="Le dossier remplit-il les conditions de l’appel ?",
        choices=[("oui", "Oui, il est recevable"), ("non", "Non, il est irrecevable")],
        coerce=lambda valeur: valeur == "oui",
        widget=forms.RadioSelect,
    )
    motif = TexteLong(
        label="Motif",
        required=False,
        help_text="Obligatoire si le dossier est irrecevable : le territoire le lira avec les résultats.",
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("recevable") is False and not donnees.get("motif"):
            self.add_error("motif", "Écrivez pourquoi le dossier est irrecevable.")
        return donnees


class DemandeAvisForm(FormulaireDsfr, forms.Form):
    bouton = "Demander l’avis"
    vides = {
        "expert": "Toutes les personnes qui ont le rôle d’expert sont déjà consultées sur ce dossier : demandez à un "
        "administrateur de donner ce rôle à la personne voulue.",
    }

    expert = ChoixParmiBeaucoup(
        Utilisateur.objects.none(),
        cherche=nomme,
        label="Expert",
        empty_label="Choisir une personne",
        help_text="Cette personne sera prévenue par e-mail.",
    )
    question = TexteLong(label="Question posée", required=False, lignes=4)

    def __init__(self, *args: Any, candidature: Candidature, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = (  # type: ignore[attr-defined]
            titulaires(Role.EXPERT).exclude(avis__candidature=candidature).order_by(*par_nom())
        )


class AvisForm(FormulaireDsfr, forms.Form):
    bouton = "Rendre cet avis"

    sens = forms.TypedChoiceField(
        label="Votre avis", choices=SensAvis.choices, coerce=SensAvis, widget=forms.RadioSelect
    )
    texte = TexteLong(label="Motivation", help_text="Une fois rendu, l’avis ne peut plus être modifié.", lignes=10)

    def disposition(self) -> Layout:
        return Layout(Avec("sens", en_ligne=True), "texte")


class PropositionForm(FormulaireDsfr, forms.Form):
    """`revision` is that of the proposal which the page shows, 0 when there is none; `faite` was made before."""

    bouton = "Enregistrer la proposition"

    sens = forms.TypedChoiceField(
        label="Que proposez-vous au valideur ?",
        choices=SensDecision.choices,
        coerce=SensDecision,
        widget=forms.RadioSelect,
    )
    motif = TexteLong(label="Motif", help_text="Le valideur le lit ; le territoire ne le lit pas.")
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, faite: Proposition | None = None, **kwargs: Any) -> None:
        if faite is not None:
            kwargs["initial"] = {"sens": faite.sens, "motif": faite.motif, "revision": faite.revision}
        super().__init__(*args, **kwargs)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class InteretForm(FormulaireDsfr, forms.Form):
    bouton = "Déclarer le conflit et quitter ce dossier"

    motif = forms.CharField(
        label="Nature du conflit d’intérêts",
        max_length=500,
        help_text="En une phrase, par exemple « mandat dans une commune membre ».",
    )
