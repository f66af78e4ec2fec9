import datetime

import pytest

from rebond.socle.texte import typographie as t

N, F = t.INSECABLE, t.FINE


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        (t.nombre(645), "645"),
        (t.nombre(1_234_567), f"1{F}234{F}567"),
        (t.nombre(9_007_199_254_740_993), f"9{F}007{F}199{F}254{F}740{F}993"),
        (t.part_fr(3, 5), f"60{N}%"),
        (t.part_fr(2, 3), f"66{N}%"),
        (t.part_fr(1, 101), f"moins de 1{N}%"),
        (t.euros(5_000_000), f"5{F}000{F}000{N}€"),
        (t.millions(286_999_999), f"286{N}M€"),
        (t.compte(0, "projet"), f"0{N}projet"),
        (t.compte(1, "projet"), f"1{N}projet"),
        (t.compte(2, "projet"), f"2{N}projets"),
        (t.pluriel(3, "journal", "journaux"), "journaux"),
        (t.date_fr(datetime.date(2023, 10, 1)), f"1er{N}octobre{N}2023"),
        (t.date_fr(datetime.date(2023, 8, 28)), f"28{N}août{N}2023"),
        (t.siren_fr("200068500"), f"200{N}068{N}500"),
    ],
)
def test_la_typographie_d_un_communique(texte, attendu):
    assert texte == attendu


def test_un_instant_se_lit_a_l_heure_de_paris():
    midi = datetime.datetime(2023, 10, 1, 10, 0, tzinfo=datetime.UTC)
    assert t.instant_fr(midi, secondes=True) == f"1er{N}octobre{N}2023 à 12:00:00"
    assert t.instant_fr(midi) == f"1er{N}octobre{N}2023 à 12{N}h{N}00"


def test_une_date_limite_se_dit_comme_on_parle_et_a_la_seconde_si_elle_en_a():
    midi = datetime.datetime(2023, 10, 1, 10, 0, tzinfo=datetime.UTC)
    assert t.limite_fr(midi) == f"1er{N}octobre{N}2023, midi"
    assert t.limite_fr(midi.replace(hour=16)) == f"1er{N}octobre{N}2023 à 18{N}h{N}00"
    assert t.limite_fr(midi.replace(second=5)) == f"1er{N}octobre{N}2023 à 12:00:05"


def test_une_periode_ne_dit_qu_une_fois_ce_que_ses_deux_jours_ont_en_commun():
    debut = datetime.date(2026, 5, 3)
    assert t.periode_fr(debut, debut) == f"le 3{N}mai{N}2026"
    assert t.periode_fr(debut, datetime.date(2026, 5, 5)) == f"du 3 au 5{N}mai{N}2026"
    assert t.periode_fr(debut, datetime.date(2026, 6, 1)) == f"du 3{N}mai au 1er{N}juin{N}2026"
    assert t.periode_fr(debut, datetime.date(2027, 5, 5)) == f"du 3{N}mai{N}2026 au 5{N}mai{N}2027"
