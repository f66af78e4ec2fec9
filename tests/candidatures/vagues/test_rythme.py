"""The rhythm of the waves: month for month, noon in Paris, within bounds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from candidatures.vagues import regles
from candidatures.vagues.etats import Phase


def test_les_releves_se_suivent_tous_les_quatre_mois_a_midi_heure_de_paris() -> None:
    releves = [regles.PREMIERE_RELEVE]
    for _ in range(4):
        releves.append(regles.releve_suivante(releves[-1]))
    assert [releve.astimezone(UTC) for releve in releves] == [
        datetime(2022, 10, 1, 10, tzinfo=UTC),
        datetime(2023, 2, 1, 11, tzinfo=UTC),
        datetime(2023, 6, 1, 10, tzinfo=UTC),
        datetime(2023, 10, 1, 10, tzinfo=UTC),
        datetime(2024, 2, 1, 11, tzinfo=UTC),
    ]
    # From September on, the year changes.
    assert regles.releve_suivante(datetime(2023, 9, 30, 10, tzinfo=UTC)).astimezone(UTC) == datetime(
        2024, 1, 30, 11, tzinfo=UTC
    )
    assert regles.releve_suivante(datetime(2023, 8, 31, 10, tzinfo=UTC)).astimezone(UTC) == datetime(
        2023, 12, 31, 11, tzinfo=UTC
    )


def test_une_releve_de_septembre_est_suivie_d_une_releve_de_janvier() -> None:
    suivante = regles.releve_suivante(datetime(2023, 9, 15, 10, tzinfo=UTC))
    assert suivante.astimezone(UTC) == datetime(2024, 1, 15, 11, tzinfo=UTC)


def test_le_cahier_ne_change_plus_une_fois_la_vague_ouverte() -> None:
    assert {phase for phase in Phase if not regles.empechement_de_changer_le_cahier(phase)} == {Phase.PROGRAMMEE}


def test_la_premiere_vague_ouvre_le_premier_aout_2022_a_minuit() -> None:
    assert regles.PREMIERE_OUVERTURE.astimezone(UTC) == datetime(2022, 7, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2023, 1, 15), 0, date(2023, 1, 15)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2023, 10, 31), 2, date(2023, 12, 31)),
        (date(2023, 11, 30), 2, date(2024, 1, 30)),
        (date(2023, 3, 31), 13, date(2024, 4, 30)),
    ],
)
def test_des_mois_se_comptent_de_quantieme_a_quantieme(jour: date, mois: int, attendu: date) -> None:
    assert regles.dans_quelques_mois(jour, mois) == attendu


@pytest.mark.parametrize(
    ("maintenant", "attendu"),
    [
        (datetime(2024, 2, 29, 11, tzinfo=UTC), datetime(2029, 2, 28, 11, tzinfo=UTC)),
        (datetime(2024, 2, 27, 11, tzinfo=UTC), datetime(2029, 2, 27, 11, tzinfo=UTC)),
        (datetime(2024, 1, 31, 11, tzinfo=UTC), datetime(2029, 1, 31, 11, tzinfo=UTC)),
        # Noon in Paris before the last Sunday of March one year, after it another.
        (datetime(2023, 3, 27, 10, tzinfo=UTC), datetime(2028, 3, 27, 10, tzinfo=UTC)),
        (datetime(2024, 3, 29, 11, tzinfo=UTC), datetime(2029, 3, 29, 10, tzinfo=UTC)),
    ],
)
def test_une_vague_se_programme_cinq_ans_a_l_avance_au_plus(maintenant: datetime, attendu: datetime) -> None:
    assert regles.horizon(maintenant) == attendu


def test_les_bornes_de_l_appel() -> None:
    assert timedelta(days=366) == regles.UN_AN_AU_PLUS
    assert datetime(2020, 1, 1, tzinfo=UTC) == regles.PREMIER_INSTANT
    assert datetime(2100, 1, 1, tzinfo=UTC) == regles.DERNIER_INSTANT
