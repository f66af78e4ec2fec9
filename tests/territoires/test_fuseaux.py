"""The hour of a deadline where people do not live on Paris time."""

from datetime import datetime

from rebond.socle.horloge.temps import PARIS
from territoires.fuseaux import OUTRE_MER, heures_outre_mer


def lues(*instants: datetime) -> dict[str, list[str]]:
    return {lieux: [heure.replace("\u00a0", " ") for heure in heures] for lieux, heures in heures_outre_mer(*instants)}


def test_midi_a_paris_en_octobre_d_ouest_en_est():
    assert list(lues(datetime(2026, 10, 1, 12, tzinfo=PARIS)).items()) == [
        ("Polynésie française (Tahiti)", ["1er octobre 2026 à 00 h 00"]),
        ("Guadeloupe, Martinique, Saint-Barthélemy, Saint-Martin", ["1er octobre 2026 à 06 h 00"]),
        ("Guyane", ["1er octobre 2026 à 07 h 00"]),
        ("Saint-Pierre-et-Miquelon", ["1er octobre 2026 à 08 h 00"]),
        ("Mayotte", ["1er octobre 2026 à 13 h 00"]),
        ("La Réunion", ["1er octobre 2026 à 14 h 00"]),
        ("Nouvelle-Calédonie", ["1er octobre 2026 à 21 h 00"]),
        ("Wallis-et-Futuna", ["1er octobre 2026 à 22 h 00"]),
    ]


def test_en_fevrier_paris_a_change_d_heure_et_pas_l_outre_mer():
    en_hiver = lues(datetime(2026, 10, 1, 12, tzinfo=PARIS), datetime(2027, 2, 1, 12, tzinfo=PARIS))
    assert en_hiver["La Réunion"] == ["1er octobre 2026 à 14 h 00", "1er février 2027 à 15 h 00"]
    assert en_hiver["Guyane"] == ["1er octobre 2026 à 07 h 00", "1er février 2027 à 08 h 00"]


def test_tous_les_lieux_y_sont_une_fois():
    lieux = [lieu for groupe in lues(datetime(2026, 10, 1, 12, tzinfo=PARIS)) for lieu in groupe.split(", ")]
    assert sorted(lieux) == sorted(fuseau.lieu for fuseau in OUTRE_MER.values())
