"""A refusal is worded once, by the rule that act, page and button ask; no template knows a state by its spelling."""

import ast
import enum
import html
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

RACINE = Path(__file__).resolve().parents[2]
COMPARAISON = re.compile(
    r"""(?:==|!=|\bin)\s+(["'])(?P<apres>.*?)\1|(["'])(?P<avant>[^"']*)\3\s+(?:==|!=|(?:not\s+)?in\b)"""
)
BALISE = re.compile(r"{%.*?%}", re.DOTALL)


def valeurs() -> set[str]:
    """The spellings of every state, kind, sense or quality of ours."""
    trouvees: set[str] = set()
    for classe in toutes(enum.Enum):
        if classe.__module__.partition(".")[0] in {"candidatures", "projets", "territoires", "rebond"}:
            trouvees |= {str(membre.value) for membre in classe}
    return trouvees


def toutes(classe: type) -> Iterator[type]:
    for fille in classe.__subclasses__():
        yield fille
        yield from toutes(fille)


def comparees(gabarit: str) -> set[str]:
    """The words that the tags of a template compare something with."""
    trouvees = [m for balise in BALISE.findall(gabarit) for m in COMPARAISON.finditer(balise)]
    return {mot for m in trouvees for mot in re.split(r"[\s,]+", m["apres"] or m["avant"] or "")}


def test_aucun_gabarit_ne_compare_un_etat_a_un_texte() -> None:
    assert apps.ready
    connues = valeurs() - {""}
    assert {"brouillon", "laureate", "porteur", "abandonne"} <= connues
    gabarits = [fichier for fichier in (RACINE / "templates").rglob("*") if fichier.suffix in {".html", ".txt"}]
    assert len(gabarits) > 200
    fautes = {
        f"{fichier.relative_to(RACINE / 'templates')}: {texte}"
        for fichier in gabarits
        for texte in comparees(fichier.read_text()) & connues
    }
    assert fautes == set()


@pytest.mark.parametrize(
    "faute",
    [
        '{% if a.etat == "brouillon" %}',
        "{% if 'brouillon' != a.etat %}",
        '{% elif x and etat == "brouillon" %}',
        '{% if etat in "brouillon" %}',
        '{% if "brouillon" not in etats %}',
        '{% if x\n and etat == "brouillon" %}',
    ],
)
def test_une_comparaison_serait_vue(faute: str) -> None:
    assert comparees(faute) == {"brouillon"}


def test_une_comparaison_a_plusieurs_textes_serait_vue() -> None:
    assert comparees('{% if etat in "brouillon deposee" %}') == {"brouillon", "deposee"}


PAGES = sorted([*RACINE.glob("*/pages/**/*.py"), *(RACINE / "rebond").glob("*/views*.py")])
# What ends in the refusal of an act, with a text.
REFUSENT = {"RegleEnfreinte", "EcheanceDepassee", "ValidationError", "exiger", "add_error"}


def refus_ecrits(source: str) -> list[str]:
    """The refusals that a module words itself, there or under a name: `RegleEnfreinte("…")`, `exiger(…, NON)`."""
    arbre = ast.parse(source)
    nommes = {
        cible.id
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Assign | ast.AnnAssign | ast.NamedExpr) and noeud.value and ecrit(noeud.value)
        for cible in (noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target])
        if isinstance(cible, ast.Name)
    }
    return [
        ast.unparse(appel)
        for appel in ast.walk(arbre)
        if isinstance(appel, ast.Call)
        and (getattr(appel.func, "id", "") or getattr(appel.func, "attr", "")) in REFUSENT
        and any(ecrit(n) or (isinstance(n, ast.Name) and n.id in nommes) for n in appel.args)
    ]


