"""Documents as tests need them: kept, and old enough to go."""

from datetime import timedelta

from rebond.socle.documents import stockage
from rebond.socle.documents.models import CONSERVATION, Document, Orphelin
from rebond.socle.horloge.temps import horloge_base
from tests.outils.roles import ignorer


def garde(contenu: bytes, *, type_mime: str = "application/pdf") -> Document:
    return stockage.enregistrer(contenu, type_mime=type_mime)


def vieillir(document: Document, age: timedelta = CONSERVATION) -> None:
    """As if nothing had referred to it for `age`."""
    with ignorer("socle.Orphelin:orphelin_date_par_la_base"):
        Orphelin.objects.filter(document=document).update(depuis=horloge_base() - age)
