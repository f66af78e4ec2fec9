"""The reader of numbers: what it understands, what it asks about, and a second reading of all that it accepts."""

import itertools
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rebond.socle.formulaires.champs_nombres import DecimalFr, EntierFr, MontantFr
from rebond.socle.texte.nombres import (
    DECIMAL,
    ENTIER,
    EUROS,
    Attente,
    NombreIllisible,
    ecrire,
    lire,
    lire_machine,
    verifier,
)

ATTENTES = (DECIMAL, ENTIER, EUROS)
HECTARES = Attente(unite="hectares")
EMPLOIS = Attente(entier=True, unite="emplois")
FACTEURS = {"": 1, "€": 1, "euros": 1, "k€": 1000, "K€": 1000, "k": 1000, "M€": 10**6, "M": 10**6, "Md€": 10**9}


def refus(saisie: str, attente: Attente) -> str:
    with pytest.raises(NombreIllisible) as erreur:
        lire(saisie, attente)
    return erreur.value.message.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("saisie", "attente", "valeur"),
    [
        ("1500000", EUROS, 1_500_000),
        ("1500000.00", EUROS, 1_500_000),
        ("1500000.0", EUROS, 1_500_000),
        ("1 500 000,00", EUROS, 1_500_000),
        ("1\u00a0500\u202f000 €", EUROS, 1_500_000),
        ("1\u2007500\u2009000", EUROS, 1_500_000),
        ("1’500'000", EUROS, 1_500_000),
        ("1.500.000,00 €", EUROS, 1_500_000),
        ("1,500,000.00", EUROS, 1_500_000),
        ("1.500.000", ENTIER, 1_500_000),
        ("3,000,000", EUROS, 3_000_000),
        ("\ufeff1500\u200b", EUROS, 1_500),
        (" \t1500\r\n", EUROS, 1_500),
        ("12 M€", EUROS, 12_000_000),
        ("12M", EUROS, 12_000_000),
        ("1,5 million d’euros", EUROS, 1_500_000),
        ("1,250 M€", EUROS, 1_250_000),
        ("1 234,5 k€", EUROS, 1_234_500),
        ("1.5 MEUR", EUROS, 1_500_000),
        ("1,2 Md€", EUROS, 1_200_000_000),
        ("500 mille euros", EUROS, 500_000),
        ("1 euro", EUROS, 1),
        ("1.250", ENTIER, 1_250),
        ("1.500 €", EUROS, 1_500),
        ("12,0", ENTIER, 12),
        ("1 250 emplois", EMPLOIS, 1_250),
        ("1 emploi", EMPLOIS, 1),
        ("−3", ENTIER, -3),
        ("+25", ENTIER, 25),
        ("-0", ENTIER, 0),
        ("007", ENTIER, 7),
        ("12.5", DECIMAL, Decimal("12.5")),
        ("1234.56", DECIMAL, Decimal("1234.56")),
        ("1234.567", DECIMAL, Decimal("1234.567")),
        ("1 234,567", DECIMAL, Decimal("1234.567")),
        ("0.125", DECIMAL, Decimal("0.125")),
        ("1,250", DECIMAL, Decimal("1.25")),
        ("12,5 ha", Attente(unite="ha"), Decimal("12.5")),
        ("1 hectare", HECTARES, 1),
    ],
)
def test_ce_qui_n_a_qu_un_sens_est_lu(saisie: str, attente: Attente, valeur: int | Decimal) -> None:
    assert lire(saisie, attente).valeur == valeur


