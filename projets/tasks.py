"""Work of the workers: thin, by identifier, harmless when run twice."""

from celery import shared_task

from projets.communique import actions as communiques
from projets.communique import veille, verification
from projets.publication.models import Communique
from projets.rapport import actions as rapports
from projets.rapport.models import Rapport
from rebond.socle.bdd import verrous
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.taches import planifier


@shared_task
def fabriquer_rapport(rapport_id: int) -> None:
    rapports.fabriquer(rapport_id=rapport_id, maintenant=horloge_base())


@shared_task
def fabriquer_rapports_en_attente() -> None:
    """Reports whose message was lost, or whose worker died: the row is the pending work."""
    avant = horloge_base() - rapports.SILENCE_MAX
    for rapport_id in Rapport.objects.a_fabriquer(avant).values_list("pk", flat=True)[:20]:
        planifier(rapports.TACHE, rapport_id)


@shared_task
def veiller_sur_les_communiques() -> None:
    """Recount what went out. One worker at a time: each release costs a count of the whole database."""
    with verrous.exclusif("veille des communiqués") as seul:
        if not seul:
            return
        for communique_id in Communique.objects.en_vigueur().order_by("pk").values_list("pk", flat=True):
            veille.veiller_sur(communique_id=communique_id, maintenant=horloge_base())


@shared_task
def conserver_les_fichiers_des_communiques() -> None:
    """Releases frozen before files were kept have none: the missing rows are the pending work."""
    for communique_id in Communique.objects.filter(fichiers=None).order_by("-pk").values_list("pk", flat=True)[:5]:
        communiques.conserver_fichiers(communique_id=communique_id)


@shared_task
def verifier_les_chiffres() -> None:
    """Prove again that what was frozen is what was known then; one worker at a time."""
    with verrous.exclusif("vérification des chiffres") as seul:
        if seul:
            verification.veiller(maintenant=horloge_base())
