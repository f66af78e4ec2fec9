"""What `docs/accessibilite.md` says of the RGAA is whole, counted, and points at what exists."""

import re
from collections import Counter

from django.conf import settings

from tests.documentation.test_asvs import CHEMIN, noms_de

PAPIER = (settings.RACINE / "docs" / "accessibilite.md").read_text()
#: Criteria of each of the thirteen themes of RGAA 4.1.
CRITERES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
RESULTATS = ("conforme", "non conforme", "à éprouver", "sans objet")
LIGNES = re.findall(r"^\| (\d+)\.(\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAPIER, re.MULTILINE)


def test_chacun_des_106_criteres_y_est_une_fois_a_son_rang() -> None:
    attendus = [(theme, rang) for theme, nombre in enumerate(CRITERES, start=1) for rang in range(1, nombre + 1)]
    assert [(int(theme), int(rang)) for theme, rang, *_ in LIGNES] == attendus
    assert len(LIGNES) == 106


def test_un_resultat_est_connu_et_montre_ce_qui_existe() -> None:
    assert {resultat for *_, resultat, _ in LIGNES} <= set(RESULTATS)
    faux = [
        f"{theme}.{rang} : {chemin}::{nom}"
        for theme, rang, _, _, ou in LIGNES
        for chemin, nom in CHEMIN.findall(ou)
        if not (settings.RACINE / chemin).exists() or (nom and nom not in noms_de(settings.RACINE / chemin))
    ]
    assert faux == []


def test_les_comptes_sont_justes() -> None:
    comptes = Counter((int(theme), resultat) for theme, _, _, resultat, _ in LIGNES)
    ecrits = re.findall(r"^\| (\d+)\. [^|]+\| ([\d |]+) \|$", PAPIER, re.MULTILINE)
    assert {int(theme): [int(lu) for lu in lus.split("|")] for theme, lus in ecrits} == {
        theme: [*(comptes[theme, resultat] for resultat in RESULTATS), nombre]
        for theme, nombre in enumerate(CRITERES, start=1)
    }
    tous = [sum(comptes[theme, resultat] for theme in range(1, 14)) for resultat in RESULTATS]
    assert f"| **tous** | {' | '.join(f'**{nombre}**' for nombre in [*tous, 106])} |" in PAPIER
