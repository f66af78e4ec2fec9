"""Traps of the official lists, on small files of our own."""

from dataclasses import replace

import pytest

from territoires.etats import NatureMembre
from territoires.importation import FichierInvalide, LigneTI, lire

ENTETE = "id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique\n"
ENTETE_COMMUNES = "insee_com;lib_com;id_ti;lib_ti\n"
CAMBRAI = "ti-9901;Cambrésis, Caudrésis;200068500;CA de Cambrai;EPCI\n"
LIGNE = LigneTI("ti-9901", "Cambrésis, Caudrésis", NatureMembre.EPCI, "CA de Cambrai", siren="200068500")


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


@pytest.mark.parametrize(
    ("fichier", "message"),
    [
        ("", "colonnes attendues"),
        ("nom,siren\nCambrai,200068500\n", "colonnes attendues"),
        (ENTETE, "aucune ligne"),
        (ENTETE + "ti-1;Un;200068501;CA;EPCI\n", "Ligne 2\u00a0: «\u00a0200068501\u00a0» n’est pas un numéro SIREN"),
        (ENTETE + CAMBRAI + "ti-1;Un;200068500;CA;SIVOM\n", "Ligne 3\u00a0: la nature juridique «\u00a0SIVOM\u00a0»"),
        (ENTETE + "ti-1;Un;200068500;CA\n", "Ligne 2\u00a0: 4 cellules au lieu de 5"),
        (ENTETE + "ti-1;Un;200068500;CA;EPCI;trop\n", "Ligne 2\u00a0: 6 cellules au lieu de 5"),
        (ENTETE + "ti-1 ; ti-2;Un;200068500;CA;EPCI\n", "2 identifiants"),
        (ENTETE + "ti-1;;200068500;CA;EPCI\n", "le nom du territoire d’industrie"),
        (ENTETE + 'ti-1;"Un;200068500;CA;EPCI\n', "illisible"),
        (ENTETE_COMMUNES + "Cambrai;59122;ti-1;Un\n", "n’est pas un code INSEE"),
        ("PK\x03\x04\x00\x00", "n’est pas un fichier CSV"),
    ],
)
def test_un_mauvais_fichier_est_refuse_en_francais(fichier: str, message: str) -> None:
    with pytest.raises(FichierInvalide, match=message):
        lire(fichier.encode())
