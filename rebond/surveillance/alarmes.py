"""Alarms: told once, by letter, to those who watch over the portal; in force until they are put out."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.vigie import Alarme
from rebond.surveillance.signaux import destinataires_des_alarmes

# What comes and goes writes no second letter within this time.
REPIT = timedelta(hours=1)
PREFIXE_COURRIERS = "alarme-"


def sonner(*, cle: str, objet: str, texte: str, maintenant: datetime) -> Alarme:
    """Raise the alarm `cle` and queue one letter to each administrateur; nothing more while it is in force.

    `texte` says in a few sentences what is the matter and what to do. One that was put out less than `REPIT` after it
    rang comes back in force without a letter.
    """
    with transaction.atomic():
        verrous.attendre(f"alarme {cle}")
        derniere = Alarme.objects.filter(cle=cle).first()
        if derniere is not None and derniere.eteinte_le is None:
            return derniere
        if derniere is not None and maintenant - derniere.sonnee_le < REPIT:
            derniere.eteinte_le, derniere.objet, derniere.texte = None, objet, texte
            derniere.save(update_fields=["eteinte_le", "objet", "texte"])
            return derniere
        alarme = Alarme.objects.create(cle=cle, objet=objet, texte=texte, sonnee_le=maintenant)
        mettre_en_file_lot(_courrier(alarme, adresse) for adresse in _destinataires())
    return alarme


def eteindre(cle: str, *, maintenant: datetime) -> bool:
    """Put the alarm out: what it told of is over. Whether it was in force."""
    return _eteindre(Alarme.objects.filter(cle=cle), maintenant)


def eteindre_sauf(prefixe: str, cles: Collection[str], *, maintenant: datetime) -> bool:
    """Put out every alarm whose key begins with `prefixe`, but those of `cles`."""
    return _eteindre(Alarme.objects.filter(cle__startswith=prefixe).exclude(cle__in=cles), maintenant)


def eteindre_anciennes(prefixe: str, *, avant: datetime, maintenant: datetime) -> bool:
    """Put out those of that prefix that rang before `avant`: what is still wrong will ring again."""
    return _eteindre(Alarme.objects.filter(cle__startswith=prefixe, sonnee_le__lt=avant), maintenant)


def en_vigueur() -> QuerySet[Alarme]:
    return Alarme.objects.filter(eteinte_le=None)


def _eteindre(alarmes: QuerySet[Alarme], maintenant: datetime) -> bool:
    return alarmes.filter(eteinte_le=None).update(eteinte_le=maintenant) > 0


def _destinataires() -> list[str]:
    """Each address once, whatever its case."""
    adresses = list(settings.ALARMES_DESTINATAIRES)
    for _, reponse in destinataires_des_alarmes.send(sender=Alarme):
        adresses.extend(reponse or ())
    return sorted({adresse.lower() for adresse in adresses})


def _courrier(alarme: Alarme, adresse: str) -> Courrier:
    return Courrier(
        cle=f"{PREFIXE_COURRIERS}{alarme.pk}-{adresse}"[:200],
        destinataire=adresse,
        objet=f"Alarme\u00a0: {alarme.objet}"[:200],
        texte=TEXTE.format(
            texte=alarme.texte,
            sonnee_le=instant_fr(alarme.sonnee_le, secondes=True),
            adresse=settings.ADRESSE_PUBLIQUE,
        ),
    )


TEXTE = """Bonjour,

{texte}

Alarme sonnée le {sonnee_le} (heure de Paris). Ce courriel n’est envoyé qu’une fois.

Voir l’état du portail : {adresse}/administration/clotures/

L’équipe Rebond industriel
"""
