"""A figure apart from the database: its sum, what it says of the rows that say nothing, its file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from projets.chiffres.valeurs import (
    INCONNU,
    Chiffre,
    Chiffres,
    Ligne,
    Restitution,
    Temoin,
    Unite,
    ecrire,
    montrer,
    reserve,
    total,
)

AU = date(2023, 10, 1)
EMBARGO = datetime(2023, 11, 15, 10, 30, tzinfo=UTC)
LIGNES = (Ligne(1, "Un", 5), Ligne(2, "Deux", None, demonstration=True), Ligne(3, "Trois", 0))


def un_chiffre(*lignes: Ligne, valeur: int | date | None = 5, unite: Unite = Unite.EMPLOIS) -> Chiffre:
    return Chiffre("cle", "Libellé", valeur, unite, "Définition", AU, lignes)


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("valeur", "unite", "couverture", "attendu"),
    [
        (286_340_000, Unite.EUROS, (88, 88), "286 M€"),
        (286_999_999, Unite.EUROS, (88, 88), "286 M€"),
        (12_840_000, Unite.EUROS, (7, 8), "12 M€ (renseigné pour 7 projets sur 8)"),
        (750_000, Unite.EUROS, (1, 1), "750 000 €"),
        (304, Unite.EMPLOIS, (88, 88), "304 emplois"),
        (None, Unite.EUROS, (0, 0), INCONNU),
    ],
)
def test_en_vue_un_montant_est_en_millions(
    valeur: int | None, unite: Unite, couverture: tuple[int, int], attendu: str
) -> None:
    assert lisible(montrer(valeur, unite, couverture)) == attendu


def test_une_somme_est_nulle_sans_ligne_et_inconnue_si_aucune_ne_parle() -> None:
    assert total([]) == 0
    assert total([Ligne(1, "Un", None)]) is None
    assert total(LIGNES) == 5
    assert total([Ligne(1, "Un", 2), Ligne(2, "Deux", 3)]) == 5


@pytest.mark.parametrize(
    ("valeur", "unite", "couverture", "attendu"),
    [
        (1, Unite.TERRITOIRES, (1, 1), "1 territoire"),
        (2, Unite.REGIONS, (2, 2), "2 régions"),
        (2, Unite.INDUSTRIELS, (2, 2), "2 industriels"),
        (88, Unite.PROJETS, (88, 88), "88 projets"),
        (18, Unite.EMPLOIS, (1, 14), "18 emplois (renseigné pour 1 projet sur 14)"),
        (18, Unite.EMPLOIS, (2, 3), "18 emplois (renseigné pour 2 projets sur 3)"),
        (286_340_000, Unite.EUROS, (1, 1), "286 340 000 €"),
        (None, Unite.EUROS, (0, 3), "non renseigné"),
        (AU, Unite.DATE, (0, 0), "1er octobre 2023"),
        (None, Unite.DATE, (0, 0), "non programmée"),
    ],
)
def test_un_chiffre_s_ecrit_avec_son_unite_et_ce_qui_lui_manque(
    valeur: int | date | None, unite: Unite, couverture: tuple[int, int], attendu: str
) -> None:
    assert lisible(ecrire(valeur, unite, couverture)) == attendu


def test_un_chiffre_dit_combien_de_ses_lignes_parlent() -> None:
    partiel, entier = un_chiffre(*LIGNES), un_chiffre(LIGNES[0], LIGNES[2])
    assert (partiel.couverture, partiel.partiel, lisible(partiel.reserve), partiel.demonstration) == (
        (2, 3),
        True,
        "renseigné pour 2 projets sur 3",
        True,
    )
    assert (entier.couverture, entier.partiel, entier.reserve, entier.demonstration) == ((2, 2), False, "", False)
    assert lisible(str(partiel)) == "5 emplois (renseigné pour 2 projets sur 3)"
    assert reserve(3, 3) == ""


def test_une_part_ne_compte_que_ses_lignes() -> None:
    entier = un_chiffre(*LIGNES)
    assert entier.part({2, 3}) == un_chiffre(LIGNES[1], LIGNES[2], valeur=0)
    assert entier.part({2}) == un_chiffre(LIGNES[1], valeur=None)


def test_une_date_n_est_pas_une_quantite() -> None:
    nombre, jour, inconnu = un_chiffre(), un_chiffre(valeur=AU, unite=Unite.DATE), un_chiffre(valeur=None)
    assert [(c.connue, c.jour) for c in (nombre, jour, inconnu)] == [(5, None), (None, AU), (None, None)]
    assert nombre.quantite == 5
    for autre in (jour, inconnu):
        with pytest.raises(TypeError, match="cle is not a quantity"):
            _ = autre.quantite


def des_chiffres(publique_a: datetime | None = EMBARGO, temoins: tuple[Temoin, ...] | None = ()) -> Chiffres:
    jour = Chiffre("releve", "Relève", AU, Unite.DATE, "Définition", AU, ())
    # Neither in the order of the alphabet nor in that of their making.
    return Chiffres(
        au=AU,
        restitutions=(Restitution(4, "Mission", date(2023, 1, 2), AU, nouvelle=False), Restitution(5, "B", AU, AU)),
        publique_a=publique_a,
        par_cle={"releve": jour, "cle": un_chiffre(*LIGNES)},
        temoins=temoins,
    )


def test_un_embargo_se_leve_a_son_instant() -> None:
    chiffres, avant = des_chiffres(), EMBARGO - timedelta(microseconds=1)
    assert [chiffres.sous_embargo(instant) for instant in (avant, EMBARGO)] == [True, False]
    assert lisible(chiffres.embargo(avant)) == "SOUS EMBARGO jusqu’au 15 novembre 2023 à 11 h 30 (heure de Paris)"
    assert chiffres.embargo(EMBARGO) == ""
    assert (des_chiffres(None).sous_embargo(avant), des_chiffres(None).embargo(avant)) == (False, "")


def test_des_chiffres_se_lisent_par_leur_cle_dans_leur_ordre() -> None:
    chiffres = des_chiffres()
    assert (list(chiffres), len(chiffres), chiffres["cle"].valeur) == (["releve", "cle"], 2, 5)
    assert chiffres.demonstration
    assert not Chiffres(AU, (), None, {"cle": un_chiffre(LIGNES[0])}).demonstration


@pytest.mark.parametrize("temoins", [None, (), (Temoin("axe-1", "Axe", "Le bois"),)])
@pytest.mark.parametrize("publique_a", [None, EMBARGO])
def test_ce_qui_est_ecrit_en_detail_se_relit_a_l_identique(
    temoins: tuple[Temoin, ...] | None, publique_a: datetime | None
) -> None:
    chiffres = des_chiffres(publique_a, temoins)
    relus = Chiffres.depuis_json(chiffres.en_json(detail=True))
    assert (relus, list(relus)) == (chiffres, list(chiffres))


def test_une_date_que_l_on_ne_connait_pas_se_relit_inconnue() -> None:
    inconnue = un_chiffre(valeur=None, unite=Unite.DATE)
    assert Chiffre.depuis_json("cle", inconnue.en_json(detail=True)) == inconnue


def test_ce_qui_est_ecrit_dit_s_il_est_invente_et_jusqu_a_quand_il_se_tait() -> None:
    ecrit = des_chiffres(None).en_json()
    del ecrit["chiffres"], ecrit["restitutions"]
    assert ecrit == {
        "au": "2023-10-01",
        "publique_a": None,
        "demonstration": True,
        "ordre": ["releve", "cle"],
        "temoins": [],
    }
    assert des_chiffres().en_json()["publique_a"] == EMBARGO.isoformat()


def test_sans_detail_les_lignes_ne_sont_que_des_cles() -> None:
    assert des_chiffres().en_json()["chiffres"]["cle"] == {
        "libelle": "Libellé",
        "valeur": 5,
        "unite": "emplois",
        "definition": "Définition",
        "au": "2023-10-01",
        "demonstration": True,
        "couverture": {"renseignees": 2, "lignes": 3},
        "partiel": True,
        "lignes": [1, 2, 3],
    }
    assert un_chiffre(*LIGNES).en_json()["lignes"] == [1, 2, 3]


def test_un_fichier_d_avant_dit_sa_restitution_nouvelle_et_n_a_pas_de_temoin() -> None:
    ancien = des_chiffres().en_json(detail=True)
    del ancien["temoins"], ancien["restitutions"][0]["nouvelle"]
    relus = Chiffres.depuis_json(ancien)
    assert (relus.temoins, [r.nouvelle for r in relus.restitutions]) == (None, [True, True])
