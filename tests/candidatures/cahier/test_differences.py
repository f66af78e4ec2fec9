"""What changed between two specifications, said plainly; and which answers can follow."""

from dataclasses import replace
from typing import Any

import pytest

from candidatures.cahier import MODELE, Cahier, Choix, Condition, Format, PieceAttendue, Question, Section, Type
from candidatures.cahier.differences import Difference, Genre, changements, differences, questions_nouvelles
from candidatures.cahier.portage import non_reprises, porter

NB = "\u00a0"
BOIS, FER, EAU = Choix("bois", "Bois"), Choix("fer", "Fer"), Choix("eau", "Eau")
NOM = Question("nom", "Votre nom", longueur_max=100)
FILIERE = Question("filiere", "Filière", Type.CHOIX, choix=(BOIS, FER))


def un_cahier(*questions: Question, **autres: Any) -> Cahier:
    return Cahier(sections=(Section("s", "Rubrique", questions=questions),), **autres)


def test_rien_ne_change_d_un_cahier_a_lui_meme() -> None:
    assert differences(MODELE, MODELE) == []
    assert questions_nouvelles(MODELE, MODELE, "choc") == set()


@pytest.mark.parametrize(
    ("avant", "apres", "phrases"),
    [
        (NOM, replace(NOM, libelle="Votre nom complet"), [f"Le libellé était «{NB}Votre nom{NB}»."]),
        (NOM, replace(NOM, obligatoire=False), ["Elle devient optionnelle."]),
        (replace(NOM, obligatoire=False), NOM, ["Elle devient obligatoire."]),
        (NOM, replace(NOM, longueur_max=50), [f"50{NB}caractères au plus, au lieu de 100{NB}caractères."]),
        (
            NOM,
            replace(NOM, type=Type.SIREN),
            [f"La réponse attendue change{NB}: entreprise, par son numéro SIREN au lieu de texte court."],
        ),
        (FILIERE, replace(FILIERE, choix=(BOIS, FER, EAU)), [f"Choix ajouté{NB}: «{NB}Eau{NB}»."]),
        (
            FILIERE,
            replace(FILIERE, choix=(EAU,)),
            [
                f"Choix ajouté{NB}: «{NB}Eau{NB}».",
                f"Choix retirés{NB}: «{NB}Bois{NB}», «{NB}Fer{NB}».",
            ],
        ),
        (
            FILIERE,
            replace(FILIERE, choix=(replace(BOIS, libelle="Forêt"), FER)),
            [f"Le choix «{NB}Bois{NB}» s’appelle maintenant «{NB}Forêt{NB}»."],
        ),
        (
            Question("n", "Emplois", Type.ENTIER, unite="emplois"),
            Question("n", "Emplois", Type.ENTIER, unite="ETP"),
            [f"L’unité change{NB}: ETP (avant{NB}: emplois)."],
        ),
        (
            NOM,
            replace(NOM, condition=Condition("filiere", ("bois",))),
            ["Elle n’est plus posée que selon une autre réponse de la rubrique."],
        ),
        (
            Question("b", "Lignes", Type.BLOC, champs=(NOM,)),
            Question("b", "Lignes", Type.BLOC, champs=(replace(NOM, obligatoire=False), FILIERE), maximum=5),
            [
                f"5{NB}lignes au plus, au lieu de 30{NB}lignes.",
                f"Colonne ajoutée{NB}: «{NB}Filière{NB}».",
                f"Colonne «{NB}Votre nom{NB}»{NB}: Elle devient optionnelle.",
            ],
        ),
        (
            Question("p", "Pièce", Type.PIECE),
            Question("p", "Pièce", Type.PIECE, formats=(Format.IMAGE,)),
            [f"Formats acceptés{NB}: image (JPEG ou PNG) (avant{NB}: PDF, image (JPEG ou PNG))."],
        ),
    ],
)
def test_chaque_changement_d_une_question_est_une_phrase(avant: Question, apres: Question, phrases: list[str]) -> None:
    assert changements(avant, apres) == phrases


def test_l_aide_et_le_remplissage_ne_sont_pas_des_changements() -> None:
    assert changements(NOM, replace(NOM, aide="Prénom puis nom.", remplissage="name")) == []


def test_les_questions_ajoutees_retirees_et_changees_d_une_rubrique() -> None:
    ancien, nouveau = un_cahier(NOM, FILIERE), un_cahier(replace(NOM, obligatoire=False), Question("age", "Âge"))
    assert differences(ancien, nouveau) == [
        Difference(Genre.CHANGEMENT, "question", "Votre nom", "Rubrique", ("Elle devient optionnelle.",), "s", "nom"),
        Difference(Genre.AJOUT, "question", "Âge", "Rubrique", ("Texte court. Obligatoire.",), "s", "age"),
        Difference(Genre.RETRAIT, "question", "Filière", "Rubrique", (), "s", "filiere"),
    ]
    assert questions_nouvelles(ancien, nouveau, "s") == {"nom", "age"}


