"""Sign-in forms: allauth's own, in the portal's words and dress.

People sign in by an e-mailed code; whoever has set a password may use it instead.
"""

from secrets import token_hex
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db import transaction
from django.http import HttpRequest

from rebond.comptes.limites import lettre_admise
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.utilisateur import Utilisateur

LIBELLES = {
    "login": "Adresse e-mail",
    "email": "Adresse e-mail",
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
    "code": "Code reçu par e-mail",
}
FORMAT_ADRESSE = "Format attendu\u00a0: nom@domaine.fr"


class FormulaireCompte(FormulaireDsfr):
    """Written before an allauth form: labels instead of placeholders, which vanish as soon as one types."""

    avec_balise = False
    bouton = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = LIBELLES.get(nom, champ.label)
            if nom in {"login", "email"}:
                champ.help_text = FORMAT_ADRESSE
            elif nom == "code":
                champ.widget.attrs |= {"spellcheck": "false", "autocapitalize": "characters"}
            elif nom == "password1":
                champ.help_text = password_validators_help_text_html()
            elif nom in {"password", "oldpassword"}:
                champ.help_text = ""


class LettreDemandee:
    """Written before a form that has a letter sent to whichever address is typed, known here or not."""

    def clean_email(self) -> str:
        adresse: str = super().clean_email()  # type: ignore[misc]
        if not lettre_admise(context.request, adresse):
            raise get_adapter(context.request).validation_error("too_many_login_attempts")
        return adresse


class ConnexionForm(FormulaireCompte, allauth_forms.LoginForm):
    def _setup_password_field(self) -> None:
        """Kept although signing up asks for no password: one may set it afterwards."""


class InscriptionForm(FormulaireCompte, allauth_forms.SignupForm):
    remplissage: ClassVar[dict[str, str]] = {"prenom": "given-name", "nom": "family-name"}
    field_order = ["prenom", "nom", "email"]

    prenom = forms.CharField(label="Prénom", max_length=100)
    nom = forms.CharField(label="Nom", max_length=100)

    def try_save(self, request: HttpRequest) -> Any:
        """An address that has an account costs what another does: a clock would tell them apart."""
        if self.account_already_exists:
            self._creer_pour_rien(request)
        return super().try_save(request)

    def _creer_pour_rien(self, request: HttpRequest) -> None:
        """The same statements, of which nothing stays."""
        tapees = self.cleaned_data
        self.account_already_exists, self.cleaned_data = False, {**tapees, "email": f"{token_hex(16)}@invalid.example"}
        try:
            with transaction.atomic():
                self.save(request)
                transaction.set_rollback(True)
        finally:
            self.account_already_exists, self.cleaned_data = True, tapees

    def signup(self, _request: HttpRequest, user: Utilisateur) -> None:
        """allauth's hook, once the account is saved."""
        user.prenom = self.cleaned_data["prenom"]
        user.nom = self.cleaned_data["nom"]
        user.save(update_fields=["prenom", "nom"])


class DemandeDeCodeForm(LettreDemandee, FormulaireCompte, allauth_forms.RequestLoginCodeForm):
    pass


class CodeDeConnexionForm(FormulaireCompte, allauth_forms.ConfirmLoginCodeForm):
    pass


class CodeDAdresseForm(FormulaireCompte, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class NouvelleAdresseForm(FormulaireCompte, allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse e-mail"


class ChangerMotDePasseForm(FormulaireCompte, allauth_forms.ChangePasswordForm):
    pass


class ChoisirMotDePasseForm(FormulaireCompte, allauth_forms.SetPasswordForm):
    pass


class MotDePasseOublieForm(LettreDemandee, FormulaireCompte, allauth_forms.ResetPasswordForm):
    pass


class CodeDeMotDePasseForm(FormulaireCompte, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class NouveauMotDePasseForm(FormulaireCompte, allauth_forms.ResetPasswordKeyForm):
    pass


class ConfirmerIdentiteForm(FormulaireCompte, allauth_forms.ReauthenticateForm):
    pass
