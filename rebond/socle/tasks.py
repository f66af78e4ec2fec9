"""Periodic work of the base: signs of life, letters, keys of forms."""

from celery import shared_task

from rebond.socle.bdd import verrous
from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.retours.releve import relever
from rebond.socle.documents import menage
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal import scelles
from rebond.socle.requete import acces, envois
from rebond.socle.vigie import Battement


@shared_task
def battre() -> None:
    """Written by a worker that the beat woke: one row that proves both alive."""
    Battement.objects.update_or_create(nom="battement", defaults={"instant": horloge_base()})


@shared_task
def envoyer_courriers() -> int:
    """One batch at a time: a slow mail server holds one worker, and leaves the others to the closings."""
    with verrous.exclusif("courriers") as seul:
        return courriers.envoyer_en_attente(maintenant=horloge_base()) if seul else 0


@shared_task
def relever_les_retours() -> int:
    """The letters that did not arrive, as the mailbox of returns tells them."""
    with verrous.exclusif("retours") as seul:
        return relever() if seul else 0


@shared_task
def oublier_envois() -> int:
    return envois.oublier_les_anciens()


@shared_task
def sceller_le_journal() -> int:
    return scelles.sceller()


@shared_task
def horodater_le_journal() -> bool:
    return scelles.horodater()


@shared_task
def ramasser_documents() -> int:
    """Documents that serve nobody any more, and bytes that lost their row."""
    with verrous.exclusif("documents sans emploi") as seul:
        if not seul:
            return 0
        maintenant = horloge_base()
        menage.balayer(maintenant=maintenant)
        return menage.ramasser(maintenant=maintenant)


@shared_task
def oublier_acces() -> int:
    """Accesses older than `rebond.socle.journal.acces.CONSERVATION`."""
    return acces.oublier_les_perimes()
