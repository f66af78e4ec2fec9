"""Traps of the official lists, on small files of our own."""

from dataclasses import replace

import pytest

from rebond.socle.importation.tables import TableIllisible
from territoires.etats import NatureMembre
from territoires.importation import LigneTI
from territoires.importation import lire as lire_liste

ENTETE = "id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique\n"
ENTETE_COMMUNES = "insee_com;lib_com;id_ti;lib_ti\n"
CAMBRAI = "ti-9901;Cambrésis, Caudrésis;200068500;CA de Cambrai;EPCI\n"
LIGNE = LigneTI("ti-9901", "Cambrésis, Caudrésis", NatureMembre.EPCI, "CA de Cambrai", siren="200068500")


def lire(contenu: bytes) -> list[LigneTI]:
    liste = lire_liste(contenu)
    assert liste.fautes == []
    return liste.lignes


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_l_encodage_et_les_fins_de_ligne_sont_ceux_du_tableur(encodage: str, fin: str) -> None:
    assert lire((ENTETE + CAMBRAI).replace("\n", fin).encode(encodage)) == [LIGNE]


def test_les_colonnes_viennent_dans_n_importe_quel_ordre_parmi_d_autres() -> None:
    fichier = (
        "SIREN_groupement;note;nature_juridique;lib_groupement;LIB_TI;id_ti\n"
        "200 068 500;;EPCI;CA de Cambrai;Cambrésis, Caudrésis;ti-9901\n;;;;;\n"
    )
    assert lire(fichier.encode()) == [LIGNE]


@pytest.mark.parametrize(
    "ligne",
    [
        "ti-9901 ; ti-9902;Cambrésis, Caudrésis ; Autre;200068500;CA de Cambrai;EPCI\n",
        '"ti-9901 ; ti-9902";"Cambrésis, Caudrésis ; Autre";200068500;CA de Cambrai;EPCI\n',
    ],
)
def test_une_cellule_porte_plusieurs_territoires_avec_ou_sans_guillemets(ligne: str) -> None:
    assert lire((ENTETE + ligne).encode()) == [LIGNE, replace(LIGNE, id_ti="ti-9902", nom="Autre")]


def test_une_ligne_repetee_compte_une_fois() -> None:
    assert lire((ENTETE + CAMBRAI * 3).encode()) == [LIGNE]


def test_la_liste_par_communes_se_lit_aussi() -> None:
    fichier = ENTETE_COMMUNES + "1004;Ambérieu;ti-1;Plaine\n2A004;Ajaccio;ti-1 ; ti-2;Plaine ; Mer\n59122;Cambrai;;\n"
    assert lire(fichier.encode("cp1252")) == [
        LigneTI("ti-1", "Plaine", NatureMembre.COMMUNE, "Ambérieu", code_commune="01004"),
        LigneTI("ti-1", "Plaine", NatureMembre.COMMUNE, "Ajaccio", code_commune="2A004"),
        LigneTI("ti-2", "Mer", NatureMembre.COMMUNE, "Ajaccio", code_commune="2A004"),
    ]


@pytest.mark.parametrize("encodage", ["utf-16", "mac_roman", "utf-8-sig"])
def test_un_titre_une_annonce_du_separateur_et_des_tabulations_se_lisent(encodage: str) -> None:
    fichier = ("sep=\t\nListe au 9 novembre\n\n" + (ENTETE + CAMBRAI).replace(";", "\t")).encode(encodage)
    assert lire(fichier) == [LIGNE]
    assert [ligne.numero for ligne in lire(fichier)] == [5]


@pytest.mark.parametrize(
    ("fichier", "message"),
    [
        ("", "vide"),
        ("nom,siren\nCambrai,200068500\n", "colonnes attendues"),
        ("id_ti;lib_ti;siren_groupement;lib_groupement\n", "Il y manque nature_juridique"),
        ("PK\x03\x04\x00\x00", "n’est pas du texte"),
    ],
)
def test_un_fichier_qui_n_est_pas_une_liste_dit_pourquoi(fichier: str, message: str) -> None:
    with pytest.raises(TableIllisible, match=message):
        lire_liste(fichier.encode())


@pytest.mark.parametrize(
    ("fichier", "faute"),
    [
        (ENTETE, "Ligne 1 : aucune ligne ne suit le nom des colonnes."),
        (
            ENTETE + "ti-1;Un;200068501;CA;EPCI\n",
            "Ligne 2, colonne « siren_groupement », « 200068501 » : ce n’est pas",
        ),
        (
            ENTETE + CAMBRAI + "ti-1;Un;200068500;CA;SIVOM\n",
            "Ligne 3, colonne « nature_juridique », « SIVOM » : cette",
        ),
        (ENTETE + "ti-1;Un;200068500;CA;epci\n", "(EPCI, EPT, COM) ; écrivez EPCI."),
        (ENTETE + "ti-1;Un;200068500;CA\n", "Ligne 2 : 4 cellules au lieu de 5."),
        (ENTETE + "ti-1;Un;200068500;CA;EPCI;trop\n", "Ligne 2 : 6 cellules au lieu de 5."),
        (ENTETE + "ti-1 ; ti-2;Un;200068500;CA;EPCI\n", "« lib_ti », « Un » : 1 nom pour 2 identifiants."),
        (ENTETE + "ti-1;;200068500;CA;EPCI\n", "un nom de 1 à 200 caractères est attendu."),
        (ENTETE + f"{'t' * 21};Un;200068500;CA;EPCI\n", "plus de 20 caractères."),
        (ENTETE + 'ti-1;"Un;200068500;CA;EPCI\n', "Ligne 2 : des guillemets ouverts ne sont pas fermés"),
        (ENTETE + "ti-1;Un;2,00069E+08;CA;EPCI\n", "« 2,00069E+08 » : abîmé par le tableur"),
        (ENTETE + "ti-1;Un;20006850.0;CA;EPCI\n", "« 20006850.0 » : abîmé par le tableur"),
        (ENTETE + "#REF!;Un;200068500;CA;EPCI\n", "« id_ti », « #REF! » : une erreur du tableur"),
        (ENTETE_COMMUNES + "Cambrai;59122;ti-1;Un\n", "« insee_com », « Cambrai » : ce n’est pas un code INSEE"),
        (ENTETE_COMMUNES + "1.0;Cambrai;ti-1;Un\n", "« insee_com », « 1.0 » : abîmé par le tableur"),
        (ENTETE + CAMBRAI + CAMBRAI.replace("Cambrésis,", "Autre,"), "Ligne 3, colonne « lib_ti »"),
    ],
)
def test_une_faute_dit_sa_ligne_et_sa_cause(fichier: str, faute: str) -> None:
    (trouvee,) = lire_liste(fichier.encode()).fautes
    assert faute in str(trouvee).replace("\u00a0", " ")


def test_toutes_les_fautes_sont_dites_dans_l_ordre() -> None:
    fichier = "ti-1;A;2,00069E+08;CA;EPCI\nti-2;B;200068500.0;CA;EPCI\nti-3;C;200068500;CA;epci\n;;;;\nti-4;D\n"
    assert [faute.ligne for faute in lire_liste((ENTETE + fichier + CAMBRAI).encode()).fautes] == [2, 3, 4, 6]
