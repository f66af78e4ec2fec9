"""Having procès-verbaux time-stamped by an outside authority, when one is configured."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F

from candidatures.cloture.models.proces_verbaux import Horodatage, ProcesVerbal
from rebond.socle.preuve.horodatage import HorodatageImpossible, demander, lire

RECUL = timedelta(minutes=1)
RECUL_MAX = timedelta(hours=6)
LOT = 10


def horodater_en_attente(*, maintenant: datetime) -> int:
    """Ask for the time-stamps that are missing, and return how many were obtained.

    Those recorded before an authority was configured are asked for too.
    """
    sans_demande = ProcesVerbal.objects.filter(horodatage=None)
    Horodatage.objects.bulk_create(
        (Horodatage(proces_verbal=acte, prochain_essai=maintenant) for acte in sans_demande.iterator(chunk_size=100)),
        ignore_conflicts=True,
    )
    attendus = Horodatage.objects.a_demander(maintenant).values_list("pk", flat=True)[:LOT]
    return sum(horodater(horodatage_id=pk, maintenant=maintenant) for pk in attendus)


def horodater(*, horodatage_id: int, maintenant: datetime) -> bool:
    """Ask for one time-stamp of the procès-verbal's `empreinte`, in hexadecimal; whether it was obtained.

    The next try is set before the request leaves: another worker does not ask meanwhile, and one that is killed only
    delays. Nothing is locked while the authority is waited for.
    """
    attendu = Horodatage.objects.filter(pk=horodatage_id, jeton=None, prochain_essai__lte=maintenant)
    horodatage = attendu.select_related("proces_verbal").first()
    if horodatage is None:
        return False
    prochain = maintenant + min(RECUL * 2 ** min(horodatage.tentatives, 10), RECUL_MAX)
    if not attendu.update(tentatives=F("tentatives") + 1, prochain_essai=prochain):
        return False
    contenu, autorite = horodatage.proces_verbal.empreinte.encode(), Path(settings.HORODATAGE_AUTORITE)
    encore = Horodatage.objects.filter(pk=horodatage_id, jeton=None)
    try:
        jeton = demander(contenu, adresse=settings.HORODATAGE_ADRESSE, autorite=autorite)
        atteste_le = lire(jeton, contenu, autorite=autorite)
    except HorodatageImpossible as erreur:
        encore.update(derniere_erreur=str(erreur))
        return False
    return bool(encore.update(jeton=jeton, atteste_le=atteste_le, derniere_erreur=""))
