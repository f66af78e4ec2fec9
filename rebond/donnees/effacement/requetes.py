"""What is read of the documents that are to be erased. Never their names, nor the files that hold them: an
administrateur does not read those.
"""

from candidatures.surveillance.analyses import PORTEURS
from rebond.socle.documents.models import Document
from rebond.socle.texte.typographie import compte

NOMS = {
    "PieceJointe": ("pièce d’un brouillon", "pièces de brouillons"),
    "PieceDeposee": ("pièce d’un dépôt", "pièces de dépôts"),
    "PieceDeMessage": ("pièce d’un message", "pièces de messages"),
    "AvisRendu": ("fichier joint à un avis", "fichiers joints à des avis"),
    "BrouillonDAvis": ("fichier joint à un avis en cours", "fichiers joints à des avis en cours"),
    "PieceDeCorrection": ("pièce d’une correction", "pièces de corrections"),
}


def ou_il_est(document: Document) -> list[str]:
    """« 1 pièce d’un brouillon », « 2 pièces de dépôts »: where it will say that it is erased."""
    comptes = ((porteur, porteur._default_manager.filter(document=document).count()) for porteur, _ in PORTEURS)
    return [compte(nombre, *NOMS[porteur.__name__]) for porteur, nombre in comptes if nombre]
