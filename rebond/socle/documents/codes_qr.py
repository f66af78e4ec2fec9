"""An address that a telephone reads on paper."""

from base64 import b64encode
from io import BytesIO


def code_qr(adresse: str) -> str:
    """A `data:` address of its QR code as SVG, for documents: nothing is fetched, the same address gives the same
    bytes. Level M corrects what a fold or a stamp hides (ISO/IEC 18004, 15 %).
    """
    import qrcode  # late: heavy
    from qrcode.image.svg import SvgPathFillImage

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(adresse)
    sortie = BytesIO()
    code.make_image(image_factory=SvgPathFillImage).save(sortie)
    return f"data:image/svg+xml;base64,{b64encode(sortie.getvalue()).decode()}"
