"""A request that ends without an avis: revoked by those who instruct, declined by whoever was asked, or made pointless
by a conflict of interest. Whoever asked is told, or whoever was asked."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.actions.communs import REFUS, tenir_la_demande
from candidatures.instruction.avis.requetes import destinataires, exiger_de_l_organisme
from candidatures.instruction.echanges.requetes import agents_a_prevenir
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.instruction.saisine.models import Saisine
from candidatures.instruction.tenue import instruire
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur


def revoquer(*, saisine: Saisine, motif: str, auteur: Utilisateur, maintenant: datetime) -> Saisine:
    """Give up an avis that was asked for, and tell whoever was to give it, if a letter had told them.

    Raises `RegleEnfreinte` without a `motif`, or when the avis is not awaited any more.
    """
    with instruire(saisine.candidature, auteur, REFUS):
        dossier, tenue = tenir_la_demande(saisine)
        gens = destinataires(tenue) if tenue.annoncee_le else []
        _finir(tenue, FinDeSaisine.REVOQUEE, motif, auteur, maintenant)
        consigner(
            ActeDInstruction.REVOQUER_AVIS,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            organisme=tenue.organisme.nom,
            motif=tenue.motif,
        )
        for personne in gens:
            valeurs = {"reference": dossier.reference, "territoire": dossier.territoire.nom, "motif": tenue.motif}
            _ecrire(dossier, "instruction/avis_annule", f"avis-annule-{tenue.pk}-{personne.pk}", personne, valeurs)
    return tenue


def decliner(
    *, saisine: Saisine, raison: FinDeSaisine, motif: str, auteur: Utilisateur, maintenant: datetime
) -> Saisine:
    """Say that no avis will come, out of competence or because somebody else should be asked (`motif` says who), and
    tell whoever asked. A conflict of interest is declared (`candidatures.instruction.actions.declarer_interet`).

    Raises `RegleEnfreinte` for anyone but the holder, or somebody of the organisme when nobody holds it.
    """
    with traduire(REFUS), transaction.atomic():
        dossier, tenue = tenir_la_demande(saisine)
        exiger_de_l_organisme(tenue, auteur, tenue_par_lui=True)
        _finir(tenue, raison, motif, auteur, maintenant)
        consigner(
            ActeDInstruction.DECLINER_AVIS,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            organisme=tenue.organisme.nom,
            raison=raison,
            motif=tenue.motif,
        )
        _prevenir_qui_demandait(tenue, dossier, auteur)
    return tenue


def revoquer_pour_conflit(*, dossier: Candidature, expert: Utilisateur, maintenant: datetime) -> None:
    """End what `expert` holds on this file, which is locked, before they declare a conflict of interest: from then on
    nothing that bears their name may change. Whoever asked is told."""
    siennes = Saisine.objects.attendues_de(expert).filter(candidature=dossier)
    for tenue in siennes.select_for_update(of=("self",)).select_related("demande_par", "organisme"):
        _finir(tenue, FinDeSaisine.CONFLIT, "", expert, maintenant)
        consigner(
            ActeDInstruction.REVOQUER_AVIS,
            dossier,
            acteur=expert,
            fait_le=maintenant,
            expert=str(expert),
            organisme=tenue.organisme.nom,
        )
        _prevenir_qui_demandait(tenue, dossier, expert)


def _finir(tenue: Saisine, fin: FinDeSaisine, motif: str, auteur: Utilisateur, maintenant: datetime) -> None:
    tenue.close_le, tenue.close_par, tenue.fin, tenue.motif = maintenant, auteur, fin, motif.strip()
    tenue.save(update_fields=["close_le", "close_par", "fin", "motif"])


def _prevenir_qui_demandait(tenue: Saisine, dossier: Candidature, qui: Utilisateur) -> None:
    for agent in agents_a_prevenir(dossier, tenue.demande_par):
        valeurs = {
            "pk": dossier.pk,
            "expert": qui,
            "organisme": tenue.organisme,
            "conflit": tenue.fin == FinDeSaisine.CONFLIT,
            "hors_competence": tenue.fin == FinDeSaisine.HORS_COMPETENCE,
            "motif": tenue.motif,
            "reference": dossier.reference,
            "territoire": dossier.territoire.nom,
        }
        _ecrire(dossier, "instruction/avis_revoque", f"avis-revoque-{tenue.pk}-{agent.pk}", agent, valeurs)


def _ecrire(
    dossier: Candidature, gabarit: str, cle: str, personne: Utilisateur, valeurs: Mapping[str, object]
) -> None:
    mettre_en_file(
        Lettre(
            gabarit=gabarit,
            valeurs=valeurs,
            cle=cle,
            destinataire=personne.email,
            demonstration=dossier.demonstration,
        )
    )
