"""What a file lacks before it may be deposited: each kind of question and of attachment, answered or not."""

from typing import Any

import pytest

from candidatures.cahier import Cahier, Choix, Condition, PieceAttendue, Question, Section, Type
from candidatures.dossier.completude import Composition, Jointe, Manque, est_vide, manques, membres_attendus

SI_OUI = Condition("choix", ("oui",))
QUESTIONS = (
    Question("choix", "Choix", Type.CHOIX, choix=(Choix("oui", "Oui"), Choix("non", "Non"))),
    Question("suite", "Suite", condition=SI_OUI),
    Question("libre", "Libre", obligatoire=False),
    Question("preuve", "Preuve", Type.PIECE, condition=SI_OUI),
    Question(
        "bloc",
        "Bloc",
        Type.BLOC,
        champs=(Question("nom", "Nom"), Question("emplois", "Emplois", Type.ENTIER, obligatoire=False)),
    ),
)
CAHIER = Cahier(
    sections=(
        Section("une", "Une", questions=QUESTIONS),
        Section("autre", "Autre", questions=(Question("q", "Q"),)),
    ),
    pieces=(
        PieceAttendue("lettre", "Lettre", obligatoire=True),
        PieceAttendue("deliberation", "Délibération", obligatoire=True, par_membre=True),
        PieceAttendue("plan", "Plan"),
    ),
)
COMPLET: dict[str, dict[str, Any]] = {
    "une": {"choix": "non", "bloc": [{"nom": "A", "emplois": None}]},
    "autre": {"q": "x"},
}
JOINTES = (Jointe("lettre"), Jointe("deliberation", membre=1), Jointe("deliberation", membre=2))
MEMBRES = {1: "Chef", 2: "Voisine"}


def lus(
    contenu: dict[str, dict[str, Any]] = COMPLET,
    jointes: tuple[Jointe, ...] = JOINTES,
    membres: dict[int, str] = MEMBRES,
    cahier: Cahier = CAHIER,
) -> list[Manque]:
    return manques(Composition(cahier, contenu, jointes, membres))


def ancres(**champs: Any) -> list[str]:
    return [manque.ancre for manque in lus(**champs)]


@pytest.mark.parametrize(
    ("valeur", "vide"),
    [(None, True), ("", True), ([], True), (0, False), (False, False), ("0", False), ([""], False)],
)
def test_zero_et_non_sont_des_reponses(valeur: Any, vide: bool) -> None:
    assert est_vide(valeur) is vide


def test_un_dossier_complet_ne_manque_de_rien() -> None:
    assert lus() == []


def test_un_dossier_vide_dit_tout_ce_qui_lui_manque_dans_l_ordre_du_formulaire() -> None:
    assert lus(contenu={}, jointes=(), membres={1: "Chef"}) == [
        Manque("une", "choix", "Choix", "id_choix_groupe"),
        Manque("une", "bloc", "Bloc", "id_bloc"),
        Manque("autre", "q", "Q", "id_q"),
        Manque("pieces", "lettre", "Lettre", "piece-lettre"),
        Manque("pieces", "deliberation", "Délibération", "piece-deliberation"),
    ]


def test_ce_qui_depend_d_une_reponse_ne_manque_que_si_elle_est_donnee() -> None:
    une = {**COMPLET["une"], "choix": "oui"}
    assert ancres(contenu={**COMPLET, "une": une}) == ["id_suite", "piece-preuve"]
    suivie = {**COMPLET, "une": {**une, "suite": "x"}}
    assert ancres(contenu=suivie, jointes=(*JOINTES, Jointe("preuve"))) == []


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        ([], ["id_bloc"]),
        ([{}], ["id_bloc"]),
        ([{"nom": "A"}, {"nom": ""}], ["id_bloc"]),
        ([{"nom": "", "emplois": 3}], ["id_bloc"]),
        ([{"nom": "A"}, {"nom": "B", "emplois": 0}], []),
    ],
)
def test_chaque_ligne_d_un_bloc_repond_a_ce_qu_il_exige(lignes: list[dict[str, Any]], attendu: list[str]) -> None:
    assert ancres(contenu={**COMPLET, "une": {**COMPLET["une"], "bloc": lignes}}) == attendu


def test_une_piece_refusee_par_l_antivirus_manque_encore() -> None:
    assert ancres(jointes=(Jointe("lettre", saine=False), *JOINTES[1:])) == ["piece-lettre"]
    assert ancres(jointes=(Jointe("lettre", saine=False), *JOINTES)) == []


@pytest.mark.parametrize(
    ("jointes", "attendus"),
    [
        ((), [("Délibération – Chef", "piece-deliberation-1"), ("Délibération – Voisine", "piece-deliberation-2")]),
        ((Jointe("deliberation", membre=1),), [("Délibération – Voisine", "piece-deliberation-2")]),
        ((Jointe("deliberation", membre=2),), [("Délibération – Chef", "piece-deliberation-1")]),
        # Joined before the grouping grew: it is the lead's.
        ((Jointe("deliberation"),), [("Délibération – Voisine", "piece-deliberation-2")]),
    ],
)
def test_une_piece_de_chaque_membre_est_demandee_a_chacun(
    jointes: tuple[Jointe, ...], attendus: list[tuple[str, str]]
) -> None:
    trouves = lus(jointes=(Jointe("lettre"), *jointes))
    assert [(manque.libelle, manque.ancre) for manque in trouves] == attendus


def test_une_piece_du_dossier_vaut_de_quelque_membre_qu_elle_vienne() -> None:
    assert ancres(jointes=(Jointe("lettre", membre=2), *JOINTES[1:])) == []


def test_seul_un_membre_donne_une_piece_pour_tous() -> None:
    assert ancres(jointes=(Jointe("lettre"), Jointe("deliberation", membre=9)), membres={1: "Chef"}) == []
    assert ancres(jointes=(Jointe("lettre"), Jointe("plan")), membres={1: "Chef"}) == ["piece-deliberation"]


def test_de_qui_une_piece_est_attendue() -> None:
    deliberation, lettre = CAHIER.pieces[1], CAHIER.pieces[0]
    plusieurs, seul = Composition(CAHIER, {}, (), MEMBRES), Composition(CAHIER, {}, (), {1: "Chef"})
    assert membres_attendus(plusieurs, deliberation) == [(1, "Chef"), (2, "Voisine")]
    assert membres_attendus(plusieurs, lettre) == membres_attendus(seul, deliberation) == [(None, "")]
