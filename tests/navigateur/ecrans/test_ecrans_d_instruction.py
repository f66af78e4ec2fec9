"""Every page of the instruction, in Chromium, as its readers get it: axe, both widths, the keyboard, no scripts.

The list comes from the table of accesses: an address that is not walked here is a file, and says so.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests.acces import decor
from tests.navigateur.ecrans.marche import (
    FICHIERS_NOMMES,
    MATRICE,
    Lue,
    Marche,
    Scene,
    du_ressort,
    est_un_fichier,
    planche,
)
from tests.outils.accessibilite import violations
from tests.requetes.semis import semer

pytestmark = pytest.mark.django_db
#: What takes the focus in each page, in order: not seen, without a ring, or before what is above it. One column alone
#: is asked for its order: on two, the second begins at the top again.
AU_CLAVIER = """(une_colonne) => {
  const dits = [];
  const prenables = "a[href], button, input, select, textarea, summary, [tabindex]";
  for (const page of document.querySelectorAll("main")) {
    let haut = -Infinity;
    for (const e of page.querySelectorAll(prenables)) {
      const dit = (quoi) => dits.push(`${page.dataset.page} : ${quoi} : ${e.outerHTML.slice(0, 140)}`);
      if (e.tabIndex > 0) dit("ordre forcé");
      if (e.tabIndex < 0 || e.disabled || !e.checkVisibility({ visibilityProperty: true })) continue;
      const cible = (e.matches("[type=radio], [type=checkbox]") && e.labels[0]) || e;
      e.focus();
      const boite = cible.getBoundingClientRect();
      if (boite.bottom < 0 || boite.top > innerHeight) dit("hors de la vue");
      const styles = [e, cible].flatMap((x) => [null, "::before", "::after"].map((p) => getComputedStyle(x, p)));
      if (!styles.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0)) dit("sans contour");
      if (une_colonne && boite.bottom + scrollY < haut - 2) dit("avant ce qui est au-dessus");
      haut = boite.top + scrollY;
    }
  }
  return dits;
}"""
DEBORDENT = """() => [...document.querySelectorAll("main")]
  .filter((page) => page.scrollWidth > document.documentElement.clientWidth).map((page) => page.dataset.page)"""
#: What folds at a narrower width takes its time to be out of reach.
APAISER = "() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)).then(() => null)"
#: Signs of French that a line may leave alone at its beginning: their space is a plain one.
SECABLES = """() => [...document.querySelectorAll("main")].flatMap((page) => {
  const textes = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const dits = [];
  while (textes.nextNode()) {
    const { data, parentElement } = textes.currentNode;
    const lu = !parentElement.closest("style, code, textarea");
    const faute = /[^\\s] [:;?!»](?![\\w\\/])|« /.test(data);
    if (lu && faute) dits.push(`${page.dataset.page} : ${data.trim().slice(0, 90)}`);
  }
  return dits;
})"""
#: What axe asks of a whole page, of which the sheet has many.
D_UNE_PAGE = (
    "landmark-no-duplicate-main",
    "landmark-unique",
    "page-has-heading-one",
    "heading-order",
    "bypass",
    "region",
)
#: The buttons that each form is sent by, as they are seen without scripts; a form that has none. One that
#: is hidden is for a script, beside another way to the same thing.
BOUTONS = """() => [...document.forms].filter((f) => f.closest("main") && !f.hidden).flatMap((f, rang) => {
  f.noValidate = true;
  const boutons = [...f.elements].filter((e) => e.type === "submit" && !e.disabled && e.getClientRects().length);
  boutons.forEach((b, i) => { b.dataset.envoi = `${rang}-${i}`; });
  const dit = (b) => [b.dataset.envoi, `${f.method} ${f.action} ${b.name} ${b.value}`];
  return boutons.length ? boutons.map(dit) : [["", `sans bouton ${f.outerHTML.slice(0, 140)}`]];
})"""
REPONSES = {200, 302, 409}
#: Every address that only agents send something to.
POSTES = {ligne.adresse for ligne in MATRICE.lignes if ligne.methode == "POST" and du_ressort(ligne.adresse)}
#: What has no button in the decor, and where it has one.
SANS_FORMULAIRE = {
    **dict.fromkeys(
        ("instruction:presence", "instruction:brouillon_d_avis", "instruction:brouillon_de_recevabilite"),
        "un script, à côté d’un formulaire",
    ),
    **dict.fromkeys(("instruction:decisions", "instruction:annonce"), "une vague instruite en entier"),
    "instruction:detacher_de_l_avis": "un brouillon d’avis qui a un fichier",
    "instruction:marquer_lus": "des messages que l’on n’a pas lus",
    "instruction:prendre_avis": "une demande que personne n’a prise",
    "exports:annuler": "un export qui se prépare",
}


@pytest.fixture
def marche() -> Marche:
    faite = Marche(decor.sous_embargo())
    semer(faite.monde)
    return faite


def test_chaque_page_se_lit_aux_deux_largeurs_et_au_clavier(page: Page, marche: Marche) -> None:
    lues = list(marche.pages())
    attendues = {ligne.adresse for ligne in MATRICE.lignes if ligne.methode == "GET" and du_ressort(ligne.adresse)}
    assert {adresse for adresse in attendues if not est_un_fichier(adresse)} == {lue.adresse for lue in lues}
    assert attendues >= FICHIERS_NOMMES
    assert {str(lue): lue.html.count("<h1") for lue in lues if lue.html.count("<h1") != 1} == {}

    Scene(page).ouvrir("/", planche(lues))
    assert page.evaluate(SECABLES) == []
    page.keyboard.press("Tab")
    for largeur in (375, 1280):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert (largeur, page.evaluate(DEBORDENT)) == (largeur, [])
        page.evaluate(APAISER)
        assert (largeur, page.evaluate(AU_CLAVIER, largeur == 375)) == (largeur, [])
        assert (largeur, violations(page, sauf=D_UNE_PAGE)) == (largeur, [])


def test_sans_script_chaque_formulaire_s_envoie(browser: Browser, marche: Marche) -> None:
    """By its own button, which is seen; the portal does what is sent, shows it again with why not, or refuses it."""
    contexte = browser.new_context(viewport={"width": 375, "height": 900}, java_script_enabled=False)
    scene = Scene(contexte.new_page())
    dites: list[str] = []
    postes: set[str] = set()
    envoyes: set[tuple[str, str]] = set()
    for lue in marche.pages():
        if "<form" not in lue.principal:
            continue
        scene.ouvrir(lue.chemin, lue.html)
        for bouton, dit in scene.page.evaluate(BOUTONS):
            # The same act on another thing is sent by the same form.
            if (cle := (lue.qui, re.sub(r"\d+", "", dit))) not in envoyes:
                envoyes.add(cle)
                dites += [f"{lue} : {dit} : {faute}" for faute in _envoyer(scene, marche, lue.qui, bouton, postes)]
    contexte.close()
    assert dites == []
    assert POSTES - postes == set(SANS_FORMULAIRE)


def _envoyer(scene: Scene, marche: Marche, qui: str, bouton: str, postes: set[str]) -> Iterator[str]:
    """What is wrong with a form whose `bouton` is pressed; the address that it sends to is added to `postes`."""
    scene.envois.clear()
    if not bouton:
        yield "aucun bouton"
        return
    scene.page.locator(f"[data-envoi='{bouton}']").click()
    if not scene.envois:
        yield "rien ne part"
    for envoi in scene.envois:
        statut = marche.recevoir(qui, envoi)
        if statut not in REPONSES:
            yield f"{envoi.methode} {envoi.vers} donne {statut}"
        if envoi.methode == "POST":
            postes.add(resolve(urlsplit(envoi.vers).path).view_name)


def test_la_planche_voit_ce_qui_est_faux_et_dans_quelle_page(page: Page) -> None:
    """Each of the faults that are looked for, once, beside a page that has none."""
    bonne = '<main id="contenu"><h1>Bonne</h1><p><label for="a">Nom</label><input id="a"></p></main>'
    fausse = (
        '<main id="contenu"><h1>Fausse</h1><p>Est-ce ainsi ? <a href="/ici/" tabindex="1">Ici</a></p>'
        '<p><label for="a">Nom</label><input id="a" style="outline: none"></p><input id="sans-nom">'
        '<p><a href="/haut/" style="position: absolute; top: 0">En haut</a></p>'
        '<div style="width: 3000px">Large</div></main>'
    )
    lues = [Lue("bonne", "agent", "/bonne/", bonne), Lue("fausse", "agent", "/fausse/", fausse)]
    Scene(page).ouvrir("/", planche(lues))
    page.set_viewport_size({"width": 375, "height": 900})
    assert page.evaluate(SECABLES) == ["agent /fausse/ : Est-ce ainsi ?"]
    assert page.evaluate(DEBORDENT) == ["agent /fausse/"]
    page.keyboard.press("Tab")
    dits = [dit.split(" : ")[:2] for dit in page.evaluate(AU_CLAVIER, True)]
    fautes = {"ordre forcé", "sans contour", "avant ce qui est au-dessus"}
    assert {ou for ou, _ in dits} == {"agent /fausse/"}
    assert fautes <= {faute for _, faute in dits}
    assert [regle for regle, _ in violations(page, sauf=D_UNE_PAGE) if regle != "tabindex"] == ["label"]
