"""The passages between the states of a wave and of its extensions: written apart from the code."""

from candidatures.vagues.etats import ETATS_DE_VAGUE_TENUS_SECRETS, TRANSITIONS_PROLONGATION, TRANSITIONS_VAGUE

VAGUE = {
    "suspendre": ({"prevue"}, "suspendue"),
    "retablir": ({"suspendue"}, "prevue"),
    "clore": ({"prevue"}, "en_instruction"),
    "labelliser": ({"en_instruction"}, "labellisee"),
    "annoncer": ({"labellisee"}, "publiee"),
}
PROLONGATION = {
    "accorder": ({"proposee"}, "accordee"),
    "ecarter": ({"proposee"}, "ecartee"),
    "terminer": ({"accordee"}, "close"),
}


def test_une_vague_ne_passe_que_par_ces_passages() -> None:
    assert {acte: (set(p.sources), p.cible) for acte, p in TRANSITIONS_VAGUE.items()} == VAGUE


def test_une_prolongation_ne_passe_que_par_ces_passages() -> None:
    assert {acte: (set(p.sources), p.cible) for acte, p in TRANSITIONS_PROLONGATION.items()} == PROLONGATION


def test_des_decisions_prises_ne_se_voient_pas_dans_l_etat_de_la_vague() -> None:
    assert {"labellisee", "publiee"} == ETATS_DE_VAGUE_TENUS_SECRETS
