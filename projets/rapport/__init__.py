"""The mission report: a frozen view-model, its drawings, its HTML, its PDF."""

from projets.rapport.impression import Etape, Impression, imprimer

__all__ = ["Etape", "Impression", "imprimer"]
