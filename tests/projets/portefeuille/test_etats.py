"""The passages between the states of a project: written apart from the code."""

from projets.portefeuille.etats import TRANSITIONS_PROJET

PASSAGES = {
    "qualifier": ({"detecte"}, "qualifie"),
    "orienter": ({"qualifie", "oriente"}, "oriente"),
    "deposer_demande": ({"oriente"}, "depose"),
    "accorder": ({"oriente", "depose"}, "accorde"),
    "refuser": ({"depose"}, "refuse"),
    "engager": ({"oriente", "accorde", "refuse"}, "engage"),
    "realiser": ({"engage"}, "realise"),
    "abandonner": (
        {"detecte", "qualifie", "oriente", "depose", "accorde", "refuse", "engage"},
        "abandonne",
    ),
}


def test_un_projet_ne_passe_que_par_ces_passages() -> None:
    assert {acte: (set(p.sources), p.cible) for acte, p in TRANSITIONS_PROJET.items()} == PASSAGES
