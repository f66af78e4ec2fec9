"""Work of the workers: thin, by identifier, harmless when run twice."""

from celery import shared_task
from django.conf import settings

from candidatures.calendrier.actions import annonces
from candidatures.cloture.actions import cloture, horodatages, impressions
from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.depot.actions import accuses, rappels, tenue
from candidatures.depot.models import Depot
from candidatures.depot.reliure import actions as reliures
from candidatures.dossier.pieces.actions import televersements
from candidatures.evaluation.actions import evaluateurs
from candidatures.instruction import rappels as rappels_des_phases
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.avis.actions import arrivees
from candidatures.instruction.avis.actions import lettres as lettres_aux_experts
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as messages
from candidatures.instruction.lots import actions as lots
from candidatures.surveillance import analyses, constats, lectures, lisibilites, veille
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import horloge_base


@shared_task
def clore_vagues_echues() -> None:
    """Record every closing that is due. The deadline does not wait for it: see the design, invariant 2."""
    maintenant = horloge_base()
    dues = list(Vague.objects.a_clore(maintenant).values_list("pk", flat=True))
    if dues:
        # The procès-verbal lists the incidents up to its own instant.
        constats.constater(maintenant=maintenant)
    for vague_id in dues:
        cloture.clore(vague_id=vague_id, maintenant=maintenant)


@shared_task
def annoncer_vagues() -> int:
    maintenant = horloge_base()
    dues = Vague.objects.a_annoncer(maintenant).values_list("pk", flat=True)
    return sum(annonces.annoncer(vague_id=vague_id, maintenant=maintenant) for vague_id in dues)


@shared_task
def fabriquer_accuse(depot_id: int) -> None:
    accuses.fabriquer_accuse(depot_id=depot_id)


@shared_task
def fabriquer_accuses_en_attente() -> None:
    """Receipts whose message was lost, and those to correct: the deposit without its receipt is the pending work."""
    for depot_id in Depot.objects.sans_accuse().values_list("pk", flat=True)[:50]:
        accuses.fabriquer_accuse(depot_id=depot_id)
    for depot_id in Depot.objects.a_rectifier().values_list("pk", flat=True)[:50]:
        accuses.rectifier_accuse(depot_id=depot_id)


@shared_task
def ouvrir_les_evaluations() -> int:
    """Evaluations of a phase that is over, which nobody but their author reads yet."""
    return evaluateurs.ouvrir_apres_la_phase()


# Seconds: a wave of a thousand files takes minutes to lay out.
IMPRESSION, IMPRESSION_AU_PLUS = 900, 960


@shared_task(soft_time_limit=IMPRESSION, time_limit=IMPRESSION_AU_PLUS)
def relier(reliure_id: int) -> None:
    reliures.relier(reliure_id, maintenant=horloge_base())


@shared_task
def relier_en_attente() -> int:
    """Bound deposits that were asked for and are not made: the row is the pending work."""
    return reliures.veiller(maintenant=horloge_base())


@shared_task(soft_time_limit=IMPRESSION, time_limit=IMPRESSION_AU_PLUS)
def fabriquer_proces_verbal(proces_verbal_id: int) -> None:
    impressions.imprimer(proces_verbal_id=proces_verbal_id)


@shared_task(soft_time_limit=IMPRESSION, time_limit=IMPRESSION_AU_PLUS)
def fabriquer_proces_verbaux_en_attente() -> None:
    """The procès-verbal that is not printed is the pending work."""
    for proces_verbal_id in ProcesVerbal.objects.a_imprimer().values_list("pk", flat=True)[:5]:
        impressions.imprimer(proces_verbal_id=proces_verbal_id)


@shared_task
def horodater_proces_verbaux() -> int:
    """Time-stamps still to be obtained; nothing to do where no authority is configured."""
    return horodatages.horodater_en_attente(maintenant=horloge_base()) if settings.HORODATAGE_ADRESSE else 0


@shared_task
def rappeler_echeances() -> int:
    return rappels.rappeler(maintenant=horloge_base())


@shared_task
def lever_les_reserves() -> int:
    """Deposits that can now hold their territory, whatever kept the act that made it possible from saying so."""
    return tenue.lever_en_attente(maintenant=horloge_base())


@shared_task
def annoncer_messages() -> int:
    return messages.annoncer_messages(maintenant=horloge_base())


@shared_task
def ecrire_aux_experts() -> int:
    """What is asked of experts and nobody told them, and the reminders that are due."""
    return lettres_aux_experts.ecrire_aux_experts(maintenant=horloge_base())


@shared_task
def annoncer_les_avis_rendus() -> int:
    """What those who asked for an avis were not told: the row of the avis is the pending work."""
    return arrivees.annoncer_les_avis_rendus(maintenant=horloge_base())


@shared_task
def fermer_corrections_echues() -> int:
    return corrections.fermer_corrections_echues(maintenant=horloge_base())


@shared_task
def analyser_documents() -> int:
    """What people sent and the antivirus has not scanned; nothing to do where none is configured."""
    return analyses.analyser_en_attente(maintenant=horloge_base()) if settings.ANTIVIRUS else 0


@shared_task
def examiner_documents() -> int:
    """What was received without having been opened."""
    return lisibilites.examiner_en_attente()


@shared_task
def lire_pieces() -> int:
    """Attachments that agents may open and that nobody has read for search."""
    return lectures.lire_en_attente()


@shared_task
def accorder_les_textes() -> int:
    return lectures.accorder()


@shared_task
def oublier_televersements() -> int:
    """Uploads that were given up, and their bytes."""
    return televersements.oublier_les_anciens(maintenant=horloge_base())


@shared_task
def veiller() -> None:
    """The same round as each web process makes (`surveillance.veilleur`), then the incidents to declare."""
    maintenant = horloge_base()
    veille.veiller(maintenant=maintenant)
    constats.constater(maintenant=maintenant)


@shared_task(soft_time_limit=IMPRESSION, time_limit=IMPRESSION_AU_PLUS)
def faire_un_acte_groupe(pk: int) -> int:
    return lots.faire(pk, maintenant=horloge_base())


@shared_task
def veiller_sur_les_actes_groupes() -> int:
    """Files of grouped acts that are left: the row is the pending work."""
    return lots.veiller(maintenant=horloge_base())


@shared_task
def suivre_les_affectations() -> int:
    """Files held by whoever has no role on their territory any more are to be taken again."""
    return affectations.rendre_ce_que_personne_ne_tient_plus()


@shared_task
def rappeler_les_phases() -> int:
    return rappels_des_phases.rappeler(maintenant=horloge_base())
