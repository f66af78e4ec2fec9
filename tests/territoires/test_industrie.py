from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.importation.imports import ChuteRefusee
from territoires import referentiel
from territoires.etats import NatureMembre, Programme
from territoires.importation import LigneTI, lire
from territoires.industrie import Bilan, importer
from territoires.management.commands.importer_territoires_industrie import Command
from territoires.models import Epci, MembreTerritoireIndustrie, ProgrammeIndustrie, TerritoireIndustrie
from tests.candidatures.reprise.reprise import plat

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
    return importer(lire(texte.encode()).lignes, programme=programme, confirmer=True)


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
    bilan = importer(entiere[: len(codes) // 2], programme=Programme.PREMIER, confirmer=True)
    assert bilan.communes == bilan.membres == len(codes) // 2


def test_deux_noms_pour_un_identifiant_ne_s_importent_pas(charge: None) -> None:
    importe(PREMIER)
    contradictoires = [LigneTI("ti-1", nom, NatureMembre.EPCI, "M", siren="200066918") for nom in ("Un", "Autre")]
    with pytest.raises(RegleEnfreinte, match="ti-1 porte deux noms"):
        importer(contradictoires, programme=Programme.PREMIER, confirmer=True)
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
    importer(
        lire(PREMIER.encode()).lignes, programme=Programme.PREMIER, validite=(date(2019, 1, 1), date(2023, 10, 31))
    )
    importe(PREMIER)
    assert ProgrammeIndustrie.objects.en_vigueur(date(2023, 10, 31)).get().programme == "2018-2023"
    assert not ProgrammeIndustrie.objects.en_vigueur(date(2023, 11, 1)).exists()


def test_deux_programmes_ne_sont_jamais_en_vigueur_le_meme_jour(charge: None) -> None:
    importe(PREMIER)
    with pytest.raises(RegleEnfreinte, match="un seul l’est à la fois"):
        importer(
            lire(SECOND.encode()).lignes, programme=Programme.SECOND, validite=(date(2023, 11, 8), date(2027, 1, 1))
        )
    with pytest.raises(IntegrityError, match="sans_chevauchement"), transaction.atomic():
        ProgrammeIndustrie.objects.create(programme="2023-2027", debut=date(2020, 1, 1), fin=date(2024, 1, 1))


class TestChute:
    """Ten territories of one member each: one may go without a word, two may not."""

    @pytest.fixture(autouse=True)
    def dix(self, charge: None) -> list[str]:
        sirens = list(Epci.objects.order_by("siren").values_list("siren", flat=True)[:10])
        self.lignes = [f"ti-{rang:02};Territoire {rang};{siren};Membre;EPCI" for rang, siren in enumerate(sirens)]
        importe(self.texte(10))
        return self.lignes

    def texte(self, nombre: int) -> str:
        return "\n".join([PREMIER.splitlines()[0], *self.lignes[:nombre]]) + "\n"

    def test_un_dixieme_peut_partir(self) -> None:
        bilan = importer(lire(self.texte(9).encode()).lignes, programme=Programme.PREMIER)
        assert [ecart.retires for ecart in bilan.ecarts] == [
            ("ti-09 Territoire 9",),
            (f"ti-09 Membre (EPCI {self.lignes[9].split(';')[2]})",),
        ]
        assert TerritoireIndustrie.objects.count() == 9

    def test_davantage_se_confirme(self) -> None:
        lignes = lire(self.texte(8).encode()).lignes
        with pytest.raises(ChuteRefusee, match=r"2\u00a0retraits sur 10 \(territoires d’industrie\), 2"):
            importer(lignes, programme=Programme.PREMIER)
        assert TerritoireIndustrie.objects.count() == 10
        importer(lignes, programme=Programme.PREMIER, confirmer=True)
        assert TerritoireIndustrie.objects.count() == 8

    def test_des_membres_perdus_comptent_meme_si_les_territoires_restent(self) -> None:
        siens = self.texte(10).replace(self.lignes[0].split(";")[2], self.lignes[1].split(";")[2])
        siens = siens.replace(self.lignes[2].split(";")[2], self.lignes[3].split(";")[2])
        with pytest.raises(ChuteRefusee, match="2\u00a0retraits sur 10 \\(membres\\)"):
            importer(lire(siens.encode()).lignes, programme=Programme.PREMIER)

    def test_l_autre_programme_ne_compte_pas(self) -> None:
        importer(lire(SECOND.encode()).lignes, programme=Programme.SECOND)
        assert TerritoireIndustrie.objects.count() == 11

    def test_un_essai_a_blanc_dit_ce_qui_changerait_et_ne_change_rien(self) -> None:
        texte = (
            self.texte(9).replace("Territoire 0", "Autre nom") + f"ti-99;Neuf;{self.lignes[9].split(';')[2]};M;EPCI\n"
        )
        avant = list(MembreTerritoireIndustrie.objects.order_by("pk").values())
        bilan = importer(lire(texte.encode()).lignes, programme=Programme.PREMIER, a_blanc=True)
        territoires = bilan.ecarts[0]
        assert (territoires.ajoutes, territoires.modifies, territoires.retires) == (
            ("ti-99 Neuf",),
            ("ti-00 Territoire 0 → Autre nom",),
            ("ti-09 Territoire 9",),
        )
        assert list(MembreTerritoireIndustrie.objects.order_by("pk").values()) == avant


def lancer(*options: str) -> tuple[int, str]:
    sortie = StringIO()
    try:
        call_command("importer_territoires_industrie", *options, stdout=sortie)
    except SystemExit as fin:
        return int(fin.code or 0), plat(sortie.getvalue())
    except CommandError as refus:
        return refus.returncode, plat(str(refus))
    return 0, plat(sortie.getvalue())


class TestCommande:
    @pytest.fixture(autouse=True)
    def dossier(self, charge: None, tmp_path: Path) -> None:
        self.fichier = tmp_path / "liste.csv"

    def importer(self, contenu: bytes, *options: str) -> tuple[int, str]:
        self.fichier.write_bytes(contenu)
        return lancer(str(self.fichier), "--programme", "2018-2023", *options)

    def test_elle_rend_compte(self) -> None:
        Epci.objects.filter(siren="242900835").delete()
        code, rapport = self.importer(PREMIER.encode("mac_roman"))
        assert code == 0
        for ligne in (
            "Encodage : Mac Roman (Excel pour Mac), reconnu à ses accents ; séparateur : point-virgule.",
            "Territoires d’industrie (0 ici) : 3 ajouts, 0 changement, 0 retrait.",
            "  + ti-9901 Hainaut-Cambrésis",
            "Membres (0 ici) : 5 ajouts, 0 changement, 0 retrait.",
            "3 territoires d’industrie (2018-2023), 5 membres dont 1 commune.",
            "Hors référentiel 2026, conservé sous son nom : Morlaix (242900835)",
        ):
            assert ligne + "\n" in rapport

    def test_les_dates_du_programme_se_donnent(self) -> None:
        assert self.importer(PREMIER.encode(), "--en-vigueur", "2018-11-22", "2023-11-01")[0] == 0
        assert ProgrammeIndustrie.objects.get().fin == date(2023, 11, 1)

    def test_zero_tout_est_importe_meme_a_blanc(self) -> None:
        code, rapport = self.importer(PREMIER.encode(), "--a-blanc")
        assert (code, TerritoireIndustrie.objects.count()) == (0, 0)
        assert rapport.endswith("Essai à blanc : rien n’a été écrit.\n")

    def test_deux_des_fautes_sont_nommees_toutes_et_rien_n_est_importe(self) -> None:
        fautif = PREMIER.replace("200068500", "2,00069E+08").replace(";COM", ";com")
        code, rapport = self.importer(fautif.encode())
        assert (code, TerritoireIndustrie.objects.count()) == (2, 0)
        assert "Ligne 2, colonne « siren_groupement », « 2,00069E+08 » : abîmé par le tableur" in rapport
        assert "Ligne 4, colonne « nature_juridique », « com »" in rapport
        assert rapport.endswith("Rien n’a été importé : 2 fautes à corriger.\n")

    def test_deux_une_chute_se_confirme(self) -> None:
        self.importer(PREMIER.encode())
        court = "\n".join(PREMIER.splitlines()[:2]).encode()
        for options in ((), ("--a-blanc",)):
            code, rapport = self.importer(court, *options)
            assert (code, TerritoireIndustrie.objects.count()) == (2, 3)
            assert "  − ti-9902 Provence, étang\n" in rapport
            assert "Rien n’a été importé. Plus de 10 % de ce qui est ici serait perdu" in rapport
        assert self.importer(court, "--confirmer")[0] == 0
        assert TerritoireIndustrie.objects.count() == 1

    def test_un_rien_n_a_pu_etre_lu(self) -> None:
        assert self.importer(b"\x89PNG\r\n\x1a\n" + bytes(30))[0] == 1
        code, phrase = lancer(str(self.fichier) + ".absent", "--programme", "2018-2023")
        assert (code, phrase.endswith("ne peut pas être lu (No such file or directory).")) == (1, True)
        assert not TerritoireIndustrie.objects.exists()

    def test_un_aussi_quand_la_commande_est_mal_ecrite(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as fin:
            Command().run_from_argv(["manage.py", "importer_territoires_industrie", "--programme", "1998"])
        assert fin.value.code == 1
        assert "--programme" in capsys.readouterr().err
