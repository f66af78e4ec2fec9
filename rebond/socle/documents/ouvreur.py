"""Opens a PDF, its standard input, and says on its output what came of it. Run as a process of its own, by
`rebond.socle.documents.ouverture`, bounded by `a_part`: a file that is made to crash kills nothing else.

The standard library and PDFium alone: no setting, no secret.
"""

import json
import mmap
import os
import re
import sys
from typing import Any

# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
ERREURS_DE_SECURITE = (4, 5)
# The catalog's entry of a portfolio (PDF 2.0, 7.11.6), as PDFium writes it again.
COLLECTION = re.compile(rb"/Collection\s*(?:<<|\d+ \d+ R)")
CHEVAUCHEMENT = 64
SANS_PAGE = re.compile(rb"/Count\s+0\b")
# Empty pages looked through before a file is said to show nothing.
PAGES_REGARDEES = 50
# A name is shown: the file may be anything.
NOMS_MONTRES, NOM_MAX = 3, 40


class _Catalogue:
    """What PDFium writes, looked at and thrown away."""

    def __init__(self) -> None:
        self.collection = False
        self._reste = b""

    def write(self, bloc: bytes) -> int:
        vu = self._reste + bytes(bloc)
        self.collection = self.collection or bool(COLLECTION.search(vu))
        self._reste = vu[-CHEVAUCHEMENT:]
        return len(bloc)


def ouvrir(flux: Any, pdfium: Any, raw: Any) -> dict[str, Any]:
    try:
        document = pdfium.PdfDocument(flux)
    except pdfium.PdfiumError as erreur:
        if getattr(erreur, "err_code", None) in ERREURS_DE_SECURITE:
            return {"ouverture": "mot_de_passe"}
        return {"ouverture": _pourquoi(flux)}
    pages = len(document)
    if not pages:
        return {"ouverture": "vide"}
    # PDFium guesses what is missing from a file that was cut.
    if not raw.FPDF_DocumentHasValidCrossReferenceTable(document) and _coupe(flux):
        return {"ouverture": "coupe"}
    if raw.FPDF_GetFormType(document) == raw.FORMTYPE_XFA_FULL:
        return {"ouverture": "formulaire"}
    try:
        for rang in range(pages):
            document.get_page_size(rang)
        blanc = all(_blanche(document, rang, raw) for rang in range(min(pages, PAGES_REGARDEES)))
    except pdfium.PdfiumError:
        return {"ouverture": _pourquoi(flux)}
    return _contenu(document, pages, blanc=blanc)


def _contenu(document: Any, pages: int, *, blanc: bool) -> dict[str, Any]:
    joints = document.count_attachments()
    if joints and (blanc or _est_une_collection(document)):
        return {"ouverture": "porte_documents", "detail": _noms(document, joints)}
    details = ["blanche" if pages == 1 else "toutes blanches"] if blanc else []
    if joints:
        details.append(f"{joints} fichier{'s' if joints > 1 else ''} à l’intérieur")
    return {"ouverture": "lisible", "pages": pages, "detail": ", ".join(details)}


def _blanche(document: Any, rang: int, raw: Any) -> bool:
    page = document[rang]
    try:
        return not raw.FPDFPage_CountObjects(page) and not raw.FPDFPage_GetAnnotCount(page)
    finally:
        page.close()


def _est_une_collection(document: Any) -> bool:
    catalogue = _Catalogue()
    document.save(catalogue)
    return catalogue.collection


def _noms(document: Any, joints: int) -> str:
    noms = [document.get_attachment(rang).get_name() for rang in range(min(joints, NOMS_MONTRES))]
    lisibles = ("".join(lettre for lettre in nom if lettre.isprintable())[:NOM_MAX] for nom in noms)
    suite = f" et {joints - NOMS_MONTRES} de plus" if joints > NOMS_MONTRES else ""
    return ", ".join(lisibles) + suite


def _pourquoi(flux: Any) -> str:
    """What a file that does not open suffers from; PDFium opens none that has no page."""
    if _coupe(flux):
        return "coupe"
    with mmap.mmap(flux.fileno(), 0, access=mmap.ACCESS_READ) as octets:
        return "vide" if SANS_PAGE.search(octets) else "abime"


def _coupe(flux: Any) -> bool:
    """Whether nothing ends the file after its last object (PDF 2.0, 7.5.5)."""
    if not os.fstat(flux.fileno()).st_size:
        return True
    with mmap.mmap(flux.fileno(), 0, access=mmap.ACCESS_READ) as octets:
        fin = octets.rfind(b"%%EOF")
        return fin < 0 or octets.rfind(b"endobj") > fin or octets.rfind(b"endstream") > fin


if __name__ == "__main__":
    # Late: it takes its place within the bounds.
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    print("pret", flush=True)
    print(json.dumps(ouvrir(sys.stdin.buffer, pdfium, raw)))
