"""Where Django looks for the models of this app."""

from rebond.portail.textes.models import VersionDeTexte

__all__ = ["VersionDeTexte"]
