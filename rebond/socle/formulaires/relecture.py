"""What cannot be taken back is read back first: a page between the form and the act, without any JavaScript.

A form whose act is for ever overrides `FormulaireDsfr.relecture`. `rebond.socle.formulaires.vues.conduire` then tries
the act, shows what the form says with all that was typed in hidden inputs, and acts only on a request that confirms
this very text: had anything changed meanwhile, the new text is shown.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.requete.champs_de_page import PROPRES_A_LA_PAGE

PREFIXE = "relecture"
PROPRES = (*PROPRES_A_LA_PAGE, f"{PREFIXE}-")


@dataclass(frozen=True)
class Relecture:
    """`lignes`: label and sentence; `confirmer`: what the button says; `avertissement`: why one should read."""

    titre: str
    lignes: tuple[tuple[str, str], ...]
    confirmer: str
    avertissement: str

    @property
    def empreinte(self) -> str:
        """Tells this text from any other."""
        texte = "\n".join((self.titre, *(f"{nom}\t{dit}" for nom, dit in self.lignes), self.avertissement))
        return hashlib.sha256(texte.encode()).hexdigest()


class RelectureForm(EntreesNettes, forms.Form):
    """`lue`: the fingerprint of the text that was confirmed; `reprendre`: back to the form."""

    prefix = PREFIXE

    lue = forms.CharField(required=False, max_length=64)
    reprendre = forms.CharField(required=False, max_length=20)

    def confirme(self, relecture: Relecture) -> bool:
        return self.is_valid() and self.cleaned_data["lue"] == relecture.empreinte

    def a_change_depuis(self, relecture: Relecture) -> bool:
        """Whether another text than `relecture` was confirmed."""
        return self.is_valid() and self.cleaned_data["lue"] not in {"", relecture.empreinte}

    @property
    def revient(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["reprendre"])


def avec_relus(phrase: str, relus: Collection[str]) -> str:
    """`phrase`, then how the numbers that could be written otherwise were read (`FormulaireDsfr.relus`)."""
    return f"{phrase} Nous avons lu {', '.join(relus)}." if relus else phrase


def champs_a_porter(donnees: QueryDict, propres: Collection[str] = PROPRES) -> list[tuple[str, str]]:
    """What was typed, name by name, for hidden inputs; without what the page writes itself (names or beginnings)."""
    return [
        (nom, valeur)
        for nom, valeurs in donnees.lists()
        if not nom.startswith(tuple(propres))
        for valeur in valeurs
        if isinstance(valeur, str)
    ]
