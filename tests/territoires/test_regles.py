import pytest
from django.db import connection

from territoires.regles import cle_de, siren_compact, siren_fictif, siren_valide, siret_valide


@pytest.mark.parametrize("siren", ["200068500", "200030633", "732829320", siren_fictif(1), siren_fictif(99_999)])
def test_un_siren_dont_la_clef_est_juste_est_valide(siren: str) -> None:
    assert siren_valide(siren)


@pytest.mark.parametrize("siren", ["", "200068501", "20006850", "2000685000", "20006850O", "٢٠٠٠٦٨٥٠٠", "200068500\n"])
def test_tout_autre_texte_n_est_pas_un_siren(siren: str) -> None:
    assert not siren_valide(siren)


@pytest.mark.jumeau("postgres:siren_valide")
def test_postgres_et_python_ont_la_meme_regle_du_siren(db: None) -> None:
    sirens = [f"{numero:09d}" for numero in range(1_234, 987_654_321, 1_973_777)] + [
        "",
        "abc",
        "200068500\n",
        "20006850",
    ]
    with connection.cursor() as curseur:
        curseur.execute("SELECT siren, siren_valide(siren) FROM unnest(%s::text[]) AS siren", [sirens])
        selon_postgres = dict(curseur.fetchall())
    assert selon_postgres == {siren: siren_valide(siren) for siren in sirens}
    assert 20 < sum(selon_postgres.values()) < 100


@pytest.mark.parametrize("siret", ["20006850000012", "73282932000074", "35600000000048", "35600000009075"])
def test_un_siret_dont_la_clef_est_juste_est_valide(siret: str) -> None:
    assert siret_valide(siret)


@pytest.mark.parametrize(
    "siret", ["", "200068500", "20006850000017", "20006850100018", "35600000000049", "2000685000001８"]
)
def test_tout_autre_texte_n_est_pas_un_siret(siret: str) -> None:
    assert not siret_valide(siret)


def test_le_siren_se_colle_comme_on_le_trouve() -> None:
    assert siren_compact(" 200\u00a0068\u202f500 ") == siren_compact("200.068.500") == "200068500"


def test_la_clef_d_un_groupement_ne_depend_ni_de_l_ordre_ni_des_doublons() -> None:
    assert cle_de(["300", "100", "300", "200"]) == "100-200-300"
