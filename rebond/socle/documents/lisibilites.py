"""What the portal knows of how readable its documents are: written when they come in, shown wherever they are."""

from django.core.files import File

from rebond.socle.documents.contenu_actif import mise_en_garde
from rebond.socle.documents.effacements import efface_le
from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.models import Document, Lisibilite
from rebond.socle.documents.ouverture import IMAGES, Examen, examiner, usage
from rebond.socle.documents.stockage import TYPE_INCONNU, enregistrer_fichier, ouvrir, type_de
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.typographie import date_fr


def garder(fichier: File, examen: Examen) -> Document:
    """Keep `fichier` once, with what its examination found."""
    document = enregistrer_fichier(fichier, type_mime=examen.contenu or TYPE_INCONNU)
    noter(document, examen)
    return document


def noter(document: Document, examen: Examen) -> None:
    """Nothing is written of a file that was not judged: a worker will open it."""
    if examen.ouverture is not None:
        Lisibilite.objects.get_or_create(
            document=document,
            defaults={
                "contenu": examen.contenu or "",
                "ouverture": examen.ouverture,
                "pages": examen.pages,
                "detail": examen.detail,
            },
        )


def examiner_document(document: Document) -> Examen:
    """Open a stored document, however long it takes. Raises `FileNotFoundError` when its bytes are gone."""
    with ouvrir(document) as fichier:
        examen = examiner(fichier, service=True)
    noter(document, examen)
    return examen


def connue(document: Document) -> Lisibilite | None:
    """What was found, read with the document: lists join `document__lisibilite`."""
    trouvee: Lisibilite | None = getattr(document, "lisibilite", None)
    return trouvee


def usage_de(document: Document) -> str:
    """« lisible, 4 pages », « image, 1 page », « protégé par un mot de passe : personne ne peut le lire »."""
    if dite := mention(document):
        return dite
    trouvee = connue(document)
    ouverture = Ouverture(trouvee.ouverture) if trouvee else None
    pages, detail = (trouvee.pages, trouvee.detail) if trouvee else (None, "")
    lisible = usage(ouverture, pages, detail, est_image=type_de(document) in IMAGES)
    return f"{lisible} – {garde}" if (garde := mise_en_garde_de(document)) else lisible


def mention(document: Document) -> str:
    """« document effacé le 3 mars 2026 », wherever it was shown; empty for one that is kept."""
    le = efface_le(document)
    return f"document effacé le {date_fr(jour_de_paris(le))}" if le else ""


def mise_en_garde_de(document: Document) -> str:
    """What runs or hides in it, as far as a worker has looked; empty when nothing does."""
    trouvee = None if efface_le(document) else connue(document)
    return mise_en_garde(trouvee.actif if trouvee else None)


def est_illisible(document: Document) -> bool:
    """Whether it is known that nobody can read it."""
    trouvee = None if efface_le(document) else connue(document)
    return trouvee is not None and trouvee.ouverture not in {Ouverture.LISIBLE, Ouverture.INCONNU}
