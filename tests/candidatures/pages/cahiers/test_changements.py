"""Each change of the specifications, by the pages of the editor."""

from dataclasses import replace
from datetime import timedelta

import pytest

from candidatures.cahier import MODELE, Choix, Condition, Critere, Format, PieceAttendue, Question, Section, Type
from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.cahier.requetes import cahier_courant
from candidatures.models import CahierDesCharges
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.cahiers.outils import (
    CRITERES_SANS_QUESTIONS,
    cahier_de,
    changer,
    envoyer,
    lignes,
    page,
)
from tests.candidatures.pages.pages import texte

pytestmark = pytest.mark.django_db


def avec_questions(*questions):
    sections = (Section("choc", "Le choc", questions=questions),)
    return replace(MODELE, sections=sections, criteres=CRITERES_SANS_QUESTIONS)


def test_le_texte_de_l_appel_s_enregistre_avec_ce_qu_on_en_dit(client, vague, administrateur):
    reponse = envoyer(client, vague, "cahier_texte", texte="Premier.\r\n\r\nSecond.", commentaire="Deux paragraphes")
    assert reponse.status_code == 302
    courant = cahier_courant(vague=vague)
    assert courant.cahier == replace(MODELE, texte="Premier.\n\nSecond.")
    assert (courant.version, courant.commentaire, courant.auteur) == (2, "Deux paragraphes", administrateur)


def test_une_rubrique_s_ajoute_puis_change_de_titre_sans_changer_de_cle(client, vague):
    envoyer(client, vague, "cahier_section_ajouter", titre="Le foncier disponible", introduction="Où construire.")
    envoyer(client, vague, "cahier_section", "le_foncier_disponible", version=2, titre="Les terrains", introduction="")
    assert cahier_de(vague).sections == (*MODELE.sections, Section("le_foncier_disponible", "Les terrains"))
    commentaires = CahierDesCharges.objects.order_by("version").values_list("commentaire", flat=True)
    assert list(commentaires) == [
        "",
        "Rubrique «\u00a0Le foncier disponible\u00a0» ajoutée",
        "Rubrique «\u00a0Les terrains\u00a0» modifiée",
    ]


QUESTIONS = [
    (Type.TEXTE, {"longueur_max": "1 500", "jeton": "name"}, {"longueur_max": 1500, "remplissage": "name"}),
    (Type.TEXTE_LONG, {"longueur_max": "4000"}, {"longueur_max": 4000}),
    (Type.ENTIER, {"unite": "emplois"}, {"unite": "emplois"}),
    (Type.DECIMAL, {"unite": "hectares"}, {"unite": "hectares"}),
    (Type.MONTANT, {}, {}),
    (Type.DATE, {}, {}),
    (
        Type.CHOIX,
        {"choix": "Oui | Et bien\nNon"},
        {"choix": (Choix("oui", "Oui", "Et bien"), Choix("non", "Non"))},
    ),
    (Type.CHOIX_MULTIPLE, {"choix": "Un\nDeux"}, {"choix": (Choix("un", "Un"), Choix("deux", "Deux"))}),
    (Type.COURRIEL, {"jeton": "email"}, {"remplissage": "email"}),
    (Type.TELEPHONE, {"jeton": ""}, {}),
    (Type.EPCI, {}, {}),
    (Type.SIREN, {}, {}),
    (Type.PIECE, {"formats": ["pdf", "image"]}, {"formats": (Format.PDF, Format.IMAGE)}),
]


@pytest.mark.parametrize(("type_", "saisie", "attendus"), QUESTIONS, ids=[type_ for type_, *_ in QUESTIONS])
def test_chaque_sorte_de_question_s_ajoute_et_se_relit(client, vague, type_, saisie, attendus):
    saisie = {"libelle": "Ma question", "aide": "Mon aide", "obligatoire": "on"} | saisie
    envoyer(client, vague, "cahier_question_ajouter", "choc", requete=f"?type={type_}", **saisie)
    question = Question("ma_question", "Ma question", type_, "Mon aide", **attendus)
    assert cahier_de(vague).section("choc").questions[-1] == question
    # The form shown again says the same thing: sent as it is, nothing changes.
    formulaire = client.get(page("cahier_question", vague, "choc", "ma_question")).context["formulaire"]
    relue = {nom: champ for nom in formulaire.fields if (champ := formulaire[nom].value())}
    assert envoyer(client, vague, "cahier_question", "choc", "ma_question", version=2, **relue).status_code == 302
    assert cahier_courant(vague=vague).version == 2
    assert client.get(page("cahier_apercu_section", vague, "choc")).status_code == 200


