"""A flaw known of a package that the locks name stops the checks."""

from pathlib import Path

import pytest
from packaging.version import Version

from rebond.amorce import avis
from rebond.amorce.avis import Avis, Intervalle

RACINE = Path(__file__).resolve().parents[2]
VERROUS = [RACINE / verrou for verrou in avis.VERROUS]


@pytest.mark.parametrize(
    ("version", "dedans"), [("4.1.9", False), ("4.2", True), ("4.2.15rc1", True), ("4.2.15", False), ("5.0", False)]
)
def test_un_intervalle_va_de_son_debut_a_la_version_qui_corrige(version: str, dedans: bool) -> None:
    assert Intervalle("4.2", corrige="4.2.15").contient(Version(version)) is dedans


@pytest.mark.parametrize(("version", "dedans"), [("1.9", True), ("2.0", True), ("2.0.1", False)])
def test_une_derniere_version_atteinte_l_est_encore(version: str, dedans: bool) -> None:
    assert Intervalle("0", dernier="2.0").contient(Version(version)) is dedans


def test_une_faille_que_rien_ne_corrige_atteint_tout_ce_qui_suit() -> None:
    assert Intervalle("1.0").contient(Version("99"))


def test_une_fiche_se_lit_comme_la_base_l_ecrit(tmp_path: Path) -> None:
    fiches = tmp_path / "vulns" / "un-paquet"
    fiches.mkdir(parents=True)
    (fiches / "A.yaml").write_text(
        """
id: A
aliases: [CVE-2, CVE-1]
affected:
- package: {ecosystem: PyPI, name: Un.Paquet}
  ranges:
  - {type: GIT, events: [{introduced: "0"}]}
  - type: ECOSYSTEM
    events: [{introduced: "5.0"}, {fixed: 5.0.8}, {introduced: "4.2"}, {last_affected: 4.2.14}, {introduced: "6"}]
  versions: [4.2.1]
"""
    )
    (fiches / "B.yaml").write_text("id: B\naffected: [{package: {name: un-paquet}, versions: [1.0, '1.1']}]\n")
    (fiches / "C.yaml").write_text("id: C\nwithdrawn: 2024-01-01\naffected: [{package: {name: un-paquet}}]\n")
    (fiches / "D.yaml").write_text(
        "id: D\naffected: [{package: {name: un-paquet}, versions: ['3'],"
        " ranges: [{type: ECOSYSTEM, events: [{introduced: pas-une-version}]}]}]\n"
    )
    plages = (Intervalle("5.0", "5.0.8"), Intervalle("4.2", dernier="4.2.14"), Intervalle("6"))
    assert avis.rassembler(tmp_path, ["un-paquet", "inconnu"]) == [
        Avis("A", ("CVE-1", "CVE-2"), "un-paquet", plages),
        Avis("B", (), "un-paquet", (), ("1.0", "1.1")),
        Avis("D", (), "un-paquet", (), ("3",)),
    ]


def test_les_verrous_se_lisent_par_nom_canonique(tmp_path: Path) -> None:
    verrou = tmp_path / "verrou.txt"
    verrou.write_text(
        "Un.Paquet==1.0 \\\n    --hash=sha256:abc\n"
        "psycopg[binary]==3.2 ; sys_platform == 'linux' \\\n    --hash=sha256:d\n"
    )
    assert avis.verrouillees([verrou]) == {"un-paquet": "1.0", "psycopg": "3.2"}


def test_chaque_dependance_verrouillee_est_confrontee_aux_avis() -> None:
    versions = avis.verrouillees(VERROUS)
    debuts = [ligne.split(" ")[0] for verrou in VERROUS for ligne in verrou.read_text().splitlines()]
    assert len(versions) == len({debut.split("==")[0].split("[")[0] for debut in debuts if "==" in debut})
    jour, connus = avis.lire(RACINE / avis.FICHIER)
    assert avis.atteintes(versions, connus) == [], jour


def test_une_version_fautive_est_reconnue() -> None:
    _, connus = avis.lire(RACINE / avis.FICHIER)
    fautes = {un.id for _, _, un in avis.atteintes({"django": "5.0.6", "pillow": "11.0"}, connus)}
    assert "PYSEC-2024-70" in fautes
    assert "PYSEC-2024-70" not in {un.id for _, _, un in avis.atteintes({"django": "5.0.8"}, connus)}
