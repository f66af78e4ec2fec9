"""What people type by hand, beside the intercommunalité that they mean: it is among the first three of the list."""

import csv
from pathlib import Path

from territoires.chargement import charger_referentiel
from territoires.propositions import Proposition
from territoires.recherche import chercher

SAISIES = Path(__file__).with_name("saisies.tsv")
PREMIERES = 3
PART_TROUVEE = 0.95


def test_ce_que_l_on_tape_a_la_main_se_trouve_dans_les_trois_premieres(db: None) -> None:
    """Acronyms, missing accents, « st », singulars, postcodes, « agglo de … », names of communes."""
    charger_referentiel()
    with SAISIES.open(encoding="utf-8", newline="") as fichier:
        voulues = list(csv.reader(fichier, delimiter="\t"))
    manquees = []
    for saisie, siren in voulues:
        sirens = [proposition.siren for proposition in proposees(saisie)]
        if siren not in sirens:
            manquees.append((saisie, siren, sirens))
    assert len(voulues) >= 200
    assert len(manquees) <= len(voulues) * (1 - PART_TROUVEE), "\n".join(map(str, manquees))


def proposees(saisie: str) -> list[Proposition]:
    reponse = chercher(saisie)
    return (reponse.trouvees or reponse.ressemblantes)[:PREMIERES]
