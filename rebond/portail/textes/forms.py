"""The form of a text of the portal."""

from typing import Any

from django import forms

from rebond.portail.textes.requetes import Texte
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.formulaires.formulaire import FormulaireDsfr

MISE_EN_FORME = (
    "Une ligne vide sépare deux paragraphes. «\u00a0## Titre\u00a0» fait un intertitre, «\u00a0- élément\u00a0» une "
    "liste, «\u00a0**mot**\u00a0» met en valeur, «\u00a0[texte](adresse)\u00a0» fait un lien."
)


class RepriseForm(EntreesNettes, forms.Form):
    """The former version that an address names."""

    reprendre = forms.IntegerField(min_value=1, max_value=2_147_483_647)

    @property
    def version(self) -> int | None:
        return self.cleaned_data["reprendre"] if self.is_valid() else None


class TexteForm(FormulaireDsfr, forms.Form):
    """`version` is the one that was read, kept by the page."""

    avec_balise = False
    bouton = ""

    texte = ChampTexteLong(label="Texte de la page", help_text=MISE_EN_FORME, max_length=50_000)
    commentaire = forms.CharField(
        label="Ce qui change",
        required=False,
        max_length=300,
        help_text="Pour vos collègues\u00a0: ce n’est pas publié.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, courant: Texte, repris: str = "", **kwargs: Any) -> None:
        initial = {"texte": repris or courant.texte, "version": courant.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["texte"].widget.attrs["rows"] = 24
