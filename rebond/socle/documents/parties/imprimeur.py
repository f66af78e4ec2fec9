"""Prints a long document by parts. Run as a process of its own by `rebond.socle.documents.parties`: it reads JSON on
its standard input (`html`, `identifiant` in hexadecimal, `fichiers`: static addresses and their paths), writes in the
folder that its argument names what `assembleur` puts together, and loads nothing of the portal.

A part ends where one of its pages does: its last page is laid out again with the next one, so that the reader sees no
seam. Pages are numbered once all of them are known.
"""

import gc
import json
import mimetypes
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

SUITE = re.compile(r"<!--suite-->(.*?)<!--lignes-->(.*?)<!--fin-->(.*?)<!--/suite-->", re.DOTALL)
LIGNE = "<!--ligne-->"
# Lines of a part: some fifteen pages, which WeasyPrint holds in some sixty megabytes.
PAR_PARTIE = 300
# Lines of one and the same list at its end: more than a page of them, so that its last page has nothing else.
EN_FIN_DE_PARTIE = 100
# And no margin above a list that goes on: there is none at the top of the other pages.
SANS_NUMERO = (
    "@page { @bottom-right { content: none } } tr, li { break-inside: avoid } "
    "main > table:first-child, main > ul:first-child { margin-top: 0 }"
)
NUMERO_SEUL = "@page { @bottom-left { content: none } } .feuille { break-after: page }"
POINTS_PAR_PIXEL = 0.75


@dataclass(frozen=True)
class Morceau:
    """A line of a list, between what opens and closes it; or, with `suite` 0, what stands between two lists."""

    html: str
    suite: int = 0
    ouvrir: str = ""
    fermer: str = ""


@dataclass
class Imprimees:
    """What is known of the parts already printed."""

    dossier: Path
    parties: int = 0
    pages: int = 0
    #: (level, label, page, distance from its top in points)
    signets: list[tuple[int, str, int, float]] = field(default_factory=list)


class FichiersDits(URLFetcher):
    """The files that were named, and `data:` addresses; nothing else, the network never."""

    def __init__(self, fichiers: dict[str, str]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self._fichiers = fichiers

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        chemin = self._fichiers.get(url)
        if chemin is None:
            return super().fetch(url, headers)
        type_mime = mimetypes.guess_type(chemin)[0] or "application/octet-stream"
        return URLFetcherResponse(url, Path(chemin).read_bytes(), {"Content-Type": type_mime})


def imprimer(html: str, dossier: Path, *, options: dict[str, Any], outils: dict[str, Any]) -> None:
    """`options` are those of `write_pdf`, `outils` what `HTML` reads addresses with."""
    tete, morceaux, pied = _decouper(html)
    faites = Imprimees(dossier)
    debut = 0
    while debut < len(morceaux):
        fin = _fin_de_partie(morceaux, debut)
        partie = tete + _assembler(morceaux, debut, fin) + pied
        debut = _imprimer_une_partie(
            partie, faites, fin, derniere=fin == len(morceaux), options=options, outils=outils
        )
        # Boxes and styles know each other in circles: the next part would be laid out beside them.
        gc.collect()
    (dossier / "numeros.pdf").write_bytes(_numeros(html, faites.pages, outils))
    (dossier / "signets.json").write_text(json.dumps(faites.signets))


def _imprimer_une_partie(
    partie: str, faites: Imprimees, fin: int, *, derniere: bool, options: dict[str, Any], outils: dict[str, Any]
) -> int:
    """Where the next one begins: at the first line of this one's last page, which is not kept."""
    document = HTML(string=partie, **outils).render(**options)
    if derniere:
        _garder(document, faites, options)
        return fin
    _garder(document.copy(document.pages[:-1]), faites, options)
    return min(int(nom[1:]) for nom in document.pages[-1].anchors if nom[0] == "m")


def _decouper(html: str) -> tuple[str, list[Morceau], str]:
    """What every part begins with, what is laid out, what every part ends with."""
    tete, ouvre, corps = html.replace("</style>", f"{SANS_NUMERO}</style>", 1).partition("<main>")
    corps, ferme, reste = corps.rpartition("</main>")
    morceaux = []
    position = 0
    for numero, suite in enumerate(SUITE.finditer(corps), start=1):
        ouvrir, lignes, fermer = suite.groups()
        morceaux.append(Morceau(corps[position : suite.start()]))
        morceaux += [Morceau(ligne.strip(), numero, ouvrir, fermer) for ligne in lignes.split(LIGNE) if ligne.strip()]
        position = suite.end()
    note, _, _ = reste.rpartition("</body>")
    morceaux.append(Morceau(corps[position:] + note))
    return tete + ouvre, morceaux, f"{ferme}</body></html>"


def _fin_de_partie(morceaux: list[Morceau], debut: int) -> int:
    """Where the part that begins at `debut` ends: within a list, or with the document."""
    fin = debut + PAR_PARTIE
    while fin < len(morceaux):
        suite = morceaux[fin].suite
        if suite and all(morceau.suite == suite for morceau in morceaux[fin - EN_FIN_DE_PARTIE : fin]):
            return fin
        fin += 1
    return len(morceaux)


def _assembler(morceaux: list[Morceau], debut: int, fin: int) -> str:
    textes: list[str] = []
    ouverte = Morceau("")
    for rang, morceau in enumerate(morceaux[debut:fin], start=debut):
        if morceau.suite != ouverte.suite:
            textes += [ouverte.fermer, morceau.ouvrir]
            ouverte = morceau
        # Where the line is found again once it has its page.
        textes.append(re.sub(r"^<(\w+)", rf'<\1 id="m{rang}"', morceau.html) if morceau.suite else morceau.html)
    return "\n".join([*textes, ouverte.fermer])


def _garder(document: Document, faites: Imprimees, options: dict[str, Any]) -> None:
    for page, feuille in enumerate(document.pages, start=faites.pages):
        for niveau, libelle, (_, haut), _ in feuille.bookmarks:
            faites.signets.append((niveau, libelle, page, (feuille.height - haut) * POINTS_PAR_PIXEL))
    faites.pages += len(document.pages)
    document.write_pdf(faites.dossier / f"partie-{faites.parties:04}.pdf", **options)
    faites.parties += 1


def _numeros(html: str, pages: int, outils: dict[str, Any]) -> bytes:
    """As many pages as the document has, with nothing but their numbers, where the document would have them."""
    tete, ouvre, _ = html.replace("</style>", f"{NUMERO_SEUL}</style>", 1).partition("<main>")
    feuilles = '<div class="feuille"></div>' * (pages - 1)
    pdf: bytes = HTML(string=f"{tete}{ouvre}{feuilles}<div></div></main></body></html>", **outils).write_pdf()
    return pdf


def main() -> None:
    # What a part leaves is collected at its end: looking for it before is a tenth of the time.
    gc.disable()
    demande = json.load(sys.stdin)
    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": bytes.fromhex(demande["identifiant"])}
    outils = {"base_url": "statique:/", "url_fetcher": FichiersDits(demande["fichiers"])}
    imprimer(demande["html"], Path(sys.argv[1]), options=options, outils=outils)


if __name__ == "__main__":
    main()
