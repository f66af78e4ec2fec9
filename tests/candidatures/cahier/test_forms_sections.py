"""The forms made from the call: each type of question, there and back; drafts; rows."""

from datetime import date
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict

from candidatures.cahier import MODELE, Cahier, Choix, Condition, Question, Section, Type
from candidatures.cahier.forms.champs import champ_de, depuis_json, vers_json
from candidatures.dossier.completude import Composition, manques
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.lecture import epci_fr, lire_section
from tests import fabriques as f

CHOIX = (Choix("auto", "Automobile"), Choix("bois", "Bois", "Scieries, papeteries, meubles."))
# type → (what is typed, what the file keeps)
ALLERS: dict[Type, tuple[Any, Any]] = {
    Type.TEXTE: ("  Cambrai ", "Cambrai"),
    Type.TEXTE_LONG: ("Une ligne.\r\nUne autre.", "Une ligne.\nUne autre."),
    Type.ENTIER: ("1\u202f250", 1250),
    Type.DECIMAL: ("1\u202f234,50", "1234.50"),
    Type.MONTANT: ("5 000 000", 5_000_000),
    Type.DATE: ("2026-03-01", "2026-03-01"),
    Type.CHOIX: ("bois", "bois"),
    Type.CHOIX_MULTIPLE: (["auto", "bois"], ["auto", "bois"]),
    Type.COURRIEL: ("mairie@exemple.fr", "mairie@exemple.fr"),
    Type.TELEPHONE: ("03.27.00-00 00", "03 27 00 00 00"),
    Type.SIREN: ("200 068 500", "200068500"),
}
VIDES = {Type.ENTIER: None, Type.MONTANT: None, Type.DATE: None, Type.CHOIX_MULTIPLE: []}
MALFORMES = [
    (Type.ENTIER, "beaucoup", "nombre entier"),
    (Type.ENTIER, "-3", "négatif"),
    (Type.DECIMAL, "1,2,3", "12,5"),
    (Type.MONTANT, "1.5", "1,5\u00a0€ ou 1,5\u00a0M€"),
    (Type.MONTANT, "12,50 €", "euros entiers"),
    (Type.DECIMAL, "1.250", "1\u202f250 ou 1,25"),
    (Type.DATE, "le 3 mars", "date"),
    (Type.DATE, "0226-03-01", "année"),
    (Type.CHOIX, "verre", "choix"),
    (Type.CHOIX_MULTIPLE, ["verre"], "choix"),
    (Type.COURRIEL, "mairie", "adresse"),
    (Type.TELEPHONE, "demander à l’accueil", "téléphone"),
    (Type.SIREN, "200 068 501", "SIREN"),
    (Type.TEXTE, "x" * 201, "200"),
    (Type.TEXTE_LONG, "x" * 201, "200"),
]


def une_question(type_: Type) -> Question:
    return Question("q", "Une question", type_, choix=CHOIX)


def une_section(type_: Type) -> Section:
    return Section("essai", "Essai", "", (une_question(type_),))


def envoi(valeurs: dict[str, Any]) -> QueryDict:
    donnees = QueryDict(mutable=True)
    for cle, valeur in valeurs.items():
        donnees.setlist(cle, valeur if isinstance(valeur, list) else [valeur])
    return donnees


def lignes(*rangees: dict[str, Any], initiales: int = 0, **autres: Any) -> dict[str, Any]:
    valeurs = {"liste-TOTAL_FORMS": str(len(rangees)), "liste-INITIAL_FORMS": str(initiales)}
    for rang, rangee in enumerate(rangees):
        valeurs |= {f"liste-{rang}-{cle}": valeur for cle, valeur in rangee.items()}
    return valeurs | autres


def entreprises(valeurs: dict[str, Any], reponses: dict[str, Any] | None = None) -> SaisieDeSection:
    return SaisieDeSection(MODELE.section("entreprises"), reponses=reponses or {}, donnees=envoi(valeurs))


