"""What is drawn on a map stands out of what is beside it, in the light theme as in the dark one (RGAA 3.3)."""

import pytest

from territoires.carte import svg

# Red, green, blue.
Couleur = tuple[float, ...]
CONTRASTE_MIN = 3.0


def lue(couleur: str) -> Couleur:
    return tuple(int(couleur[rang : rang + 2], 16) / 255 for rang in (1, 3, 5))


def en_sombre(couleur: Couleur) -> Couleur:
    """What `filter: invert(1) hue-rotate(180deg)` makes of it (Filter Effects 1, 11.3): rebond.css."""
    inverse = [1 - ton for ton in couleur]
    moitie = 2 * (0.213 * inverse[0] + 0.715 * inverse[1] + 0.072 * inverse[2])
    return tuple(min(max(moitie - ton, 0), 1) for ton in inverse)


def contraste(une: Couleur, autre: Couleur) -> float:
    """WCAG 2.1, « contrast ratio »."""
    clartes = []
    for couleur in (une, autre):
        tons = [ton / 12.92 if ton <= 0.04045 else ((ton + 0.055) / 1.055) ** 2.4 for ton in couleur]
        clartes.append(0.2126 * tons[0] + 0.7152 * tons[1] + 0.0722 * tons[2])
    return (max(clartes) + 0.05) / (min(clartes) + 0.05)


@pytest.mark.parametrize("fond", [svg.SOL, svg.BLANC])
@pytest.mark.parametrize("trait", [svg.BLEU_FRANCE, svg.BLEU_MOYEN, svg.TUILE, svg.GRIS, svg.ENCRE])
def test_ce_qui_entoure_une_forme_et_ce_qui_s_ecrit_ressortent_dans_les_deux_themes(trait: str, fond: str) -> None:
    assert contraste(lue(trait), lue(fond)) >= CONTRASTE_MIN
    assert contraste(en_sombre(lue(trait)), en_sombre(lue(fond))) >= CONTRASTE_MIN


def test_le_sombre_est_bien_celui_de_la_feuille_de_style() -> None:
    assert contraste(en_sombre(lue("#ffffff")), lue("#000000")) == pytest.approx(1)
    assert [round(ton * 255) for ton in en_sombre(lue("#f6f6f6"))] == [9, 9, 9]
