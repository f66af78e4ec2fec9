from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from rebond.socle.erreurs import RegleEnfreinte
from territoires import referentiel
from territoires.etats import NatureMembre, Programme
from territoires.importation import LigneTI, lire
from territoires.industrie import Bilan, importer
from territoires.models import Epci, MembreTerritoireIndustrie, ProgrammeIndustrie, TerritoireIndustrie

PREMIER = """id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique
ti-9901;Hainaut-Cambrésis;200068500;CA de Cambrai;EPCI
ti-9901;Hainaut-Cambrésis;200030633;CA du Caudrésis et du Catésis;EPCI
ti-9902;Provence, étang;211300546;Marignane;COM
ti-9902;Provence, étang;200057990;Boucle Nord de Seine;EPT
ti-9903;Ailleurs;242900835;Morlaix;EPCI
"""
SECOND = """id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique
ti-9901;Tout autre territoire;200066918;CA Alès Agglomération;EPCI
"""


def importe(texte: str, programme: Programme = Programme.PREMIER) -> Bilan:
    return importer(lire(texte.encode()), programme=programme)


def membres(programme: Programme = Programme.PREMIER) -> list[tuple]:
    return list(
        MembreTerritoireIndustrie.objects.filter(territoire_industrie__programme=programme)
        .order_by("territoire_industrie__id_ti", "siren")
        .values_list("territoire_industrie__id_ti", "siren", "code_commune", "nature", "epci__siren")
    )


def test_chaque_membre_est_rattache_a_son_intercommunalite(charge: None) -> None:
    bilan = importe(PREMIER)
    assert membres() == [
        ("ti-9901", "200030633", "", "EPCI", "200030633"),
        ("ti-9901", "200068500", "", "EPCI", "200068500"),
        ("ti-9902", "200057990", "", "EPT", "200057990"),
        ("ti-9902", "211300546", "13054", "COM", "200054807"),
        ("ti-9903", "242900835", "", "EPCI", "242900835"),
    ]
    assert (bilan.territoires, bilan.membres, bilan.communes, bilan.hors_referentiel) == (3, 5, 1, [])


def test_importer_deux_fois_ne_change_rien(charge: None) -> None:
    importe(PREMIER)
    avant = list(MembreTerritoireIndustrie.objects.order_by("pk").values())
    importe(PREMIER)
    assert list(MembreTerritoireIndustrie.objects.order_by("pk").values()) == avant


def test_une_liste_corrigee_remplace_l_ancienne(charge: None) -> None:
    importe(PREMIER)
    importe("\n".join(PREMIER.replace("Hainaut-Cambrésis", "Cambrésis").splitlines()[:2]))
    assert [(t.id_ti, t.nom) for t in TerritoireIndustrie.objects.all()] == [("ti-9901", "Cambrésis")]
    assert membres() == [("ti-9901", "200068500", "", "EPCI", "200068500")]


def test_le_meme_identifiant_designe_deux_territoires_selon_le_programme(charge: None) -> None:
    importe(PREMIER)
    importe(SECOND, Programme.SECOND)
    assert len(membres()) == 5
    assert membres(Programme.SECOND) == [("ti-9901", "200066918", "", "EPCI", "200066918")]
    noms = TerritoireIndustrie.objects.filter(id_ti="ti-9901").order_by("programme").values_list("nom", flat=True)
    assert list(noms) == ["Hainaut-Cambrésis", "Tout autre territoire"]


def test_un_membre_hors_referentiel_garde_son_nom_et_se_signale(charge: None) -> None:
    Epci.objects.filter(siren="242900835").delete()
    bilan = importe(PREMIER)
    assert bilan.hors_referentiel == ["Morlaix (242900835)"]
    perdu = MembreTerritoireIndustrie.objects.get(siren="242900835")
    assert (perdu.epci, perdu.libelle) == (None, "Morlaix")


