"""Changes to specifications: what moves, and what keeps its key."""

from candidatures.cahier import Cahier, Choix, PieceAttendue, Question, Section, Type
from candidatures.cahier.edition import (
    avec_question,
    avec_section,
    cles_de_question,
    conditions_possibles,
    deplacer_question,
    deplacer_section,
    ecrire_choix,
    lire_choix,
    nouvelle_cle,
    sans_question,
    sans_section,
)

CAHIER = Cahier(
    sections=(
        Section("un", "Un", questions=(Question("a", "A"), Question("b", "B"))),
        Section("deux", "Deux", questions=(Question("plan", "Plan", Type.PIECE),)),
    ),
    pieces=(PieceAttendue("note", "Note"),),
)
FILIERES = (Choix("auto", "Automobile"), Choix("energie", "Énergie"), Choix("sante", "Santé", "Pharmacie"))


def cles(cahier, section=""):
    if section:
        return [question.cle for question in cahier.section(section).questions]
    return [section.cle for section in cahier.sections]


def test_une_cle_vient_du_libelle_et_ne_sert_qu_une_fois():
    prises = {"date_du_choc", "date_du_choc_2"}
    assert nouvelle_cle("Date du choc\u00a0!", prises, "question") == "date_du_choc_3"
    assert nouvelle_cle("Pièces", set(), "rubrique") == "pieces_2"
    assert nouvelle_cle("???", set(), "question") == "question"
    assert len(nouvelle_cle("a" * 200, set(), "question")) == 40


def test_une_question_s_ajoute_a_la_fin_ou_prend_la_place_de_la_sienne():
    assert cles(avec_question(CAHIER, "un", Question("c", "C")), "un") == ["a", "b", "c"]
    redite = avec_question(CAHIER, "un", Question("a", "A dite autrement"))
    assert [question.libelle for question in redite.section("un").questions] == ["A dite autrement", "B"]
    assert cles(avec_section(CAHIER, Section("trois", "Trois"))) == ["un", "deux", "trois"]


def test_ce_qui_se_retire():
    assert cles(sans_section(CAHIER, "un")) == ["deux"]
    assert cles(sans_question(CAHIER, "un", "a"), "un") == ["b"]


def test_monter_et_descendre_s_arretent_aux_bouts():
    assert cles(deplacer_section(CAHIER, "deux", -1)) == ["deux", "un"]
    assert cles(deplacer_section(CAHIER, "deux", 1)) == ["un", "deux"]
    assert cles(deplacer_question(CAHIER, "un", "a", 1), "un") == ["b", "a"]
    assert cles(deplacer_question(CAHIER, "un", "a", -1), "un") == ["a", "b"]


def test_une_piece_ne_prend_la_cle_d_aucune_autre():
    assert cles_de_question(CAHIER, "un", Type.PIECE) == {"a", "b", "plan", "note"}
    assert cles_de_question(CAHIER, "un", Type.TEXTE) == {"a", "b"}


def test_une_question_ne_depend_que_des_choix_qui_la_precedent():
    choix = [Question(cle, cle, Type.CHOIX) for cle in ("x", "y", "z")]
    section = Section("s", "S", questions=(choix[0], Question("a", "A"), *choix[1:]))
    assert conditions_possibles(section, "y") == (choix[0],)
    assert conditions_possibles(section) == tuple(choix)
    assert conditions_possibles(section, "x") == ()


def test_les_choix_s_ecrivent_et_se_relisent():
    texte = ecrire_choix(FILIERES)
    assert texte == "Automobile\nÉnergie\nSanté | Pharmacie"
    assert lire_choix(texte, FILIERES) == FILIERES


def test_un_choix_garde_sa_cle_quand_il_bouge_ou_se_corrige():
    assert lire_choix("santé\n\nÉnergie et climat | Réseaux\n Automobile ", FILIERES) == (
        Choix("sante", "santé"),
        Choix("energie", "Énergie et climat", "Réseaux"),
        Choix("auto", "Automobile"),
    )


def test_un_tout_autre_choix_a_une_cle_neuve():
    assert lire_choix("Textile\nÉnergie\nSanté", FILIERES) == (
        Choix("textile", "Textile"),
        Choix("energie", "Énergie"),
        Choix("sante", "Santé"),
    )


def test_une_cle_abandonnee_n_est_pas_donnee_a_un_autre():
    anciens = (Choix("textile", "Chimie"), Choix("b", "Bois"))
    assert [choix.cle for choix in lire_choix("Textile\nBois", anciens)] == ["textile_2", "b"]
