"""The pages of the instruction as their readers get them, and the browser that opens them without a server.

Each is read by the test client; Chromium gets its bytes at its own address, and what a form sends comes back to that
same client.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import transaction
from playwright.sync_api import Page, Route

from rebond.documentation import acces
from tests.acces.adresses import adresses
from tests.acces.gens import COLONNES
from tests.acces.monde import Decor
from tests.acces.requetes import est_sorti, un_client
from tests.requetes.semis import OUVERTES_D_ICI

if TYPE_CHECKING:
    from django.test import Client

ADRESSES = adresses()
MATRICE = acces.lire(acces.FICHIER.read_text())
NOM = "http://portail.test"
PRINCIPAL = re.compile(r"<main\b.*?</main>", re.DOTALL)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
FEUILLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
#: Style sheets that are read apart.
SANS_LA = re.compile("sombre|sans-script")
REFERENCE = re.compile(r'(\s(?:id|for|form|list|aria-(?:labelledby|describedby|controls|errormessage))=)"([^"]+)"')
ANCRE = re.compile(r'href="#(?=.)')
#: Where agents work: the rest of the portal has its own walks.
PORTES = ("instruction:", "exports:", "tableau_de_bord", "recherche")
AGENTS = ("instructeur", "expert", "comité", "valideur")
#: What each of them reads otherwise than the others.
DE_CHACUN = {
    "tableau_de_bord",
    "instruction:dossier",
    "instruction:vague",
    "instruction:vagues",
    "instruction:resultats",
}
#: What an address gives when it is not a page.
FICHIERS = ("_xlsx", "_csv", "_ods", "_json", "_pdf", "_horodatage", "_lignes")
FICHIERS_NOMMES = {
    "instruction:accuse",
    "instruction:accuse_rectificatif",
    "instruction:apercu_de_piece",
    "instruction:apercu_de_piece_de_correction",
    "instruction:carte",
    "instruction:dossier_relie",
    "instruction:fichier_d_avis",
    "instruction:page_de_correction",
    "instruction:page_de_piece",
    "instruction:piece",
    "instruction:piece_de_correction",
    "instruction:piece_de_message",
    "instruction:etat_du_lot",
    "exports:etat",
    "exports:fichier",
}
#: What a page is when it is one: read, or refused by a sentence.
DITES = {"200", "409"}


@dataclass(frozen=True)
class Lue:
    """A page, as `qui` gets it."""

    adresse: str
    qui: str
    chemin: str
    html: str

    def __str__(self) -> str:
        return f"{self.qui} {self.chemin}"

    @property
    def principal(self) -> str:
        trouve = PRINCIPAL.search(self.html)
        assert trouve is not None, f"{self} : rien dans la page"
        return trouve.group()


@dataclass
class Marche:
    """Those who read, each with their own browser."""

    monde: Decor
    clients: "dict[str, Client]" = field(default_factory=dict)

    def client(self, qui: str) -> "Client":
        if qui not in self.clients or est_sorti(self.clients[qui]):
            self.clients[qui] = un_client(self.monde.gens[qui])
        return self.clients[qui]

    def recevoir(self, qui: str, envoi: "Envoi") -> int:
        """The status of what the portal answers to what the browser sent; undone."""
        with transaction.atomic():
            recu = self.client(qui).generic(envoi.methode, envoi.vers, envoi.corps, content_type=envoi.genre)
            transaction.set_rollback(True)
        return recu.status_code

    def pages(self) -> Iterator[Lue]:
        """Read one after the other, as they are asked for."""
        for adresse, objet, qui in a_lire():
            chemin = ADRESSES[adresse].pour(self.monde.objets[objet])
            lue = self.client(qui).get(chemin)
            if lue.headers["Content-Type"].startswith("text/html"):
                yield Lue(adresse, qui, chemin, lue.content.decode())


def est_un_fichier(adresse: str) -> bool:
    return adresse.endswith(FICHIERS) or adresse in FICHIERS_NOMMES


def du_ressort(adresse: str) -> bool:
    return adresse.startswith(PORTES)


def a_lire() -> Iterator[tuple[str, str, str]]:
    """Address, object and person: each answer once, by the first agent who gets it, or by all (`DE_CHACUN`)."""
    deja = set()
    for ligne in MATRICE.lignes:
        if ligne.methode != "GET" or not du_ressort(ligne.adresse) or est_un_fichier(ligne.adresse):
            continue
        reponses = dict(zip(COLONNES, ligne.reponses, strict=True))
        for qui in AGENTS if ligne.adresse in DE_CHACUN else (*AGENTS, *COLONNES):
            cle = (ligne.adresse, reponses[qui], qui if ligne.adresse in DE_CHACUN else "")
            if reponses[qui] in DITES and cle not in deja:
                deja.add(cle)
                yield ligne.adresse, ligne.objet, qui
    yield "instruction:dossier", "dossier-à-corriger", "instructeur"
    yield from (
        (adresse, objet, qui)
        for adresse, (objet, qui) in OUVERTES_D_ICI.items()
        if du_ressort(adresse) and not est_un_fichier(adresse)
    )


@dataclass(frozen=True)
class Envoi:
    """What a form of the page sent."""

    methode: str
    vers: str
    corps: bytes
    genre: str


class Scene:
    """A browser's page that is given one page at a time, with the style sheets and scripts of the portal.

    What it sends afterwards is kept in `envois`, and answered nothing: it stays where it is.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.html = ""
        self.envois: list[Envoi] = []
        page.route("**/*", self._servir)

    def ouvrir(self, chemin: str, html: str) -> None:
        self.html = html
        self.page.goto(f"{NOM}{chemin}", timeout=120_000)
        self.envois = []

    def _servir(self, route: Route) -> None:
        demande = route.request
        adresse = urlsplit(demande.url)
        if adresse.path.startswith("/static/"):
            trouve: Any = finders.find(adresse.path.removeprefix("/static/"))
            if isinstance(trouve, str):
                return route.fulfill(path=Path(trouve))
        elif demande.is_navigation_request() and self.html:
            html, self.html = self.html, ""
            return route.fulfill(content_type="text/html; charset=utf-8", body=html)
        elif demande.is_navigation_request():
            vers = f"{adresse.path}?{adresse.query}".rstrip("?")
            genre = demande.headers.get("content-type", "")
            self.envois.append(Envoi(demande.method, vers, demande.post_data_buffer or b"", genre))
        return route.fulfill(status=204)


def planche(lues: Sequence[Lue]) -> str:
    """All of them on one sheet, each in its own `<main data-page>`: a browser judges a hundred pages as fast as one.

    What an element is named by stays its own: `id` and what refers to it take the rank of their page.
    """
    feuilles = sorted({nom for lue in lues for nom in FEUILLE.findall(lue.html)})
    liens = "".join(f'<link rel="stylesheet" href="/static/{nom}">' for nom in feuilles if not SANS_LA.search(nom))
    corps = "".join(_a_part(rang, lue) for rang, lue in enumerate(lues))
    return f'<!DOCTYPE html><html lang="fr"><head><title>Planche</title>{liens}</head><body>{corps}</body></html>'


def _a_part(rang: int, lue: Lue) -> str:
    def propre(trouve: re.Match[str]) -> str:
        noms = " ".join(f"p{rang}-{nom}" for nom in trouve[2].split())
        return f'{trouve[1]}"{noms}"'

    principal = REFERENCE.sub(propre, ANCRE.sub(rf'href="#p{rang}-', SCRIPT.sub("", lue.principal)))
    return principal.replace("<main ", f'<main data-page="{lue}" ', 1)
