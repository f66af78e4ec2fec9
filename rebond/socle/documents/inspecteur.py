"""Looks in a PDF, its standard input, for what runs or hides, and says on its output what is there. Run as a process
of its own by `rebond.socle.documents.contenu_actif`, bounded by `a_part`: a file that is made to crash kills nothing
else.

pikepdf (qpdf) reads every object, compressed or not, however its names are written; nothing of it is run.
"""

import json
import sys
from typing import Any

# What starts something (PDF 2.0, 12.6.4): its type, and what is said of it.
ACTIONS = {
    "/JavaScript": "programme",
    "/Rendition": "programme",
    "/Launch": "lancement",
    "/ImportData": "lancement",
    "/GoToE": "fichiers",
}
# Files inside, wherever they hang (7.11.4), and programs that hang by themselves (7.7.4).
CLES = {"/EmbeddedFiles": "fichiers", "/EF": "fichiers", "/JS": "programme", "/RichMediaContent": "fichiers"}


def inspecter(flux: Any, pikepdf: Any) -> list[str]:
    trouves: set[str] = set()
    with pikepdf.open(flux, suppress_warnings=True) as document:
        for objet in document.objects:
            _regarder(objet, trouves, pikepdf)
        _regarder(document.trailer, trouves, pikepdf)
    return sorted(trouves)


def _regarder(objet: Any, trouves: set[str], pikepdf: Any) -> None:
    """`objet` and whatever is written within it; what it only refers to is an object of its own."""
    restent = [objet]
    while restent:
        vu = restent.pop()
        if isinstance(vu, pikepdf.Dictionary | pikepdf.Stream):
            for cle, valeur in vu.items():
                if cle in CLES:
                    trouves.add(CLES[cle])
                if cle == "/S" and str(valeur) in ACTIONS:
                    trouves.add(ACTIONS[str(valeur)])
                restent.extend(_dedans(valeur, pikepdf))
        elif isinstance(vu, pikepdf.Array):
            restent.extend(element for valeur in vu for element in _dedans(valeur, pikepdf))


def _dedans(valeur: Any, pikepdf: Any) -> list[Any]:
    est_un_objet = isinstance(valeur, pikepdf.Object)
    return [valeur] if est_un_objet and not valeur.is_indirect else []


if __name__ == "__main__":
    # Late: it takes its place within the bounds.
    import pikepdf

    print("pret", flush=True)
    print(json.dumps(inspecter(sys.stdin.buffer, pikepdf)))
