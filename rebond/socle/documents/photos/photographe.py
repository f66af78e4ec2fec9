"""Makes one PDF of photos, its standard input, one page each, and writes it on its output. Run as a process of its own
by `rebond.socle.documents.photos`, bounded by `a_part`: a picture made to fill the memory or to last kills nothing
else.

Arguments: the size in bytes of each photo, which follow one another. The pixels alone are kept: neither where a photo
was taken nor anything else that its file holds.
"""

import io
import json
import sys
from typing import Any

FORMATS = ("JPEG", "PNG", "HEIF")
# A4 at 200 dots an inch: what is written by hand is still read, and a page weighs some hundred kilobytes.
COURT, LONG, POINTS_PAR_POUCE = 1654, 2339, 200.0
QUALITE = 80
PIXELS_MAX = 100_000_000


class Illisible(Exception):
    def __init__(self, rang: int, raison: str) -> None:
        super().__init__(rang, raison)
        self.rang, self.raison = rang, raison


def reunir(flux: Any, tailles: list[int], images: Any, retouches: Any) -> bytes:
    premiere, *autres = [
        _page(rang, flux.read(taille), images, retouches) for rang, taille in enumerate(tailles, start=1)
    ]
    sortie = io.BytesIO()
    premiere.save(
        sortie, "PDF", save_all=True, append_images=autres, resolution=POINTS_PAR_POUCE, quality=QUALITE,
        title="Photos réunies par le portail",
    )  # fmt: skip
    return sortie.getvalue()


def _page(rang: int, octets: bytes, images: Any, retouches: Any) -> Any:
    """The photo upright on a white sheet, lying or standing as the photo does."""
    try:
        photo = images.open(io.BytesIO(octets), formats=FORMATS)
    except images.DecompressionBombError:
        raise Illisible(rang, "demesure") from None
    except Exception:  # noqa: BLE001 - what a decoder raises is not one family
        raise Illisible(rang, "format") from None
    if photo.width * photo.height > PIXELS_MAX:
        raise Illisible(rang, "demesure")
    try:
        # A JPEG is decoded no finer than the page that it fills.
        photo.draft("RGB", (LONG, LONG))
        droite = retouches.exif_transpose(photo).convert("RGBA" if "A" in photo.getbands() else "RGB")
    except Exception:  # noqa: BLE001
        raise Illisible(rang, "abime") from None
    feuille = (LONG, COURT) if droite.width > droite.height else (COURT, LONG)
    tenue = retouches.contain(droite, feuille)
    page = images.new("RGB", feuille, "white")
    place = ((feuille[0] - tenue.width) // 2, (feuille[1] - tenue.height) // 2)
    page.paste(tenue, place, tenue if tenue.mode == "RGBA" else None)
    return page


if __name__ == "__main__":
    # Late: it takes its place within the bounds.
    import pi_heif
    from PIL import Image, ImageOps

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    print("pret", flush=True)
    try:
        pdf = reunir(sys.stdin.buffer, [int(taille) for taille in sys.argv[1:]], Image, ImageOps)
    except Illisible as faute:
        print(json.dumps({"rang": faute.rang, "raison": faute.raison}))
    else:
        print(json.dumps({"rang": 0}), flush=True)
        sys.stdout.buffer.write(pdf)
