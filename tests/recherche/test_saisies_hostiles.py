"""What an enemy, or a cat on a keyboard, types in the search: the page answers, and to everybody."""

from urllib.parse import quote

import pytest
from django.test import Client

from rebond.recherche.demande import MOTS_MAX, SIGNES_MAX, lire
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
SAISIES = [
    *("0000", "0001", "9999", "vague 0000", "vague 9999", "depot 0", "vague 999", "0", "00", "000", "janvier 0000"),
    *("R0-0", "R0000-000000000", "R9999-999999999", "R9999999999999999", "r1-1 ", "R 1 4 - 0 0 4 2", "ſ1-1", "Ｒ1-1"),
    *("\u0661\u0662", "٢٠٠٠٦٨٥٠٠", "²³", "①②", "Ⅳ", "ﬁn", "ß", "İstanbul", "ŉ", "\u0345a", "e\u0301" * 50, "ǆ"),
    *("a'b''c", "'usine':*", "usine:A", "\\'usine\\'", "usine\\", "!!usine", "<2>", "a<->b", "''", "$$", "E'\\x41'"),
    *("%s", "%(a)s", "{0}", "{{ moi }}", "{% load x %}", "../../etc/passwd", "a\u2028b", "a\u202eb", "\ud800usine"),
    *("https://exemple.fr/a?b=c#d", "a@b.fr", "<b>usine</b>", "&lt;", "-usine", "usine-", "l'", "d’", "1e9", "0x41"),
    *("a" * 100, "é" * 100, "ab " * 33, "1 " * 50, "." * 100, "ﷺ" * 100, "ﬃ" * 100, "㍿" * 50),
]


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.PRESSE, Role.EXPERT, None])
def test_quoi_que_l_on_tape_la_page_repond_a_chacun(role: Role | None) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(f.un_agent(role) if role else f.un_utilisateur())
    f.une_vague()
    # A lone surrogate is sent as bytes that are no text.
    reponses = {
        saisie: client.get(f"/recherche/?q={quote(saisie.encode('utf-8', 'surrogatepass'))}") for saisie in SAISIES
    }
    assert {saisie for saisie, reponse in reponses.items() if reponse.status_code != 200} == set()
    assert {saisie for saisie, reponse in reponses.items() if b"<b>usine" in reponse.content} == set()


def test_un_agrandissement_par_la_normalisation_reste_borne() -> None:
    """Some signs become eighteen letters."""
    lues = [lire(saisie.encode("utf-8", "replace").decode()) for saisie in SAISIES]
    assert max(len(lue.mots) for lue in lues) == MOTS_MAX
    assert max(len(lue.saisie) for lue in lues) == SIGNES_MAX
