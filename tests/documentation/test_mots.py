"""One word for one thing, on screens, in letters and documents: the words that were given up do not come back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

RACINE = Path(__file__).resolve().parents[2]
PAQUETS = ("candidatures", "projets", "rebond", "territoires")
MARQUE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|<[^>]*>", re.DOTALL)
CITE = re.compile(r'"([^"\n]*)"')
#: What was said, and what is said.
ABANDONNES = {
    r"adresses? électroniques?": "adresse e-mail",
    r"courriels?\b": "e-mail",
    r"calendrier des relèves": "dates de dépôt",
    r"\bco-porteurs?\b": "coresponsable",
    r"\b(le|la|du|au|son|un|nouveau|ancien|autre|les|des) porteurs?\b": "responsable du dossier",
    r"\bconcours\b": "aide",
    r"ne plus attendre cette correction": "fermer la demande de correction",
    r"à constater\b": "à vérifier",
    r"suite donnée": "résultat",
    r"où en est-elle": "état",
    r"\bfig(er|ez|és?|ées?)\b": "arrêter le texte",
    r"motif du rectificatif": "raison de la correction",
    r"ce champ est obligatoire": "ce que la question demande",
    r"vous serez contactée?": "nous vous contacterons",
    r"en l’état, personne": "tant qu’il n’est pas déposé, personne",
    r"l’instant qui compte": "cliquez sur « Déposer » avant l’heure de clôture",
    r"à quelle heure outre-mer": "l’heure de clôture outre-mer",
    r"consultants?\b": "experts",
}
#: Where the word is not the one that was given up: what a database keeps, or another thing of the same name.
PERMIS = {
    "templates/candidatures/administration/cahier/cahier.html": {"figé"},
    # The message of a trigger, which nobody reads: the refusal is worded by its name.
    "candidatures/instruction/saisine/gardes.py": {"figés"},
    "candidatures/vagues/regles.py": {"figé"},
}
FAUTES = [re.compile(motif, re.IGNORECASE) for motif in ABANDONNES]
#: What is shown beside a file or a deposit has one name, whoever reads it. That of a procès-verbal is another thing:
#: the root of a tree.
EMPREINTE = re.compile(r"empreintes? sha-256", re.IGNORECASE)
DES_PROCES_VERBAUX = {"candidatures/instruction/proces_verbal.html", "candidatures/cloture/proces_verbal.html"}
#: Agents say « vague »; whoever applies, and the public, read « période de dépôt ».
VAGUE = re.compile(r"\bvagues?\b", re.IGNORECASE)
LUS_PAR_LES_TERRITOIRES = (
    *("candidatures/commun", "candidatures/depot", "candidatures/dossier", "candidatures/liens"),
    *("candidatures/public", "candidatures/territoire", "composants", "courriers", "portail"),
)
#: A wave written whole is « Vague 14 »; `periode` says it otherwise.
VAGUE_ENTIERE = re.compile(r"{{ ?(vague|ouverte|courante|prochaine) ?}}")
DITES_AUX_AGENTS = {"Ajourner à une prochaine vague"}
LETTRES_AUX_AGENTS = {"cloture_agents.txt", "ouverture_agents.txt", "prolongation_agents.txt"}
LETTRES_AUX_AGENTS |= {"dossiers_confies.txt", "dossiers_repris.txt", "rappel_de_phase.txt"}
PHRASES_DES_TERRITOIRES = (
    *("candidatures/calendrier/flux.py", "candidatures/depot", "candidatures/dossier", "candidatures/pages/public"),
    *("candidatures/pages/territoire", "rebond/portail/appel", "rebond/portail/listes.py"),
)


def textes_d_un_gabarit(source: str) -> Iterator[str]:
    yield MARQUE.sub(" ", source)
    for balise in MARQUE.findall(source):
        if balise.startswith(("{%", "{{", "<")):
            yield from (MARQUE.sub(" ", cite) for cite in CITE.findall(balise))


def textes_d_un_module(source: str) -> Iterator[str]:
    """What is written for people: strings with a space, but the docstrings; those of an f-string, part by part."""
    arbre = ast.parse(source)
    muets = {
        id(noeud.body[0].value)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    for noeud in ast.walk(arbre):
        if not isinstance(noeud, ast.Constant) or not isinstance(noeud.value, str) or id(noeud) in muets:
            continue
        if re.search(r"\s", noeud.value.strip()) and "SELECT" not in noeud.value and "NEW." not in noeud.value:
            yield noeud.value


def fautes(textes: Iterator[str]) -> set[str]:
    return {trouve[0].casefold() for texte in textes for faute in FAUTES for trouve in faute.finditer(texte)}


def test_les_mots_abandonnes_ne_reviennent_pas() -> None:
    ecrits = [f for f in (RACINE / "templates").rglob("*") if f.suffix in {".html", ".txt"}]
    modules = [
        f
        for paquet in PAQUETS
        for f in (RACINE / paquet).rglob("*.py")
        if "migrations" not in f.relative_to(RACINE).parts
    ]
    assert len(ecrits) > 200
    assert len(modules) > 300
    lus = {f: textes_d_un_gabarit(f.read_text()) for f in ecrits} | {
        f: textes_d_un_module(f.read_text()) for f in modules
    }
    revenus = {}
    for fichier, textes in lus.items():
        nom = str(fichier.relative_to(RACINE))
        if trouves := fautes(textes) - PERMIS.get(nom, set()):
            revenus[nom] = sorted(trouves)
    assert revenus == {}


def gabarits(*dossiers: str) -> dict[str, str]:
    racine = RACINE / "templates"
    return {
        str(f.relative_to(racine)): " ".join(textes_d_un_gabarit(f.read_text()))
        for dossier in dossiers
        for f in sorted((racine / dossier).rglob("*"))
        if f.suffix in {".html", ".txt"}
    }


def test_un_fichier_et_un_depot_ont_un_code_de_verification() -> None:
    lus = gabarits("")
    assert len(lus) > 200
    assert {nom for nom, texte in lus.items() if EMPREINTE.search(texte)} - DES_PROCES_VERBAUX == set()


def test_qui_candidate_et_le_public_lisent_periode_de_depot() -> None:
    lus = gabarits(*LUS_PAR_LES_TERRITOIRES)
    assert len(lus) > 150
    restes = {nom for nom, texte in lus.items() if VAGUE.search(texte) and Path(nom).name not in LETTRES_AUX_AGENTS}
    assert restes == set()
    sources = {nom: (RACINE / "templates" / nom).read_text() for nom in lus if nom.endswith(".html")}
    assert {nom for nom, source in sources.items() if VAGUE_ENTIERE.search(source)} == set()
    modules = [
        f
        for chemin in PHRASES_DES_TERRITOIRES
        for f in ([RACINE / chemin] if chemin.endswith(".py") else sorted((RACINE / chemin).rglob("*.py")))
    ]
    assert len(modules) > 80
    phrases = {
        str(f.relative_to(RACINE)): [
            dit
            for dit in textes_d_un_module(f.read_text())
            if VAGUE.search(dit) and "RAISE" not in dit and dit not in DITES_AUX_AGENTS
        ]
        for f in modules
    }
    assert {nom: dites for nom, dites in phrases.items() if dites} == {}


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("<p>Vous recevrez un courriel.</p>", "courriel"),
        ('{% include "a.html" with texte="Une adresse électronique manque" %}', "adresse électronique"),
        ('<a title="Le nouveau porteur du dossier">', "nouveau porteur"),
    ],
)
def test_un_mot_abandonne_serait_vu_dans_un_gabarit(texte: str, faute: str) -> None:
    assert faute in fautes(textes_d_un_gabarit(texte))


def test_un_mot_abandonne_serait_vu_dans_un_module() -> None:
    source = 'class A:\n    """Un courriel."""\n    x = f"Le porteur {a} décide"\n    y = "courriel"\n'
    assert fautes(textes_d_un_module(source)) == {"le porteur"}


def test_ce_que_montre_un_choix_dit_e_mail_et_non_lettre() -> None:
    champs = (champ for modele in apps.get_models() for champ in modele._meta.concrete_fields)
    dits = {str(libelle) for champ in champs for _, libelle in champ.flatchoices}
    assert {dit for dit in dits if re.search(r"\blettres?\b", dit, re.IGNORECASE)} == set()
    assert "E-mails du droit et de la sécurité" in dits
