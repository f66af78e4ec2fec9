"""Sealing the journal, a little after it is written, and having an outside authority date the seals."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import connection

from rebond.socle.journal.models import HorodatageDuJournal, ScelleDuJournal
from rebond.socle.preuve.horodatage import HorodatageImpossible, demander, lire

journal = logging.getLogger(__name__)


def sceller() -> int:
    """Seal what was written since the last seal, and return how many seals that made: Postgres does it all.

    Outside any transaction, so that it sees what others commit meanwhile.
    """
    faits = 0
    with connection.cursor() as curseur:
        while True:
            curseur.execute(f"INSERT INTO {ScelleDuJournal._meta.db_table} DEFAULT VALUES")
            if curseur.rowcount == 0:
                return faits
            faits += 1


def horodater() -> bool:
    """Have the last seal dated, which dates all that it chains; whether it was. Without an answer, the next one will.

    Nothing is asked where no authority is configured.
    """
    dernier = ScelleDuJournal.objects.order_by("numero").last()
    if not settings.HORODATAGE_ADRESSE or dernier is None or hasattr(dernier, "horodatage"):
        return False
    contenu, autorite = dernier.empreinte.encode(), Path(settings.HORODATAGE_AUTORITE)
    try:
        jeton = demander(contenu, adresse=settings.HORODATAGE_ADRESSE, autorite=autorite)
        atteste_le = lire(jeton, contenu, autorite=autorite)
    except HorodatageImpossible as panne:
        journal.warning("Scellé n° %s du journal non horodaté : %s", dernier.numero, panne)
        return False
    HorodatageDuJournal.objects.create(scelle=dernier, jeton=jeton, atteste_le=atteste_le)
    return True
