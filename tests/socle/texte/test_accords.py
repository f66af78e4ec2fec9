"""French around numbers and names: words, agreement, elision, articles, lists, periods."""

from datetime import date

import pytest

from rebond.socle.texte import accords as a
from rebond.socle.texte.typographie import INSECABLE as N


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        (a.denombrer(0, "projet"), f"aucun{N}projet"),
        (a.denombrer(0, "région", feminin=True), f"aucune{N}région"),
        (a.denombrer(1, "région", feminin=True), f"une{N}région"),
        (a.denombrer(1, "nouveau territoire", "nouveaux territoires"), f"un{N}nouveau territoire"),
        (a.denombrer(12, "nouveau territoire", "nouveaux territoires"), f"12{N}nouveaux territoires"),
        (a.denombrer(3, "axe"), f"3{N}axes"),
        (a.denombrer(3, "axe", lettres=True), f"trois{N}axes"),
        (a.denombrer(11, "axe", lettres=True), f"11{N}axes"),
        (a.en_lettres(1, feminin=True), "une"),
        (a.en_lettres(10), "dix"),
    ],
)
def test_un_nombre_s_accorde_et_se_dit(texte: str, attendu: str) -> None:
    assert texte == attendu


@pytest.mark.parametrize(
    ("suite", "attendu"),
    [
        ("un projet", "d’un projet"),
        ("une région", "d’une région"),
        ("avril", "d’avril"),
        ("août", "d’août"),
        ("Épinal", "d’Épinal"),
        ("mai", "de mai"),
        ("12 projets", "de 12 projets"),
        ("8 projets", "de 8 projets"),
        ("huit projets", "de huit projets"),
        ("onze projets", "de onze projets"),
        ("", "de "),
    ],
)
def test_l_elision_suit_ce_qui_s_entend(suite: str, attendu: str) -> None:
    assert a.de(suite) == attendu


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("État – France 2030", "l’État – France 2030"),
        ("Etat", "l’Etat"),
        ("Communauté d’agglomération de Cambrai", "la communauté d’agglomération de Cambrai"),
        ("Région Hauts-de-France", "la Région Hauts-de-France"),
        ("Département du Nord", "le département du Nord"),
        ("Établissement public foncier", "l’Établissement public foncier"),
        ("Caisse des Dépôts", "la Caisse des Dépôts"),
        ("Communes du Pays", "les communes du Pays"),
        ("Bpifrance", "Bpifrance"),
        ("CA de Cambrai", "CA de Cambrai"),
        ("Communautaire", "Communautaire"),
    ],
)
def test_un_nom_prend_son_article_quand_il_est_connu(nom: str, attendu: str) -> None:
    assert a.avec_article(nom) == attendu


def test_une_liste_se_dit_avec_et() -> None:
    assert [a.enumerer(noms) for noms in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a et b", "a, b et c"]


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (date(2023, 5, 2), date(2023, 5, 31), f"en mai{N}2023"),
        (date(2023, 4, 3), date(2023, 6, 30), f"d’avril à juin{N}2023"),
        (date(2022, 11, 3), date(2023, 1, 30), f"de novembre{N}2022 à janvier{N}2023"),
        (date(2022, 4, 3), date(2023, 4, 3), f"d’avril{N}2022 à avril{N}2023"),
    ],
)
def test_une_periode_se_dit_en_mois(debut: date, fin: date, attendu: str) -> None:
    assert a.periode(debut, fin) == attendu