def test_un_bloc_s_ajoute_avec_ses_colonnes_et_elles_gardent_leurs_cles(client, vague):
    colonnes = [
        {"cle": "", "libelle": "Nom du site", "type": "texte", "longueur_max": "120", "obligatoire": "on"},
        {"cle": "forgee", "libelle": "État", "type": "choix", "choix": "Neuf\nÀ refaire", "unite": "ignorée"},
    ]
    saisie = {"libelle": "Sites", "aide": "", "ligne": "Site", "maximum": "10"}
    envoyer(
        client,
        vague,
        "cahier_question_ajouter",
        "choc",
        requete="?type=bloc",
        **(saisie | lignes("colonnes", *colonnes)),
    )
    nom = Question("nom_du_site", "Nom du site", longueur_max=120)
    etat = Question(
        "etat",
        "État",
        Type.CHOIX,
        obligatoire=False,
        choix=(Choix("neuf", "Neuf"), Choix("a_refaire", "À refaire")),
    )
    bloc = Question("sites", "Sites", Type.BLOC, obligatoire=False, champs=(nom, etat), maximum=10, ligne="Site")
    assert cahier_de(vague).section("choc").questions[-1] == bloc

    corrigees = [{**colonnes[1], "cle": "etat", "libelle": "État du site"}, {**colonnes[0], "cle": "nom_du_site"}]
    envoyer(client, vague, "cahier_question", "choc", "sites", version=2, **(saisie | lignes("colonnes", *corrigees)))
    champs = cahier_de(vague).section("choc").questions[-1].champs
    assert champs == (replace(etat, libelle="État du site"), nom)


def test_ajouter_une_ligne_n_enregistre_rien_et_garde_la_saisie(client, vague):
    saisie = {"libelle": "Sites", "aide": "", "ligne": "", "maximum": "", "colonnes-ajouter": "1"}
    saisie |= lignes("colonnes", {"cle": "", "libelle": "Nom", "type": "texte"})
    reponse = envoyer(client, vague, "cahier_question_ajouter", "choc", requete="?type=bloc", **saisie)
    formulaire = reponse.context["formulaire"]
    assert (reponse.status_code, formulaire.errors, len(formulaire.lignes.visibles)) == (200, {}, 2)
    assert formulaire["libelle"].value() == "Sites"
    assert cahier_courant(vague=vague).version == 1


OUI_NON = (Choix("oui", "Oui"), Choix("non", "Non"))
AIDE = Question("aide", "Une aide\u00a0?", Type.CHOIX, choix=OUI_NON)
AUTRE = Question("autre", "Une autre\u00a0?", Type.CHOIX, choix=OUI_NON)
MONTANT = Question("montant", "Montant", Type.MONTANT)


def test_une_question_se_pose_sous_condition(client, vague):
    changer(vague, avec_questions(AIDE, MONTANT))
    saisie = {"libelle": "Montant", "aide": "", "obligatoire": "on", "si_aide": ["oui"]}
    envoyer(client, vague, "cahier_question", "choc", "montant", version=2, **saisie)
    posee = replace(MONTANT, condition=Condition("aide", ("oui",)))
    assert cahier_de(vague) == avec_questions(AIDE, posee)
    assert "Posée seulement si la réponse à «\u00a0Une aide\u00a0?\u00a0» est «\u00a0Oui\u00a0»." in texte(
        client.get(page("cahier", vague))
    )
    # The condition is kept when the choices are worded differently.
    saisie = {"libelle": "Une aide\u00a0?", "aide": "", "choix": "Oui, bien sûr\nNon", "obligatoire": "on"}
    envoyer(client, vague, "cahier_question", "choc", "aide", version=3, **saisie)
    assert cahier_de(vague).section("choc").questions[0].libelles == {"oui": "Oui, bien sûr", "non": "Non"}


def test_une_question_ne_depend_que_d_une_autre(client, vague):
    changer(vague, avec_questions(AIDE, AUTRE, MONTANT))
    saisie = {"libelle": "Montant", "aide": "", "si_aide": ["oui"], "si_autre": ["oui"]}
    reponse = envoyer(client, vague, "cahier_question", "choc", "montant", version=2, **saisie)
    assert list(reponse.context["formulaire"].errors) == ["si_autre"]


def test_ce_dont_une_autre_question_depend_ne_passe_pas_apres_et_ne_se_retire_pas(client, vague):
    cahier = avec_questions(AIDE, replace(MONTANT, condition=Condition("aide", ("oui",))))
    changer(vague, cahier)
    reponse = envoyer(client, vague, "cahier_deplacer", version=2, descendre="choc/aide")
    messages = [str(message) for message in client.get(reponse.url).context["messages"]]
    refus = "dépend d’une question qui doit se trouver avant elle"
    assert len(messages) == 1
    assert refus in messages[0]
    reponse = envoyer(client, vague, "cahier_question_retirer", "choc", "aide", version=2)
    assert reponse.status_code == 409
    assert refus in texte(reponse)
    assert cahier_de(vague) == cahier


