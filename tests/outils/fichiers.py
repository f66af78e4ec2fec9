"""Files made by code, sound and otherwise: what people send, a few hundred bytes each."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
import xlsxwriter
from pypdf import PdfReader, PdfWriter

TYPES = "[Content_Types].xml"


def un_pdf(pages: int = 1, *, marque: str = "Une page.") -> bytes:
    """A whole PDF with a text on each page; another `marque` makes other bytes."""
    rangs = range(pages)
    enfants = " ".join(f"{rang + 4} 0 R" for rang in rangs)
    texte = f"BT /F1 12 Tf 72 720 Td ({marque}) Tj ET"
    objets = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{enfants}] >>",
        f"<< /Length {len(texte)} >>\nstream\n{texte}\nendstream",
        *(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            for _ in rangs
        ),
    ]
    sortie, places = io.BytesIO(), []
    sortie.write(b"%PDF-1.4\n")
    for numero, objet in enumerate(objets, start=1):
        places.append(sortie.tell())
        sortie.write(f"{numero} 0 obj\n{objet}\nendobj\n".encode())
    table = sortie.tell()
    lignes = "".join(f"{place:010d} 00000 n \n" for place in places)
    sortie.write(f"xref\n0 {len(objets) + 1}\n0000000000 65535 f \n{lignes}".encode())
    sortie.write(f"trailer\n<< /Size {len(objets) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())
    return sortie.getvalue()


def un_pdf_chiffre(*, mot_de_passe: str = "secret", du_proprietaire: str = "autre") -> bytes:
    """Locked for whoever has not `mot_de_passe`; an empty one locks nothing but the right to print."""
    ecrit = _pypdf(un_pdf(3))
    ecrit.encrypt(mot_de_passe, du_proprietaire, algorithm="RC4-128")
    return _octets(ecrit)


def un_pdf_avec(joints: Mapping[str, bytes], *, collection: bool = False, blanc: bool = False) -> bytes:
    """With files inside; a `collection` is what Acrobat calls a portfolio."""
    from pypdf.generic import DictionaryObject, NameObject

    ecrit = PdfWriter()
    if blanc:
        ecrit.add_blank_page(200, 200)
    else:
        ecrit = _pypdf(un_pdf())
    for nom, contenu in joints.items():
        ecrit.add_attachment(nom, contenu)
    if collection:
        ecrit.root_object[NameObject("/Collection")] = DictionaryObject({NameObject("/View"): NameObject("/T")})
    return _octets(ecrit)


def un_png(largeur: int = 2, hauteur: int = 2) -> bytes:
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 0, 0, 0, 0)
    lignes = zlib.compress((b"\x00" + bytes(largeur)) * hauteur)
    morceaux = ((b"IHDR", entete), (b"IDAT", lignes), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(donnees)) + nom + donnees + struct.pack(">I", zlib.crc32(nom + donnees))
        for nom, donnees in morceaux
    )


def un_jpeg(largeur: int = 2, hauteur: int = 2) -> bytes:
    """Its segments, and a scan of nothing: whole, as far as its structure tells."""
    trame = struct.pack(">BHHB", 8, hauteur, largeur, 1) + b"\x01\x11\x00"
    segments = (
        (0xE0, b"JFIF\x00\x01\x01" + bytes(7)),
        (0xDB, bytes(65)),
        (0xC0, trame),
        (0xDA, b"\x01\x01\x00\x00?\x00"),
    )
    corps = b"".join(b"\xff" + bytes([marque]) + struct.pack(">H", len(d) + 2) + d for marque, d in segments)
    return b"\xff\xd8" + corps + b"\x00" * 16 + b"\xff\xd9"


def un_docx() -> bytes:
    tampon = io.BytesIO()
    docx.Document().save(tampon)
    return tampon.getvalue()


def un_xlsx() -> bytes:
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon) as classeur:
        classeur.add_worksheet()
    return tampon.getvalue()


def un_odt(**entrees: str) -> bytes:
    """`entrees`: more parts, « __ » for « / » and « _xml » for « .xml »."""
    plus = {nom.replace("__", "/").replace("_xml", ".xml"): contenu for nom, contenu in entrees.items()}
    return un_zip(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office:document-content/>"} | plus
    )


def un_paquet(*types: str) -> bytes:
    """An Office package that declares these content types."""
    parties = "".join(f'<Override PartName="/p{rang}.xml" ContentType="{type_}"/>' for rang, type_ in enumerate(types))
    return un_zip({TYPES: f"<Types>{parties}</Types>"})


def un_zip(entrees: Mapping[str, str | bytes]) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in entrees.items():
            archive.writestr(nom, contenu)
    return tampon.getvalue()


def un_compose(*flux: str) -> bytes:
    """The header and the directory of a compound file: `flux` are the names of its streams."""
    entete = bytearray(512)
    entete[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    entete[30:32] = (9).to_bytes(2, "little")
    return bytes(entete) + b"".join(nom.encode("utf-16-le").ljust(128, b"\x00") for nom in flux)


def _pypdf(contenu: bytes) -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(io.BytesIO(contenu)))


def _octets(ecrit: PdfWriter) -> bytes:
    sortie = io.BytesIO()
    ecrit.write(sortie)
    return sortie.getvalue()
