"""A telephone is one that can be called: as people type it, in France, overseas and next door."""

import pytest
from django.core.exceptions import ValidationError

from rebond.socle.formulaires.champs_de_texte import ChampTelephone


@pytest.mark.parametrize(
    ("saisi", "ecrit"),
    [
        ("0327000000", "03 27 00 00 00"),
        ("06.12.34.56.78", "06 12 34 56 78"),
        ("03-27-00-00-00", "03 27 00 00 00"),
        ("+33 (0)3 27 00 00 00", "+33 3 27 00 00 00"),
        ("0033327000000", "+33 3 27 00 00 00"),
        ("0590 12 34 56", "05 90 12 34 56"),
        ("0639 01 23 45", "06 39 01 23 45"),
        ("+687 26 78 90", "+687 26.78.90"),
        ("+32 2 555 12 12", "+32 2 555 12 12"),
        ("03 27 00 00 00 poste 12", "03 27 00 00 00, poste 12"),
        ("", ""),
    ],
)
def test_un_numero_qui_existe_est_ecrit_comme_sur_le_papier(saisi: str, ecrit: str) -> None:
    champ = ChampTelephone(required=False, max_length=40)
    assert champ.clean(saisi) == ecrit
    # Shown again in its form, it is still understood.
    assert champ.clean(ecrit) == ecrit


@pytest.mark.parametrize(
    "saisi", ["0327", "123456", "03 27 00 00 0", "03 27 00 00 00 00", "00 00 00 00 00", "01 / 02", "le standard",
              "03 27 00 00 00 / 06 12 34 56 78"]
)  # fmt: skip
def test_ce_que_personne_ne_peut_appeler_est_refuse_avec_un_exemple(saisi: str) -> None:
    with pytest.raises(ValidationError, match=r"un seul.*03 27 00 00 00"):
        ChampTelephone().clean(saisi)
