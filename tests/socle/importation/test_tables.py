"""The reader of tables: what spreadsheets write, read by evidence; what they damage, named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebond.socle.importation.tables import Faute, TableIllisible, abime_par_le_tableur, lire_table
from rebond.socle.texte.encodages import EncodageInconnu, decoder
from tests.outils.fichiers import un_docx, un_pdf, un_xlsx

FORME = ("code", "nom")
MOTS = ("Caraïbe", "d’Avenir", "Écully", "Île", "être", "œuvre", "Noël", "ça", "Aÿ", "maïs", "où", "Châtellerault")
TEXTE = "code;nom\n01;Caraïbe – l’Île d’Œuvre\n02;Évreux, à l’Aÿ\n"
LUES = [{"code": "01", "nom": "Caraïbe – l’Île d’Œuvre"}, {"code": "02", "nom": "Évreux, à l’Aÿ"}]


def lignes(contenu: bytes | str) -> list[dict[str, str]]:
    table = lire_table(contenu if isinstance(contenu, bytes) else contenu.encode(), [FORME])
    assert table.fautes == []
    return [ligne.cellules for ligne in table.lignes]


def fautes(contenu: bytes | str) -> list[str]:
    table = lire_table(contenu if isinstance(contenu, bytes) else contenu.encode(), [FORME])
    return [str(faute).replace("\u00a0", " ") for faute in table.fautes]


class TestEncodages:
    @pytest.mark.parametrize(
        ("encodage", "dit"),
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "UTF-8 (avec marque d’ordre)"),
            ("utf-16", "UTF-16"),
            ("utf-16-le", "UTF-16"),
            ("utf-16-be", "UTF-16"),
            ("cp1252", "Windows-1252"),
            ("mac_roman", "Mac Roman"),
        ],
    )
    @pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
    def test_chacun_se_reconnait_et_se_dit(self, encodage, dit, fin):
        contenu = TEXTE.replace("\n", fin).encode(encodage)
        table = lire_table(contenu, [FORME])
        assert [ligne.cellules for ligne in table.lignes] == LUES
        assert table.remarques[0].startswith(f"Encodage\u00a0: {dit}")

    @pytest.mark.parametrize("mot", MOTS)
    def test_un_seul_mot_suffit(self, mot):
        for encodage in ("cp1252", "mac_roman"):
            assert decoder(f"Le mot {mot} est là.".encode(encodage))[0] == f"Le mot {mot} est là."

    def test_un_ligature_de_l_europe_d_avant_se_reconnait(self):
        assert decoder("Cœur d'Hérault".encode("iso8859_15"))[0] == "Cœur d'Hérault"

    @pytest.mark.parametrize(
        "contenu", ["Caraïbe, Évreux, à".encode("cp850"), b"a\x00b\x00\x00\x00\x00\x00c", bytes(range(1, 256))]
    )
    def test_ce_qui_ne_ressemble_a_rien_n_est_pas_devine(self, contenu):
        with pytest.raises(EncodageInconnu):
            decoder(contenu)


class TestForme:
    @pytest.mark.parametrize(
        "contenu",
        [
            "sep=;\r\ncode;nom\r\n01;A\r\n",
            '"sep=;"\ncode;nom\n01;A\n',
            "sep=,\ncode,nom\n01,A\n",
            "sep=\t\ncode\tnom\n01\tA\n",
            "sep=~\ncode~nom\n01~A\n",
            "code\tnom\n01\tA\n",
            "code,nom\n01,A\n",
            "code|nom\n01|A\n",
            "Liste officielle au 1er janvier;;\n;;\ncode;nom;;\n01;A;;\n",
            "\ufeffcode;nom\n01;A\n",
            ' Code ;"NOM"\n"01";"A"\n\n;\n',
            "code;nom;;;\n01;A;;\n",
            'code;nom\n="01";A\n',
            "nom;note;code\nA;;01\n".replace("note", ""),
        ],
    )
    def test_la_meme_table_de_toutes_les_facons(self, contenu):
        assert [{nom: lue[nom] for nom in FORME} for lue in lignes(contenu)] == [{"code": "01", "nom": "A"}]

    def test_les_lignes_de_titre_se_disent(self):
        table = lire_table(b"Titre\n\ncode;nom\n1;A\n", [FORME])
        assert table.remarques == [
            "Encodage\u00a0: UTF-8\u00a0; séparateur\u00a0: point-virgule.",
            "2\u00a0lignes passées au-dessus du nom des colonnes.",
        ]
        assert table.lignes[0].numero == 4

    def test_une_cellule_entre_guillemets_tient_sur_plusieurs_lignes(self):
        table = lire_table(b'sep=;\ncode;nom\n01;"A ; ""B""\nC"\n02;D\n', [FORME])
        assert [(ligne.numero, ligne.cellules["nom"]) for ligne in table.lignes] == [(3, 'A ; "B"\nC'), (5, "D")]

    @pytest.mark.parametrize(
        ("contenu", "phrase"),
        [
            (b"", "vide"),
            (b"\xff\xfe \r\n", "vide"),
            (b"code;autre\n1;2\n", "Il y manque nom"),
            (b"rien\n", "Il faut\u00a0: code, nom"),
            (b"code;nom;code\n1;2;3\n", "deux fois"),
            (un_xlsx(), "CSV UTF-8"),
            (un_docx(), "CSV UTF-8"),
            (un_pdf(), "n’est pas un fichier CSV"),
            (b"\x89PNG\r\n\x1a\n" + bytes(30), "n’est pas"),
        ],
    )
    def test_ce_qui_n_est_pas_la_table_attendue_dit_pourquoi(self, contenu, phrase):
        with pytest.raises(TableIllisible, match=phrase):
            lire_table(contenu, [FORME])


class TestFautes:
    def test_toutes_sont_dites_et_les_autres_lignes_se_lisent(self):
        contenu = 'code;nom\n01\n02;B\n03;C;trop\n04;"mal" ferme\n05;CaraÃ¯be\n06;per\ufffddu\n07;G\n'
        table = lire_table(contenu.encode(), [FORME])
        assert [ligne.numero for ligne in table.lignes] == [3, 8]
        assert [(faute.ligne, faute.colonne) for faute in table.fautes] == [
            (2, ""),
            (4, ""),
            (5, ""),
            (6, "nom"),
            (7, "nom"),
        ]
        assert fautes(contenu)[0] == "Ligne 2 : 1 cellule au lieu de 2."

    def test_des_guillemets_jamais_fermes_se_disent_ou_ils_s_ouvrent(self):
        assert fautes('code;nom\n01;A\n02;"B\n03;C\n')[0].startswith("Ligne 3 : des guillemets ouverts")

    def test_une_faute_dit_sa_ligne_sa_colonne_sa_valeur_et_sa_cause(self):
        faute = Faute(4, "ce n’est pas un numéro SIREN", "siren", "20006\u202e8500" + "0" * 80)
        assert str(faute) == (
            f"Ligne 4, colonne «\u00a0siren\u00a0», «\u00a020006 8500{'0' * 50}…\u00a0»\u00a0: "
            "ce n’est pas un numéro SIREN."
        )


@pytest.mark.parametrize(
    "valeur", ["2,00069E+08", "2.00069e8", "2E+08", "200068500.0", "200068500,00", "#REF!", "#N/A", "#####"]
)
def test_ce_que_le_tableur_abime_est_nomme(valeur):
    assert abime_par_le_tableur(valeur)


@pytest.mark.parametrize("valeur", ["200068500", "200 068 500", "ti-0101", "2A004", "01004", "", "2E"])
def test_ce_qu_il_n_abime_pas_ne_l_est_pas(valeur):
    assert abime_par_le_tableur(valeur) == ""


@given(st.lists(st.tuples(st.text("aé ;\"'\n,àÉ9", max_size=8), st.text('abÎœ;" ', max_size=8)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_ce_qu_un_tableur_ecrit_se_relit(rangees):
    import csv
    import io

    gardees = [(a.strip(), b.strip()) for a, b in rangees if a.strip() or b.strip()]
    for separateur, encodage in ((";", "utf-8"), ("\t", "utf-16"), (",", "utf-8-sig")):
        sortie = io.StringIO()
        csv.writer(sortie, delimiter=separateur).writerows([FORME, *gardees])
        assert [tuple(ligne.values()) for ligne in lignes(sortie.getvalue().encode(encodage))] == gardees