def ecrit(noeud: ast.AST) -> bool:
    """Whether an expression is a text written there, or may be."""
    if isinstance(noeud, ast.IfExp | ast.BoolOp | ast.BinOp):
        return any(ecrit(enfant) for enfant in ast.iter_child_nodes(noeud))
    return isinstance(noeud, ast.JoinedStr) or (
        isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and bool(noeud.value)
    )


def test_aucune_page_ne_dit_un_refus_a_la_place_de_la_regle() -> None:
    assert len(PAGES) > 40
    assert {str(m.relative_to(RACINE)): dits for m in PAGES if (dits := refus_ecrits(m.read_text()))} == {}


@pytest.mark.parametrize(
    "faute",
    [
        'raise RegleEnfreinte("Non.")',
        'raise RegleEnfreinte(f"Non, {x}.")',
        'exiger(request, "Non.")',
        'exiger(request, None if x else "Non.")',
        'NON = "Non."\nraise RegleEnfreinte(NON)',
        'if refus := "" if x else "Non.":\n    raise erreurs.RegleEnfreinte(refus)',
        'formulaire.add_error(None, "Non.")',
    ],
)
def test_un_refus_ecrit_dans_une_page_serait_vu(faute: str) -> None:
    assert refus_ecrits(faute)


@pytest.mark.parametrize("juste", ["raise RegleEnfreinte(refus)", "exiger(request, regles.empechement(x))"])
def test_le_refus_d_une_regle_n_est_pas_une_faute(juste: str) -> None:
    assert refus_ecrits(juste) == []


def phrases(source: str) -> set[str]:
    """The French sentences of a module, docstrings apart, whatever their spaces and whatever is put in them."""
    arbre = ast.parse(source)
    muets = {id(n.value) for n in ast.walk(arbre) if isinstance(n, ast.Expr)}
    muets |= {id(v) for n in ast.walk(arbre) if isinstance(n, ast.JoinedStr) for v in n.values}
    trouvees: set[str] = set()
    for noeud in ast.walk(arbre):
        if id(noeud) in muets:
            continue
        if isinstance(noeud, ast.JoinedStr):
            morceaux = [v.value if isinstance(v, ast.Constant) else "{}" for v in noeud.values]
            trouvees.add("".join(str(morceau) for morceau in morceaux))
        elif isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
            trouvees.add(noeud.value)
    nettes = {re.sub(r"\s+", " ", phrase).strip() for phrase in trouvees}
    return {phrase for phrase in nettes if re.fullmatch(r"[A-ZÀÉÊ{].{20,}[.»]", phrase) and " " in phrase}


def test_les_phrases_d_un_module_se_lisent_sans_leurs_espaces() -> None:
    source = '"""Une docstring qui ne compte pas."""\nA = "Ce dossier est\\u00a0: clos."\n'
    source += 'B = f"Il reste {n}\\u202feuros ici."'
    assert phrases(source) == {"Ce dossier est : clos.", "Il reste {} euros ici."}


# What judges or acts. Models are apart: what their constraints say is kept in migrations.
JUGENT = {"regles", "requetes", "actions", "etats", "forms"}
DEUX_FOIS = {
    "Choisissez un fichier.": "an empty field, not an act",
    "Les chiffres des jours précédents ne changent pas.": "a help, not a refusal",
    "Par exemple « Cambrai », « 59400 » ou « 200 068 500 ».": "a help, not a refusal",
}


def test_chaque_refus_se_dit_a_un_seul_endroit() -> None:
    """A sentence that an act, a rule or a form says is written in one module, and no page writes it again."""
    ou: dict[str, set[str]] = defaultdict(set)
    for module in sorted([*RACINE.glob("candidatures/**/*.py"), *RACINE.glob("projets/**/*.py")]):
        nom = module.relative_to(RACINE)
        if JUGENT & {*nom.parts, nom.stem} or "pages" in nom.parts:
            for phrase in phrases(module.read_text()):
                ou[phrase].add(str(nom))
    assert len(ou) > 250
    assert {phrase: modules for phrase, modules in ou.items() if len(modules) > 1 and phrase not in DEUX_FOIS} == {}


