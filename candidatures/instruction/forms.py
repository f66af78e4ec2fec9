"""Forms of the instruction. Their fields bear the names of the arguments of the action that they feed."""

import re
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate

from candidatures.cahier import FILIERES
from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_INSTRUITS, EtatCandidature, SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etats import SensAvis
from rebond.socle.formulaires.formulaire import Avec, FormulaireDsfr
from rebond.socle.texte.noms import alphabetique, par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region, Territoire
from territoires.recherche import territoires_cherches

REFERENCE = re.compile(r"R[0-9]+-0*([0-9]+)", re.IGNORECASE)
TRIS: dict[str, tuple[F | Collate, ...]] = {
    "reference": (F("pk"),),
    "territoire": (alphabetique("territoire__nom"), F("pk")),
    "region": (alphabetique("territoire__region_pilote__nom"), alphabetique("territoire__nom"), F("pk")),
    "etat": (F("etat_connu"), F("pk")),
    "recu_le": (F("recu_le"), F("pk")),
    "avis": (F("avis_rendus"), F("pk")),
}


class TexteLong(forms.CharField):
    """A text of several lines; what is typed is kept as it is, but for the spaces around it."""

    def __init__(self, *, lignes: int = 6, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": lignes}), max_length=5000, **options)


class FiltresDossiersForm(FormulaireDsfr, forms.Form):
    """Search, filters and sort of a wave's files, all in SQL."""

    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    AVIS: ClassVar[list[tuple[str, str]]] = [
        ("", "Tous"),
        ("sans", "Aucun avis demandé"),
        ("attendus", "Avis attendus"),
        ("rendus", "Tous les avis sont rendus"),
    ]

    q = forms.CharField(label="Territoire, SIREN ou référence", max_length=100, required=False)
    etat = forms.ChoiceField(label="État", required=False)
    region = forms.ModelChoiceField(
        Region.objects.order_by(alphabetique("nom")),
        label="Région",
        required=False,
        empty_label="Toutes",
        to_field_name="code",
    )
    filiere = forms.ChoiceField(
        label="Filière",
        choices=[("", "Toutes"), *((filiere.cle, filiere.libelle) for filiere in FILIERES)],
        required=False,
    )
    avis = forms.ChoiceField(label="Avis", choices=AVIS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        etats = [(etat.value, etat.label) for etat in EtatCandidature if etat in ETATS_INSTRUITS]
        self.fields["etat"].choices = [("", "Tous"), *etats]  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        def colonne(nom: str, largeur: int) -> Div:
            return Div(nom, css_class=f"fr-col-12 fr-col-md-{largeur}")

        return Layout(
            Div(
                colonne("q", 8),
                colonne("etat", 4),
                colonne("region", 4),
                colonne("filiere", 4),
                colonne("avis", 4),
                css_class="fr-grid-row fr-grid-row--gutters",
            )
        )

    def appliquer(self, dossiers: Any, tri: str) -> Any:
        """The files that match, sorted, on the states that their reader may know (`connaissance`).

        A filter that makes no sense filters nothing.
        """
        choix = self.cleaned_data if self.is_valid() else {}
        if q := choix.get("q"):
            dossiers = dossiers.filter(_recherche(q))
        if etat := choix.get("etat"):
            dossiers = dossiers.filter(etat_connu=etat)
        if region := choix.get("region"):
            dossiers = dossiers.filter(territoire__in=Territoire.objects.en_region(region).values("pk"))
        if filiere := choix.get("filiere"):
            touches = Depot.objects.qui_comptent().filter(
                candidature=OuterRef("pk"), contenu__sections__choc__filieres__contains=[filiere]
            )
            dossiers = dossiers.filter(Exists(touches))
        if avis := choix.get("avis"):
            dossiers = dossiers.filter(FILTRES_AVIS[avis])
        return dossiers.order_by(*_ordre(tri))


FILTRES_AVIS = {
    "sans": Q(avis_demandes=0),
    "attendus": Q(avis_demandes__gt=F("avis_rendus")),
    "rendus": Q(avis_demandes__gt=0, avis_demandes=F("avis_rendus")),
}


def _recherche(saisie: str) -> Q:
    """By reference, by the territory's name, or by whatever names one of its members."""
    if reference := REFERENCE.fullmatch(saisie):
        return Q(pk=int(reference.group(1)))
    return Q(territoire__in=territoires_cherches(saisie).values("pk"))


def _ordre(tri: str) -> list[OrderBy]:
    """What has no value comes last in both directions."""
    cles = TRIS.get(tri.removeprefix("-"), TRIS["territoire"])
    return [cle.desc(nulls_last=True) if tri.startswith("-") else cle.asc(nulls_last=True) for cle in cles]


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

    expert = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label="Expert",
        empty_label="Choisir une personne",
        help_text="Cette personne sera prévenue par courriel.",
    )
    question = TexteLong(label="Question posée", required=False, lignes=4)

    def __init__(self, *args: Any, candidature: Candidature, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experts = Utilisateur.objects.filter(
            is_active=True, pk__in=Utilisateur.objects.filter(habilitations__role=Role.EXPERT).values("pk")
        )
        self.fields["expert"].queryset = (  # type: ignore[attr-defined]
            experts.exclude(avis__candidature=candidature).order_by(*par_nom())
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
    """`revision` is that of the proposal which the page shows, 0 when there is none."""

    bouton = "Enregistrer la proposition"

    sens = forms.TypedChoiceField(
        label="Que proposez-vous au valideur ?",
        choices=SensDecision.choices,
        coerce=SensDecision,
        widget=forms.RadioSelect,
    )
    motif = TexteLong(label="Motif", help_text="Le valideur le lit ; le territoire ne le lit pas.")
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class InteretForm(FormulaireDsfr, forms.Form):
    bouton = "Déclarer le conflit et quitter ce dossier"

    motif = forms.CharField(
        label="Nature du conflit d’intérêts",
        max_length=500,
        help_text="En une phrase, par exemple « mandat dans une commune membre ».",
    )
