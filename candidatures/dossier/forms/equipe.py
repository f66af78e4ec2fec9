"""The forms of a file's people: invitation, role, porteur."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.requetes import nom_et_adresse
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.utilisateur import Utilisateur

REFERENCE = re.compile(r"R?\s*(\d{1,5})\s*[-–]\s*(\d{1,9})", re.IGNORECASE)
QUALITES = (
    (Qualite.CO_PORTEUR.value, "Coresponsable\u00a0: écrit dans le dossier et y joint des pièces, sans le déposer"),
    (Qualite.LECTEUR.value, "Lecteur\u00a0: lit le dossier et vérifie qu’il est complet, sans le modifier"),
)
AUTRE = "autre"


class InvitationForm(FormulaireDsfr, forms.Form):
    bouton = "Envoyer l’invitation"

    email = forms.EmailField(
        label="Adresse e-mail de la personne", help_text="Format attendu\u00a0: nom@domaine.fr", max_length=254
    )
    qualite = forms.TypedChoiceField(
        label="Son rôle dans le dossier",
        choices=QUALITES,
        coerce=Qualite,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rôle."},
    )


class AdresseCorrigeeForm(FormulaireDsfr, forms.Form):
    bouton = "Corriger et envoyer l’invitation"

    email = forms.EmailField(
        label="Bonne adresse e-mail de la personne", help_text="Format attendu : nom@domaine.fr", max_length=254
    )


class QualiteForm(FormulaireDsfr, forms.Form):
    bouton = "Enregistrer ce rôle"

    qualite = forms.TypedChoiceField(
        label="Rôle dans le dossier", choices=QUALITES, coerce=Qualite, widget=forms.RadioSelect
    )


class PassationForm(FormulaireDsfr, forms.Form):
    """The porteur's choice among the other participants."""

    bouton = "Passer la main"

    a = forms.TypedChoiceField(
        label="Nouveau responsable",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une personne."},
    )

    def __init__(self, *args: Any, autres: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autres = {participation.utilisateur_id: participation for participation in autres}
        self.fields["a"].choices = [(pk, nom_et_adresse(autre.utilisateur)) for pk, autre in self.autres.items()]  # type: ignore[attr-defined]

    @property
    def personne(self) -> Utilisateur:
        return self.autres[self.cleaned_data["a"]].utilisateur


class PassationDOfficeForm(FormulaireDsfr, forms.Form):
    """The administrateur's: one of the participants, or anyone who has an account; and why."""

    bouton = "Confier le dossier"
    # The address is needed when the choice is someone else: to call it optional would mislead.
    marquer_optionnels = False

    a = forms.ChoiceField(
        label="Nouveau responsable", widget=forms.RadioSelect, error_messages={"required": "Choisissez une personne."}
    )
    email = forms.EmailField(
        label="Adresse e-mail de cette autre personne",
        help_text="Elle doit déjà avoir un compte. Format attendu\u00a0: nom@domaine.fr",
        max_length=254,
        required=False,
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Par exemple «\u00a0Départ de la collectivité\u00a0». Il figure dans le journal, et dans les "
        "e-mails envoyés au nouveau et à l’ancien responsable.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    erreur_compte: ClassVar[str] = "Aucun compte n’a cette adresse. La personne doit d’abord créer le sien."

    def __init__(self, *args: Any, autres: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autres = {str(participation.utilisateur_id): participation for participation in autres}
        choix = [
            (pk, f"{nom_et_adresse(autre.utilisateur)}, {autre.get_qualite_display().lower()}")
            for pk, autre in self.autres.items()
        ]
        self.fields["a"].choices = [*choix, (AUTRE, "Une autre personne")]  # type: ignore[attr-defined]
        if not choix:
            self.fields["a"].initial = AUTRE
            self.fields["a"].widget = forms.HiddenInput()
            self.fields["email"].label = "Adresse e-mail du nouveau responsable"

    def disposition(self) -> Layout:
        return Layout("a", "email", "motif")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if choisie := self.autres.get(donnees.get("a", "")):
            self.personne = choisie.utilisateur
        elif donnees.get("a") == AUTRE and "email" in donnees:
            trouvee = Utilisateur.objects.filter(email__iexact=donnees["email"], is_active=True).first()
            if trouvee is None:
                self.add_error("email", self.erreur_compte if donnees["email"] else "Donnez son adresse e-mail.")
            else:
                self.personne = trouvee
        return donnees


class ReferenceForm(FormulaireDsfr, forms.Form):
    """Finds a file by what people quote of it in letters."""

    methode = "get"
    bouton = "Chercher"
    marquer_optionnels = False

    reference = forms.CharField(
        label="Référence du dossier", help_text="Par exemple «\u00a0R14-0042\u00a0».", max_length=40
    )

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"].strip()
        lue = REFERENCE.fullmatch(reference)
        if lue is None:
            raise forms.ValidationError("Une référence s’écrit comme «\u00a0R14-0042\u00a0».")
        trouvee = Candidature.objects.filter(vague__numero=lue[1], pk=lue[2]).first()
        if trouvee is None:
            raise forms.ValidationError(f"Aucun dossier n’a la référence {reference}.")
        self.candidature = trouvee
        return reference
