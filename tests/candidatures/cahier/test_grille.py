"""The grid of a call: its levels, its floor, the questions on which it bears."""

from dataclasses import asdict, fields, replace
from typing import Any

import pytest

from candidatures.cahier import (
    MODELE,
    NIVEAUX_PAR_DEFAUT,
    Cahier,
    Choix,
    Condition,
    ConditionDeRecevabilite,
    Critere,
    Fait,
    Format,
    Niveau,
    PieceAttendue,
    Question,
    Section,
    Type,
    depuis_json,
    vers_json,
)
from candidatures.cahier.differences import Difference, Genre, differences
from candidatures.cahier.edition import sans_question, sans_section
from candidatures.cahier.presentation import CriterePresente, comptent, presenter, presenter_grille, presenter_pieces
from candidatures.cahier.verification import verifier

NB = "\u00a0"
BAS, MOYEN, HAUT = Niveau(0, "Rien."), Niveau(2, "Un peu."), Niveau(5, "Tout.")
CHOC = Critere("choc", "Le choc", 60, "Sa gravité.", (BAS, MOYEN, HAUT), 2, ("s/recit", "s/plan"))
EQUIPE = Critere("equipe", "L’équipe", 40, questions=("t/qui", "s/recit"))
CAHIER = Cahier(
    sections=(
        Section(
            "s", "Le site", questions=(Question("recit", "Que s’est-il passé ?"), Question("plan", "Plan", Type.PIECE))
        ),
        Section("t", "Les gens", questions=(Question("qui", "Qui ?"), Question("quand", "Quand ?", Type.DATE))),
    ),
    criteres=(CHOC, EQUIPE),
)


def test_une_grille_se_garde_entiere() -> None:
    assert depuis_json(vers_json(CAHIER)) == CAHIER
    assert depuis_json(vers_json(MODELE)) == MODELE


def test_une_grille_d_avant_les_niveaux_se_lit_encore() -> None:
    brut = vers_json(CAHIER)
    brut["criteres"] = [{"cle": "choc", "libelle": "Le choc", "poids": 100, "aide": ""}]
    lu = depuis_json(brut).criteres[0]
    assert lu == Critere("choc", "Le choc", 100)
    assert lu.echelle == NIVEAUX_PAR_DEFAUT


def test_ce_qu_une_note_demande() -> None:
    assert [CHOC.demande_des_raisons(niveau.valeur) for niveau in CHOC.niveaux] == [True, False, True]
    assert [CHOC.sous_le_plancher(niveau.valeur) for niveau in CHOC.niveaux] == [True, False, False]
    haut = replace(CHOC, plancher=5)
    assert [haut.demande_des_raisons(niveau.valeur) for niveau in haut.niveaux] == [True, True, True]
    assert not any(EQUIPE.sous_le_plancher(niveau.valeur) for niveau in EQUIPE.echelle)
    assert (CHOC.niveau(2), CHOC.niveau(1)) == (MOYEN, None)


def test_les_criteres_d_une_question() -> None:
    assert CAHIER.criteres_de("s", "recit") == (CHOC, EQUIPE)
    assert CAHIER.criteres_de("t", "quand") == ()
    assert (CAHIER.critere("equipe"), CAHIER.critere("autre")) == (EQUIPE, None)