@pytest.mark.parametrize(
    ("saisie", "attente", "attendu"),
    [
        ("1.5", EUROS, ": 1,5 € ou 1,5 M€ ?"),
        ("12,5", EUROS, ": 12,5 € ou 12,5 M€ ?"),
        ("2,0", EUROS, ": 2,0 € ou 2,0 M€ ?"),
        ("12.000", EUROS, "« 12.000 » peut se lire de deux façons : 12 000 ou 12 ?"),
        ("12.000 €", EUROS, ": 12 000 € ou 12 € ?"),
        ("12,000", ENTIER, ": 12 000 ou 12 ?"),
        ("-12.000", ENTIER, ": -12 000 ou -12 ?"),
        ("1,250", EUROS, ": 1 250 ou 1,25 ?"),
        ("1.250", DECIMAL, ": 1 250 ou 1,25 ?"),
        ("1.250 M€", EUROS, ": 1 250 M€ ou 1,25 M€ ?"),
        ("1 234.000", EUROS, ": 1 234 000 ou 1 234 ?"),
        ("12 m€", EUROS, ": 12 k€ ou 12 M€ ?"),
        ("12,50 €", EUROS, "Les montants sont en euros entiers : 12 € ou 13 € ?"),
        ("12500.50", EUROS, "Les montants sont en euros entiers : 12 500 € ou 12 501 € ?"),
        ("1,2345678 M€", EUROS, "Les montants sont en euros entiers : 1 234 567 € ou 1 234 568 € ?"),
        ("12,5", ENTIER, "Un nombre entier est attendu, sans virgule : 12 ou 13 ?"),
        ("-12,5", ENTIER, "Un nombre entier est attendu, sans virgule : -13 ou -12 ?"),
        ("9" * 19, ENTIER, "Ce nombre est trop grand : vérifiez-le."),
        ("9" * 12 + " Md€", EUROS, "Ce nombre est trop grand : vérifiez-le."),
        ("0,1234567", DECIMAL, "trop de décimales : 6 au plus"),
        ("15 00 000", EUROS, "« 15 00 000 » ne se lit pas : groupez les chiffres par trois"),
        ("1 500'000", EUROS, "groupez les chiffres par trois"),
        ("0 500", ENTIER, "groupez les chiffres par trois"),
        ("1,2,3", DECIMAL, "n’écrivez qu’une virgule, par exemple « 12,5 »"),
        ("12 $", EUROS, "« $ » n’est pas compris : écrivez le montant en euros, en k€ (milliers) ou en M€ (millions)"),
        ("12 ha", ENTIER, "Écrivez le nombre seul, sans « ha »"),
        ("12 s", DECIMAL, "Écrivez le nombre seul, sans « s »"),
        ("env. 3 000 000", EUROS, "Il faut un seul montant, en chiffres et sans autre mot, par exemple « 1 500 000 »"),
        ("1 à 2 M€", EUROS, "Il faut un seul montant"),
        ("1-2", ENTIER, "Il faut un seul nombre entier"),
        ("1e6", ENTIER, "Il faut un seul nombre entier"),
        ("1²", ENTIER, "Écrivez le nombre seul, sans « ² »"),
        ("١٢", ENTIER, "Il faut un seul nombre entier"),
        ("beaucoup", DECIMAL, "Il faut un seul nombre, en chiffres et sans autre mot, par exemple « 12,5 »"),
        ("12\n500", ENTIER, "Il faut un seul nombre entier"),
        ("1" + "0" * 200, ENTIER, "Il faut un seul nombre entier"),
        ("\u202e12", ENTIER, "Un caractère invisible inverse l’ordre des chiffres"),
        ("nc", EUROS, "« nc » n’est pas un nombre."),
        ("–", ENTIER, "« - » n’est pas un nombre."),
        ("à préciser", EUROS, "« à préciser » n’est pas un nombre."),
        ("Néant", ENTIER, "S’il n’y en a pas, écrivez 0 en chiffre."),
    ],
)
def test_le_reste_est_refuse_avec_ce_qu_il_pourrait_vouloir_dire(saisie: str, attente: Attente, attendu: str) -> None:
    assert attendu in refus(saisie, attente)


@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-2_000_000, 2_000_000), st.sampled_from(ATTENTES))
def test_un_entier_ecrit_se_relit_le_meme(valeur: int, attente: Attente) -> None:
    assert lire(ecrire(valeur), attente).valeur == valeur


@given(st.decimals(-(10**15), 10**15, places=6) | st.decimals(-2000, 2000, places=3) | st.decimals(0, 99, places=1))
def test_un_decimal_ecrit_se_relit_le_meme_avec_ses_zeros(valeur: Decimal) -> None:
    lue = lire(ecrire(valeur)).valeur
    assert (lue, lue.as_tuple().exponent) == (valeur, valeur.as_tuple().exponent)