def test_les_rubriques_et_le_texte_de_l_appel() -> None:
    ancien = Cahier(sections=(Section("a", "Ancienne", questions=(NOM,)), Section("s", "Avant")))
    nouveau = Cahier(sections=(Section("s", "Après"), Section("b", "Nouvelle", questions=(NOM,))), texte="L’appel")
    assert [(d.genre, d.objet, d.libelle, d.details) for d in differences(ancien, nouveau)] == [
        (Genre.CHANGEMENT, "texte de l’appel", "Le texte de l’appel est modifié", ()),
        (Genre.CHANGEMENT, "rubrique", "Après", (f"Elle s’appelait «{NB}Avant{NB}».",)),
        (Genre.AJOUT, "rubrique", "Nouvelle", (f"Elle demande{NB}: «{NB}Votre nom{NB}».",)),
        (Genre.RETRAIT, "rubrique", "Ancienne", (f"Elle demandait{NB}: «{NB}Votre nom{NB}».",)),
    ]
    assert questions_nouvelles(ancien, nouveau, "b") == {"nom"}


def test_les_pieces_du_dossier() -> None:
    lettre, plan = PieceAttendue("lettre", "Lettre"), PieceAttendue("plan", "Plan")
    ancien = un_cahier(pieces=(lettre, plan))
    nouveau = un_cahier(
        pieces=(replace(lettre, obligatoire=True, par_membre=True), PieceAttendue("carte", "Carte", obligatoire=True))
    )
    assert [(d.genre, d.libelle, d.details) for d in differences(ancien, nouveau)] == [
        (
            Genre.CHANGEMENT,
            "Lettre",
            ("Elle devient obligatoire.", "Elle est désormais demandée à chaque collectivité du groupement."),
        ),
        (Genre.AJOUT, "Carte", ("Obligatoire.",)),
        (Genre.RETRAIT, "Plan", ()),
    ]


BLOC = Question("b", "Lignes", Type.BLOC, champs=(NOM, FILIERE), maximum=2)
ENTIER = Question("n", "Emplois", Type.ENTIER, unite="emplois")


@pytest.mark.parametrize(
    ("avant", "apres", "valeur", "portee"),
    [
        (NOM, replace(NOM, type=Type.TEXTE_LONG), "Anne", "Anne"),
        (NOM, replace(NOM, longueur_max=3), "Anne", None),
        (replace(NOM, type=Type.TEXTE_LONG), NOM, "deux\nlignes", None),
        (replace(NOM, type=Type.COURRIEL), NOM, "a@exemple.fr", "a@exemple.fr"),
        (NOM, replace(NOM, type=Type.COURRIEL), "Anne", None),
        (NOM, replace(NOM, type=Type.DATE), "Anne", None),
        (ENTIER, replace(ENTIER, libelle="Postes"), 12, 12),
        (ENTIER, replace(ENTIER, unite="ETP"), 12, None),
        (ENTIER, replace(ENTIER, type=Type.DECIMAL), 12, "12"),
        (ENTIER, replace(ENTIER, type=Type.MONTANT), 12, None),
        (ENTIER, ENTIER, 0, 0),
        (FILIERE, replace(FILIERE, choix=(FER,)), "bois", None),
        (FILIERE, replace(FILIERE, type=Type.CHOIX_MULTIPLE), "bois", ["bois"]),
        (
            replace(FILIERE, type=Type.CHOIX_MULTIPLE),
            replace(FILIERE, type=Type.CHOIX_MULTIPLE, choix=(FER, EAU)),
            ["bois", "fer"],
            ["fer"],
        ),
        (BLOC, replace(BLOC, champs=(NOM,)), [{"nom": "Anne", "filiere": "fer"}], [{"nom": "Anne"}]),
        (BLOC, replace(BLOC, maximum=1), [{"nom": "Anne"}, {"nom": "Paul"}], None),
    ],
)
def test_une_reponse_suit_quand_elle_a_sa_place(avant: Question, apres: Question, valeur: Any, portee: Any) -> None:
    ancien, nouveau, contenu = un_cahier(avant), un_cahier(apres), {"s": {avant.cle: valeur}}
    attendu = {"s": {avant.cle: portee}} if portee is not None else {}
    assert porter(ancien, nouveau, contenu) == attendu
    perdue = portee is None or (isinstance(valeur, list) and portee != valeur)
    assert [restee.question for restee in non_reprises(ancien, nouveau, contenu)] == ([avant] if perdue else [])


def test_au_meme_cahier_tout_suit() -> None:
    contenu = {"s": {"nom": "Anne", "filiere": "fer", "b": [{"nom": "Anne", "filiere": ""}]}}
    cahier = un_cahier(NOM, FILIERE, BLOC)
    assert porter(cahier, cahier, contenu) == contenu
    assert non_reprises(cahier, cahier, contenu) == []


def test_une_question_ou_une_rubrique_disparue_est_nommee() -> None:
    contenu = {"s": {"nom": "Anne", "filiere": "fer"}, "t": {"nom": "Paul"}}
    rubriques = (Section("s", "Rubrique", questions=(NOM, FILIERE)), Section("t", "Autre", questions=(NOM,)))
    restees = non_reprises(Cahier(sections=rubriques), un_cahier(NOM), contenu)
    assert [(restee.section.titre, restee.question.cle) for restee in restees] == [
        ("Rubrique", "filiere"),
        ("Autre", "nom"),
    ]
