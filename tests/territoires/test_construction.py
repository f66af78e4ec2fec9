"""Reading of the sources of the build, on an archive of three communes; drawing needs libraries of the build alone."""

import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from territoires.construction.millesimes import Mouvement, Passage, communes_des_disparus, mouvements, passages
from territoires.construction.sources import (
    ARCHIVE_CONTOURS,
    COMMUNES_CSV,
    MILLESIME,
    AncienneCommune,
    Commune,
    Decoupage,
    Intercommunalite,
    SourceIllisible,
    archive_du_decoupage,
    lire_contours,
    lire_decoupage,
)


def une_commune(code: str, departement: str, region: str, **champs: Any) -> dict[str, Any]:
    lieu = {"code": code, "siren": f"21{code}", "departement": departement, "region": region, "nom": f"N{code}"}
    return lieu | {"type": "commune-actuelle", "zone": "metro"} | champs


TABLES: dict[str, list[dict[str, Any]]] = {
    "regions": [
        {"code": "24", "nom": "Centre-Val de Loire", "zone": "metro"},
        {"code": "28", "nom": "Normandie", "zone": "metro"},
        {"code": "987", "nom": "Polynésie française", "zone": "com"},
    ],
    "departements": [
        {"code": "28", "nom": "Eure-et-Loir", "region": "24", "zone": "metro"},
        {"code": "27", "nom": "Eure", "region": "28", "zone": "metro"},
    ],
    "communes": [
        une_commune("28134", "28", "24", codesPostaux=["28500", "28100"], population=30_000),
        une_commune("27001", "27", "28"),
        une_commune("28999", "28", "24"),
        une_commune("28998", "28", "24", type="commune-deleguee", chefLieu="28134"),
        une_commune("98701", "987", "987", zone="com"),
    ],
    "epci": [
        {
            "code": "200040277",
            "nom": "CA de Dreux ''Agglo''",
            "type": "CA",
            "membres": [
                {"code": "28134", "populationTotale": 30_000},
                {"code": "27001", "populationTotale": 2_000},
            ],
        }
    ],
    "ept": [],
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    with tarfile.open(tmp_path / archive_du_decoupage(MILLESIME), "w:gz") as archive:
        for nom, lignes in TABLES.items():
            contenu = json.dumps(lignes).encode()
            membre = tarfile.TarInfo(f"package/data/{nom}.json")
            membre.size = len(contenu)
            archive.addfile(membre, io.BytesIO(contenu))
    csv = "code,type,geometry\n28134,COM,0101\n28134,COMD,0202\n27001,COM,\\N\n"
    with zipfile.ZipFile(tmp_path / ARCHIVE_CONTOURS, "w") as roue:
        roue.writestr(COMMUNES_CSV, lzma.compress(csv.encode()))
    return tmp_path


def test_un_epci_tient_ses_lieux_de_ses_membres(sources: Path) -> None:
    decoupage = lire_decoupage(sources)
    assert decoupage.epcis == [
        Intercommunalite(
            siren="200040277",
            nom="CA de Dreux «\u00a0Agglo\u00a0»",
            nature="CA",
            population=32_000,
            region="24",
            regions=["24", "28"],
            departements=["27", "28"],
        )
    ]
    assert decoupage.regions == {"24": "Centre-Val de Loire", "28": "Normandie"}
    assert decoupage.communes["28999"] == Commune("28999", "2128999", "28", "24", "", "", "N28999", [], 0)
    dreux = decoupage.communes["28134"]
    assert (dreux.epci, dreux.codes_postaux, dreux.population) == ("200040277", ["28100", "28500"], 30_000)
    assert decoupage.anciennes == [AncienneCommune("28998", "N28998", "28134")]
    assert sorted(decoupage.communes) == ["27001", "28134", "28999"]
    assert decoupage.deleguees == {"28998": "28134"}


def test_seules_les_communes_qui_ont_un_contour_en_donnent_un(sources: Path) -> None:
    assert lire_contours(sources) == {"28134": b"\x01\x01"}


@pytest.mark.parametrize("lire", [lire_decoupage, lire_contours])
def test_une_archive_manquante_se_nomme(tmp_path: Path, lire: Any) -> None:
    with pytest.raises(SourceIllisible, match=r"(tgz|whl) manque ou n’est pas lisible"):
        lire(tmp_path)


def un_decoupage(communes: dict[str, tuple[str, int]], deleguees: dict[str, str] | None = None) -> Decoupage:
    """Communes by code, with their EPCI and their inhabitants."""
    lues = {
        code: Commune(code, "", "59", "32", epci, "", f"N{code}", [], habitants)
        for code, (epci, habitants) in communes.items()
    }
    sirens = sorted({epci for epci, _ in communes.values() if epci})
    epcis = [Intercommunalite(siren, f"CC {siren}", "CC", 1, "32", ["32"], ["59"]) for siren in sirens]
    return Decoupage({}, {}, epcis, lues, deleguees or {}, [])


def test_une_fusion_un_numero_qui_change_et_une_commune_nouvelle_se_suivent() -> None:
    avant = un_decoupage({"1": ("A", 100), "2": ("B", 50), "3": ("B", 0), "4": ("C", 10)})
    apres = un_decoupage({"1": ("Z", 150), "4": ("Y", 10)}, {"2": "3", "3": "1"})
    assert passages(avant, apres, 2026) == [
        Passage(2026, "A", "Z", 100), Passage(2026, "B", "Z", 100), Passage(2026, "C", "Y", 100),
    ]  # fmt: skip
    assert mouvements(avant, apres, 2026) == []


def test_une_scission_garde_les_parts_d_un_dixieme_au_moins() -> None:
    avant = un_decoupage({"1": ("A", 60), "2": ("A", 35), "3": ("A", 5), "4": ("B", 10)})
    apres = un_decoupage({"1": ("Y", 60), "2": ("Z", 35), "3": ("B", 5), "4": ("B", 10)})
    assert passages(avant, apres, 2026) == [Passage(2026, "A", "Y", 60), Passage(2026, "A", "Z", 35)]


def test_une_sortie_fait_naitre_une_intercommunalite_de_celle_qui_continue() -> None:
    avant = un_decoupage({"1": ("A", 70), "2": ("A", 30), "3": ("", 9)})
    apres = un_decoupage({"1": ("A", 70), "2": ("Z", 30), "3": ("A", 9)})
    assert passages(avant, apres, 2026) == [Passage(2026, "A", "Z", 30)]
    assert mouvements(avant, apres, 2026) == [Mouvement(2026, "2", "A", "Z"), Mouvement(2026, "3", "", "A")]


def test_le_contour_d_une_disparue_est_celui_de_ses_communes() -> None:
    annees = {
        2025: un_decoupage({"1": ("A", 1), "2": ("B", 1)}),
        2026: un_decoupage({"1": ("Z", 1)}, {"2": "1"}),
    }
    assert communes_des_disparus(annees) == {"1": "B"}