def test_chaque_type_simple_est_eprouve() -> None:
    assert set(ALLERS) == set(Type) - {Type.BLOC, Type.PIECE, Type.EPCI}


@pytest.mark.parametrize("type_", ALLERS)
def test_ce_qui_est_saisi_est_garde_puis_montre_de_nouveau(type_: Type) -> None:
    saisi, garde = ALLERS[type_]
    section = une_section(type_)
    aller = SaisieDeSection(section, reponses={}, donnees=envoi({"q": saisi}))
    assert aller.is_valid(), aller.formulaire.errors
    assert aller.reponses == {"q": garde}

    montre = SaisieDeSection(section, reponses=aller.reponses).formulaire["q"].value()
    retour = SaisieDeSection(
        section,
        reponses={},
        donnees=envoi({"q": montre.isoformat() if isinstance(montre, date) else montre}),
    )
    assert retour.is_valid(), retour.formulaire.errors
    assert retour.reponses == aller.reponses


@pytest.mark.parametrize("type_", ALLERS)
def test_un_brouillon_peut_ne_rien_repondre(type_: Type) -> None:
    saisie = SaisieDeSection(une_section(type_), reponses={}, donnees=envoi({}))
    assert saisie.is_valid(), saisie.formulaire.errors
    assert saisie.reponses == {"q": VIDES.get(type_, "")}


@pytest.mark.parametrize(("type_", "saisi", "message"), MALFORMES)
def test_une_valeur_malformee_est_refusee_et_reste_dans_la_page(type_: Type, saisi: Any, message: str) -> None:
    saisie = SaisieDeSection(une_section(type_), reponses={}, donnees=envoi({"q": saisi}))
    assert not saisie.is_valid()
    assert message in " ".join(saisie.formulaire.errors["q"])
    assert saisie.formulaire["q"].value() == saisi


def test_un_saut_de_ligne_compte_pour_un_caractere() -> None:
    section = Section("essai", "Essai", "", (Question("q", "Q", Type.TEXTE_LONG, longueur_max=3),))
    assert SaisieDeSection(section, reponses={}, donnees=envoi({"q": "a\r\nb"})).is_valid()


def test_une_date_gardee_que_l_on_ne_comprend_plus_est_montree_telle_quelle() -> None:
    assert depuis_json(une_question(Type.DATE), "mars 2026") == "mars 2026"
    assert depuis_json(une_question(Type.DATE), None) is None
    assert vers_json(date(2026, 3, 1)) == "2026-03-01"


def test_une_question_facultative_le_dit() -> None:
    assert champ_de(Question("q", "Foncier", obligatoire=False)).label == "Foncier (optionnel)"


@pytest.mark.parametrize("section", MODELE.sections, ids=lambda section: section.cle)
def test_les_rubriques_du_cahier_relisent_ce_qu_elles_ont_garde(section: Section) -> None:
    reponses = f.un_contenu()[section.cle]
    montree = SaisieDeSection(section, reponses=reponses)
    valeurs: dict[str, Any] = {}
    for champ in montree.formulaire:
        valeur = champ.value()
        if valeur is not None:
            valeurs[champ.name] = valeur.isoformat() if isinstance(valeur, date) else valeur
    for bloc in montree.blocs:
        rangees = [{champ.name: champ.value() or "" for champ in ligne} for ligne in bloc.forms]
        valeurs |= lignes(*rangees, initiales=len(rangees))
    relue = SaisieDeSection(section, reponses=reponses, donnees=envoi(valeurs))
    assert relue.is_valid(), relue.formulaire.errors
    assert {cle: relue.reponses[cle] for cle in reponses} == reponses


