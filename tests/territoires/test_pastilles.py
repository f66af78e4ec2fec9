"""The numbers of a map: none hides another, and each can be read at the size at which it is shown."""

from itertools import combinations
from math import dist

import pytest

from territoires.carte.donnees import ECRAN, TELEPHONE, Support
from territoires.carte.nationale import LARGEUR
from territoires.carte.pastilles import Pastille, ecarter

LISIBLE = 12


@pytest.mark.parametrize(("support", "pixels"), [(ECRAN, 540), (TELEPHONE, 288)])
def test_un_numero_se_lit_a_la_taille_ou_la_page_le_montre(support: Support, pixels: int) -> None:
    """540 px: beside the list of a window of 992; 288: a phone of 320."""
    assert support.taille * pixels / LARGEUR >= LISIBLE


def test_des_pastilles_au_meme_endroit_se_separent_sans_sortir_et_toujours_de_meme() -> None:
    voulues = [Pastille(numero, 1150, 5, (1150, 5)) for numero in range(1, 9)]
    placees = ecarter(voulues, rayon=30, largeur=1160, hauteur=1080)
    assert [placee.numero for placee in placees] == list(range(1, 9))
    assert min(dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(placees, 2)) > 59
    assert all(30 <= placee.x <= 1130 and 30 <= placee.y <= 1050 for placee in placees)
    assert any(placee.loin_de(30) for placee in placees)
    assert placees == ecarter(voulues, rayon=30, largeur=1160, hauteur=1080)


def test_celles_qui_ne_se_touchent_pas_ne_bougent_pas() -> None:
    seules = [Pastille(1, 100, 100, (100, 100)), Pastille(2, 200, 100, (200, 100))]
    assert ecarter(seules, rayon=30, largeur=1160, hauteur=1080) == seules
