"""What specifications must be before a wave carries them."""

from dataclasses import replace

import pytest

from candidatures.cahier import (
    MODELE,
    Cahier,
    Choix,
    Condition,
    Critere,
    PieceAttendue,
    Question,
    Section,
    Type,
)
from candidatures.cahier.verification import CASES_MAX, CHAMPS_D_UNE_RUBRIQUE, verifier

OUI_NON = (Choix("oui", "Oui"), Choix("non", "Non"))
AIDE = Question("aide", "Une aide\u00a0?", Type.CHOIX, choix=OUI_NON)
SI_OUI = Condition("aide", ("oui",))


def un_cahier(*questions: Question, **parties) -> Cahier:
    return Cahier(sections=(Section("choc", "Le choc", questions=questions),), **parties)


def test_le_modele_du_portail_est_sans_defaut():
    assert verifier(MODELE) == []


@pytest.mark.parametrize(
    "question",
    [
        Question("montant", "Montant", Type.MONTANT, condition=SI_OUI),
        Question("note", "Note", Type.PIECE, condition=SI_OUI),
        Question("liste", "Liste", Type.BLOC, champs=(Question("nom", "Nom"), AIDE)),
    ],
    ids=["condition", "piece", "bloc"],
)
def test_ce_qui_est_permis(question):
    assert verifier(un_cahier(AIDE, question)) == []


@pytest.mark.parametrize(
    ("cahier", "defauts"),
    [
        (Cahier(sections=()), ["Il faut au moins une rubrique."]),
        (
            Cahier(sections=(Section("a", "Un"), Section("a", "Deux"))),
            ["Deux rubriques ont la même clé «\u00a0a\u00a0»."],
        ),
        (Cahier(sections=(Section("pieces", "Pièces"),)), ["La clé «\u00a0pieces\u00a0» ne peut pas être employée."]),
        (
            Cahier(sections=(Section("Le choc", "Le choc"),)),
            ["La clé «\u00a0Le choc\u00a0» ne peut pas être employée."],
        ),
        (Cahier(sections=(Section("choc", " "),)), ["Chaque rubrique doit avoir un titre."]),
        (
            Cahier(sections=tuple(Section(f"s{rang}", "Une rubrique") for rang in range(21))),
            ["Le cahier des charges compte plus de 20 rubriques\u00a0: regroupez-en."],
        ),
        (
            un_cahier(AIDE, AIDE),
            ["Deux questions ont, dans la rubrique «\u00a0Le choc\u00a0», la même clé «\u00a0aide\u00a0»."],
        ),
        (
            un_cahier(Question("a", "")),
            ["Chaque question doit avoir un libellé, dans la rubrique «\u00a0Le choc\u00a0»."],
        ),
        (
            un_cahier(*(Question(f"q{rang}", "Q") for rang in range(61))),
            ["La rubrique «\u00a0Le choc\u00a0» compte plus de 60 questions\u00a0: partagez-la en deux."],
        ),
        (
            un_cahier(Question("a", "A", longueur_max=20_001)),
            ["La longueur de la réponse à «\u00a0A\u00a0» doit être comprise entre 1 et 20\u202f000 caractères."],
        ),
        (
            un_cahier(replace(AIDE, choix=OUI_NON[:1])),
            ["La question «\u00a0Une aide\u00a0?\u00a0» doit proposer entre 2 et 150 choix."],
        ),
        (
            un_cahier(replace(AIDE, choix=(*OUI_NON, Choix("oui2", "Oui")))),
            ["La question «\u00a0Une aide\u00a0?\u00a0» propose deux fois «\u00a0Oui\u00a0»."],
        ),
        (
            un_cahier(replace(AIDE, choix=(*OUI_NON, Choix("oui", "Peut-être")))),
            ["Deux choix de «\u00a0Une aide\u00a0?\u00a0» ont la même clé «\u00a0oui\u00a0»."],
        ),
        (
            un_cahier(Question("p", "Plan", Type.PIECE, formats=())),
            ["La pièce «\u00a0Plan\u00a0» doit accepter au moins un format."],
        ),
        (
            un_cahier(Question("l", "Liste", Type.BLOC)),
            ["Le bloc «\u00a0Liste\u00a0» doit avoir au moins une colonne."],
        ),
        (
            un_cahier(Question("l", "Liste", Type.BLOC, champs=(Question("n", "Nom"),), maximum=0)),
            ["Le bloc «\u00a0Liste\u00a0» doit avoir entre 1 et 200 lignes au plus."],
        ),
        (
            un_cahier(Question("l", "Liste", Type.BLOC, champs=(Question("n", "Nom"), Question("n", "Nom 2")))),
            ["Deux colonnes du bloc «\u00a0Liste\u00a0» ont la même clé «\u00a0n\u00a0»."],
        ),
        (
            un_cahier(Question("l", "Liste", Type.BLOC, champs=(Question("c", "Choix", Type.CHOIX),))),
            ["La question «\u00a0Choix\u00a0» doit proposer entre 2 et 150 choix."],
        ),
        (
            un_cahier(Question("a", "A", condition=SI_OUI), AIDE),
            [
                (
                    "La question «\u00a0A\u00a0» dépend d’une question qui doit se trouver avant elle, dans la même "
                    "rubrique, et proposer des choix."
                )
            ],
        ),
        (
            un_cahier(Question("aide", "Aide"), Question("a", "A", condition=SI_OUI)),
            [
                (
                    "La question «\u00a0A\u00a0» dépend d’une question qui doit se trouver avant elle, dans la même "
                    "rubrique, et proposer des choix."
                )
            ],
        ),
        (
            un_cahier(AIDE, Question("a", "A", condition=Condition("aide", ("peut-être",)))),
            ["La question «\u00a0A\u00a0» dépend d’un choix que «\u00a0Une aide\u00a0?\u00a0» ne propose pas."],
        ),
        (
            un_cahier(AIDE, Question("a", "A", condition=Condition("aide", ()))),
            ["La question «\u00a0A\u00a0» dépend de «\u00a0Une aide\u00a0?\u00a0» sans dire de quelle réponse."],
        ),
        (
            un_cahier(Question("note", "Note", Type.PIECE), pieces=(PieceAttendue("note", "Note"),)),
            ["Deux pièces jointes ont la même clé «\u00a0note\u00a0»."],
        ),
        (un_cahier(pieces=(PieceAttendue("note", ""),)), ["Chaque pièce jointe doit avoir un libellé."]),
        (
            un_cahier(pieces=(PieceAttendue("note", "Note", formats=()),)),
            ["La pièce «\u00a0Note\u00a0» doit accepter au moins un format."],
        ),
        (
            un_cahier(criteres=(Critere("a", "A", 60), Critere("b", "B", 39))),
            ["Les poids de la grille font 99\u00a0%\u00a0: leur somme doit être de 100\u00a0%."],
        ),
        (
            un_cahier(criteres=(Critere("a", "A", 60), Critere("a", "B", 40))),
            ["Deux critères ont la même clé «\u00a0a\u00a0»."],
        ),
        (
            un_cahier(criteres=(Critere("a", "A", 100), Critere("b", "B", 0))),
            ["Chaque critère de la grille doit avoir un poids d’au moins 1\u00a0%."],
        ),
        (un_cahier(criteres=(Critere("a", " ", 100),)), ["Chaque critère de la grille doit avoir un libellé."]),
    ],
)
def test_chaque_defaut_se_dit_en_une_phrase(cahier, defauts):
    assert verifier(cahier) == defauts