DU_CHOC = f"du critère «{NB}Le choc{NB}»"
DESORDRE = f"Les niveaux {DU_CHOC} doivent aller de la note la plus basse à la plus haute, chacun la sienne."
PLANCHER = f"Le minimum {DU_CHOC} doit être la note de l’un de ses niveaux, au-dessus du plus bas."
DEFAUTS = [
    ({"niveaux": (BAS,), "plancher": None}, f"Le critère «{NB}Le choc{NB}» doit avoir entre 2 et 11 niveaux."),
    (
        {"niveaux": tuple(Niveau(rang, f"Phrase {rang}.") for rang in range(12))},
        f"Le critère «{NB}Le choc{NB}» doit avoir entre 2 et 11 niveaux.",
    ),
    (
        {"niveaux": (MOYEN, BAS, HAUT)},
        DESORDRE,
    ),
    (
        {"niveaux": (BAS, MOYEN, replace(HAUT, valeur=2))},
        DESORDRE,
    ),
    (
        {"niveaux": (BAS, MOYEN, replace(HAUT, valeur=21))},
        f"Les notes du critère «{NB}Le choc{NB}» doivent être comprises entre 0 et 20.",
    ),
    (
        {"niveaux": (BAS, MOYEN, replace(HAUT, phrase=" "))},
        f"Chaque niveau du critère «{NB}Le choc{NB}» doit avoir sa phrase.",
    ),
    (
        {"niveaux": (BAS, MOYEN, replace(HAUT, phrase="Un peu."))},
        f"Deux niveaux du critère «{NB}Le choc{NB}» disent «{NB}Un peu.{NB}».",
    ),
    *(({"plancher": plancher}, PLANCHER) for plancher in (0, 1, 6)),
    (
        {"questions": ("s/ailleurs",)},
        f"Le critère «{NB}Le choc{NB}» porte sur une question que le cahier des charges ne pose pas.",
    ),
    ({"questions": ("s/plan", "s/plan")}, f"Le critère «{NB}Le choc{NB}» porte deux fois sur la même question."),
]


@pytest.mark.parametrize(("change", "defaut"), DEFAUTS)
def test_chaque_defaut_d_un_critere_se_dit(change: dict[str, Any], defaut: str) -> None:
    assert verifier(CAHIER) == []
    assert verifier(replace(CAHIER, criteres=(replace(CHOC, **change), EQUIPE))) == [defaut]


def test_les_niveaux_communs_ont_aussi_un_plancher() -> None:
    assert verifier(replace(CAHIER, criteres=(CHOC, replace(EQUIPE, plancher=3)))) == []
    assert len(verifier(replace(CAHIER, criteres=(CHOC, replace(EQUIPE, plancher=4))))) == 1


def test_une_question_retiree_quitte_ses_criteres() -> None:
    sans_recit = sans_question(CAHIER, "s", "recit")
    assert [critere.questions for critere in sans_recit.criteres] == [("s/plan",), ("t/qui",)]
    sans_les_gens = sans_section(CAHIER, "t")
    assert [critere.questions for critere in sans_les_gens.criteres] == [("s/recit", "s/plan"), ("s/recit",)]
    assert verifier(sans_recit) == verifier(sans_les_gens) == []


POUR_LES_DEUX = f"Cette réponse compte pour les critères «{NB}Le choc{NB}» et «{NB}L’équipe{NB}»."
PLAN_DU_CHOC = f"Cette pièce compte pour le critère «{NB}Le choc{NB}»."


def test_chaque_question_dit_pour_quels_criteres_elle_compte() -> None:
    assert comptent(CAHIER, CAHIER.section("s")) == {"recit": POUR_LES_DEUX, "plan": PLAN_DU_CHOC}
    assert comptent(CAHIER, CAHIER.section("t")) == {
        "qui": f"Cette réponse compte pour le critère «{NB}L’équipe{NB}»."
    }
    (recit, plan), _ = (lue.questions for lue in presenter(CAHIER))
    assert (recit.precisions[-1], plan.precisions[-1]) == (POUR_LES_DEUX, PLAN_DU_CHOC)
    assert presenter_pieces(CAHIER)[0].precisions[-1] == PLAN_DU_CHOC


def test_la_grille_en_mots() -> None:
    plancher = (
        f"Minimum attendu{NB}: niveau 2. Une note plus basse est signalée au comité, quel que soit le "
        "score du dossier."
    )
    choc = CriterePresente(CHOC, plancher, (("Le site", ("Que s’est-il passé ?", "Plan")),))
    equipe = CriterePresente(EQUIPE, "", (("Le site", ("Que s’est-il passé ?",)), ("Les gens", ("Qui ?",))))
    assert presenter_grille(CAHIER) == [choc, equipe]
    assert presenter_grille(CAHIER, "t") == [equipe]
    assert choc.niveaux == [(f"Niveau{NB}0", "Rien."), (f"Niveau{NB}2", "Un peu."), (f"Niveau{NB}5", "Tout.")]


