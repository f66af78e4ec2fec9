"""Entrusting many files of a wave at once: to somebody, or each to whom it would be proposed to."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.affectation import actions
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.regles import (
    SANS_MOT,
    Candidat,
    deja_suivi,
    empechement_d_affecter,
    empechement_de_donner_a,
    empechement_de_trouver,
    repartir,
)
from candidatures.instruction.affectation.requetes import candidats_a, charges_lues_par
from candidatures.instruction.forms import TexteLong
from candidatures.instruction.lots.models import ActeGroupe
from candidatures.instruction.lots.registre import Acte, Election, FormulaireDeLot
from rebond.comptes.habilitations import titulaires
from rebond.comptes.requetes import nomme
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

ELUS, CLE_MAX = "elus", 2**62
DEJA_A_LUI = "Cette personne suit déjà ce dossier."
SANS_PERSONNE = "Personne n’a été choisi pour ce dossier\u00a0: recommencez."


class ConfierEnLotForm(FormulaireDeLot):
    """`elus`: whom each file goes to, as it was read over."""

    a = ChoixParmiBeaucoup(
        Utilisateur.objects.none(),
        cherche=nomme,
        label="À qui",
        empty_label="À la personne la plus proche qui suit le moins de dossiers",
        required=False,
        help_text="Chacun reçoit un seul e-mail pour tous ces dossiers.",
    )
    mot = TexteLong(
        label="Un mot pour la suite",
        required=False,
        lignes=3,
        help_text="Nécessaire pour les dossiers que vous suivez. Le service le lira dans chaque dossier.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["a"]
        champ.queryset = titulaires(Role.INSTRUCTEUR).order_by(*par_nom())

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        gardes: list[str] = getattr(self.data, "getlist", lambda _: [])(ELUS)
        paires = [[entier_de_machine(lu, maximum=CLE_MAX) for lu in str(garde).split(":")] for garde in gardes]
        return lues | {ELUS: {paire[0]: paire[1] for paire in paires if len(paire) == 2 and None not in paire}}


def _confier(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    maintenant: datetime,
    mot: str,
    elus: Mapping[int, int],
    **_: Any,
) -> None:
    elu = elus.get(candidature.pk)
    if elu is None:
        raise RegleEnfreinte(SANS_PERSONNE)
    tenue = Affectation.objects.en_cours().filter(candidature=candidature, instructeur=auteur).first()
    bilan = actions.affecter(
        choix={candidature.pk: elu},
        vues={candidature.pk: tenue.pk} if tenue else {},
        mot=mot,
        acteur=auteur,
        maintenant=maintenant,
        prevenir=False,
    )
    if bilan.refus:
        raise RegleEnfreinte(bilan.refus[0].raison)


def _refus(dossiers: Collection[Any], donnees: Mapping[str, Any]) -> dict[int, str]:
    """What a colleague holds stays theirs: it is handed over from its page, or from theirs."""
    par, a = donnees["par"], donnees.get("a")
    tenus = Affectation.objects.en_cours().filter(candidature__in=dossiers).select_related("instructeur")
    tenants = {affectation.candidature_id: affectation.instructeur for affectation in tenus}
    candidats = _candidats(dossiers, par, tenants)

    def dire(lu: Any) -> str | None:
        tenant = tenants.get(lu.pk)
        if refus := empechement_d_affecter(lu.etat_connu):
            return refus
        if tenant is not None and tenant == a:
            return DEJA_A_LUI
        if tenant not in {None, par}:
            return deja_suivi(tenant)
        if tenant is not None and "mot" in donnees and not donnees["mot"].strip():
            return SANS_MOT
        siens = candidats[lu.pk]
        return empechement_de_trouver(siens) if a is None else empechement_de_donner_a(a.pk, siens)

    refus = {dossier.pk: dire(dossier) for dossier in dossiers}
    return {cle: dit for cle, dit in refus.items() if dit}


def _candidats(
    dossiers: Collection[Any], par: Utilisateur, tenants: Mapping[int, Utilisateur]
) -> dict[int, list[Candidat]]:
    """Whoever holds a file is no candidate to hold it."""
    tous = candidats_a([dossier.pk for dossier in dossiers])
    return {cle: [un for un in siens if cle not in tenants or un.personne != par.pk] for cle, siens in tous.items()}


def _elire(dossiers: Collection[Any], donnees: Mapping[str, Any]) -> Election:
    par, a = donnees["par"], donnees.get("a")
    if a is None:
        tenus = Affectation.objects.en_cours().filter(candidature__in=dossiers, instructeur=par)
        candidats = _candidats(dossiers, par, dict.fromkeys(tenus.values_list("candidature", flat=True), par))
        elus = repartir(candidats, charges_lues_par(par))[0]
    else:
        elus = {dossier.pk: a.pk for dossier in dossiers}
    noms = Utilisateur.objects.in_bulk(set(elus.values()))
    return Election(
        {cle: f"à {noms[elu]}" for cle, elu in elus.items()}, {ELUS: [f"{cle}:{elu}" for cle, elu in elus.items()]}
    )


def _conclure(groupe: ActeGroupe, faits: Collection[int], _maintenant: datetime) -> None:
    siennes = Affectation.objects.filter(
        candidature__in=faits, par=groupe.personne, enregistree_le__gte=groupe.demande_le
    )
    dernieres = siennes.select_related("instructeur", "candidature__vague", "candidature__territoire")
    par_dossier = {affectation.candidature_id: affectation for affectation in dernieres.order_by("pk")}
    actions.prevenir_ensemble(affectations=par_dossier.values(), acteur=groupe.personne, cle=f"lot-{groupe.pk}")


CONFIER = Acte(
    "confier",
    "Confier ces dossiers",
    "confiés",
    faire=_confier,
    refus=_refus,
    formulaire=ConfierEnLotForm,
    elire=_elire,
    conclure=_conclure,
)
