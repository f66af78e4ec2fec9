"""Puts together the parts that `imprimeur` printed, in the folder that its argument names, and writes the PDF on its
standard output. Run as a process of its own too: beside what WeasyPrint leaves behind, it would weigh twice as much.

What comes out is one PDF/UA-1, tagged and with its bookmarks, as if it had been made at once; the same parts give the
same bytes.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf


def assembler(dossier: Path, sortie: BinaryIO) -> None:
    with ExitStack() as pile:
        premier, *suivants = (pile.enter_context(pikepdf.open(nom)) for nom in sorted(dossier.glob("partie-*.pdf")))
        # The names of the lines, which nothing refers to.
        del premier.Root.Names
        for rang, suivant in enumerate(suivants, start=1):
            _ajouter(premier, suivant, rang)
        _numeroter(premier, pile.enter_context(pikepdf.open(dossier / "numeros.pdf")))
        _marquer(premier, json.loads((dossier / "signets.json").read_text()))
        premier.save(sortie, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _ajouter(premier: pikepdf.Pdf, suivant: pikepdf.Pdf, rang: int) -> None:
    """The pages of `suivant`, then what says what is on them (ISO 32000-1, 14.7.4), under the same root."""
    racine = premier.Root.StructTreeRoot
    decalage = int(racine.ParentTree.Nums[-2]) + 1
    for objet in suivant.objects:
        if isinstance(objet, pikepdf.Dictionary) and objet.get("/Type") == pikepdf.Name.StructElem:
            _renommer(objet, rang)
    for page in suivant.pages:
        page.obj.StructParents = int(page.obj.StructParents) + decalage
        for annotation in page.obj.get("/Annots", []):
            annotation.StructParent = int(annotation.StructParent) + decalage
    premier.pages.extend(suivant.pages)
    copie = premier.copy_foreign(suivant.Root.StructTreeRoot)
    document = racine.K[0]
    for element in copie.K[0].K:
        element.P = document
        document.K.append(element)
    for cle, valeur in _par_deux(copie.ParentTree.Nums):
        racine.ParentTree.Nums.append(int(cle) + decalage)
        racine.ParentTree.Nums.append(valeur)


def _renommer(element: pikepdf.Dictionary, rang: int) -> None:
    """What a header of a table is called, and the cells that name it: each part counts from the same number."""
    if "/ID" in element:
        element.ID = pikepdf.String(f"{rang}-{element.ID}")
    if "/A" in element and "/Headers" in element.A:
        element.A.Headers = pikepdf.Array([pikepdf.String(f"{rang}-{nom}") for nom in element.A.Headers])


def _par_deux(suite: Any) -> Iterator[tuple[Any, Any]]:
    return zip(suite[0::2], suite[1::2], strict=True)


def _numeroter(document: pikepdf.Pdf, numeros: pikepdf.Pdf) -> None:
    """What is printed in a margin is an artifact: it says nothing of what the document holds."""
    for rang, (page, numero) in enumerate(zip(document.pages, numeros.pages, strict=True), start=1):
        # A name of ours: those that are drawn would make other bytes each time.
        nom = pikepdf.Name(f"/Numero{rang}")
        page.add_resource(document.copy_foreign(numero.as_form_xobject()), pikepdf.Name.XObject, nom)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ\n/Artifact BMC\nq\n{nom} Do\nQ\nEMC\n".encode())


def _marquer(document: pikepdf.Pdf, signets: list[tuple[int, str, int, float]]) -> None:
    """The bookmarks of all the parts, each under the last one of a lesser level."""
    with document.open_outline() as plan:
        plan.root.clear()
        ouverts: list[tuple[int, Any]] = []
        for niveau, libelle, page, haut in signets:
            while ouverts and ouverts[-1][0] >= niveau:
                ouverts.pop()
            signet = pikepdf.OutlineItem(libelle, page, "XYZ", left=0, top=haut)
            (ouverts[-1][1].children if ouverts else plan.root).append(signet)
            ouverts.append((niveau, signet))


if __name__ == "__main__":
    assembler(Path(sys.argv[1]), sys.stdout.buffer)
