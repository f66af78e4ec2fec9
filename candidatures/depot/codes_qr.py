"""An address that a telephone reads on paper."""

from base64 import b64encode
from io import BytesIO

# Dots a side of each square: sharp at any printer's resolution, and lighter to lay out than a drawing of squares.
POINTS = 6


def code_qr(adresse: str) -> str:
    """A `data:` address of its QR code, for documents: nothing is fetched, the same address gives the same bytes.

    Level M corrects what a fold or a stamp hides, and four squares of white go around (ISO/IEC 18004).
    """
    import qrcode  # late: heavy

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, box_size=POINTS)
    code.add_data(adresse)
    sortie = BytesIO()
    code.make_image().save(sortie, "PNG")
    return f"data:image/png;base64,{b64encode(sortie.getvalue()).decode()}"
