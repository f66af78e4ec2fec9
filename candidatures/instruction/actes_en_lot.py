"""The acts of the instruction that may be done on many files at once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django import forms

from candidatures.dossier.models.dossiers import Candidature, de_son_territoire
from candidatures.instruction import actions, regles
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.regles import deja_suivi, empechement_d_affecter
from candidatures.instruction.forms import TexteLong
from candidatures.instruction.lots.registre import Acte, declarer
from candidatures.instruction.models import Avis, DeclarationInteret, Recevabilite
from rebond.comptes.habilitations import titulaires
from rebond.comptes.requetes import nomme
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

DEJA_CONSTATE = "La recevabilité de ce dossier est déjà constatée."


class DemandeAvisEnLotForm(FormulaireDsfr, forms.Form):
    bouton = ""
    avec_balise = False

    expert = ChoixParmiBeaucoup(
        Utilisateur.objects.none(),
        cherche=nomme,
        label="Expert",
        empty_label="Choisir une personne",
        help_text="Cette personne sera prévenue par e-mail, dossier par dossier.",
    )
    question = TexteLong(label="Question posée", required=False, lignes=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = titulaires(Role.EXPERT).order_by(*par_nom())  # type: ignore[attr-defined]


def _declarer_recevable(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime, **_: Any) -> object:
    return actions.constater_recevabilite(
        candidature=candidature, recevable=True, motif="", auteur=auteur, maintenant=maintenant
    )


def _refus_de_recevabilite(dossiers: Collection[Candidature], _: Mapping[str, Any]) -> dict[int, str]:
    constates = set(Recevabilite.objects.filter(candidature__in=dossiers).values_list("candidature", flat=True))
    return _dits(
        dossiers,
        lambda lu: (
            regles.empechement_de_constater(lu.etat_connu, constat=DEJA_CONSTATE if lu.pk in constates else "")
            or regles.empechement_de_declarer_recevable(sous_reserve=lu.sous_reserve)
        ),
    )


def _refus_de_demander(dossiers: Collection[Candidature], donnees: Mapping[str, Any]) -> dict[int, str]:
    expert = donnees.get("expert")
    if expert is None:
        return _dits(dossiers, lambda lu: regles.empechement_de_consulter(lu.etat_connu))
    cles = [dossier.pk for dossier in dossiers]
    demandes = set(Avis.objects.filter(expert=expert, candidature__in=cles).values_list("candidature", flat=True))
    parties = {lien["candidature"] for lien in de_son_territoire(expert)}
    conflits = DeclarationInteret.objects.filter(utilisateur=expert, candidature__in=cles)
    declares = set(conflits.values_list("candidature", flat=True))

    def dire(lu: Any) -> str | None:
        if refus := regles.empechement_de_consulter(lu.etat_connu):
            return refus
        if lu.pk in demandes:
            return "L’avis de cette personne est déjà demandé sur ce dossier."
        if lu.pk in parties:
            return actions.REFUS["auteur_etranger_au_dossier"]
        return actions.REFUS["auteur_sans_conflit"] if lu.pk in declares else None

    return _dits(dossiers, dire)


def _prendre(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime, **_: Any) -> None:
    affectations.prendre(candidature=candidature, acteur=auteur, maintenant=maintenant)


def _refus_de_prendre(dossiers: Collection[Candidature], _: Mapping[str, Any]) -> dict[int, str]:
    tenus = Affectation.objects.en_cours().filter(candidature__in=dossiers).select_related("instructeur")
    par = {affectation.candidature_id: affectation.instructeur for affectation in tenus}
    return _dits(
        dossiers,
        lambda lu: empechement_d_affecter(lu.etat_connu) or (deja_suivi(par[lu.pk]) if lu.pk in par else None),
    )


def _dits(dossiers: Collection[Candidature], dire: Any) -> dict[int, str]:
    refus = {dossier.pk: dire(dossier) for dossier in dossiers}
    return {cle: dit for cle, dit in refus.items() if dit}


declarer(
    Acte("prendre", "Prendre ces dossiers", "pris", faire=_prendre, refus=_refus_de_prendre),
)
declarer(
    Acte(
        "recevable",
        "Déclarer recevables",
        "déclarés recevables",
        faire=_declarer_recevable,
        refus=_refus_de_recevabilite,
    )
)
declarer(
    Acte(
        "avis",
        "Demander un avis",
        "soumis à un expert",
        faire=actions.demander_avis,
        refus=_refus_de_demander,
        formulaire=DemandeAvisEnLotForm,
    )
)
