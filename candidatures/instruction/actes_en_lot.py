"""The acts of the instruction that may be done on many files at once."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction import regles
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.affectation.en_lot import CONFIER
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.regles import deja_suivi, empechement_d_affecter
from candidatures.instruction.avis.actions.demandes import PERSONNE, demander_avis
from candidatures.instruction.avis.requetes import Cible, jour_propose
from candidatures.instruction.conditions.etats import Constat
from candidatures.instruction.conditions.models import ExamenDeRecevabilite, PropositionDIrrecevabilite
from candidatures.instruction.conditions.regles import A_SIGNER
from candidatures.instruction.etiquettes.en_lot import DESETIQUETER, ETIQUETER
from candidatures.instruction.forms import TexteLong
from candidatures.instruction.lots.registre import Acte, FormulaireDeLot, declarer
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.recevabilite.actions import declarer_recevable
from candidatures.instruction.relances_en_lot import RELANCER
from candidatures.instruction.saisine.models import Saisine
from rebond.comptes.habilitations import tenues_par_tous
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Organisme

DEJA_DEMANDE = "Un avis de ces organismes est déjà demandé sur ce dossier."
DEJA_CONSTATE = "La recevabilité de ce dossier est déjà constatée."
EXAMEN_CONTRAIRE = (
    "Une vérification commencée dit qu’une condition n’est pas remplie, ou reste à préciser\u00a0: concluez-la depuis "
    "la page du dossier."
)


class OrganismesExperts(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.nom)


class DemandeAvisEnLotForm(FormulaireDeLot):
    organismes = OrganismesExperts(
        queryset=Organisme.objects.none(),
        label="Organismes",
        help_text="Dans chacun, qui la prendra le premier rendra l’avis. Chaque personne reçoit un seul e-mail pour "
        "tous ces dossiers.",
        error_messages={"required": PERSONNE},
    )
    question = TexteLong(label="Question posée", required=False, lignes=4)
    a_rendre_avant = ChampJour(label="À rendre avant le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tenus = tenues_par_tous(Role.EXPERT).order_by().values("organisme")
        organismes: Any = self.fields["organismes"]
        organismes.queryset = Organisme.objects.filter(pk__in=tenus).order_by(alphabetique("nom"))
        if not self.is_bound:
            self.initial.setdefault("a_rendre_avant", jour_propose(self.vague.pk, jour_de_paris(horloge_base())))


def _declarer_recevable(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime, **_: Any) -> object:
    """Every condition being met: what a colleague began to find otherwise is theirs to conclude."""
    if refus := _examens_contraires([candidature]).get(candidature.pk):
        raise RegleEnfreinte(refus)
    return declarer_recevable(candidature=candidature, auteur=auteur, maintenant=maintenant)


def _refus_de_recevabilite(dossiers: Collection[Candidature], _: Mapping[str, Any]) -> dict[int, str]:
    constates = set(Recevabilite.objects.filter(candidature__in=dossiers).values_list("candidature", flat=True))
    attendues = PropositionDIrrecevabilite.objects.a_signer().filter(candidature__in=dossiers)
    constats = dict.fromkeys(attendues.values_list("candidature", flat=True), A_SIGNER)
    constats |= dict.fromkeys(constates, DEJA_CONSTATE)
    contraires = _examens_contraires(dossiers)
    return _dits(
        dossiers,
        lambda lu: (
            regles.empechement_de_constater(lu.etat_connu, constat=constats.get(lu.pk, ""))
            or regles.empechement_de_declarer_recevable(sous_reserve=lu.sous_reserve)
            or contraires.get(lu.pk)
        ),
    )


def _examens_contraires(dossiers: Collection[Candidature]) -> dict[int, str]:
    """The files of which a draft says that a condition is not met, or is to be made precise."""
    examens = ExamenDeRecevabilite.objects.filter(candidature__in=dossiers).values_list("candidature", "constats")
    autres = {Constat.NON_REMPLIE, Constat.A_PRECISER}
    return {pk: EXAMEN_CONTRAIRE for pk, dits in examens if any(dit["constat"] in autres for dit in dits.values())}


def _dire_les_conditions(dossiers: Collection[Candidature]) -> list[str]:
    """What is ticked: each condition of their specifications, once."""
    cahiers = CahierDesCharges.objects.filter(pk__in={dossier.cahier_id for dossier in dossiers})
    phrases = [une.libelle for cahier in cahiers.order_by("pk") for une in cahier.cahier.recevabilite]
    return [f"«\u00a0{phrase}\u00a0»\u00a0: remplie" for phrase in dict.fromkeys(phrases)]


def _demander_un_avis(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    maintenant: datetime,
    organismes: Collection[Organisme],
    question: str,
    a_rendre_avant: date,
) -> object:
    """Of those that are not asked yet."""
    deja = set(Saisine.objects.actives().filter(candidature=candidature).values_list("organisme", flat=True))
    return demander_avis(
        candidature=candidature,
        cibles=[Cible(organisme) for organisme in organismes if organisme.pk not in deja],
        question=question,
        a_rendre_avant=a_rendre_avant,
        auteur=auteur,
        maintenant=maintenant,
    )


def _refus_de_demander(dossiers: Collection[Candidature], donnees: Mapping[str, Any]) -> dict[int, str]:
    voulus = {organisme.pk for organisme in donnees.get("organismes", ())}
    demandes = Saisine.objects.actives().filter(candidature__in=[dossier.pk for dossier in dossiers])
    deja: dict[int, set[int]] = {}
    for dossier, organisme in demandes.filter(organisme__in=voulus).values_list("candidature", "organisme"):
        deja.setdefault(dossier, set()).add(organisme)

    def dire(lu: Any) -> str | None:
        if refus := regles.empechement_de_consulter(lu.etat_connu):
            return refus
        return DEJA_DEMANDE if voulus and deja.get(lu.pk) == voulus else None

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
        dit=_dire_les_conditions,
    )
)
declarer(
    Acte(
        "avis",
        "Demander un avis",
        "soumis pour avis",
        faire=_demander_un_avis,
        refus=_refus_de_demander,
        formulaire=DemandeAvisEnLotForm,
    )
)
for acte in (CONFIER, RELANCER, ETIQUETER, DESETIQUETER):
    declarer(acte)
