"""Letters whose words and reader go."""

from django.db.models import QuerySet

from rebond.socle.courriers.models import Courrier, PieceDeCourrier
from rebond.socle.courriers.regles import COURRIEL_EFFACE


def taire_les_courriels(courriers: QuerySet[Courrier]) -> int:
    PieceDeCourrier.objects.filter(courrier__in=courriers.order_by().values("pk")).delete()
    return courriers.update(
        destinataire="", objet=COURRIEL_EFFACE, texte="", scelle="", derniere_erreur="", demande_par=None
    )
