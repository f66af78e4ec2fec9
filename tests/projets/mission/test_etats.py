"""The steps of a mission, one after the other: written apart from the code."""

from itertools import pairwise

from projets.mission.etats import TRANSITIONS_MISSION

ETAPES = (
    *("a_lancer", "etat_des_lieux", "rencontres", "portefeuille", "feuille_de_route"),
    *("restituee", "suivi", "close"),
)


def test_une_mission_ne_saute_ni_ne_remonte_aucune_etape() -> None:
    assert {(*p.sources, p.cible): p.acte for p in TRANSITIONS_MISSION.values()} == {
        (de, vers): f"passer_a_{vers}" for de, vers in pairwise(ETAPES)
    }
