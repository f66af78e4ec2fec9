"""The passages between the states of a report: written apart from the code."""

from projets.rapport.etats import TRANSITIONS_RAPPORT

PASSAGES = {
    "commencer": ({"demande", "en_cours"}, "en_cours"),
    "terminer": ({"en_cours"}, "pret"),
    "echouer": ({"en_cours"}, "echec"),
    "relancer": ({"echec"}, "demande"),
}


def test_un_rapport_ne_passe_que_par_ces_passages() -> None:
    assert {acte: (set(p.sources), p.cible) for acte, p in TRANSITIONS_RAPPORT.items()} == PASSAGES
