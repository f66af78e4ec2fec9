"""Where an export is: read from its instants, and from the clock."""

from django.db.models import TextChoices


class EtatExport(TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_PREPARATION = "en_preparation", "en préparation"
    PRET = "pret", "prêt"
    EXPIRE = "expire", "expiré"
    ECHOUE = "echoue", "échoué"
    ANNULE = "annule", "annulé"


EN_COURS = frozenset({EtatExport.EN_ATTENTE, EtatExport.EN_PREPARATION})
