"""allauth's forms of the second factor, in the portal's words and dress."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm

from rebond.comptes.connexion import FormulaireCompte

SIX_CHIFFRES = "Six chiffres, affichés par votre application et renouvelés toutes les trente secondes."


class _Code(FormulaireCompte):
    libelle = "Code de l’application, ou code de secours"
    aide = "Six chiffres lus dans votre application, ou huit chiffres d’un code de secours."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["code"]
        champ.label, champ.help_text = self.libelle, self.aide
        champ.widget.attrs |= {"inputmode": "numeric", "autocapitalize": "off"}


class SecondFacteurForm(_Code, AuthenticateForm):
    pass


class ConfirmerParSecondFacteurForm(_Code, ReauthenticateForm):
    pass


class ActiverTotpForm(_Code, ActivateTOTPForm):
    libelle = "Code affiché par l’application"
    aide = SIX_CHIFFRES

    def clean_code(self) -> str:
        """The code that sets the application up has served: it proves nothing a second time (RFC 6238, 5.2)."""
        code: str = super().clean_code()
        facteur = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data={"secret": encrypt(self.secret)})
        if not facteur.wrap().validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AjouterCleForm(FormulaireCompte, AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de la clé"
        self.fields[
            "name"
        ].help_text = "Pour la reconnaître dans la liste, par exemple «\u00a0Ordinateur du bureau\u00a0»."
        self.fields["passwordless"].label = "Me connecter avec cette clé seule"
        self.fields[
            "passwordless"
        ].help_text = "Sans mot de passe ni code\u00a0: la clé vous demandera votre empreinte ou un code."


class RenommerCleForm(FormulaireCompte, EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de la clé"
