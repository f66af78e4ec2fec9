"""Forms of a mission: taking it, taking it further, its companies."""

from datetime import date
from typing import Any

from django import forms

from projets.mission.filtres import epcis_de
from projets.mission.models import Industriel, Mission
from projets.mission.regles import A_L_AVANCE, DERNIER_JOUR, PREMIER_JOUR, UN_AN_A_L_AVANCE
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.formulaire import Avec, Bouton, EntierFr, FormulaireDsfr, Layout
from territoires.forms import ChampSiren
from territoires.models import Epci

# Enough to tell something to whoever reads it in three years.
RAISON_MIN = 8
PAS_DANS_L_AVENIR = "Cette date est dans l’avenir : choisissez aujourd’hui au plus tard."


def jour_passe(libelle: str, aujourd_hui: date | None = None, **options: Any) -> ChampJour:
    """The field of a day of the programme, today at the latest."""
    return ChampJour(label=libelle, minimum=PREMIER_JOUR, maximum=aujourd_hui, trop_tard=PAS_DANS_L_AVENIR, **options)


class FormulaireDePage(FormulaireDsfr, forms.Form):
    """A form that shares its page with other contents, and is sent to an address of its own."""

    def __init__(self, *args: Any, adresse: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.destination = adresse


class PriseEnChargeForm(FormulaireDePage):
    bouton = "Prendre en charge cette mission"

    debut = ChampJour(
        label="Date de début de la mission",
        help_text="Passée ou à venir.",
        minimum=PREMIER_JOUR,
        trop_tard=UN_AN_A_L_AVANCE,
    )

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["debut"].borner(maximum=aujourd_hui + A_L_AVANCE)  # type: ignore[attr-defined]


class EtapeForm(FormulaireDePage):
    """Taking the mission to its next step; the restitution alone asks for its date."""

    bouton = ""

    def __init__(self, *args: Any, datee: bool, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if datee:
            self.fields["restituee_le"] = jour_passe("Date de la restitution", aujourd_hui)

    def disposition(self) -> Layout:
        return Layout(*self.fields, Bouton("Passer à l’étape suivante"))


class MissionForm(FormulaireDsfr, forms.Form):
    """What the report says of a mission before its figures."""

    bouton = "Enregistrer"

    contexte = ChampTexteLong(
        label="Contexte",
        max_length=5000,
        required=False,
        help_text="Le choc industriel, le territoire, ce qui est attendu de la mission. Ce texte ouvre le rapport.",
    )
    fin = ChampJour(label="Fin prévue", minimum=PREMIER_JOUR, maximum=DERNIER_JOUR, required=False)


class AnnulationForm(FormulaireDsfr, forms.Form):
    """Why a project or a company should never have been entered."""

    bouton = "Annuler cette saisie"

    raison = forms.CharField(
        label="Raison de l’annulation",
        min_length=RAISON_MIN,
        max_length=300,
        help_text="Par exemple : « Saisi deux fois », « Concerne une autre mission ».",
    )


class IndustrielForm(FormulaireDsfr, forms.Form):
    """A company of the mission's territories. `initial` comes from `saisie_de` to correct one."""

    bouton = "Enregistrer l’entreprise"
    # Nothing here is about the person who types (RGAA 11.13): the browser has nothing to suggest.
    remplissage = {"nom": "off"}

    siren = ChampSiren(label="SIREN", max_length=30, help_text="Neuf chiffres, avec ou sans espaces.")
    nom = forms.CharField(label="Raison sociale", max_length=200)
    epci = forms.ModelChoiceField(
        Epci.objects.none(), label="Intercommunalité du site", empty_label="Choisir une intercommunalité"
    )
    activite = forms.CharField(label="Activité", max_length=200, required=False)
    effectif = EntierFr(
        label="Effectif du site",
        min_value=0,
        max_value=1_000_000,
        unite="salariés",
        required=False,
        help_text="Nombre de salariés.",
    )
    rencontre_le = jour_passe(
        "Rencontrée le", required=False, help_text="Laissez vide tant que la rencontre n’a pas eu lieu."
    )

    def __init__(self, *args: Any, mission: Mission, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["epci"].queryset = epcis_de(mission)  # type: ignore[attr-defined]
        self.fields["rencontre_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        return Layout("siren", "nom", "epci", "activite", Avec("effectif", unite="salariés"), "rencontre_le")


def saisie_de(industriel: Industriel) -> dict[str, Any]:
    """What the form starts from."""
    return {champ: getattr(industriel, champ) for champ in IndustrielForm.base_fields}
