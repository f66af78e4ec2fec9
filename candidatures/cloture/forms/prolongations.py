"""Forms of the extensions of a deadline."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q

from candidatures.cloture.actions.prolongations import REFUS
from candidatures.cloture.regles import empechement_de_prolonger_jusque
from candidatures.dossier.etats import ETATS_MODIFIABLES
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import PREMIERE_OUVERTURE, UN_AN_AU_PLUS
from rebond.socle.formulaires.champs_de_temps import HEURE_DE_PARIS, ChampInstant
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import alphabetique
from territoires.recherche import territoires_cherches


class DossierField(ChoixParmiBeaucoup):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.get_etat_display().lower()})"


class ProlongationForm(FormulaireDsfr, forms.Form):
    """What is proposed; the rules themselves are the action's and the database's."""

    bouton = "Proposer cette prolongation"

    candidature = DossierField(
        Candidature.objects.none(),
        cherche=lambda texte: Q(territoire__in=territoires_cherches(texte).order_by().values("pk")),
        label="Pour qui ?",
        required=False,
        empty_label="Tous les dossiers de la vague déjà commencés",
        help_text="Les dossiers déjà en instruction ne sont pas dans la liste\u00a0: une correction peut leur être "
        "demandée.",
    )
    jusqu_au = ChampInstant(
        label="Nouvelle échéance",
        help_text=f"{HEURE_DE_PARIS} À cet instant précis, il sera trop tard.",
        trop_tard=REFUS["prolongation_d_un_an_au_plus"],
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Les territoires concernés le liront, et il figurera au procès-verbal. Par exemple\u00a0: « Le "
        "portail était injoignable de 10 h 12 à 11 h 40. »",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, vague: Vague, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vague, self.maintenant = vague, maintenant
        dossiers: Any = self.fields["candidature"]
        jusqu_au: Any = self.fields["jusqu_au"]
        jusqu_au.borner(minimum=PREMIERE_OUVERTURE, maximum=maintenant + UN_AN_AU_PLUS)
        dossiers.queryset = (
            Candidature.objects.filter(vague=vague, etat__in=ETATS_MODIFIABLES)
            .sans_contenu()
            .select_related("vague", "territoire")
            .order_by(alphabetique("territoire__nom"), "pk")
        )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        jusqu_au = donnees.get("jusqu_au")
        if jusqu_au is None or "candidature" in self.errors:
            return donnees
        dossier = donnees.get("candidature")
        echeance = dossier.echeance if dossier else self.vague.echeance
        if refus := empechement_de_prolonger_jusque(jusqu_au, echeance, self.maintenant):
            self.add_error("jusqu_au", refus)
        return donnees


class SignatureForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    confirmation = forms.BooleanField(
        label="J’ai lu le motif et je signe cette prolongation",
        error_messages={"required": "Cochez cette case pour signer."},
    )