def lectures(saisie: str) -> set[tuple[Fraction, str]]:
    """Every way to read a text, one character after the other, with the decimal mark that each supposes."""
    visibles = "".join(s for s in saisie if unicodedata.category(s) not in {"Cf", "Cc"}).strip()
    signe = -1 if visibles[:1] in "-−–" and visibles[:1] else 1
    nu = visibles.lstrip("+-−– ")
    fin = max((rang for rang, s in enumerate(nu) if s.isdigit()), default=-1) + 1
    unite = "".join(s for s in nu[fin:] if unicodedata.category(s) != "Zs")
    if not fin or unite not in FACTEURS:
        return set()
    morceaux, separateurs = [""], []
    for est_chiffre, groupe in itertools.groupby(nu[:fin], str.isdigit):
        if est_chiffre:
            morceaux[-1] = "".join(groupe)
        else:
            vus = {" " if unicodedata.category(s) == "Zs" else "'" if s in "'’" else s for s in groupe}
            separateurs.append("".join(sorted(vus)))
            morceaux.append("")
    return {(signe * valeur * FACTEURS[unite], marque) for valeur, marque in _supposer(morceaux, separateurs)}


def _supposer(morceaux: list[str], separateurs: list[str]) -> Iterator[tuple[Fraction, str]]:
    if _groupes(morceaux, separateurs):
        yield Fraction("".join(morceaux)), ""
    marque = separateurs[-1] if separateurs else ""
    if marque in {".", ","} and marque not in separateurs[:-1] and _groupes(morceaux[:-1], separateurs[:-1]):
        decimales = morceaux[-1]
        yield Fraction("".join(morceaux)) / 10 ** len(decimales), marque


def _groupes(morceaux: list[str], separateurs: list[str]) -> bool:
    premier, *suite = morceaux
    regulier = len(premier) <= 3 and premier[0] != "0" and all(len(m) == 3 for m in suite)
    return not suite or (regulier and set(separateurs) <= {" ", "'", ".", ","})


chiffres = st.text("0123456789", min_size=1, max_size=4)
liaisons = st.sampled_from([" ", "\u00a0", "\u202f", "\u2007", "'", "’", ".", ",", "\u200b", "", ".", ","])
saisies = st.builds(
    lambda signe, tete, suite, unite: signe + tete + "".join(itertools.chain(*suite)) + unite,
    st.sampled_from(["", "", "", "-", "−", "+"]),
    chiffres,
    st.lists(st.tuples(liaisons, st.sampled_from(["000", "500", "050"]) | chiffres), max_size=3),
    st.sampled_from([*FACTEURS, "\u00a0€", " M€", " k€", " m€", " ha"]),
)


@settings(max_examples=600)
@given(saisies, st.sampled_from(ATTENTES))
@example("12.000", EUROS)
@example("1,250", ENTIER)
@example("1.250", DECIMAL)
@example("1.500.00", EUROS)
@example("1.250 k€", EUROS)
def test_aucun_texte_accepte_ne_vaut_autre_chose_que_sa_lecture(saisie: str, attente: Attente) -> None:
    try:
        lu = Fraction(lire(saisie, attente).valeur)
    except NombreIllisible:
        return
    toutes = lectures(saisie)
    possibles = {(valeur, marque) for valeur, marque in toutes if not attente.entier or valeur.denominator == 1}
    assert lu in {valeur for valeur, _ in possibles}
    decimale_fr = {valeur for valeur, marque in toutes if marque == ","}
    # French reads a comma as the decimal mark; any other doubt is a refusal.
    assert decimale_fr <= {lu} if decimale_fr else {valeur for valeur, _ in possibles} == {lu}


@given(st.text(max_size=12) | st.text("0123456789 .,'’€kMm-+\u00a0\u200b²½٣", max_size=12), st.sampled_from(ATTENTES))
def test_n_importe_quel_texte_est_lu_ou_refuse_d_une_phrase(saisie: str, attente: Attente) -> None:
    try:
        lu = lire(saisie, attente)
    except NombreIllisible as erreur:
        phrase = erreur.message
    else:
        phrase = "Lu."
        assert lu.valeur.is_finite()
        assert not attente.entier or lu.valeur == int(lu.valeur)
    assert phrase[-1] in ".?"


