"""A document of thousands of lines is printed by parts, and nothing of it shows."""

import gc
import json
import re
import subprocess
import sys

import pikepdf
import pytest
from pdfua import Severity, validate

from rebond.socle.documents import impression, parties
from rebond.socle.documents.stockage import html_en_pdf

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Essai</title><style>
@page {{ size: A6; margin: 10mm; @bottom-left {{ content: "Essai" }}
  @bottom-right {{ content: "Page " counter(page) " sur " counter(pages) }} }}
table {{ border-collapse: collapse; margin: 20pt 0 }}
</style></head><body><main><h1>Un essai</h1><h2>Une liste</h2>
<!--suite--><table><thead><tr><th scope="col">Numéro</th></tr></thead><tbody>
<!--lignes-->{lignes}<!--fin--></tbody></table><!--/suite-->
<h2>Une fin</h2><!--suite--><ul><!--lignes--><li>seul</li><!--ligne--><!--fin--></ul><!--/suite-->
<p>Fin</p></main></body></html>"""
PIC = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], stdin=sys.stdin, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def page(nombre: int) -> str:
    return PAGE.format(lignes="".join(f"<tr><td>n{rang:05}</td></tr><!--ligne-->" for rang in range(nombre)))


def textes(octets: bytes, dossier) -> str:
    fichier = dossier / "document.pdf"
    fichier.write_bytes(octets)
    return subprocess.run(["pdftotext", fichier, "-"], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def longue() -> bytes:
    return html_en_pdf(page(450), identifiant="essai")


def test_chaque_ligne_y_est_une_fois_dans_l_ordre_et_chaque_page_a_son_numero(longue, tmp_path):
    texte = textes(longue, tmp_path)
    assert re.findall(r"n\d{5}", texte) == [f"n{rang:05}" for rang in range(450)]
    with pikepdf.open(tmp_path / "document.pdf") as document:
        nombre = len(document.pages)
    assert re.findall(r"Page \d+ sur \d+", texte) == [f"Page {rang} sur {nombre}" for rang in range(1, nombre + 1)]
    assert (texte.count("seul"), texte.count("Fin")) == (1, 1)


def test_elle_a_les_pages_de_celle_qui_serait_imprimee_d_un_coup(longue, tmp_path, monkeypatch):
    monkeypatch.setattr(parties, "LIGNES_D_UN_COUP", 10_000)
    assert textes(longue, tmp_path) == textes(html_en_pdf(page(450), identifiant="essai"), tmp_path)


def test_elle_est_accessible_avec_ses_signets_et_toujours_la_meme(longue, tmp_path):
    fichier = tmp_path / "essai.pdf"
    fichier.write_bytes(longue)
    erreurs = [constat for constat in validate(str(fichier)).findings if constat.severity is Severity.ERROR]
    assert erreurs == []
    with pikepdf.open(fichier) as document:
        with document.open_outline() as plan:
            assert [(haut.title, [bas.title for bas in haut.children]) for haut in plan.root] == [
                ("Un essai", ["Une liste", "Une fin"])
            ]
        elements = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o]
        noms = [str(element.ID) for element in elements if "/ID" in element]
        cites = {str(nom) for e in elements if "/A" in e and "/Headers" in e.A for nom in e.A.Headers}
        racine = document.Root.StructTreeRoot
        cles = [int(cle) for cle in racine.ParentTree.Nums[0::2]]
        assert (len(set(noms)), cites) == (len(noms), set(noms))
        assert cles == list(range(len(cles)))
        assert {int(feuille.obj.StructParents) for feuille in document.pages} <= set(cles)
        assert str(document.docinfo.Title) == "Essai"
    assert html_en_pdf(page(450), identifiant="essai") == longue


def pic(nombre: int, dossier) -> int:
    demande = {"html": page(nombre), "identifiant": "00" * 16, "fichiers": {}}
    fini = subprocess.run(
        [sys.executable, "-c", PIC, "-I", str(parties.IMPRIMEUR), str(dossier)],
        input=json.dumps(demande),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(fini.stdout)


def test_deux_fois_plus_de_lignes_ne_pesent_pas_plus(tmp_path):
    """Peaks of the process that lays out: at once, memory grows with the lines."""
    assert pic(900, tmp_path) < 1.1 * pic(400, tmp_path)


def test_ce_qui_ne_s_imprime_pas_se_dit(monkeypatch, tmp_path):
    casse = tmp_path / "casse.py"
    casse.write_text("raise SystemExit(3)")
    monkeypatch.setattr(parties, "IMPRIMEUR", casse)
    with pytest.raises(parties.ImpressionInterrompue, match="casse s’est arrêté"):
        html_en_pdf(page(400), identifiant="essai")


def test_ce_que_python_ramasse_est_ensuite_ramasse_comme_avant(monkeypatch):
    """Rarely while a document is laid out, whatever becomes of it; then as before."""
    ordinaires, vus = gc.get_threshold(), []

    def mettre_en_page(*_, **__):
        vus.append(gc.get_threshold())
        raise ValueError("essai")

    monkeypatch.setattr(impression.HTML, "write_pdf", mettre_en_page)
    with pytest.raises(ValueError, match="essai"):
        html_en_pdf(page(1), identifiant="essai")
    assert vus == [impression.RARES]
    assert gc.get_threshold() == ordinaires
