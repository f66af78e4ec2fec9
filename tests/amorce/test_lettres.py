"""No letter is written but from a template, none has an address typed by hand, and none is without its test."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

RACINE = Path(__file__).resolve().parents[2]
GABARITS = RACINE / "templates" / "courriers"
PRODUIT = sorted(
    chemin
    for dossier in ("candidatures", "projets", "rebond", "territoires")
    for chemin in (RACINE / dossier).rglob("*.py")
    if "migrations" not in chemin.parts
)
COURRIERS = RACINE / "rebond" / "socle" / "courriers"
# Started before Django is, they cannot name a page.
SANS_DJANGO = {"rebond/settings.py", "rebond/amorce/superviseur.py"}
# Pages are drawn with it, and letters look for it.
CONNAISSENT_L_ADRESSE = {
    "rebond/settings.py",
    # Judges it before the start.
    "rebond/exigences.py",
    "rebond/portail/contexte.py",
    "rebond/socle/adresses.py",
    "rebond/socle/courriers/partie_html.py",
}
CHEMIN = re.compile(r"(?:^|(?<=[\s}\"'])|(?<=://1))/[\w/-]+")
# What French puts an unbreakable space before, or after.
ESPACE_ORDINAIRE = re.compile(r"(?<=\S) [:;!?»](?=\s|[.,)]|$)|« |n° ", re.MULTILINE)


def nom_de(chemin: Path) -> str:
    return str(chemin.relative_to(RACINE))


def les_gabarits() -> dict[str, str]:
    """« depot/accuse » and its source, for each file of letters."""
    return {
        str(chemin.relative_to(GABARITS).with_suffix("")): chemin.read_text()
        for chemin in sorted(GABARITS.rglob("*.txt"))
    }


def les_lettres() -> set[str]:
    """Those that no other extends."""
    gabarits = les_gabarits()
    etendus = {nom for source in gabarits.values() for nom in re.findall(r'extends "courriers/([\w/]+)\.txt"', source)}
    return set(gabarits) - etendus


@cache
def noeuds(chemin: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(chemin.read_text())))


def textes(chemin: Path) -> Iterator[str]:
    """Every literal text of a module but its docstrings; what is put in its place stands as « 1 »."""
    docs = {
        noeud.body[0].value
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    for noeud in noeuds(chemin):
        if isinstance(noeud, ast.JoinedStr):
            yield "".join(m.value if isinstance(m, ast.Constant) else "1" for m in noeud.values)
        elif isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and noeud not in docs:
            yield noeud.value


def adresses_tapees(texte: str) -> list[str]:
    """The paths in `texte` that are those of a page."""
    trouvees = []
    for chemin in CHEMIN.findall(texte):
        try:
            resolve(chemin)
        except Resolver404:
            continue
        trouvees.append(chemin)
    return trouvees


def ecrit_un_courrier(noeud: ast.AST) -> bool:
    """`Courrier(…)`, `Courrier.objects.create(…)` and its likes, `inserer_depuis(Courrier, …)`."""
    if not isinstance(noeud, ast.Call):
        return False
    if isinstance(noeud.func, ast.Name):
        premier = noeud.args[0] if noeud.args else None
        return noeud.func.id == "Courrier" or (isinstance(premier, ast.Name) and premier.id == "Courrier")
    methode = noeud.func.attr if isinstance(noeud.func, ast.Attribute) else ""
    return "create" in methode and any(isinstance(n, ast.Name) and n.id == "Courrier" for n in ast.walk(noeud.func))


def expedie(noeud: ast.AST) -> bool:
    """What Django sends mail with."""
    noms = {"django.core.mail"}
    if isinstance(noeud, ast.ImportFrom):
        return noeud.module in noms
    return isinstance(noeud, ast.Import) and any(alias.name in noms for alias in noeud.names)


def test_une_lettre_ne_s_ecrit_que_par_le_mecanisme() -> None:
    ecrivent = {nom_de(chemin) for chemin in PRODUIT for noeud in noeuds(chemin) if ecrit_un_courrier(noeud)}
    assert ecrivent == {"rebond/socle/courriers/envoi.py"}
    envoient = {nom_de(chemin) for chemin in PRODUIT for noeud in noeuds(chemin) if expedie(noeud)}
    assert envoient == {
        "rebond/socle/courriers/envoi.py",
        "rebond/socle/courriers/expedition.py",
    }


@pytest.mark.parametrize(
    "code",
    [
        "Courrier(cle=cle, texte='Bonjour')",
        "Courrier.objects.create(cle=cle)",
        "Courrier.objects.bulk_create(lettres)",
        "Courrier.objects.filter(cle=cle).get_or_create()",
        "inserer_depuis(Courrier, selection, {})",
    ],
)
def test_une_lettre_ecrite_a_cote_serait_trouvee(code: str) -> None:
    assert any(ecrit_un_courrier(noeud) for noeud in ast.walk(ast.parse(code)))


def test_aucune_adresse_de_page_n_est_tapee_a_la_main() -> None:
    tapees = {
        (nom_de(chemin), adresse)
        for chemin in PRODUIT
        if nom_de(chemin) not in SANS_DJANGO
        for texte in textes(chemin)
        for adresse in adresses_tapees(texte)
    }
    assert tapees == set()
    assert {nom for nom, source in les_gabarits().items() if adresses_tapees(source) or "://" in source} == set()


def test_une_adresse_tapee_a_la_main_serait_trouvee() -> None:
    assert adresses_tapees("Suivre votre dossier : {adresse}/candidatures/") == ["/candidatures/"]
    assert adresses_tapees("http://1/instruction/dossiers/1/messages/") == ["/instruction/dossiers/1/messages/"]


def test_l_adresse_du_portail_n_a_qu_un_lecteur() -> None:
    lisent = {nom_de(chemin) for chemin in PRODUIT if "ADRESSE_PUBLIQUE" in chemin.read_text()}
    assert lisent == CONNAISSENT_L_ADRESSE


def test_chaque_gabarit_sert_et_chaque_lettre_a_le_sien() -> None:
    cites = {texte for chemin in PRODUIT for texte in textes(chemin)}
    assert {nom for nom in cites & set(les_gabarits()) if "/" in nom} == les_lettres()


def test_chaque_lettre_a_un_essai_qui_la_lit_en_entier() -> None:
    """`lue("depot/accuse", …)` compares the whole subject and the whole body."""
    essais = "".join(chemin.read_text() for chemin in (RACINE / "tests").rglob("test_*.py"))
    lues = set(re.findall(r'\b\w*lue\(\s*"(\w+/\w+)"', essais))
    assert lues == les_lettres()


def test_les_espaces_insecables_sont_dans_les_gabarits() -> None:
    fautes = {(nom, faute) for nom, source in les_gabarits().items() for faute in ESPACE_ORDINAIRE.findall(source)}
    assert fautes == set()


def test_un_paragraphe_tient_sur_une_ligne_de_son_gabarit() -> None:
    """A line that ends in the middle of a sentence would break there in every mail reader."""
    coupes = [
        (nom, ligne)
        for nom, source in les_gabarits().items()
        for ligne, suivante in zip(source.split("\n"), source.split("\n")[1:], strict=False)
        if re.search(r"[a-zé,’]$", ligne) and re.match(r"[a-zé]", suivante)
    ]
    assert coupes == []
