"""What the base keeps in Postgres; each room declares its own tables."""

from rebond.socle.courriers.models import Courrier, PanneMessagerie, PieceDeCourrier, PreferenceDeLettres
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import Analyse, Citation, Document, Lisibilite, Orphelin
from rebond.socle.faits.models import Fait
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.models import EntreeJournal, HorodatageDuJournal, ScelleDuJournal
from rebond.socle.parution.models import Parution
from rebond.socle.requete.models import Envoi
from rebond.socle.utilisateur import Utilisateur
from rebond.socle.vigie import Alarme, Battement, Observation

__all__ = [
    "Acces",
    "Alarme",
    "Analyse",
    "Battement",
    "Citation",
    "Courrier",
    "Document",
    "EffacementDeDocument",
    "EntreeJournal",
    "Envoi",
    "Fait",
    "HorodatageDuJournal",
    "Lecture",
    "Lisibilite",
    "Observation",
    "Orphelin",
    "PanneMessagerie",
    "Parution",
    "PieceDeCourrier",
    "PreferenceDeLettres",
    "Retour",
    "ScelleDuJournal",
    "Utilisateur",
]
