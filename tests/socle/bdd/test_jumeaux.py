"""Every rule that says it has a twin in Postgres has one, and a test that asks both."""

import ast
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.db import connection

from rebond.socle.bdd.jumeaux import jumeau_de

RACINE = Path(__file__).parents[3]
DES_NOTRES = ("rebond", "territoires", "candidatures", "projets")


def adresses(dossiers: Iterable[str], appel: str) -> Counter[str]:
    """The texts given to each call of `appel` (« jumeau_de », « mark.jumeau ») in the modules of these folders."""
    trouvees: Counter[str] = Counter()
    for module in (chemin for dossier in dossiers for chemin in (RACINE / dossier).rglob("*.py")):
        source = module.read_text()
        if "jumeau" not in source:
            continue
        for noeud in ast.walk(ast.parse(source)):
            if isinstance(noeud, ast.Call) and f".{ast.unparse(noeud.func)}".endswith(f".{appel}"):
                trouvees.update(mot.value for mot in noeud.args if isinstance(mot, ast.Constant))
    return trouvees


DECLAREES = adresses(DES_NOTRES, "jumeau_de")


def test_chaque_jumeau_declare_a_un_essai_et_chaque_essai_un_jumeau() -> None:
    assert set(adresses(["tests"], "mark.jumeau")) == set(DECLAREES)
    assert len(DECLAREES) > 20


def test_une_regle_de_postgres_n_a_qu_un_jumeau() -> None:
    assert [adresse for adresse, fois in DECLAREES.items() if fois > 1] == []


@pytest.mark.parametrize("adresse", sorted(DECLAREES))
def test_le_jumeau_existe(db: None, adresse: str) -> None:
    lieu, _, nom = adresse.rpartition(":")
    if lieu != "postgres":
        jumeau = resolve_name(adresse)
        # A piece of SQL, a function, or an expression.
        assert isinstance(jumeau, str) or callable(jumeau) or attrgetter("resolve_expression")(jumeau)
        return
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (proname = %s OR proname ~ %s OR prosrc LIKE %s))"
            " + (SELECT count(*) FROM pg_constraint WHERE conname = %s)",
            [nom, f"^pgtrigger_{nom}_[0-9a-f]{{5}}$", f"%'{nom}'%", nom],
        )
        assert curseur.fetchone()[0] > 0


def test_un_jumeau_sans_adresse_n_en_est_pas_un() -> None:
    with pytest.raises(ValueError, match="adresse"):
        jumeau_de()
