"""The bytes of a bound deposit: our pages by WeasyPrint, those of the attachments by processes of their own."""

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from candidatures.depot.reliure.document import DossierRelie, en_html, situer
from rebond.socle.documents.a_part import Bornes, lancer
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import html_en_pdf, ouvrir

journal = logging.getLogger(__name__)
RELIEUR = Path(__file__).with_name("relieur.py")
D_UNE_PIECE = Bornes(processeur=60, delai=120.0, ecrit=True)
DE_TOUT = Bornes(processeur=240, delai=400.0, ecrit=True)
TITRE_DES_PIECES = "Pièces jointes"
# The table of contents may take a page more once the numbers are written in it.
ESSAIS_DE_MISE_EN_PAGE = 3


class ReliureImpossible(Exception):
    """The process that binds ended otherwise than well."""


@contextmanager
def relie(
    dossier: DossierRelie, documents: list[Document], identifiant: str
) -> Iterator[tuple[Path, int, list[bool]]]:
    """The file, while it lies in a folder of its own, the number of its pages, and which attachments are in it."""
    with TemporaryDirectory(prefix="rebond-reliure-") as nom:
        chez = Path(nom)
        pages = [
            None if piece.raison else _preparer(chez, rang, document)
            for rang, (piece, document) in enumerate(zip(dossier.pieces, documents, strict=True))
        ]
        situe = _mettre_en_page(chez, dossier, pages, identifiant)
        plan = {
            "titre_des_pieces": TITRE_DES_PIECES,
            "pieces": [
                {"titre": f"{piece.titre} – {piece.nom}", "fichier": f"{rang}.pdf" if piece.pages else ""}
                for rang, piece in enumerate(situe.pieces)
            ],
        }
        (chez / "plan.json").write_text(json.dumps(plan))
        fini = lancer(RELIEUR, DE_TOUT, ["relier", nom])
        if fini is None or fini.returncode:
            raise ReliureImpossible(fini.stderr[-500:].decode("utf-8", "replace") if fini else "trop long")
        yield chez / "relie.pdf", int(fini.stdout), [bool(piece.pages) for piece in situe.pieces]


def _preparer(chez: Path, rang: int, document: Document) -> int | None:
    """Its pages, in a file of the folder; None when it does not open within bounds."""
    source = chez / f"{rang}.recu"
    try:
        with ouvrir(document) as lu, source.open("wb") as copie:
            shutil.copyfileobj(lu, copie)
    except FileNotFoundError:
        journal.error("Document %s absent du stockage.", document.sha256)
        return None
    fini = lancer(RELIEUR, D_UNE_PIECE, ["ouvrir", str(source), str(chez / f"{rang}.pdf")])
    source.unlink()
    if fini is None or fini.returncode or not fini.stdout.isdigit():
        journal.info("Pièce %s non reliée : %s", document.sha256, fini.stderr[-300:] if fini else "trop longue")
        return None
    return int(fini.stdout) or None


def _mettre_en_page(chez: Path, dossier: DossierRelie, pages: list[int | None], identifiant: str) -> DossierRelie:
    import pikepdf  # late: heavy

    situe = situer(dossier, 1, pages)
    for _ in range(ESSAIS_DE_MISE_EN_PAGE):
        (chez / "avant.pdf").write_bytes(html_en_pdf(en_html(situe), identifiant=identifiant))
        with pikepdf.open(chez / "avant.pdf") as avant:
            resitue = situer(dossier, len(avant.pages) - len(pages), pages)
        if resitue == situe:
            break
        situe = resitue
    return situe
