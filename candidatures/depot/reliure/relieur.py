"""Opens one attachment to bind it, or binds them all. Run as a process of its own by `reliure.pdf`, bounded by
`rebond.socle.documents.a_part`, without Django nor any setting: files that people sent may be made to crash.

    relieur.py ouvrir ENTRÉE SORTIE      writes the number of its pages on its output
    relieur.py relier DOSSIER            reads DOSSIER/plan.json, writes DOSSIER/relie.pdf

What is written by the first holds pages alone: nothing that runs, opens or hides.
"""

import json
import sys
from pathlib import Path
from typing import Any

# Points: a page number, in the corner of a page that somebody else laid out.
LARGEUR, HAUTEUR, MARGE, CORPS = 96, 16, 12, 8
# What a page needs to be seen (PDF 2.0, table 31); the rest runs, links or tells of another document.
CLES_DE_PAGE = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group", "/Parent"}
)
A4 = (595, 842)
# Pixels: what a scanner of A3 at 600 points an inch writes.
PIXELS_MAX = 80_000_000


def ouvrir(entree: Path, sortie: Path) -> int:
    if _est_une_image(entree):
        _image(entree, sortie)
        return 1
    import pikepdf  # late: heavy

    with pikepdf.open(entree) as document:
        document.generate_appearance_streams()
        # What was typed in a form, signed or stamped stays to be seen, as ink.
        document.flatten_annotations("all")
        for page in document.pages:
            for cle in set(page.obj.keys()) - CLES_DE_PAGE:
                del page.obj[cle]
        nu = pikepdf.new()
        nu.pages.extend(document.pages)
        nu.save(sortie)
        return len(nu.pages)


def _est_une_image(entree: Path) -> bool:
    with entree.open("rb") as flux:
        debut = flux.read(8)
    return debut.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))


def _image(entree: Path, sortie: Path) -> None:
    """On one page of A4, upright as the camera says, never enlarged beyond it."""
    from PIL import Image, ImageOps  # late: heavy

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(entree, formats=["JPEG", "PNG"]) as lue:
        droite = ImageOps.exif_transpose(lue)
        aplat = Image.new("RGB", droite.size, "white")
        transparente = droite.convert("RGBA")
        aplat.paste(transparente, mask=transparente.getchannel("A"))
        largeur, hauteur = A4 if aplat.height >= aplat.width else A4[::-1]
        # Pillow lays a picture out by its resolution.
        points = max(aplat.width / (largeur - 2 * MARGE), aplat.height / (hauteur - 2 * MARGE)) * 72
        aplat.save(sortie, "PDF", resolution=max(points, 72.0))


def relier(dossier: Path) -> None:
    import pikepdf  # late: heavy

    plan = json.loads((dossier / "plan.json").read_text())
    with pikepdf.open(dossier / "avant.pdf") as relie:
        # Its last pages are those that come before each attachment: they keep their tags.
        debuts, suivante = [], len(relie.pages) - len(plan["pieces"])
        for morceau in plan["pieces"]:
            debuts.append(suivante)
            suivante += 1
            if morceau["fichier"]:
                with pikepdf.open(dossier / morceau["fichier"]) as joint:
                    suivante += _inserer(relie, suivante, joint.pages)
        _numeroter(relie, pikepdf)
        with relie.open_outline() as table:
            racine = pikepdf.OutlineItem(plan["titre_des_pieces"], debuts[0] if debuts else len(relie.pages) - 1)
            for morceau, debut in zip(plan["pieces"], debuts, strict=True):
                racine.children.append(pikepdf.OutlineItem(morceau["titre"], debut))
            if debuts:
                table.root.append(racine)
        # What people attached is not tagged: the whole no longer claims to be.
        with relie.open_metadata(set_pikepdf_as_editor=False) as notice:
            if "pdfuaid:part" in notice:
                del notice["pdfuaid:part"]
        relie.save(dossier / "relie.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
        sys.stdout.write(str(len(relie.pages)))


def _inserer(relie: Any, ou: int, pages: Any) -> int:
    """How many they are. They name places of the structure of another document, which does not come with them."""
    for rang, page in enumerate(pages, start=ou):
        relie.pages.insert(rang, page)
        inseree = relie.pages[rang].obj
        for cle in ("/StructParents", "/Tabs", "/Annots"):
            if cle in inseree:
                del inseree[cle]
    return len(pages)


def _numeroter(relie: Any, pikepdf: Any) -> None:
    total = len(relie.pages)
    police = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    for rang, page in enumerate(list(relie.pages), start=1):
        with pikepdf.new() as etiquette:
            etiquette.add_blank_page(page_size=(LARGEUR, HAUTEUR))
            feuille = etiquette.pages[0]
            nommee = pikepdf.Dictionary({cle: pikepdf.Name(valeur) for cle, valeur in police.items()})
            feuille.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=etiquette.make_indirect(nommee)))
            dessin = f"1 g 0 0 {LARGEUR} {HAUTEUR} re f 0 g BT /F1 {CORPS} Tf 6 5 Td (Page {rang} sur {total}) Tj ET"
            feuille.obj.Contents = etiquette.make_stream(f"/Artifact BMC {dessin} EMC".encode())
            page.add_overlay(feuille, _coin(page, pikepdf))


def _coin(page: Any, pikepdf: Any) -> Any:
    """Where the lower right corner is for whoever looks at the page, turned or not."""
    gauche, bas, droite, haut = (float(cote) for cote in page.cropbox)
    gauche, droite, bas, haut = min(gauche, droite), max(gauche, droite), min(bas, haut), max(bas, haut)
    match int(page.obj.get("/Rotate", 0)) % 360:
        case 90:
            coin = (droite - MARGE - HAUTEUR, haut - MARGE - LARGEUR, droite - MARGE, haut - MARGE)
        case 180:
            coin = (gauche + MARGE, haut - MARGE - HAUTEUR, gauche + MARGE + LARGEUR, haut - MARGE)
        case 270:
            coin = (gauche + MARGE, bas + MARGE, gauche + MARGE + HAUTEUR, bas + MARGE + LARGEUR)
        case _:
            coin = (droite - MARGE - LARGEUR, bas + MARGE, droite - MARGE, bas + MARGE + HAUTEUR)
    return pikepdf.Rectangle(*coin)


if __name__ == "__main__":
    if sys.argv[1] == "ouvrir":
        sys.stdout.write(str(ouvrir(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        relier(Path(sys.argv[2]))
