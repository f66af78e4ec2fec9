"""The watch over the portal: what it finds wrong rings, what is over is put out.

Nothing here needs a worker: `candidatures.tasks.veiller` and, for when every worker is dead, a thread of each web
process (`candidatures.surveillance.veilleur`) do the same round; a lock lets one at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd import verrous
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.documents import espace
from rebond.socle.documents.models import CONSERVATION
from rebond.socle.horloge.temps import PARIS
from rebond.socle.templatetags.francais import octets
from rebond.socle.texte.typographie import compte, date_fr, instant_fr
from rebond.socle.vigie import Battement, Disponibilite, Observation
from rebond.surveillance import alarmes, securite
from rebond.surveillance.disponibilite import SILENCE_MAX

RETARD_PROCES_VERBAL = timedelta(minutes=5)
SILENCE_BATTEMENT = timedelta(minutes=2)
INDISPONIBILITE = timedelta(minutes=2)
PANNE_MESSAGERIE = timedelta(minutes=10)


@dataclass(frozen=True)
class Constat:
    """What `rebond.surveillance.alarmes.sonner` takes."""

    cle: str
    objet: str
    texte: str


def veiller(*, maintenant: datetime) -> bool:
    """One round, on the database's clock; False when another process is doing it."""
    with transaction.atomic():
        if not verrous.prendre("veille"):
            return False
        for prefixe, constater in SURVEILLANCES.items():
            constats = list(constater(maintenant))
            for constat in constats:
                alarmes.sonner(cle=constat.cle, objet=constat.objet, texte=constat.texte, maintenant=maintenant)
            alarmes.eteindre_sauf(prefixe, [constat.cle for constat in constats], maintenant=maintenant)
    return True


def _proces_verbaux_en_retard(maintenant: datetime) -> Iterator[Constat]:
    for vague in Vague.objects.a_clore(maintenant - RETARD_PROCES_VERBAL):
        if vague.etat == EtatVague.PREVUE:
            fin = (
                f"La vague {vague.numero} s’est close le {instant_fr(vague.echeance, secondes=True)} (heure de Paris)"
            )
        else:
            fin = f"Une prolongation de la vague {vague.numero} est terminée"
        yield Constat(
            f"proces-verbal-{vague.numero}",
            f"le procès-verbal de la vague {vague.numero} est en retard",
            f"{fin}. Le procès-verbal devrait être établi depuis plus de cinq minutes, et ne l’est pas.\n\n"
            "Personne n’y perd\u00a0: le portail refuse les dépôts tardifs et garde ceux reçus à temps. Vérifiez que "
            "les ouvriers (celery worker) et le battement (celery beat) tournent\u00a0: le procès-verbal s’établira "
            "alors.",
        )


def _battement_silencieux(maintenant: datetime) -> Iterator[Constat]:
    dernier = Battement.objects.order_by("-instant").first()
    if dernier is None or maintenant - dernier.instant > SILENCE_BATTEMENT:
        depuis = f"depuis le {instant_fr(dernier.instant, secondes=True)}" if dernier else "depuis l’installation"
        yield Constat(
            "battement",
            "les traitements du portail sont arrêtés",
            f"Le battement du portail ne s’est pas fait entendre {depuis}\u00a0: aucun ouvrier ne travaille, ou plus "
            "personne ne les réveille. Les dépôts continuent, mais les accusés de réception, les e-mails et les "
            "procès-verbaux attendent.\n\nVérifiez la file d’attente (Redis ou Valkey), les ouvriers (celery worker) "
            "et le battement (celery beat).",
        )


def _courriers_ecartes(maintenant: datetime) -> Iterator[Constat]:
    """An alarm for each day: those of yesterday, that someone has seen, do not hide those of today."""
    for jour in Courrier.objects.abandonnes().datetimes("abandonne_le", "day", tzinfo=PARIS):
        ecartes = Courrier.objects.abandonnes().filter(abandonne_le__gte=jour, abandonne_le__lt=_lendemain(jour))
        yield Constat(
            f"courriers-{jour:%Y-%m-%d}",
            f"des e-mails ont été mis de côté le {date_fr(jour.date())}",
            f"{compte(ecartes.count(), 'e-mail a été mis', 'e-mails ont été mis')} de côté le "
            f"{date_fr(jour.date())}\u00a0: refusés par le serveur de messagerie, ou essayés trop de fois.\n\nLa page "
            f"«\u00a0E-mails\u00a0» en donne la cause et permet de les renvoyer.",
        )


def _messagerie_en_panne(maintenant: datetime) -> Iterator[Constat]:
    panne = PanneMessagerie.objects.en_cours()
    if panne is not None and maintenant - panne.debut > PANNE_MESSAGERIE:
        yield Constat(
            "messagerie",
            "les e-mails ne partent plus",
            f"Le serveur de messagerie est injoignable depuis le {instant_fr(panne.debut, secondes=True)} (heure de "
            f"Paris). Sa dernière réponse\u00a0: {panne.erreur}\n\nAucun e-mail n’est perdu\u00a0: tous partiront "
            "quand il répondra de nouveau.",
        )


def _portail_indisponible(maintenant: datetime) -> Iterator[Constat]:
    derniere = Observation.objects.order_by("-fin", "-pk").first()
    if (
        derniere is not None
        and derniere.etat == Disponibilite.INDISPONIBLE
        and derniere.fin - derniere.debut > INDISPONIBILITE
        and maintenant - derniere.fin <= SILENCE_MAX
    ):
        yield Constat(
            "disponibilite",
            "le portail ne répond plus",
            f"Le portail ne répond plus à son adresse depuis le {instant_fr(derniere.debut, secondes=True)} (heure de "
            f"Paris). Ce que la sonde constate\u00a0: {derniere.detail}",
        )


def _espace_qui_manque(maintenant: datetime) -> Iterator[Constat]:
    """Once before files are refused, and once when they are."""
    reste, plancher = espace.libre(), settings.ESPACE_LIBRE_MIN
    if reste >= 2 * plancher:
        return
    refuse = reste < plancher
    yield Constat(
        "espace-refus" if refuse else "espace-faible",
        "le portail ne reçoit plus de fichiers" if refuse else "la place manque bientôt sur le disque des documents",
        f"Il reste {octets(reste)} sur le disque des documents\u00a0; en dessous de {octets(plancher)}, le portail "
        f"refuse les pièces jointes{', et c’est le cas' if refuse else ''}. Les dossiers se déposent toujours.\n\n"
        "Donnez de la place à ce disque, ou déplacez-en ce qui n’est pas du portail. Les documents que plus rien "
        f"n’emploie partent d’eux-mêmes au bout de {compte(CONSERVATION.days, 'jour')}.",
    )


def _contact_de_securite(maintenant: datetime) -> Iterator[Constat]:
    if phrase := securite.phrase_d_expiration(maintenant):
        yield Constat("securite", "le contact pour signaler une faille va expirer", phrase)


SURVEILLANCES: dict[str, Callable[[datetime], Iterator[Constat]]] = {
    "proces-verbal-": _proces_verbaux_en_retard,
    "battement": _battement_silencieux,
    "courriers-": _courriers_ecartes,
    "messagerie": _messagerie_en_panne,
    "disponibilite": _portail_indisponible,
    "espace-": _espace_qui_manque,
    "securite": _contact_de_securite,
}


def _lendemain(jour: datetime) -> datetime:
    return (jour.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=PARIS)
