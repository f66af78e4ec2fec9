"""Downloads of a list: what a spreadsheet makes of each of their cells."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from rebond.socle.listes.tableaux import Tableau, en_csv


def cellules_csv(*valeurs: object, mentions: tuple[str, ...] = ()) -> list[list[str]]:
    tableau = Tableau(
        nom="essai",
        colonnes=[f"Colonne {rang}" for rang, _ in enumerate(valeurs)],
        lignes=[valeurs],
        mentions=mentions,
    )
    texte = b"".join(en_csv(tableau)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(texte, newline=""), delimiter=";"))


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_un_tableur_ne_calcule_aucun_texte_d_un_csv(debut: str) -> None:
    assert cellules_csv(f"{debut}1+1")[1] == [f"'{debut}1+1"]


def test_un_csv_n_ajoute_rien_a_un_texte_qui_ne_se_calcule_pas() -> None:
    ordinaires = ["Val-d’Oise", " =1+1", "a@exemple.fr", "1+1", "L’« =1 »", ""]
    assert cellules_csv(*ordinaires)[1] == ordinaires


def test_un_nombre_negatif_reste_un_nombre_dans_un_csv() -> None:
    assert cellules_csv(-5, 0, -1.5)[1] == ["-5", "0", "-1.5"]


def test_les_jours_et_les_instants_d_un_csv_sont_ceux_de_paris() -> None:
    instant = datetime(2024, 7, 31, 22, 30, 5, tzinfo=UTC)
    assert cellules_csv(date(2024, 7, 31), instant)[1] == ["31/07/2024", "01/08/2024 00:30:05"]


def test_la_source_d_un_csv_suit_chaque_ligne_sans_se_calculer() -> None:
    assert cellules_csv("x", mentions=("=1+1", "Rebond")) == [["Colonne 0", "Source"], ["x", "'=1+1 – Rebond"]]
