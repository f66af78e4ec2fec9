"""A refusal is worded once, by the rule that act, page and button ask; no template knows a state by its spelling."""

import ast
import enum
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

RACINE = Path(__file__).resolve().parents[2]
COMPARAISON = re.compile(r"""(?:==|!=|\bin)\s+(["'])(?P<apres>.*?)\1|(["'])(?P<avant>[^"']*)\3\s+(?:==|!=)""")
BALISE = re.compile(r"{%.*?%}")


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
    """The texts that the tags of a template compare something with."""
    trouvees = [m for balise in BALISE.findall(gabarit) for m in COMPARAISON.finditer(balise)]
    return {m["apres"] or m["avant"] or "" for m in trouvees}


def test_aucun_gabarit_ne_compare_un_etat_a_un_texte() -> None:
    assert apps.ready
    connues = valeurs()
    assert {"brouillon", "laureate", "porteur", "abandonne"} <= connues
    # What Django and crispy call so themselves.
    fautes = {
        f"{fichier.relative_to(RACINE)}: {texte}"
        for fichier in (RACINE / "templates").rglob("*.html")
        if "dsfr" not in fichier.relative_to(RACINE).parts
        for texte in comparees(fichier.read_text()) & connues
    }
    assert fautes == set()


@pytest.mark.parametrize(
    "faute",
    ['{% if a.etat == "brouillon" %}', "{% if 'brouillon' != a.etat %}", '{% elif x and etat == "brouillon" %}'],
)
def test_une_comparaison_serait_vue(faute: str) -> None:
    assert comparees(faute) == {"brouillon"}


def refus_ecrits(source: str) -> list[str]:
    """The refusals that a module words itself: `RegleEnfreinte("…")`, `_exiger(…, "…")`."""
    return [
        ast.unparse(appel)
        for appel in ast.walk(ast.parse(source))
        if isinstance(appel, ast.Call)
        and getattr(appel.func, "id", "") in {"RegleEnfreinte", "EcheanceDepassee", "_exiger"}
        and any(isinstance(n, ast.JoinedStr | ast.Constant) for n in appel.args)
    ]


def test_aucune_page_ne_dit_un_refus_a_la_place_de_la_regle() -> None:
    pages = [*RACINE.glob("*/pages/**/*.py"), *(RACINE / "rebond").glob("*/views*.py")]
    assert len(pages) > 40
    assert {str(m.relative_to(RACINE)): dits for m in pages if (dits := refus_ecrits(m.read_text()))} == {}


@pytest.mark.parametrize(
    "faute", ['raise RegleEnfreinte("Non.")', 'raise RegleEnfreinte(f"Non, {x}.")', '_exiger(r, "Non.")']
)
def test_un_refus_ecrit_dans_une_page_serait_vu(faute: str) -> None:
    assert refus_ecrits(faute)
