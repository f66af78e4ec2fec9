"""Every page of the portal, in Chromium, on the narrowest screens: nothing is beside them.

The pages are those of the table of accesses, as their first reader gets them. What they say is put on one sheet, with
the style sheets of the portal: a browser lays out a hundred pages as fast as one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route
from tinyhtml5.parser import HTMLParser

from rebond.documentation import acces
from tests.acces import decor
from tests.acces.adresses import adresses
from tests.acces.gens import COLONNES, PUBLIC
from tests.acces.monde import Decor
from tests.acces.requetes import est_sorti, un_client
from tests.requetes.semis import semer

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
ADRESSES = adresses()
PRINCIPAL = re.compile(r"<main\b.*?</main>", re.DOTALL)
FEUILLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
NOM = "http://portail.test"

#: What cannot be seen or reached without going beside the screen, page by page.
HORS_ECRAN = """() => {
  const largeur = document.documentElement.clientWidth;
  const vu = (e) => e.getClientRects().length && !e.closest(".fr-sr-only, .fr-modal, [hidden]")
    && getComputedStyle(e).clipPath === "none";
  return [...document.querySelectorAll("main")].flatMap((page) =>
    [...page.querySelectorAll("td, th, a, button, input, select, textarea, .fr-badge")]
      .filter((e) => vu(e))
      .filter((e) => e.getBoundingClientRect().right > largeur + 0.5 || e.getBoundingClientRect().left < -0.5)
      .slice(0, 2)
      .map((e) => `${page.dataset.page} : ${e.outerHTML.slice(0, 120)}`));
}"""
#: Cells whose column has a title that nobody reads any more, but for a field that bears its own.
SANS_TITRE = """() => [...document.querySelectorAll("main tbody td")]
  .filter((e) => e.dataset.label && !getComputedStyle(e, "::before").content.includes(e.dataset.label))
  .filter((e) => !e.closest(".rebond-liste-carte") && !e.querySelector("label"))
  .map((e) => e.closest("main").dataset.page)"""
#: What is touched by a finger and is less than 24 pixels high or wide; a link within a sentence is left to its line.
PETITES = """() => [...document.querySelectorAll("main a[href], main button, main summary")]
  .filter((e) => e.getClientRects().length && !e.closest(".fr-sr-only, .fr-modal, p, li, dd, h1, h2, h3, figcaption"))
  .filter((e) => { const b = e.getBoundingClientRect(); return b.height < 24 || b.width < 24; })
  .map((e) => `${e.closest("main").dataset.page} : ${e.outerHTML.slice(0, 120)}`)"""
#: Characters a line of the texts that run over several.
LONGUES = """() => [...document.querySelectorAll("main p, main li, main dd, main blockquote")]
  .filter((e) => e.getClientRects().length && !e.closest("td, th, .fr-sr-only"))
  .filter((e) => !e.querySelector("p, li, div, table, button, input, svg"))
  .map((e) => {
    const suite = document.createRange();
    suite.selectNodeContents(e);
    const lignes = new Set([...suite.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.top / 8)));
    return [e.innerText.length / Math.max(lignes.size, 1), e];
  })
  .filter(([longueur]) => longueur > 92)
  .map(([combien, e]) => `${e.closest("main").dataset.page} : ${Math.round(combien)} ${e.outerHTML.slice(0, 120)}`)"""
#: Rows that nothing names.
SANS_ENTETE = """() => [...document.querySelectorAll("main tbody tr")]
  .filter((e) => !e.querySelector("th[scope=row]"))
  .map((e) => `${e.closest("main").dataset.page} : ${e.closest("table").caption.innerText}`)"""
#: A title on a link says at least what is read in it (RGAA 6.1).
TITRES = """() => [...document.querySelectorAll("a[title]")]
  .filter((e) => {
    const [dit, lu] = [e.title, e.textContent].map((mots) => mots.trim().replace(/\\s+/g, " ").toLowerCase());
    return !dit.includes(lu);
  })
  .map((e) => e.outerHTML.slice(0, 160))"""
#: What whoever reads with difficulty asks of their browser (WCAG 1.4.12, RGAA 10.12).
ESPACER = """() => {
  const feuille = new CSSStyleSheet();
  feuille.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets.push(feuille);
}"""
#: Texts that are cut by what they are in, or come out of it onto what follows, and were not when this was last asked:
#: a button drawn as an icon hides its text at any spacing.
COUPES = """() => {
  const textes = (e) => [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const rects = (e) => textes(e).flatMap((texte) => {
    const suite = document.createRange();
    suite.selectNodeContents(texte);
    return [...suite.getClientRects()].filter((r) => r.width > 1);
  });
  const sort = (e) => {
    const lus = rects(e);
    const marge = parseFloat(getComputedStyle(e).fontSize) / 2;
    for (let boite = e; boite && !boite.matches("main, footer"); boite = boite.parentElement) {
      const [style, bords] = [getComputedStyle(boite), boite.getBoundingClientRect()];
      if (["inline", "contents"].includes(style.display)) continue;
      const coupe = (sens) => ["hidden", "clip"].includes(style[`overflow${sens}`]);
      if (coupe("X") && lus.some((r) => r.right > bords.right + 1 || r.left < bords.left - 1)) return true;
      if ((coupe("Y") || boite === e) && lus.some((r) => r.bottom > bords.bottom + marge)) return true;
    }
    return false;
  };
  const coupes = [...document.querySelectorAll("main *, footer *")].filter((e) => textes(e).length && sort(e));
  const nouveaux = coupes.filter((e) => !window.dejaCoupes?.has(e));
  window.dejaCoupes = new Set(coupes);
  return nouveaux.map((e) => `${e.closest("[data-page]")?.dataset.page} : ${e.outerHTML.slice(0, 140)}`);
}"""

#: Put in the header of a page that is already there.
FRAGMENT = "entete"


def fautes(html: str) -> list[Any]:
    """What the algorithm of the HTML standard corrects in silence, and names that two elements bear."""
    lecteur = HTMLParser()
    lecteur.parse(html)
    noms = Counter(re.findall(r'\sid="([^"]*)"', html))
    return [*lecteur.errors, *(nom for nom, fois in noms.items() if fois > 1)]


def servies(monde: Decor) -> Iterator[tuple[str, str]]:
    """The address and the bytes of each page, as the first who may opens it."""
    clients: dict[str, Client] = {}
    faites: set[str] = set()
    for ligne in acces.lire(acces.FICHIER.read_text()).lignes:
        servis = [qui for qui, statut in zip(COLONNES, ligne.reponses, strict=True) if statut == "200"]
        if ligne.methode != "GET" or ligne.adresse in faites or not servis:
            continue
        qui = next((lu for lu in servis if lu != PUBLIC), PUBLIC)
        if qui not in clients or est_sorti(clients[qui]):
            clients[qui] = un_client(monde.gens.get(qui))
        lue = clients[qui].get(ADRESSES[ligne.adresse].pour(monde.objets[ligne.objet]))
        if lue.streaming:
            lue.close()
        elif lue.headers["Content-Type"].startswith("text/html"):
            faites.add(ligne.adresse)
            yield ligne.adresse, lue.content.decode()


def servir(route: Route) -> None:
    """A style sheet, and what it names; nothing else of the portal is asked."""
    trouve: Any = finders.find(route.request.url.removeprefix(f"{NOM}/static/").partition("?")[0])
    if isinstance(trouve, str):
        route.fulfill(path=Path(trouve))
    else:
        route.fulfill(status=204)


@pytest.fixture
def pages() -> dict[str, str]:
    monde = decor.sous_embargo()
    semer(monde)
    return dict(servies(monde))


@pytest.fixture
def planche(page: Page, pages: dict[str, str]) -> Page:
    """All of the pages, one below the other, each in its own `<main data-page>`."""
    feuilles = sorted({nom for html in pages.values() for nom in FEUILLE.findall(html)} - {"rebond/sans-script.css"})
    liens = "".join(f'<link rel="stylesheet" href="/static/{nom}">' for nom in feuilles if "sombre" not in nom)
    corps = "".join(
        lu.group().replace("<main ", f'<main data-page="{nom}" ', 1)
        for nom, html in pages.items()
        if (lu := PRINCIPAL.search(html))
    )
    pied = pages["plan_du_site"].partition("</main>")[2]
    assert corps.count("rebond-table") > 30
    page.route(f"{NOM}/**", servir)
    page.route(
        f"{NOM}/",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f'<!DOCTYPE html><html lang="fr"><head><title>Planche</title>{liens}</head>'
            f"<body>{re.sub('<script.*?</script>', '', corps + pied, flags=re.DOTALL)}</body></html>",
        ),
    )
    page.goto(f"{NOM}/", timeout=120_000)
    # What is folded is measured too.
    page.evaluate("document.querySelectorAll('main details').forEach((repli) => { repli.open = true; })")
    return page


def test_aucune_page_n_a_rien_hors_d_un_petit_ecran_et_chaque_cellule_dit_sa_colonne(
    planche: Page, pages: dict[str, str]
) -> None:
    assert {nom: lues for nom, html in pages.items() if nom != FRAGMENT and (lues := fautes(html))} == {}
    for largeur in (320, 375, 768):
        planche.set_viewport_size({"width": largeur, "height": 900})
        assert (largeur, planche.evaluate(HORS_ECRAN)) == (largeur, [])
        assert (largeur, planche.evaluate(SANS_TITRE)) == (largeur, [])
    assert planche.evaluate(PETITES) == []
    planche.set_viewport_size({"width": 1280, "height": 900})
    assert planche.evaluate(PETITES) == []
    assert planche.evaluate(LONGUES) == []
    assert planche.evaluate(SANS_ENTETE) == []
    assert planche.evaluate(TITRES) == []
    assert coupes_par_l_espacement(planche) == []


def coupes_par_l_espacement(planche: Page) -> list[str]:
    """What the spacing of WCAG 1.4.12 cuts that is whole without it, at both ends of the widths."""
    largeurs = (1280, 320)
    usuels = {}
    for largeur in largeurs:
        planche.set_viewport_size({"width": largeur, "height": 900})
        planche.evaluate(COUPES)
        usuels[largeur] = planche.evaluate_handle("window.dejaCoupes")
    planche.evaluate(ESPACER)
    coupes: list[str] = []
    for largeur in largeurs:
        planche.set_viewport_size({"width": largeur, "height": 900})
        planche.evaluate("(usuels) => { window.dejaCoupes = usuels; }", usuels[largeur])
        coupes += [f"{largeur} {coupe}" for coupe in planche.evaluate(COUPES)]
    # A wide table then scrolls in its own box; on a small screen there is none.
    assert planche.evaluate(HORS_ECRAN) == []
    return coupes
