"""The three-way merge, on its own: no answer disappears without a conflict."""

from hypothesis import given
from hypothesis import strategies as st

from candidatures.dossier.completude import est_vide
from candidatures.dossier.fusion import Conflit, fusionner

CLES = ("a", "b", "c")
VALEURS = st.sampled_from(["", None, "une", "deux", "trois", 1, ["x"], []])
REPONSES = st.dictionaries(st.sampled_from(CLES), VALEURS)


def egales(une: object, autre: object) -> bool:
    return une == autre or (est_vide(une) and est_vide(autre))


@given(base=REPONSES, enregistrees=REPONSES, miennes=REPONSES)
def test_chaque_changement_est_garde_ou_signale(base: dict, enregistrees: dict, miennes: dict) -> None:
    fusion = fusionner(CLES, base=base, enregistrees=enregistrees, miennes=miennes)
    en_conflit = {conflit.cle for conflit in fusion.conflits}
    for cle in CLES:
        depart, leur, mienne = base.get(cle), enregistrees.get(cle), miennes.get(cle)
        j_ai_change, ils_ont_change = not egales(mienne, depart), not egales(leur, depart)
        assert (cle in en_conflit) == (j_ai_change and ils_ont_change and not egales(leur, mienne))
        if j_ai_change:
            assert egales(fusion.reponses[cle], mienne)
        elif ils_ont_change:
            assert egales(fusion.reponses[cle], leur)
            assert cle in fusion.des_autres
        else:
            assert egales(fusion.reponses[cle], depart)


@given(base=REPONSES, miennes=REPONSES)
def test_seul_on_garde_tout_ce_que_l_on_a_saisi(base: dict, miennes: dict) -> None:
    fusion = fusionner(CLES, base=base, enregistrees=base, miennes=miennes)
    assert fusion.conflits == ()
    assert all(egales(fusion.reponses[cle], miennes.get(cle)) for cle in CLES)


def test_un_conflit_dit_les_deux_reponses() -> None:
    fusion = fusionner(CLES, base={"a": "0"}, enregistrees={"a": "1"}, miennes={"a": "2"})
    assert fusion.conflits == (Conflit("a", "1", "2"),)
