"""The file that an administrateur edits, and what is said of their mistakes."""

from datetime import datetime

import pytest

from candidatures.cahier import MODELE, Type
from candidatures.dossier.etats import EtatCandidature
from candidatures.reprise.correspondance import (
    PAR_DEFAUT,
    Champs,
    Correction,
    CorrespondanceIllisible,
    lire_correspondance,
)
from rebond.socle.horloge.temps import PARIS
from tests.candidatures.reprise.reprise import plat

ETATS = """
[etats]
en_construction = "deposee"
en_instruction = "en_instruction"
accepte = "laureate"
refuse = "non_retenue"
sans_suite = "ajournee"
"""


def lire(tmp_path, texte: str):
    fichier = tmp_path / "correspondance.toml"
    fichier.write_text(texte, "utf-8")
    return lire_correspondance(fichier)


def test_celle_par_defaut_ne_parle_que_de_questions_et_de_pieces_du_cahier_des_charges():
    correspondance = lire_correspondance()
    for cle, champs in correspondance.reponses.items():
        section, question = cle.split(".")
        notre = MODELE.section(section).question(question)
        assert set(champs.choix.values()) <= set(notre.libelles), cle
        assert set(champs.colonnes) <= {colonne.cle for colonne in notre.champs}, cle
        assert bool(champs.colonnes) == (notre.type is Type.BLOC), cle
    assert all(MODELE.piece(nature) for nature in correspondance.pieces)


def test_une_correspondance_complete_se_lit(tmp_path):
    lue = lire(
        tmp_path,
        """
        [territoire]
        champs = "EPCI"
        demandeur = false
        [annonces]
        3 = 2023-08-28T12:00:00
        [reponses]
        "choc.description" = ["Contexte", "Champ-12"]
        [reponses."choc.filieres"]
        champs = ["Filière"]
        choix = { "Auto & moto" = "automobile" }
        [reponses."entreprises.liste"]
        colonnes = { nom = ["Entreprise"] }
        [pieces]
        autre = ["Annexe"]
        [dossiers.1234567]
        territoire = ["200068500"]
        porteur = " agent@collectivite.example "
        etat = "retiree"
        """
        + ETATS,
    )
    assert (lue.territoire, lue.demandeur) == (("EPCI",), False)
    assert lue.annonces == {3: datetime(2023, 8, 28, 12, tzinfo=PARIS)}
    assert dict(lue.reponses) == {
        "choc.description": Champs(("Contexte", "Champ-12")),
        "choc.filieres": Champs(("Filière",), choix={"auto moto": "automobile"}),
        "entreprises.liste": Champs(colonnes={"nom": ("Entreprise",)}),
    }
    assert lue.pieces == {"autre": ("Annexe",)}
    tranche = Correction(("200068500",), "agent@collectivite.example", EtatCandidature.RETIREE)
    assert (lue.de("1234567"), lue.de("1")) == (tranche, Correction())


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("[etats", "n’est pas du TOML"),
        ("", "« etats » : il manque en_construction, en_instruction, accepte, refuse, sans_suite."),
        (ETATS + "[reponse]", "« reponse » est inconnu"),
        (ETATS.replace("laureate", "gagnante"), "« etats.accepte » : écrivez l’un de deposee, en_instruction"),
        (ETATS + 'classe = "deposee"', "« etats.classe » est inconnu"),
        (ETATS + '[reponses]\n"description" = ["x"]', '« reponses.description » : écrivez "rubrique.question".'),
        (ETATS + '[reponses]\n"a.b" = 3', "« reponses.a.b » : une liste de libellés est attendue."),
        (ETATS + '[reponses."a.b"]\nchamp = ["x"]', "« reponses.a.b.champ » est inconnu"),
        (ETATS + '[reponses."a.b"]\nchoix = { x = 1 }', "« reponses.a.b.choix » : un texte est attendu."),
        (ETATS + "[annonces]\n3 = 2023-08-28", "« annonces.3 » : écrivez le numéro de la vague"),
        (ETATS + '[annonces]\n"trois" = 2023-08-28T12:00:00', "« annonces.trois » : écrivez le numéro"),
        (ETATS + "[territoire]\ndemandeur = 1", "« territoire.demandeur » : écrivez true ou false."),
        (ETATS + '[dossiers]\n12 = "x"', "« dossiers.12 » : une table est attendue."),
        (ETATS + "[dossiers.12]\nporteur = 1", "« dossiers.12.porteur » : un texte est attendu."),
        (ETATS + '[dossiers.12]\netat = "x"', "« dossiers.12.etat » : écrivez l’un de"),
        ("etats = 3", "« etats » : une table est attendue."),
    ],
)
def test_une_erreur_se_dit_avec_son_endroit(tmp_path, texte, phrase):
    with pytest.raises(CorrespondanceIllisible) as refus:
        lire(tmp_path, texte)
    assert phrase in plat(refus.value.message)


def test_un_fichier_absent_ou_illisible_se_dit(tmp_path):
    with pytest.raises(CorrespondanceIllisible, match="ne se lit pas"):
        lire_correspondance(tmp_path / "absente.toml")
    (tmp_path / "binaire.toml").write_bytes(bytes(range(1, 256)))
    with pytest.raises(CorrespondanceIllisible, match="TOML"):
        lire_correspondance(tmp_path / "binaire.toml")


@pytest.mark.parametrize("encodage", ["cp1252", "utf-16", "mac_roman"])
def test_un_editeur_l_enregistre_dans_l_encodage_qu_il_veut(tmp_path, encodage):
    copie = tmp_path / "copie.toml"
    copie.write_bytes(PAR_DEFAUT.read_text("utf-8").encode(encodage))
    assert lire_correspondance(copie) == lire_correspondance()
