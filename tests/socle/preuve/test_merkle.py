"""The hash tree against the recursive definitions of RFC 9162 §2.1, read literally."""

import hashlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.socle.preuve.merkle import Arbre, est_incluse

LISTES = st.lists(st.binary(max_size=12), max_size=40)


def racine_naive(feuilles: list[bytes]) -> bytes:
    """MTH of §2.1.1."""
    if not feuilles:
        return hashlib.sha256().digest()
    if len(feuilles) == 1:
        return hashlib.sha256(b"\x00" + feuilles[0]).digest()
    k = coupure(len(feuilles))
    return hashlib.sha256(b"\x01" + racine_naive(feuilles[:k]) + racine_naive(feuilles[k:])).digest()


def chemin_naif(rang: int, feuilles: list[bytes]) -> list[bytes]:
    """PATH of §2.1.3.1."""
    if len(feuilles) == 1:
        return []
    k = coupure(len(feuilles))
    if rang < k:
        return [*chemin_naif(rang, feuilles[:k]), racine_naive(feuilles[k:])]
    return [*chemin_naif(rang - k, feuilles[k:]), racine_naive(feuilles[:k])]


def coupure(taille: int) -> int:
    """The largest power of two smaller than `taille`."""
    k = 1
    while 2 * k < taille:
        k *= 2
    return k


def arbre_de(feuilles: list[bytes], suivre: int | None = None) -> Arbre:
    arbre = Arbre(suivre=suivre)
    for octets in feuilles:
        arbre.ajouter(octets)
    return arbre


@given(LISTES)
def test_la_racine_est_celle_de_la_definition(feuilles):
    assert arbre_de(feuilles).racine() == racine_naive(feuilles)


def test_la_racine_de_la_liste_vide_est_celle_de_la_chaine_vide():
    assert Arbre().racine().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(LISTES.filter(bool), st.data())
def test_le_chemin_de_chaque_feuille_est_celui_de_la_definition_et_prouve_qu_elle_y_est(feuilles, data):
    rang = data.draw(st.integers(0, len(feuilles) - 1))
    arbre = arbre_de(feuilles, suivre=rang)
    chemin = arbre.chemin()

    assert chemin == chemin_naif(rang, feuilles)
    assert est_incluse(feuilles[rang], rang=rang, taille=len(feuilles), chemin=chemin, racine=arbre.racine())


@given(LISTES.filter(bool), st.data())
def test_une_preuve_alteree_ne_prouve_rien(feuilles, data):
    rang = data.draw(st.integers(0, len(feuilles) - 1))
    arbre = arbre_de(feuilles, suivre=rang)
    preuve = {"rang": rang, "taille": len(feuilles), "chemin": arbre.chemin(), "racine": arbre.racine()}
    alterations = [
        {"octets": feuilles[rang] + b"!"},
        {"racine": bytes(32)},
        {"rang": len(feuilles)},
        {"rang": -1},
        {"chemin": [*arbre.chemin(), bytes(32)]},
        *({"chemin": arbre.chemin()[:n]} for n in range(len(arbre.chemin()))),
    ]
    for alteration in alterations:
        essai = {"octets": feuilles[rang]} | preuve | alteration
        assert not est_incluse(essai.pop("octets"), **essai)


@given(LISTES, LISTES)
def test_lire_la_racine_n_empeche_pas_d_ajouter(debut, suite):
    arbre = arbre_de(debut)
    arbre.racine()
    for octets in suite:
        arbre.ajouter(octets)
    assert arbre.racine() == racine_naive(debut + suite)


def test_sans_feuille_suivie_il_n_y_a_pas_de_chemin():
    for arbre in (arbre_de([b"a"]), arbre_de([b"a"], suivre=1)):
        with pytest.raises(ValueError, match="suivie"):
            arbre.chemin()


def test_la_memoire_ne_croit_pas_avec_le_nombre_de_feuilles():
    def sommet(taille: int) -> int:
        tracemalloc.start()
        arbre = Arbre(suivre=3)
        for rang in range(taille):
            arbre.ajouter(str(rang).encode())
        arbre.racine()
        _, maximum = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return maximum

    assert sommet(50_000) < 2 * sommet(500)
