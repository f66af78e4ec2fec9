"""Where Django looks for the models of this app."""

from rebond.donnees.conservation.models import PassageDeConservation
from rebond.donnees.export.models import ExportDeDonnees

__all__ = ["ExportDeDonnees", "PassageDeConservation"]
