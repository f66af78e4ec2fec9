"""Reminding a territory of the correction that is awaited of it: one letter a person for all of theirs, one a day."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.correction.actions import PAS_DU_SERVICE, tenir_la_demande
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.correction.regles import empechement_de_relancer
from candidatures.instruction.correction.requetes import attendue, cle_de_rappel, deja_relances
from candidatures.instruction.echanges.requetes import est_du_service
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur


def relancer_correction(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> None:
    """Remind the territory of the correction that is awaited: its letters are those of `prevenir_des_relances`.

    Raises `RegleEnfreinte` when none is awaited, when `auteur` does not instruct the file, and for one whose people
    were reminded of one today.
    """
    with transaction.atomic():
        tenue, dossier = tenir_la_demande(attendue(candidature))
        if not est_du_service(dossier, auteur):
            raise RegleEnfreinte(PAS_DU_SERVICE)
        deja = dossier.pk in deja_relances([dossier.pk], maintenant)
        if refus := empechement_de_relancer(tenue.echeance, maintenant, deja=deja):
            raise RegleEnfreinte(refus)
        consigner(
            ActeDInstruction.RELANCER_CORRECTION,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            jusqu_au=tenue.echeance.isoformat(),
        )


def prevenir_des_relances(*, dossiers: Collection[int], maintenant: datetime) -> int:
    """One letter to each person of the territories whose correction of these files was just reminded of; how many."""
    attendues = DemandeDeCorrection.objects.filter(candidature__in=dossiers, rendue_le=None, fermee_le=None)
    par_personne: dict[Utilisateur, list[DemandeDeCorrection]] = {}
    for demande in attendues.select_related("candidature__vague", "candidature__territoire").order_by(
        "echeance", "pk"
    ):
        for participant in demande.candidature.participants.order_by("pk"):
            par_personne.setdefault(participant, []).append(demande)
    return mettre_en_file_lot(_rappel(personne, siennes, maintenant) for personne, siennes in par_personne.items())


def _rappel(personne: Utilisateur, siennes: list[DemandeDeCorrection], maintenant: datetime) -> Lettre:
    return Lettre(
        gabarit="instruction/correction_rappel",
        valeurs={
            "reference": siennes[0].candidature.reference if len(siennes) == 1 else "",
            "quantite": compte(len(siennes), "dossier"),
            "demandes": [
                {
                    "pk": demande.candidature_id,
                    "reference": demande.candidature.reference,
                    "territoire": demande.candidature.territoire.nom,
                    "echeance": instant_fr(demande.echeance),
                }
                for demande in siennes
            ],
        },
        cle=cle_de_rappel(personne.pk, maintenant),
        destinataire=personne.email,
        demonstration=any(demande.candidature.demonstration for demande in siennes),
    )
