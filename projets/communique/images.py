"""SVG → PNG, for Word, which shows SVG in its recent versions only."""

import io
import re
from functools import lru_cache

from rebond.socle.documents.stockage import html_en_pdf

# Twice what a screen shows: sharp on paper at the width of a page.
ECHELLE = 2
PX_PAR_POINT = 96 / 72


@lru_cache(maxsize=1)
def svg_en_png(svg: str) -> bytes:
    """The drawing at twice the size of its `viewBox`; drawn by WeasyPrint, like the same map in the PDF.

    A release asks for the same map several times over: for Word, for its annexes, with and without its embargo.
    """
    import pypdfium2  # late: heavy

    cadre = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    if cadre is None:
        raise ValueError("The SVG has no viewBox from the origin.")
    largeur, hauteur = cadre.groups()
    page = (
        f'<html lang="fr"><title>Carte</title><style>@page{{margin:0;size:{largeur}px {hauteur}px}}body{{margin:0}}'
        f"svg{{display:block;width:{largeur}px;height:{hauteur}px}}</style>{svg}"
    )
    with pypdfium2.PdfDocument(html_en_pdf(page, identifiant="carte")) as document:
        image = document[0].render(scale=PX_PAR_POINT * ECHELLE).to_pil()
    sortie = io.BytesIO()
    image.convert("P", palette=1, colors=64).save(sortie, "PNG", optimize=True)
    return sortie.getvalue()