def test_ce_qui_change_dans_la_grille_se_dit() -> None:
    nouveau = replace(
        CHOC,
        libelle="La gravité",
        poids=50,
        aide="",
        niveaux=(BAS, replace(MOYEN, phrase="La moitié."), Niveau(4, "Presque tout.")),
        plancher=None,
        questions=("s/recit", "t/quand"),
    )
    mission = Critere("mission", "La mission", 50)
    assert differences(CAHIER, replace(CAHIER, criteres=(mission, nouveau))) == [
        Difference(Genre.AJOUT, "critère", "La mission", details=(f"Il compte pour 50{NB}%.",), cle="mission"),
        Difference(
            Genre.CHANGEMENT,
            "critère",
            "La gravité",
            details=(
                f"Il s’appelait «{NB}Le choc{NB}».",
                f"Il compte pour 50{NB}%, au lieu de 60{NB}%.",
                f"Précision{NB}: aucune (avant{NB}: Sa gravité.).",
                f"Niveau 2{NB}: «{NB}La moitié.{NB}» (avant{NB}: «{NB}Un peu.{NB}»).",
                f"Niveau 4 ajouté{NB}: «{NB}Presque tout.{NB}».",
                "Niveau 5 retiré.",
                f"Minimum attendu{NB}: aucun (avant{NB}: niveau 2).",
                f"Il porte aussi sur{NB}: «{NB}Quand ?{NB}».",
                f"Il ne porte plus sur{NB}: «{NB}Plan{NB}».",
            ),
            cle="choc",
        ),
        Difference(Genre.RETRAIT, "critère", "L’équipe", cle="equipe"),
    ]


OUI, NON = Choix("oui", "Oui"), Choix("non", "Non")
MERE = Question("mere", "Une aide ?", Type.CHOIX, choix=(OUI, NON))
BLOC = Question("sites", "Sites", Type.BLOC, champs=(Question("lieu", "Lieu"), Question("nom", "Nom")))
TEXTE = Question("texte", "Un texte")
PIECE = PieceAttendue("note", "Note")
CHOC_DATE = ConditionDeRecevabilite("date", "Le choc est daté.")
RICHE = Cahier(
    sections=(Section("s", "Le site", questions=(MERE, BLOC, TEXTE)), Section("t", "Les gens")),
    pieces=(PIECE, PieceAttendue("plan", "Plan")),
    criteres=(CHOC, EQUIPE),
    recevabilite=(CHOC_DATE, ConditionDeRecevabilite("perimetre", "Le périmètre est celui de l’appel.")),
)
# Another value of each field of each thing, beside its key.
AUTRES: dict[type, dict[str, Any]] = {
    Section: {"titre": "Autre", "introduction": "Autre", "questions": (BLOC, MERE, TEXTE)},
    Question: {
        "libelle": "Autre",
        "type": Type.TEXTE_LONG,
        "aide": "Autre",
        "obligatoire": False,
        "longueur_max": 12,
        "choix": (NON, OUI),
        "unite": "km",
        "champs": BLOC.champs[::-1],
        "maximum": 2,
        "ligne": "Autre",
        "remplissage": "name",
        "condition": Condition("mere", ("oui",)),
        "formats": (Format.TABLEUR,),
    },
    PieceAttendue: {
        "libelle": "Autre",
        "aide": "Autre",
        "obligatoire": True,
        "par_membre": True,
        "formats": (Format.TABLEUR,),
    },
    Critere: {
        "libelle": "Autre",
        "poids": 1,
        "aide": "Autre",
        "niveaux": (BAS, HAUT),
        "plancher": 5,
        "questions": ("s/texte",),
    },
    ConditionDeRecevabilite: {"libelle": "Autre", "aide": "Autre", "a_faire": "Autre", "fait": Fait.CHOC},
    Cahier: {
        "sections": RICHE.sections[::-1],
        "pieces": RICHE.pieces[::-1],
        "criteres": RICHE.criteres[::-1],
        "recevabilite": RICHE.recevabilite[::-1],
        "texte": "Autre",
    },
}
# An attachment of the whole file says no section; the type of a question says whether the others mean anything.
SANS_OBJET = {(PieceAttendue, "section")}
PORTENT = {"choix": "mere", "champs": "sites", "maximum": "sites", "ligne": "sites", "formats": "piece"}
JOINTE = Question("piece", "Une pièce", Type.PIECE)