def test_aucun_gabarit_ne_redit_un_refus() -> None:
    """A page shows the sentence that the rule answers; of what rules, tables and reads say, no template says any."""
    regles = [
        module
        for paquet in ("candidatures", "projets")
        for module in (RACINE / paquet).rglob("*.py")
        if module.stem in {"regles", "etats", "requetes"}
    ]
    dites = {phrase for module in regles for phrase in phrases(module.read_text())}
    assert len(dites) > 60
    fautes = {
        f"{fichier.relative_to(RACINE / 'templates')}: {phrase}"
        for fichier in (RACINE / "templates").rglob("*")
        # A letter tells what was done; it refuses nothing.
        if fichier.suffix == ".html"
        for phrase in dites
        if ecrite(phrase, lisible(fichier.read_text()))
    }
    assert fautes == set()


def lisible(gabarit: str) -> str:
    """What a reader reads of a template: neither tags nor the kind of its spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", gabarit)))


def ecrite(phrase: str, texte: str) -> bool:
    """Whether `texte` says `phrase`, or at least what it says before the first thing that is put in it."""
    debut = phrase.partition("{}")[0].partition(" (")[0].rstrip()
    return len(debut) > 20 and debut in texte


def test_un_refus_redit_dans_un_gabarit_serait_vu() -> None:
    texte = lisible("<p>Cette mission n’est pas en cours&nbsp;: son <b>équipe</b>\n ne change pas.</p>")
    assert ecrite("Cette mission n’est pas en cours : {}.", texte)
    assert ecrite("L’équipe ne change pas de sitôt (état : {}).", "L’équipe ne change pas de sitôt.")
    assert not ecrite("Cette mission est close.", texte)


def test_aucun_acte_ne_redit_la_phrase_d_une_contrainte() -> None:
    """It is read where the model says it (`phrases_de`); what says more, to whom it concerns, is another sentence."""
    dites = {
        re.sub(r"\s+", " ", str(contrainte.violation_error_message))
        for modele in apps.get_models()
        for contrainte in modele._meta.constraints
        if contrainte.violation_error_message != contrainte.default_violation_error_message
    }
    assert len(dites) > 30
    modules = [
        m for paquet in ("candidatures", "projets", "rebond", "territoires") for m in (RACINE / paquet).rglob("*.py")
    ]
    fautes = {
        f"{module.relative_to(RACINE)}: {phrase}"
        for module in modules
        if "migrations" not in module.parts and "violation_error_message" not in module.read_text()
        for phrase in phrases(module.read_text()) & dites
    }
    assert fautes == set()


# Facts that a rule tells, which refuse nothing by themselves.
FAITS = {
    "contact_joignable",
    "deja_propose",
    "desaccord",
    "derniere_minute",
    "est_copiable",
    "est_en_retard",
    "grace_ecoulee",
    "hote_joignable",
    "motif_suffisant",
    "peut_echanger",
    "recu_a_temps",
    "remplie",
}


def test_une_regle_repond_une_phrase_ou_rien() -> None:
    """An act asks a predicate why not, never whether: the sentence comes with the answer."""
    autres: set[str] = set()
    mal_dits: set[str] = set()
    for module in [*RACINE.glob("candidatures/**/*.py"), *RACINE.glob("projets/**/*.py")]:
        regles = module.stem == "regles"
        for noeud in ast.walk(ast.parse(module.read_text())):
            if not isinstance(noeud, ast.FunctionDef):
                continue
            rend = ast.unparse(noeud.returns) if noeud.returns else ""
            if noeud.name.startswith("empechement") and rend != "str | None":
                mal_dits.add(f"{module.relative_to(RACINE)} {noeud.name}")
            if regles and rend == "bool":
                autres.add(noeud.name)
    assert (mal_dits, autres) == (set(), FAITS)
