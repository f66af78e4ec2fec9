import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rebond.socle.texte.lettres import PETITS, en_lettres, euros_en_lettres

NEUFS = "neuf cent quatre-vingt-dix-neuf"
DIZAINES = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
GRANDS = {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}


def compter(lettres: str) -> int:
    """Reads words back, by adding and multiplying, with none of the tables of agreement."""
    total = tranche = 0
    for mot in lettres.replace("quatre-vingt", "huitante").replace("-", " ").split():
        if mot in {"et", "s"}:
            continue
        if mot in GRANDS:
            total, tranche = total + tranche * GRANDS[mot], 0
        elif mot == "mille":
            total, tranche = total + max(tranche, 1) * 1000, 0
        elif mot in {"cent", "cents"}:
            tranche = max(tranche, 1) * 100
        elif mot in {"huitante", "huitantes"}:
            tranche += 80
        else:
            tranche += DIZAINES[mot] if mot in DIZAINES else PETITS.index(mot)
    return total + tranche


@given(st.integers(0, 10**12 - 1) | st.integers(0, 2_000))
@example(17)
@example(1_017_018_019)
def test_les_mots_disent_le_nombre(quantite: int) -> None:
    assert compter(en_lettres(quantite)) == quantite


@pytest.mark.parametrize(
    ("quantite", "lettres"),
    [
        (0, "zéro"),
        (21, "vingt et un"),
        (71, "soixante et onze"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (91, "quatre-vingt-onze"),
        (200, "deux cents"),
        (201, "deux cent un"),
        (1_000, "mille"),
        (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"),
        (80_000_000, "quatre-vingts millions"),
        (1_250_050, "un million deux cent cinquante mille cinquante"),
        (
            999_999_999_999,
            f"{NEUFS} milliards {NEUFS} millions {NEUFS} mille {NEUFS}",
        ),
    ],
)
def test_les_accords_sont_ceux_de_l_academie(quantite: int, lettres: str) -> None:
    assert en_lettres(quantite) == lettres


@pytest.mark.parametrize(
    ("montant", "lettres"),
    [
        (0, "zéro euro"),
        (1, "un euro"),
        (1_000, "mille euros"),
        (5_000_000, "cinq millions d’euros"),
        (2_000_000_000, "deux milliards d’euros"),
        (5_000_001, "cinq millions un euros"),
    ],
)
def test_un_montant_se_dit_en_euros(montant: int, lettres: str) -> None:
    assert euros_en_lettres(montant) == lettres


@pytest.mark.parametrize("quantite", [-1, 10**12])
def test_hors_de_ces_bornes_rien_n_est_dit(quantite: int) -> None:
    with pytest.raises(ValueError, match=str(quantite)):
        en_lettres(quantite)
