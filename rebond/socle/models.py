"""What the base keeps in Postgres; each room declares its own tables."""

from rebond.socle.courriers.models import Courrier, PanneMessagerie, PieceDeCourrier
from rebond.socle.documents.models import Analyse, Document, Lisibilite
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.requete.models import Envoi
from rebond.socle.utilisateur import Utilisateur
from rebond.socle.vigie import Alarme, Battement, Observation

__all__ = [
    "Acces",
    "Alarme",
    "Analyse",
    "Battement",
    "Courrier",
    "Document",
    "EntreeJournal",
    "Envoi",
    "Lisibilite",
    "Observation",
    "PanneMessagerie",
    "PieceDeCourrier",
    "Utilisateur",
]
