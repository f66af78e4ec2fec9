"""Draws the first pages of a PDF or of an image, its standard input, as pictures that hold nothing else. Run as a
process of its own by `rebond.socle.documents.lectures.extraction`, bounded by `a_part`.

    dessinateur.py FOLDER PAGES WIDTH

Writes 1.jpg, 2.jpg… in the folder, and on its output the number of pages that it has drawn, after each.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

QUALITE = 72
# A page is never taller than so many times its width: the rest of it is drawn smaller.
HAUTEUR = 3
PIXELS_MAX = 100_000_000


def images(flux: Any, pages: int, largeur: int) -> Iterator[Any]:
    debut = flux.read(8)
    flux.seek(0)
    if debut.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        yield _image(flux, largeur)
    else:
        yield from _pdf(flux, pages, largeur)


def _pdf(flux: Any, pages: int, largeur: int) -> Iterator[Any]:
    import pypdfium2 as pdfium  # late: heavy (within the bounds)

    document = pdfium.PdfDocument(flux)
    # What was typed in its fields is drawn; this PDFium runs no script.
    document.init_forms()
    for rang in range(min(len(document), pages)):
        page = document[rang]
        cote, haut = page.get_size()
        echelle = min(largeur / max(cote, 1), largeur * HAUTEUR / max(haut, 1))
        yield page.render(scale=echelle).to_pil()
        page.close()


def _image(flux: Any, largeur: int) -> Any:
    from PIL import Image, ImageOps  # late: heavy (within the bounds)

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(flux, formats=["JPEG", "PNG"]) as lue:
        lue.draft("RGB", (largeur * 2, largeur * 2))
        droite = ImageOps.exif_transpose(lue)
        droite.thumbnail((largeur, largeur * HAUTEUR))
        aplat = Image.new("RGB", droite.size, "white")
        transparente = droite.convert("RGBA")
        aplat.paste(transparente, mask=transparente.getchannel("A"))
        return aplat


if __name__ == "__main__":
    # Late: they take their place within the bounds.
    import pypdfium2  # noqa: F401

    print("pret", flush=True)
    for rang_, image_ in enumerate(images(sys.stdin.buffer, int(sys.argv[2]), int(sys.argv[3])), start=1):
        image_.convert("RGB").save(Path(sys.argv[1]) / f"{rang_}.jpg", "JPEG", quality=QUALITE, optimize=True)
        print(rang_, flush=True)
