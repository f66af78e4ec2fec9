"""The three-way merge, on its own: no answer disappears without a conflict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidatures.cahier import Choix, Question, Type
from candidatures.dossier.completude import est_vide
from candidatures.dossier.fusion import Conflit, fusionner, reunir

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


TEXTE = Question("texte", "Texte", Type.TEXTE_LONG)
CASES = Question("cases", "Cases", Type.CHOIX_MULTIPLE, choix=tuple(Choix(cle, cle) for cle in "abc"))
TABLEAU = Question("tableau", "Tableau", Type.BLOC, champs=(Question("nom", "Nom"),), ligne="Ligne", maximum=3)


@pytest.mark.parametrize(
    ("question", "une", "autre", "ensemble"),
    [
        (TEXTE, "Une friche", "Une gare", "Une friche\n\nUne gare"),
        (TEXTE, "Une gare", "Une gare et une friche", "Une gare et une friche"),
        (TEXTE, "Une gare", "", None),
        (CASES, ["c"], ["a", "c"], ["a", "c"]),
        (TABLEAU, [{"nom": "A"}], [{"nom": "A"}, {"nom": "B"}], [{"nom": "A"}, {"nom": "B"}]),
        (TABLEAU, [{"nom": "A"}, {"nom": "B"}], [{"nom": "C"}, {"nom": "D"}], None),
        (Question("nombre", "Nombre", Type.ENTIER), 1, 2, None),
        (Question("nom", "Nom"), "Ana", "Bob", None),
    ],
)
def test_deux_reponses_se_reunissent_quand_cela_a_un_sens(question, une, autre, ensemble) -> None:
    assert reunir(question, une, autre) == ensemble