def variantes() -> list[tuple[str, Cahier, Cahier]]:
    """Specifications, and the same with one thing written otherwise: each field of each class in turn."""
    base = replace(
        RICHE, sections=(replace(RICHE.sections[0], questions=(MERE, BLOC, TEXTE, JOINTE)), *RICHE.sections[1:])
    )
    trouvees = [(f"Cahier.{nom}", RICHE, replace(RICHE, **{nom: autre})) for nom, autre in AUTRES[Cahier].items()]
    for nom, autre in AUTRES[Section].items():
        sections = (replace(RICHE.sections[0], **{nom: autre}), *RICHE.sections[1:])
        trouvees.append((f"Section.{nom}", RICHE, replace(RICHE, sections=sections)))
    for nom, autre in AUTRES[Question].items():
        section = base.sections[0]
        questions = tuple(
            replace(question, **{nom: autre}) if question.cle == PORTENT.get(nom, "texte") else question
            for question in section.questions
        )
        sections = (replace(section, questions=questions), *base.sections[1:])
        trouvees.append((f"Question.{nom}", base, replace(base, sections=sections)))
    for nom, autre in AUTRES[PieceAttendue].items():
        pieces = (replace(PIECE, **{nom: autre}), *RICHE.pieces[1:])
        trouvees.append((f"PieceAttendue.{nom}", RICHE, replace(RICHE, pieces=pieces)))
    for nom, autre in AUTRES[ConditionDeRecevabilite].items():
        conditions = (replace(CHOC_DATE, **{nom: autre}), *RICHE.recevabilite[1:])
        trouvees.append((f"ConditionDeRecevabilite.{nom}", RICHE, replace(RICHE, recevabilite=conditions)))
    for nom, autre in AUTRES[Critere].items():
        trouvees.append((f"Critere.{nom}", RICHE, replace(RICHE, criteres=(replace(CHOC, **{nom: autre}), EQUIPE))))
    return trouvees


VARIANTES = variantes()


def test_chaque_champ_du_cahier_a_sa_variante() -> None:
    """A field that is added to the specifications is told when a version is taken again, or this fails."""
    for classe, autres in AUTRES.items():
        champs = {champ.name for champ in fields(classe) if champ.init and champ.name != "cle"}
        assert champs - {nom for une, nom in SANS_OBJET if une is classe} == set(autres), classe


@pytest.mark.parametrize(("avant", "apres"), [v[1:] for v in VARIANTES], ids=[v[0] for v in VARIANTES])
def test_rien_de_ce_qui_differe_entre_deux_versions_n_est_tu(avant: Cahier, apres: Cahier) -> None:
    assert asdict(avant) != asdict(apres)
    assert differences(avant, apres, redaction=True)
    assert differences(apres, avant, redaction=True)
    assert differences(avant, avant, redaction=True) == []


def test_la_redaction_et_l_ordre_ne_se_disent_que_si_on_le_demande() -> None:
    autre = replace(
        RICHE,
        sections=(
            replace(RICHE.sections[0], introduction="Où ?", questions=(replace(TEXTE, aide="Bref."), MERE, BLOC)),
            RICHE.sections[1],
        ),
        pieces=RICHE.pieces[::-1],
    )
    assert differences(RICHE, autre) == []
    assert [(d.libelle, d.details) for d in differences(RICHE, autre, redaction=True)] == [
        ("Le site", (f"L’introduction apparaît{NB}: «{NB}Où ?{NB}».", "L’ordre de ses questions change.")),
        ("Un texte", (f"L’aide apparaît{NB}: «{NB}Bref.{NB}».",)),
        ("L’ordre du cahier des charges change", ("L’ordre des pièces à joindre change.",)),
    ]