class TestLignes:
    def test_les_lignes_laissees_telles_quelles_sont_gardees(self) -> None:
        avant = {"liste": [{"nom": "Filature", "siren": "", "emplois": 120}]}
        saisie = entreprises(lignes({"nom": "Filature", "siren": "", "emplois": "120"}, initiales=1), avant)
        assert saisie.is_valid()
        assert saisie.reponses["liste"] == avant["liste"]

    def test_une_ligne_vide_disparait_et_une_ligne_incomplete_reste(self) -> None:
        saisie = entreprises(lignes({"nom": " ", "siren": "", "emplois": ""}, {"nom": "Fonderie"}, {}))
        assert saisie.is_valid()
        assert saisie.reponses["liste"] == [{"nom": "Fonderie", "siren": "", "emplois": None}]

    def test_un_siren_faux_est_refuse_et_toute_la_ligne_reste(self) -> None:
        saisie = entreprises(lignes({"nom": "Fonderie", "siren": "123 456 789", "emplois": "12"}))
        assert not saisie.is_valid()
        ligne = saisie.blocs[0].forms[0]
        assert "SIREN" in " ".join(ligne.errors["siren"])
        assert [ligne[nom].value() for nom in ("nom", "siren", "emplois")] == ["Fonderie", "123 456 789", "12"]

    def test_ajouter_puis_retirer_une_ligne_n_enregistre_ni_ne_perd_rien(self) -> None:
        saisie = entreprises(lignes({"nom": "Fonderie"}, **{"liste-ajouter": "1", "emplois_concernes": "80"}))
        assert not saisie.is_valid()
        assert saisie.lignes_modifiees
        assert [ligne["nom"].value() for ligne in saisie.blocs[0].visibles] == ["Fonderie", None]
        assert saisie.formulaire["emplois_concernes"].value() == "80"

        saisie = entreprises(lignes({"nom": "Fonderie"}, {"nom": "Filature"}, **{"liste-retirer": "0"}))
        assert not saisie.is_valid()
        assert [ligne["nom"].value() for ligne in saisie.blocs[0].visibles] == ["Filature"]

    def test_une_ligne_retiree_n_est_pas_gardee_meme_malformee(self) -> None:
        saisie = entreprises(lignes({"nom": "Fonderie", "siren": "faux", "DELETE": "on"}, {"nom": "Filature"}))
        assert saisie.is_valid()
        assert [ligne["nom"] for ligne in saisie.reponses["liste"]] == ["Filature"]

    def test_le_nombre_de_lignes_est_limite(self) -> None:
        saisie = entreprises(lignes(*({"nom": f"E{rang}"} for rang in range(31))))
        assert not saisie.is_valid()