@pytest.mark.parametrize("champ", [Question("p", "Plan", Type.PIECE), Question("a", "A", condition=SI_OUI)])
def test_une_colonne_n_est_ni_une_piece_ni_conditionnelle(champ):
    bloc = Question("l", "Liste", Type.BLOC, champs=(champ,))
    assert verifier(un_cahier(AIDE, bloc)) == [
        (
            f"La colonne «\u00a0{champ.libelle}\u00a0» du bloc «\u00a0Liste\u00a0» ne peut être ni un bloc, ni une "
            "pièce jointe, ni dépendre d’une condition."
        )
    ]


def test_une_colonne_n_est_pas_un_bloc():
    champ = Question("b", "Bloc", Type.BLOC, champs=(Question("n", "Nom"),))
    (defaut,) = verifier(un_cahier(Question("l", "Liste", Type.BLOC, champs=(champ,))))
    assert defaut.startswith("La colonne «\u00a0Bloc\u00a0» du bloc «\u00a0Liste\u00a0» ne peut être")


def test_une_rubrique_tient_dans_une_requete():
    """The portal refuses requests of more fields than it counts: no section may come near."""
    colonnes = tuple(Question(f"c{rang}", f"C{rang}") for rang in range(7))
    blocs = [Question(f"b{rang}", f"B{rang}", Type.BLOC, champs=colonnes, maximum=100) for rang in range(2)]
    assert CASES_MAX + 100 < CHAMPS_D_UNE_RUBRIQUE
    assert verifier(un_cahier(*blocs)) == [
        (
            "La rubrique «\u00a0Le choc\u00a0» pourrait compter plus de 1\u202f500 réponses\u00a0: réduisez le "
            "nombre de lignes de ses blocs."
        )
    ]
