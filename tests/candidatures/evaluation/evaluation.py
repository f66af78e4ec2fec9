"""What the tests of evaluations build: a wave whose files are qui_evalue, and what evaluators say of them."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from candidatures.cahier import models
from candidatures.evaluation.actions import evaluateurs as qui_evalue
from candidatures.evaluation.actions import evaluations as actions
from candidatures.evaluation.actions.evaluations import Saisie
from candidatures.evaluation.requetes import lu_maintenant
from candidatures.instruction.correction import actions as corrections
from candidatures.models import CahierDesCharges, Candidature, Evaluateur, Evaluation, Vague
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.phases import PhaseVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.outils.roles import administrer, sans_declencheurs

PARCE_QUE = "Parce que le dossier le montre."


def criteres(dossier: Candidature) -> Any:
    return dossier.cahier.cahier.criteres


def des_notes(dossier: Candidature, place: int = 1, **autres: int) -> dict[str, tuple[int | None, str]]:
    """On each criterion its level of that `place`, or its highest; on those that are named, of another."""
    return {
        critere.cle: (critere.echelle[: autres.get(critere.cle, place) + 1][-1].valeur, PARCE_QUE)
        for critere in criteres(dossier)
    }


def une_saisie(dossier: Candidature, place: int = 1, **champs: Any) -> Saisie:
    return Saisie(**{"notes": des_notes(dossier, place), "lu": lu_maintenant(dossier), **champs})


def confier(dossier: Candidature, *personnes: Utilisateur, auteur: Utilisateur) -> list[Evaluateur]:
    return qui_evalue.confier(candidature=dossier, personnes=personnes, auteur=auteur, maintenant=horloge_base())


def enregistrer(dossier: Candidature, qui: Utilisateur, saisie: Saisie) -> Evaluation:
    return actions.enregistrer(candidature=dossier, auteur=qui, saisie=saisie, maintenant=horloge_base())


def rendre(
    dossier: Candidature,
    qui: Utilisateur,
    place: int = 1,
    *,
    notes: Mapping[str, tuple[int | None, str]] | None = None,
    **champs: Any,
) -> Evaluation:
    saisie = une_saisie(dossier, place, **champs, **({"notes": notes} if notes is not None else {}))
    return actions.rendre(candidature=dossier, auteur=qui, saisie=saisie, maintenant=horloge_base())


def s_abstenir(dossier: Candidature, qui: Utilisateur, motif: str = "Je ne connais pas la filière.") -> Evaluation:
    return actions.s_abstenir(candidature=dossier, auteur=qui, motif=motif, maintenant=horloge_base())


def une_phase(vague: Vague, *, fin: timedelta = timedelta(days=10)) -> PhaseVague:
    """The evaluation phase of a wave, from its closing on; it ends `fin` from now, before now for a negative one."""
    return PhaseVague.objects.create(
        vague=vague, nature=NatureDePhase.EVALUATION, debut=vague.cloture, fin=horloge_base() + fin
    )


def finir(phase: PhaseVague) -> None:
    """Its end has just come, on the database's clock."""
    administrer(
        f"UPDATE candidatures_phasevague SET fin = clock_timestamp() - interval '1 second' WHERE id = {phase.pk}"
    )


def redefinir(dossier: Candidature, definition: dict[str, Any]) -> Candidature:
    """The specifications of its wave, which nobody changes, are these; the file as it is read then."""
    ecrite = json.dumps(definition).replace("'", "''")
    with sans_declencheurs():
        administrer(
            f"UPDATE candidatures_cahierdescharges SET definition = '{ecrite}'::jsonb WHERE id = {dossier.cahier_id}"
        )
    models._lus.clear()
    return Candidature.objects.pour_lecture().get(pk=dossier.pk)


def definition_de(dossier: Candidature) -> dict[str, Any]:
    definition: dict[str, Any] = CahierDesCharges.objects.get(pk=dossier.cahier_id).definition
    return definition


def corriger(dossier: Candidature, auteur: Utilisateur, porteur: Utilisateur) -> None:
    """The territory corrects an answer."""
    maintenant = horloge_base()
    demande = corrections.demander_correction(
        candidature=dossier,
        questions=["projets.projets"],
        natures=[],
        motif="Précisez les projets.",
        echeance=maintenant + timedelta(days=10),
        auteur=auteur,
        maintenant=maintenant,
    )
    corrections.enregistrer_correction(
        demande=demande,
        section="projets",
        reponses={"projets": "Deux ateliers."},
        auteur=porteur,
        maintenant=maintenant,
        revision=0,
    )
    demande.refresh_from_db()
    corrections.rendre_correction(demande=demande, auteur=porteur, recu_le=horloge_base())
    dossier.refresh_from_db()
