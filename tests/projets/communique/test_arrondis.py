"""What a release prints of a number, read back by an independent reader: true, on its side, within its bound."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projets.communique.arrondis import a_la_centaine, approcher, en_millions

UNITES = {"": 1, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
MONTANT = re.compile(
    r"(?:(?P<mot>plus de|près de) )?(?P<nombre>\d{1,3}(?: \d{3})*)(?:,(?P<decimales>\d{1,2}))?"
    r"(?: (?P<unite>millions?|milliards?) d’euros| (?P<euros>euros?))"
)
EMPLOIS = re.compile(r"(?:(?P<mot>plus de|près de) )?(?P<nombre>une|aucune|\d{1,3}(?: \d{3})*) (?P<nom>créations?)")
# Any size is as likely as another, and the neighbourhood of round numbers likelier than elsewhere.
VALEURS = st.one_of(
    st.integers(0, 10**12),
    st.integers(0, 12).flatmap(lambda rang: st.integers(0, 10**rang)),
    st.builds(
        lambda chiffre, rang, ecart: min(max(chiffre * 10**rang + ecart, 0), 10**12),
        st.integers(1, 999),
        st.integers(0, 10),
        st.integers(-2, 2),
    ),
)


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def verifier(mot: str | None, dit: Fraction, valeur: int) -> None:
    if mot == "plus de":
        assert dit < valeur
        assert valeur - dit <= valeur * Fraction(5, 100)
    elif mot == "près de":
        assert dit > valeur
        assert dit - valeur <= valeur * Fraction(3, 100)
    else:
        assert dit == valeur


@settings(max_examples=400, deadline=None)
@given(VALEURS)
def test_un_montant_imprime_dit_vrai_dans_sa_borne(valeur: int) -> None:
    lu = MONTANT.fullmatch(lisible(en_millions(valeur)))
    assert lu is not None
    unite = lu["unite"] or ""
    entier, decimales = lu["nombre"].replace(" ", ""), lu["decimales"] or ""
    assert not decimales.endswith("0")
    quantite = Fraction(int(entier + decimales), 10 ** len(decimales))
    verifier(lu["mot"], quantite * UNITES[unite], valeur)
    # Agreement from two on, and no unit where a larger one would do.
    assert (unite or lu["euros"]).endswith("s") == (quantite >= 2)
    assert quantite < 1000 or unite.startswith("milliard") or (not unite and quantite < 10**6)


@settings(max_examples=300, deadline=None)
@given(VALEURS)
def test_des_emplois_imprimes_disent_vrai_dans_leur_borne(valeur: int) -> None:
    lu = EMPLOIS.fullmatch(lisible(a_la_centaine(valeur, "création", "créations")))
    assert lu is not None
    dit = {"une": 1, "aucune": 0}.get(lu["nombre"])
    verifier(lu["mot"], Fraction(int(lu["nombre"].replace(" ", "")) if dit is None else dit), valeur)
    assert lu["nom"].endswith("s") == (valeur >= 2)
    assert valeur >= 300 or not lu["mot"]


@pytest.mark.parametrize(
    ("valeur", "pas", "attendu"),
    [
        (304, 100, ("plus de", 300)),
        (350, 100, ("", 350)),
        (351, 100, ("plus de", 350)),
        (396, 100, ("près de", 400)),
        (388, 100, ("près de", 390)),
        (300, 100, ("", 300)),
        (0, 100, ("", 0)),
        (7, 1, ("", 7)),
        (286_340_000, 1_000_000, ("plus de", 286_000_000)),
        (286_500_001, 1_000_000, ("près de", 287_000_000)),
        # On either side of 5 % above a round number, then of 3 % below one.
        (10_526, 1_000, ("plus de", 10_000)),
        (10_527, 1_000, ("plus de", 10_500)),
        (10_680, 1_000, ("près de", 11_000)),
        (10_679, 1_000, ("près de", 10_700)),
    ],
)
def test_un_arrondi_prend_un_chiffre_de_plus_quand_il_est_trop_loin(
    valeur: int, pas: int, attendu: tuple[str, int]
) -> None:
    assert approcher(valeur, pas) == attendu


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        (286_340_000, "plus de 286 millions d’euros"),
        (5_000_000, "5 millions d’euros"),
        (1_000_000, "1 million d’euros"),
        (2_500_000, "2,5 millions d’euros"),
        (3_500_001, "plus de 3,5 millions d’euros"),
        (999_999, "près de 1 million d’euros"),
        (1_250_000_000, "1,25 milliard d’euros"),
        (1_234_567_890, "plus de 1,2 milliard d’euros"),
        (999_999_999, "près de 1 milliard d’euros"),
        (750_000, "750 000 euros"),
        (753_412, "plus de 753 000 euros"),
        (1, "1 euro"),
        (0, "0 euro"),
    ],
)
def test_les_montants_s_ecrivent_en_millions_et_en_milliards(montant: int, attendu: str) -> None:
    assert lisible(en_millions(montant)) == attendu


def test_le_singulier_et_le_pluriel_suivent_l_arrondi() -> None:
    assert a_la_centaine(1, "création", "créations") == "une\u00a0création"
    assert a_la_centaine(304, "création", "créations") == "plus de\u00a0300\u00a0créations"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (0, "aucune création"),
        (299, "299 créations"),
        (300, "300 créations"),
        (301, "plus de 300 créations"),
        (1_234, "plus de 1 200 créations"),
    ],
)
def test_les_emplois_se_disent_exactement_au_dessous_de_trois_cents(valeur: int, attendu: str) -> None:
    assert lisible(a_la_centaine(valeur, "création", "créations")) == attendu


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        (1_000_000_000, "1 milliard d’euros"),
        (1_050_000_000, "1,05 milliard d’euros"),
        (2_000_000_000, "2 milliards d’euros"),
        (1_500_000, "1,5 million d’euros"),
        (1_010_000, "1,01 million d’euros"),
        (1_001, "plus de 1 000 euros"),
        (999, "999 euros"),
        (2, "2 euros"),
    ],
)
def test_un_montant_garde_deux_decimales_au_plus_et_s_accorde(montant: int, attendu: str) -> None:
    assert lisible(en_millions(montant)) == attendu