def test_une_question_change_de_sorte_sans_changer_de_cle(client, vague):
    page_du_type = client.get(page("cahier_question", vague, "choc", "date_choc") + "?changer=1")
    assert page_du_type.context["formulaire"]["type"].value() == Type.DATE
    saisie = {"libelle": "Date ou période", "aide": "", "longueur_max": "100", "jeton": ""}
    envoyer(client, vague, "cahier_question", "choc", "date_choc", requete="?type=texte", **saisie)
    assert cahier_de(vague).section("choc").question("date_choc") == Question(
        "date_choc", "Date ou période", obligatoire=False, longueur_max=100
    )


def test_la_sorte_de_reponse_se_choisit_d_abord(client, vague):
    reponse = client.get(page("cahier_question_ajouter", vague, "choc"))
    assert len(reponse.context["formulaire"].fields["type"].choices) == len(Type)
    reponse = client.get(page("cahier_question_ajouter", vague, "choc") + "?type=inconnue")
    assert list(reponse.context["formulaire"].errors) == ["type"]


def test_monter_descendre_retirer(client, vague):
    questions = [Question(cle, cle.upper()) for cle in "abc"]
    sections = tuple(Section(cle, cle.upper(), "", tuple(questions)) for cle in "xyz")
    changer(vague, replace(MODELE, sections=sections, criteres=CRITERES_SANS_QUESTIONS))
    assert envoyer(client, vague, "cahier_deplacer", version=2, monter="y").url.endswith("#section-y")
    assert envoyer(client, vague, "cahier_deplacer", version=3, descendre="x/a").url.endswith("#question-x-a")
    envoyer(client, vague, "cahier_question_retirer", "y", "b", version=4)
    envoyer(client, vague, "cahier_section_retirer", "z", version=5)
    cles = [(section.cle, [question.cle for question in section.questions]) for section in cahier_de(vague).sections]
    assert cles == [("y", ["a", "c"]), ("x", ["b", "a", "c"])]
    commentaires = CahierDesCharges.objects.order_by("version").values_list("commentaire", flat=True)
    assert list(commentaires)[2:] == [
        "Rubrique «\u00a0Y\u00a0» déplacée",
        "Question «\u00a0A\u00a0» déplacée",
        "Question «\u00a0B\u00a0» retirée",
        "Rubrique «\u00a0Z\u00a0» retirée",
    ]


def test_retirer_demande_d_abord(client, vague):
    assert "ne fera plus partie" in texte(client.get(page("cahier_section_retirer", vague, "contact")))
    assert cahier_de(vague) == MODELE


def test_les_pieces_attendues_changent_et_gardent_leurs_cles(client, vague):
    rangees = [
        {
            "cle": "deliberation",
            "libelle": "Délibération",
            "formats": ["pdf"],
            "obligatoire": "on",
            "par_membre": "on",
        },
        {"cle": "", "libelle": "Plan du site", "aide": "À l’échelle", "formats": ["pdf", "image"]},
        {"cle": "", "libelle": "Note", "aide": ""},
        {"cle": "", "libelle": "", "aide": ""},
    ]
    envoyer(client, vague, "cahier_pieces", **lignes("pieces", *rangees))
    assert cahier_de(vague).pieces == (
        PieceAttendue("deliberation", "Délibération", obligatoire=True, par_membre=True, formats=(Format.PDF,)),
        PieceAttendue("plan_du_site", "Plan du site", "À l’échelle", formats=(Format.PDF, Format.IMAGE)),
        PieceAttendue("note", "Note"),
    )


def test_la_grille_change_si_ses_poids_font_cent(client, vague):
    rangees = [{"cle": "choc", "libelle": "Le choc", "poids": "60"}, {"cle": "", "libelle": "L’équipe", "poids": "30"}]
    reponse = envoyer(client, vague, "cahier_grille", **lignes("criteres", *rangees))
    assert reponse.status_code == 409
    assert "leur somme doit être de 100" in texte(reponse)
    rangees[1]["poids"] = "40"
    assert envoyer(client, vague, "cahier_grille", **lignes("criteres", *rangees)).status_code == 302
    choc = replace(MODELE.criteres[0], libelle="Le choc", poids=60, aide="")
    assert cahier_de(vague).criteres == (choc, Critere("lequipe", "L’équipe", 40))


def test_reprendre_le_cahier_d_une_autre_vague(client, vague):
    source = f.une_vague(cloture=horloge_base() - timedelta(days=5))
    cahier_en_vigueur(vague=source)
    changer(vague, avec_questions(AIDE))
    propositions = client.get(page("cahier_reprendre", vague)).context["formulaire"].fields["source"].queryset
    assert list(propositions) == [source]
    assert envoyer(client, vague, "cahier_reprendre", version=2, source=source.pk).status_code == 302
    assert cahier_de(vague) == MODELE
