"""Labels put on many files of a wave at once, or taken off them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django import forms

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etiquettes import actions
from candidatures.instruction.etiquettes.forms import AIDE, ChampEtiquette
from candidatures.instruction.etiquettes.models import DEJA, Etiquette
from candidatures.instruction.etiquettes.regles import PAS_LA, empechement_d_etiqueter
from candidatures.instruction.etiquettes.requetes import etiquettes_lues_par
from candidatures.instruction.lots.registre import Acte, FormulaireDeLot
from rebond.socle.texte.noms import nom_nu
from rebond.socle.utilisateur import Utilisateur


class EtiqueterEnLotForm(FormulaireDeLot):
    etiquette = ChampEtiquette(label="Étiquette à ajouter", help_text=AIDE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposees = etiquettes_lues_par(self.par, self.vague)


class DesetiqueterEnLotForm(FormulaireDeLot):
    vides = {"etiquette": "Aucun dossier que vous lisez dans cette vague ne porte d’étiquette."}

    etiquette = forms.ChoiceField(
        label="Étiquette à retirer", error_messages={"required": "Choisissez une étiquette."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["etiquette"]
        champ.choices = [("", "Choisir"), *((nom, nom) for nom in etiquettes_lues_par(self.par, self.vague))]


def _etiqueter(*, candidature: Candidature, etiquette: str, auteur: Utilisateur, maintenant: datetime) -> None:
    actions.etiqueter(candidature=candidature, etiquette=etiquette, auteur=auteur, maintenant=maintenant)


def _desetiqueter(*, candidature: Candidature, etiquette: str, auteur: Utilisateur, maintenant: datetime) -> None:
    actions.desetiqueter(candidature=candidature, etiquette=etiquette, auteur=auteur, maintenant=maintenant)


def _portees(dossiers: Collection[Any]) -> dict[int, set[str]]:
    """By key of file, its labels, bare."""
    portees: dict[int, set[str]] = {dossier.pk: set() for dossier in dossiers}
    for cle, nom in Etiquette.objects.filter(candidature__in=dossiers).values_list("candidature", "nom"):
        portees[cle].add(nom_nu(nom))
    return portees


def _refus_d_etiqueter(dossiers: Collection[Any], donnees: Mapping[str, Any]) -> dict[int, str]:
    nue = nom_nu(donnees.get("etiquette", ""))
    refus = {
        cle: DEJA if nue and nue in siennes else empechement_d_etiqueter(len(siennes))
        for cle, siennes in _portees(dossiers).items()
    }
    return {cle: dit for cle, dit in refus.items() if dit}


def _refus_de_desetiqueter(dossiers: Collection[Any], donnees: Mapping[str, Any]) -> dict[int, str]:
    nue = nom_nu(donnees.get("etiquette", ""))
    portees = _portees(dossiers)
    return {cle: PAS_LA for cle, siennes in portees.items() if (nue not in siennes if nue else not siennes)}


ETIQUETER = Acte(
    "etiqueter",
    "Ajouter une étiquette",
    "étiquetés",
    faire=_etiqueter,
    refus=_refus_d_etiqueter,
    formulaire=EtiqueterEnLotForm,
)
DESETIQUETER = Acte(
    "desetiqueter",
    "Retirer une étiquette",
    "à qui l’étiquette est retirée",
    faire=_desetiqueter,
    refus=_refus_de_desetiqueter,
    formulaire=DesetiqueterEnLotForm,
)
