"""Specifications in words."""

from candidatures.cahier import Cahier, Choix, Condition, Format, PieceAttendue, Question, Section, Type
from candidatures.cahier.presentation import (
    PiecePresentee,
    QuestionPresentee,
    SectionPresentee,
    presenter,
    presenter_pieces,
)

OUI, NON = Choix("oui", "Oui", "Même un peu"), Choix("non", "Non")
AIDE = Question("aide", "Une aide\u00a0?", Type.CHOIX, choix=(OUI, NON))
SI = Condition("aide", ("oui", "non"))
MONTANT = Question("montant", "Montant", Type.DECIMAL, unite="hectares", obligatoire=False, condition=SI)
PLAN = Question("plan", "Plan", Type.PIECE, condition=SI, formats=(Format.PDF, Format.IMAGE))
SITES = Question(
    "sites",
    "Sites",
    Type.BLOC,
    champs=(
        Question("nom", "Nom"),
        Question("siren", "Numéro", Type.SIREN, obligatoire=False),
        Question("etat", "État", Type.CHOIX, choix=(OUI, NON)),
    ),
    maximum=5,
    ligne="Site",
)
SECTION = Section("s", "Le site", questions=(AIDE, MONTANT, PLAN, SITES, Question("mot", "Un mot", longueur_max=1500)))
CAHIER = Cahier(sections=(SECTION,), pieces=(PieceAttendue("note", "Note", par_membre=True),))
SI_OUI_OU_NON = "la réponse à «\u00a0Une aide\u00a0?\u00a0» est «\u00a0Oui\u00a0» ou «\u00a0Non\u00a0»"
FORMATS = "Formats acceptés\u00a0: PDF, image (JPEG ou PNG)."


def test_chaque_question_dit_ce_qu_elle_attend():
    assert presenter(CAHIER) == [
        SectionPresentee(
            SECTION,
            (
                QuestionPresentee(AIDE, "Un choix dans une liste", (), (OUI, NON)),
                QuestionPresentee(
                    MONTANT,
                    "Nombre à virgule",
                    (f"Posée seulement si {SI_OUI_OU_NON}.", "Réponse optionnelle.", "En hectares."),
                    (),
                ),
                QuestionPresentee(PLAN, "Pièce jointe", (f"Posée seulement si {SI_OUI_OU_NON}.", FORMATS), ()),
                QuestionPresentee(
                    SITES,
                    "Bloc qui se répète",
                    ("Au plus 5\u00a0lignes «\u00a0Site\u00a0», avec\u00a0:",),
                    (
                        Choix("nom", "Nom", "texte court"),
                        Choix("siren", "Numéro", "entreprise, par son numéro SIREN (optionnel)"),
                        Choix("etat", "État", "un choix dans une liste (Oui, Non)"),
                    ),
                ),
                QuestionPresentee(
                    SECTION.question("mot"), "Texte court", ("1\u202f500\u00a0caractères au plus.",), ()
                ),
            ),
        )
    ]


def test_chaque_piece_dit_si_elle_est_obligatoire_et_d_ou_elle_vient():
    assert presenter_pieces(CAHIER) == [
        PiecePresentee(
            CAHIER.pieces_attendues[0],
            ("Obligatoire.", f"Demandée dans la rubrique «\u00a0Le site\u00a0», si {SI_OUI_OU_NON}.", FORMATS),
            SI,
        ),
        PiecePresentee(
            CAHIER.pieces[0],
            ("Optionnelle.", "Une de chaque collectivité du groupement.", FORMATS),
            None,
        ),
    ]