@given(saisies)
def test_ce_qui_a_du_etre_interprete_est_a_montrer(saisie: str) -> None:
    try:
        lu = lire(saisie, EUROS)
    except NombreIllisible:
        assume(False)
    interprete = any(signe in saisie for signe in ".kKM") or saisie.count(",") > 1
    assert lu.a_montrer or not interprete


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("1200", Decimal(1200)),
        ("12.125", Decimal("12.125")),
        ("-3", Decimal(-3)),
        ("1e3", None),
        ("1 200", None),
        ("", None),
    ],
)
def test_ce_qu_un_programme_a_ecrit_se_lit_a_la_lettre(texte: str, valeur: Decimal | None) -> None:
    assert lire_machine(texte) == valeur


def test_un_nombre_de_programme_repond_des_memes_exigences() -> None:
    assert verifier(Decimal("1.2E+3"), EUROS) == 1200
    for valeur, attente in ((Decimal("12.5"), EUROS), (Decimal("1E+18"), ENTIER), (Decimal("1E-7"), DECIMAL)):
        with pytest.raises(NombreIllisible):
            verifier(valeur, attente)


class TestChamps:
    @pytest.mark.parametrize(
        ("champ", "saisie", "attendu"),
        [
            (MontantFr(min_value=0), "-3", "Ce montant ne peut pas être négatif."),
            (EntierFr(min_value=0), "-3", "Ce nombre ne peut pas être négatif."),
            (MontantFr(min_value=1), "0", "Il faut au moins 1 €."),
            (EntierFr(min_value=1), "0", "Il faut au moins 1."),
            (MontantFr(max_value=5_000), "5 k€ 1", "Il faut un seul montant"),
            (MontantFr(max_value=5_000), "5 001", "C’est plus que 5 000 € : vérifiez ce nombre."),
            (EntierFr(required=False), "nc", "« nc » n’est pas un nombre. Si vous ne le connaissez pas, laissez ce"),
            (MontantFr(), "-", "« - » n’est pas un nombre. Il en faut un ici."),
            (MontantFr(), "", "Ce champ est obligatoire."),
            (DecimalFr(), " ", "Ce champ est obligatoire."),
        ],
    )
    def test_chaque_refus_a_sa_phrase(self, champ: EntierFr, saisie: str, attendu: str) -> None:
        with pytest.raises(ValidationError) as erreur:
            champ.clean(saisie)
        assert attendu in erreur.value.messages[0].replace("\u00a0", " ").replace("\u202f", " ")

    def test_ce_que_le_champ_garde_et_montre(self) -> None:
        assert (MontantFr().clean("1,5 M€"), EntierFr(required=False).clean(" ")) == (1_500_000, None)
        assert (DecimalFr().clean("1 234,50"), DecimalFr(required=False).clean("")) == ("1234.50", "")
        assert MontantFr().prepare_value(1_500_000) == "1\u202f500\u202f000"
        assert DecimalFr().prepare_value(Decimal("1234.50")) == "1\u202f234,50"

    @pytest.mark.parametrize("saisie", ["1.250", "12.5", "beaucoup"])
    def test_ce_qui_est_refuse_reste_comme_on_l_a_tape(self, saisie: str) -> None:
        """Written otherwise it might be accepted the next time, and worth something else."""
        assert DecimalFr().prepare_value(saisie) == saisie
        assert EntierFr().prepare_value(saisie) == saisie

    def test_seul_ce_qui_a_du_etre_interprete_est_relu(self) -> None:
        champ = MontantFr()
        relus = [champ.relire(saisie) for saisie in ("1,5 M€", "1.250", "1 250", "beaucoup", "", None)]
        assert relus == ["1\u202f500\u202f000\u00a0€", "1\u202f250\u00a0€", "", "", "", ""]

    def test_un_champ_n_a_change_que_si_sa_valeur_change(self) -> None:
        assert not MontantFr().has_changed(1_500_000, "1,5 M€")
        assert MontantFr().has_changed(1_500_000, "1,6 M€")
        assert MontantFr().has_changed(1_500_000, "1.5")