@pytest.mark.django_db
class TestEpci:
    section = Section("essai", "Essai", "", (Question("q", "Quelle intercommunalité ?", Type.EPCI),))

    def saisir(self, texte: str) -> SaisieDeSection:
        saisie = SaisieDeSection(self.section, reponses={}, donnees=envoi({"q": texte}))
        saisie.is_valid()
        return saisie

    def test_par_son_siren_ou_par_un_nom_qu_elle_est_seule_a_porter(self) -> None:
        epci = f.un_epci("CA de Cambrai")
        f.un_epci("CC du Pays solesmois")
        attendu = {"q": {"siren": epci.siren, "nom": "CA de Cambrai"}}
        espace = f"{epci.siren[:3]} {epci.siren[3:6]} {epci.siren[6:]}"
        for texte in (epci.siren, espace, "cambrai", f"CA de Cambrai ({espace})"):
            assert self.saisir(texte).reponses == attendu, texte

    def test_ce_qui_est_garde_se_relit_et_se_resaisit(self) -> None:
        epci = f.un_epci("CA de Cambrai")
        garde = self.saisir(epci.siren).reponses
        montre = str(SaisieDeSection(self.section, reponses=garde).formulaire["q"])
        assert "CA de Cambrai (" in montre
        (lue,) = lire_section(self.section, garde).reponses
        assert lue.texte == epci_fr(garde["q"])
        assert self.saisir(lue.texte).reponses == garde

    def test_un_nom_que_plusieurs_portent_fait_preciser_et_le_nom_exact_l_emporte(self) -> None:
        f.un_epci("CC du Val de Sambre")
        exacte = f.un_epci("CC du Val")
        assert self.saisir("Val de Sambre").reponses["q"]["nom"] == "CC du Val de Sambre"
        assert self.saisir("cc du val").reponses["q"]["siren"] == exacte.siren
        assert "Plusieurs intercommunalités" in " ".join(self.saisir("val").formulaire.errors["q"])

    @pytest.mark.parametrize(
        ("texte", "erreur"),
        [
            ("Atlantide", "Aucune intercommunalité"),
            ("123456782", "Aucune intercommunalité"),
            ("200 068 501", "Ce numéro SIREN n’est pas valable"),
            ("20006850000017", "Ce numéro SIRET contient une erreur"),
            ("« »", "Saisissez le nom d’une intercommunalité"),
        ],
    )
    def test_une_intercommunalite_inconnue_est_refusee_et_la_saisie_reste(self, texte: str, erreur: str) -> None:
        saisie = self.saisir(texte)
        assert erreur in " ".join(saisie.formulaire.errors["q"])
        assert saisie.formulaire["q"].value() == texte

    @pytest.mark.parametrize("texte", ["mayotte", "cambray", "pays de cambrai"])
    def test_celle_qui_est_seule_a_ressembler_se_propose_et_ne_se_garde_pas(self, texte: str) -> None:
        epci = f.un_epci("CA de Cambrai" if texte == "cambray" else f"CA du Grand {texte}")
        saisie = self.saisir(texte)
        assert saisie.formulaire.errors["q"]
        assert saisie.comprises({"q": None}) == ({"q": None}, ["q"])
        montre = str(saisie.formulaire["q"])
        proposee = epci_fr({"siren": epci.siren, "nom": epci.nom})
        assert f'value="{proposee}"' in montre
        assert "checked" not in montre
        # Chosen in the list, without any script; a text typed again counts more than an old choice.
        choix = {"q": texte, "q-pour": texte, "q-choix": proposee}
        choisie = SaisieDeSection(self.section, reponses={}, donnees=envoi(choix))
        assert choisie.is_valid()
        assert choisie.reponses == {"q": {"siren": epci.siren, "nom": epci.nom}}
        assert not SaisieDeSection(self.section, reponses={}, donnees=envoi(choix | {"q": "autre"})).is_valid()


class TestCondition:
    mere = Question("mere", "Nature", Type.CHOIX, choix=CHOIX)
    fille = Question("fille", "Quel bois ?", condition=Condition("mere", ("bois",)))
    section = Section("essai", "Essai", "", (mere, fille))
    cahier = Cahier(sections=(section,))

    @pytest.mark.parametrize(
        ("reponses", "attendus"),
        [
            ({}, ["mere"]),
            ({"mere": "auto"}, []),
            ({"mere": "bois"}, ["fille"]),
            ({"mere": "bois", "fille": "Chêne"}, []),
        ],
    )
    def test_une_question_ne_manque_que_si_elle_est_posee(self, reponses: dict[str, str], attendus: list[str]) -> None:
        dossier = Composition(self.cahier, {"essai": reponses})
        assert [manque.cle for manque in manques(dossier)] == attendus

    def test_la_page_dit_quand_repondre_et_ce_qui_n_est_pas_pose_ne_se_lit_pas(self) -> None:
        champ = SaisieDeSection(self.section, reponses={}).formulaire.fields["fille"]
        assert "À renseigner si vous avez répondu" in champ.help_text
        assert "Bois" in champ.help_text
        lue = lire_section(self.section, {"mere": "auto", "fille": "Chêne"})
        assert [reponse.libelle for reponse in lue.reponses] == ["Nature"]


def test_ce_qu_ecrit_un_administrateur_ne_devient_pas_du_html() -> None:
    malin = Question("q", "<b>Q</b>", Type.CHOIX, "<script>", choix=(Choix("a", "<i>A</i>", "<u>aide</u>"),))
    formulaire = SaisieDeSection(Section("essai", "E", "", (malin,)), reponses={}).formulaire
    html = render_crispy_form(formulaire)
    for balise in ("b", "script", "i", "u"):
        assert f"<{balise}>" not in html
        assert f"&lt;{balise}&gt;" in html