def test_les_communes_d_une_intercommunalite_entiere_la_designent(charge: None) -> None:
    codes = [code for code, commune in referentiel.communes().items() if commune.siren_epci == "200068500"]
    entiere = [LigneTI("ti-1", "Cambrésis", NatureMembre.COMMUNE, code, code_commune=code) for code in codes]
    importer(entiere, programme=Programme.PREMIER)
    assert membres() == [("ti-1", "200068500", "", "EPCI", "200068500")]
    bilan = importer(entiere[: len(codes) // 2], programme=Programme.PREMIER)
    assert bilan.communes == bilan.membres == len(codes) // 2


def test_deux_noms_pour_un_identifiant_ne_s_importent_pas(charge: None) -> None:
    importe(PREMIER)
    with pytest.raises(RegleEnfreinte, match="ti-9901 porte deux noms"):
        importe(PREMIER + "ti-9901;Autre nom;200066918;Alès;EPCI\n")
    assert len(membres()) == 5


def test_sans_referentiel_l_import_dit_quoi_faire(db: None) -> None:
    with pytest.raises(RegleEnfreinte, match="charger_referentiel"):
        importe(PREMIER)


def test_le_programme_est_garde_avec_ses_dates(charge: None) -> None:
    importe(PREMIER)
    importe(SECOND, Programme.SECOND)
    assert list(ProgrammeIndustrie.objects.values_list("programme", "debut", "fin")) == [
        ("2018-2023", date(2018, 11, 22), date(2023, 11, 8)),
        ("2023-2027", date(2023, 11, 9), date(2027, 12, 31)),
    ]
    importer(lire(PREMIER.encode()), programme=Programme.PREMIER, validite=(date(2019, 1, 1), date(2023, 10, 31)))
    importe(PREMIER)
    assert ProgrammeIndustrie.objects.en_vigueur(date(2023, 10, 31)).get().programme == "2018-2023"
    assert not ProgrammeIndustrie.objects.en_vigueur(date(2023, 11, 1)).exists()


def test_deux_programmes_ne_sont_jamais_en_vigueur_le_meme_jour(charge: None) -> None:
    importe(PREMIER)
    with pytest.raises(RegleEnfreinte, match="un seul l’est à la fois"):
        importer(lire(SECOND.encode()), programme=Programme.SECOND, validite=(date(2023, 11, 8), date(2027, 1, 1)))
    with pytest.raises(IntegrityError, match="sans_chevauchement"), transaction.atomic():
        ProgrammeIndustrie.objects.create(programme="2023-2027", debut=date(2020, 1, 1), fin=date(2024, 1, 1))


def test_la_commande_rend_compte(charge: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Epci.objects.filter(siren="242900835").delete()
    fichier = tmp_path / "liste.csv"
    fichier.write_text(PREMIER, encoding="cp1252")
    dates = ("--en-vigueur", "2018-11-22", "2023-11-01")
    call_command("importer_territoires_industrie", fichier, "--programme", "2018-2023", *dates)
    assert ProgrammeIndustrie.objects.get().fin == date(2023, 11, 1)
    assert capsys.readouterr().out == (
        "3\u00a0territoires d’industrie (2018-2023), 5\u00a0membres dont 1\u00a0commune.\n"
        "Hors référentiel 2023, conservé sous son nom\u00a0: Morlaix (242900835)\n"
    )


def test_la_commande_refuse_un_mauvais_fichier_d_une_phrase(charge: None, tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\x00")
    with pytest.raises(CommandError, match=r"^Rien n’a été importé\. Ce fichier n’est pas un fichier CSV"):
        call_command("importer_territoires_industrie", tmp_path / "photo.csv", "--programme", "2018-2023")
    with pytest.raises(CommandError, match=r"absent\.csv ne peut pas être lu"):
        call_command("importer_territoires_industrie", tmp_path / "absent.csv", "--programme", "2018-2023")
    assert not TerritoireIndustrie.objects.exists()
