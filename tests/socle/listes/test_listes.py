"""A list declared once: what it reads, how it filters and sorts, what its page and its files hold."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.http import QueryDict
from django.template import RequestContext, Template
from django.test import RequestFactory
from lxml import html
from python_calamine import CalamineWorkbook

from projets.models import Industriel, Mission, Projet
from projets.portefeuille.etats import NatureProjet
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.listes import (
    Cas,
    Colonne,
    Genre,
    JeuDeFiltres,
    Jour,
    Liste,
    Recherche,
    UnParmi,
    adresses_de_telechargement,
    rang,
)
from territoires.models import Epci
from tests import fabriques as f
from tests.projets import decor

ANNONCE = date(2023, 3, 27)

pytestmark = pytest.mark.django_db


class FiltresDEssai(JeuDeFiltres):
    largeurs = {"q": 8}

    q = Recherche("Nom", lambda texte: Q(nom__unaccent__icontains=texte))
    rencontre = Cas("Rencontre", {"non": ("À rencontrer", Q(rencontre_le=None))})
    epci = UnParmi("Intercommunalité", Epci.objects.all(), champ="epci")
    avant = Jour("Rencontrés avant le", lambda jour: Q(rencontre_le__lt=jour))


class ListeDEssai(Liste):
    modele = Industriel
    filtres = FiltresDEssai
    recherche = "Rechercher une entreprise"
    titre = "Entreprises d’essai"
    unite = ("entreprise",)
    vide = "Aucune entreprise."
    vide_filtree = "Aucune entreprise ne correspond."
    tri_par_defaut = "nom"
    par_page = 2
    colonnes = (
        Colonne("nom", "Raison sociale", "nom", tri=True, entete=True, adresse=lambda ligne: f"/e/{ligne.pk}/"),
        Colonne("epci", "Intercommunalité", "epci.nom", tri=True, page=False),
        Colonne("activite", "Activité", "activite", tri=True),
        Colonne("effectif", "Effectif", "effectif", genre=Genre.NOMBRE, tri=True, libelle_du_fichier="Effectif (n)"),
        Colonne("rencontre_le", "Rencontrée le", "rencontre_le", genre=Genre.JOUR, vide="À rencontrer"),
        Colonne("modifier", "Modifier", lambda ligne: f"n° {ligne.pk}", lit=["pk"], fichier=False),
    )


def une_liste(demande: str = "", **options: Any) -> ListeDEssai:
    return ListeDEssai(Industriel.objects.all(), QueryDict(demande), **options)


def noms(lignes: Any) -> list[str]:
    return [ligne.nom for ligne in lignes]


def des_industriels(*lignes: dict[str, Any]) -> list[Industriel]:
    """Companies of one mission, in this order; what is not said is the same for all."""
    Industriel.objects.all().delete()
    mission = Mission.objects.first() or decor.une_mission(decor.un_laureat(f.une_vague(), f.midi_a_paris(ANNONCE)))
    faits = [decor.un_industriel(mission, 100 + numero) for numero, _ in enumerate(lignes)]
    for fait, champs in zip(faits, lignes, strict=True):
        Industriel.objects.filter(pk=fait.pk).update(**champs)
    return faits


def rendue(liste: Liste, adresse: str = "/essai/") -> html.HtmlElement:
    contexte = RequestContext(RequestFactory().get(adresse), liste.contexte)
    return html.fromstring(Template("{% load listes %}<div>{% liste liste %}</div>").render(contexte))


def textes(page: html.HtmlElement, chemin: str) -> list[str]:
    return [" ".join(trouve.text_content().split()) for trouve in page.xpath(chemin)]


class TestLecture:
    def test_rien_n_est_lu_que_ce_que_les_colonnes_montrent(self, django_assert_num_queries):
        """The page reads neither the place, which is in files alone, nor what no column shows."""
        des_industriels({})
        (lu,) = une_liste().page
        assert lu.get_deferred_fields() == {
            "mission_id",
            "siren",
            "epci_id",
            "annule_le",
            "annule_par_id",
            "annulation",
        }
        with django_assert_num_queries(1):
            colonnes, ligne = lignes_de(une_liste(fichier="essai").telecharger("csv"))
        assert colonnes == ["Raison sociale", "Intercommunalité", "Activité", "Effectif (n)", "Rencontrée le"]
        assert ligne[1] == Epci.objects.get(pk=Industriel.objects.get().epci_id).nom

    def test_une_page_se_lit_en_deux_requetes_quel_que_soit_le_nombre(self, django_assert_num_queries):
        for nombre in (1, 3):
            des_industriels(*({"nom": f"Usine {rang_}"} for rang_ in range(nombre)))
            with django_assert_num_queries(2):
                assert len(une_liste().page) == min(nombre, 2)

    def test_une_colonne_dit_ce_que_lit_une_fonction_ou_une_propriete(self):
        for valeur in (lambda ligne: ligne.nom, "est_annule"):
            with pytest.raises(ImproperlyConfigured, match="`lit`"):
                Colonne("c", "C", valeur).champs(Industriel)

    def test_une_colonne_dit_quel_champ_d_une_relation_elle_montre(self):
        with pytest.raises(ImproperlyConfigured, match="« epci »"):
            Colonne("c", "C", "epci").champs(Industriel)

    def test_un_chemin_s_arrete_a_ce_qui_manque_mais_ne_se_trompe_pas_en_silence(self):
        industriel, *_ = des_industriels({})
        projet = decor.un_projet_sans_estimation(industriel)
        assert Colonne("c", "C", "enveloppe.nom").lire(projet) is None
        assert Colonne("c", "C", "concours.montant").lire(projet) is None
        assert Colonne("c", "C", "industriel.nom").lire(projet) == industriel.nom
        with pytest.raises(AttributeError, match="inconnu"):
            Colonne("c", "C", "industriel.inconnu").lire(projet)

    def test_une_annotation_ne_demande_rien(self):
        assert Colonne("c", "C", "nombre_projets").champs(Industriel) == set()
        assert Colonne("c", "C", "get_nature_display").champs(Projet) == {"nature"}


class TestTri:
    def test_les_noms_suivent_l_alphabet_sans_accents_ni_capitales(self):
        desordre = ["Zuydcoote", "Île", "écully", "Dijon", "L’Isle", "Étampes", "Œuilly", "Evian"]
        des_industriels(*({"nom": nom} for nom in desordre))
        ranges = ["Dijon", "écully", "Étampes", "Evian", "Île", "L’Isle", "Œuilly", "Zuydcoote"]
        assert noms(une_liste().selection) == ranges
        assert noms(une_liste("tri=-nom").selection) == ranges[::-1]

    @pytest.mark.parametrize(
        ("cle", "valeurs"), [("effectif", (3, None, 12)), ("activite", ("bois", "", "Éclairage"))]
    )
    def test_ce_qui_est_vide_vient_en_dernier_dans_les_deux_sens(self, cle, valeurs):
        des_industriels(*({"nom": str(valeur), cle: valeur} for valeur in valeurs))
        bas, vide, haut = map(str, valeurs)
        assert noms(une_liste(f"tri={cle}").selection) == [bas, haut, vide]
        assert noms(une_liste(f"tri=-{cle}").selection) == [haut, bas, vide]

    def test_les_memes_valeurs_gardent_le_meme_ordre_dans_les_deux_sens(self):
        des_industriels({"nom": "B", "effectif": 1}, {"nom": "A", "effectif": 1})
        assert noms(une_liste("tri=effectif").selection) == noms(une_liste("tri=-effectif").selection) == ["B", "A"]

    @pytest.mark.parametrize("tri", ["", "rien", "-rien", "rencontre_le", "mission__titre", "-", "--nom", "pk"])
    def test_un_tri_inconnu_est_celui_de_la_liste(self, tri):
        des_industriels({"nom": "B"}, {"nom": "A"})
        assert noms(une_liste(f"tri={tri}").selection) == ["A", "B"]

    def test_une_enumeration_suit_son_propre_ordre(self):
        cle = rang("nature", NatureProjet)
        industriel, *_ = des_industriels({})
        auteur = f.un_utilisateur()
        for nature in reversed(NatureProjet):
            decor.un_projet(industriel, auteur, nature=nature)
        assert [projet.nature for projet in Projet.objects.filter(industriel=industriel).order_by(cle)] == list(
            NatureProjet
        )
        assert str(Colonne("c", "C", "get_nature_display", tri=True).cles(Projet)) == str([cle])


class TestFiltres:
    def test_ils_s_ajoutent(self):
        des_industriels(
            {"nom": "Écluse", "rencontre_le": None}, {"nom": "Eclat"}, {"nom": "Autre", "rencontre_le": None}
        )
        assert noms(une_liste("q=ecl").selection) == ["Eclat", "Écluse"]
        assert noms(une_liste("q=ecl&rencontre=non").selection) == ["Écluse"]
        assert noms(une_liste("avant=2/5/2023").selection) == []
        assert noms(une_liste("avant=3+mai+2023").selection) == ["Eclat"]

    @pytest.mark.parametrize(
        "demande", ["rencontre=autre", "epci=0", "epci=abc", f"epci={9**40}", "rencontre=non&rencontre=x"]
    )
    def test_un_choix_inconnu_est_dit_et_ne_filtre_rien(self, demande):
        des_industriels({"nom": "Écluse"}, {"nom": "Autre"})
        liste = une_liste(f"{demande}&q=ecl")
        assert noms(liste.selection) == ["Écluse"]
        page = rendue(liste, f"/essai/?{demande}&q=ecl")
        assert "Ce choix n’existe pas" in page.text_content()
        assert page.xpath("//input[@name='q']/@value") == ["ecl"]

    @pytest.mark.parametrize("demande", ["avant=demain", "avant=9999-12-31", "avant=1/10/55", "q=" + "x" * 101])
    def test_ce_qui_ne_se_lit_pas_est_dit_reste_ecrit_et_ne_montre_rien(self, demande):
        des_industriels({"rencontre_le": None})
        liste = une_liste(f"{demande}&rencontre=non")
        assert noms(liste.page) == []
        assert list(lignes_de(liste.telecharger("csv"))[1:]) == []
        page = rendue(liste, f"/essai/?{demande}&rencontre=non")
        assert textes(page, "//p[not(ancestor::form)]") == ["Corrigez la recherche pour voir la liste."]
        nom, _, saisi = demande.partition("=")
        assert list(liste.formulaire.errors) == [nom]
        assert page.xpath(f"//input[@name='{nom}']/@value") == [saisi]
        assert page.xpath("//select[@name='rencontre']/option[@selected]/@value") == ["non"]

    def test_leur_formulaire_est_celui_du_portail(self):
        formulaire = une_liste("q=%00Ecl%E2%80%8Buse").formulaire
        assert isinstance(formulaire, EntreesNettes)
        assert formulaire["q"].data == "Ecluse"

    @pytest.mark.parametrize("numero", ["0", "-1", "abc", "", "9" * 30, "9" * 6000, "1.5", "٣"])
    def test_aucun_numero_de_page_n_est_une_erreur(self, numero):
        des_industriels({"nom": "A"}, {"nom": "B"}, {"nom": "C"})
        attendu = {"9" * 30: 2, "9" * 6000: 2}.get(numero, 1)
        assert une_liste(f"page={numero}").page.number == attendu


class TestPage:
    def test_elle_montre_chaque_valeur_selon_son_genre(self):
        (fait,) = des_industriels(
            {"nom": "<Usine>", "effectif": 1200, "activite": "", "rencontre_le": date(2023, 5, 2)}
        )
        page = rendue(une_liste())
        assert textes(page, "//caption") == ["Entreprises d’essai"]
        assert textes(page, "//p[@aria-live]") == ["1 entreprise"]
        assert textes(page, "//tbody/tr/*") == ["<Usine>", "–", "1 200", "2 mai 2023", f"n° {fait.pk}"]
        assert page.xpath("//tbody//th[@scope='row']/a/@href") == [f"/e/{fait.pk}/"]
        assert len(page.xpath("//*[contains(@class, 'rebond-nombre')]")) == 2

    def test_un_entete_trie_puis_inverse_et_garde_les_filtres(self):
        des_industriels({})
        page = rendue(une_liste("tri=nom&q=usine&page=1"), "/essai/?tri=nom&q=usine&page=1")
        assert page.xpath("//th[@aria-sort]/@aria-sort") == ["ascending"]
        assert page.xpath("//thead//a/@href") == [f"?tri={tri}&q=usine" for tri in ("-nom", "activite", "effectif")]
        assert textes(page, "//thead//th[not(a)]") == ["Rencontrée le", "Modifier"]

    def test_les_pages_gardent_les_filtres_et_le_tri(self):
        des_industriels({"nom": "Usine A"}, {"nom": "Usine B"}, {"nom": "Usine C"})
        page = rendue(une_liste("tri=-nom&q=usine"), "/essai/?tri=-nom&q=usine")
        assert textes(page, "//tbody//th") == ["Usine C", "Usine B"]
        assert page.xpath("//a[@rel='next']/@href") == ["?tri=-nom&q=usine&page=2"]

    def test_une_colonne_que_le_lecteur_n_a_pas_n_est_ni_montree_ni_lue_ni_triee(self):
        des_industriels({})
        liste = une_liste(sans=["activite", "modifier"])
        assert textes(rendue(liste), "//thead//th") == ["Raison sociale : trier", "Effectif : trier", "Rencontrée le"]
        assert "activite" in next(iter(liste.page)).get_deferred_fields()
        des_industriels({"nom": "A", "activite": "zinc"}, {"nom": "B", "activite": "acier"})
        assert noms(une_liste("tri=activite").selection) == ["B", "A"]
        assert noms(une_liste("tri=activite", sans=["activite"]).selection) == ["A", "B"]

    @pytest.mark.parametrize(
        ("demande", "dit"),
        [
            ("", "Aucune entreprise."),
            ("tri=nom&page=3", "Aucune entreprise."),
            ("q=x", "Aucune entreprise ne correspond."),
        ],
    )
    def test_une_liste_vide_dit_pourquoi(self, demande, dit):
        page = rendue(une_liste(demande), f"/essai/?{demande}")
        assert textes(page, "//p[not(@class) and not(@aria-live)]")[-1] == dit
        assert page.xpath("//table") == []


def lignes_de(reponse: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reponse.getvalue().decode("utf-8-sig")), delimiter=";"))


class TestFichiers:
    MENTIONS = ("Données de démonstration", "Essai")

    def lu(self, format_: str) -> list[Sequence[Any]]:
        contenu = une_liste("tri=-effectif", fichier="essai").telecharger(format_, self.MENTIONS).getvalue()
        if format_ == "csv":
            return lignes_de(une_liste("tri=-effectif", fichier="essai").telecharger(format_, self.MENTIONS))
        return CalamineWorkbook.from_filelike(io.BytesIO(contenu)).get_sheet_by_index(0).to_python()

    def test_les_trois_formats_disent_la_meme_chose(self):
        des_industriels(
            {"nom": "=1+1", "effectif": 12, "rencontre_le": date(2023, 5, 2)},
            {"nom": "Écluse  &\n<deux>", "effectif": None, "rencontre_le": None},
        )
        epci = Epci.objects.get(pk=Industriel.objects.first().epci_id).nom
        titres = ["Raison sociale", "Intercommunalité", "Activité", "Effectif (n)", "Rencontrée le", "Source"]
        source = " – ".join(self.MENTIONS)
        typees = [
            titres,
            ["=1+1", epci, "", 12.0, date(2023, 5, 2), source],
            ["Écluse  &\n<deux>", epci, "", "", "", source],
        ]
        assert self.lu("xlsx") == self.lu("ods") == typees
        assert self.lu("csv") == [
            titres,
            ["'=1+1", epci, "", "12", "02/05/2023", source],
            ["Écluse  &\n<deux>", epci, "", "", "", source],
        ]

    def test_les_filtres_valent_pour_le_fichier_et_la_page_n_y_fait_rien(self):
        des_industriels({"nom": "Usine A"}, {"nom": "Usine B"}, {"nom": "Usine C"}, {"nom": "Autre"})
        lues = lignes_de(une_liste("q=usine&page=2", fichier="essai").telecharger("csv"))
        assert [ligne[0] for ligne in lues] == ["Raison sociale", "Usine A", "Usine B", "Usine C"]

    def test_une_adresse_par_format(self):
        adresses = adresses_de_telechargement("liste", lambda *_: None, "exporter")
        assert [(str(adresse.pattern), adresse.name, adresse.default_args) for adresse in adresses] == [
            (f"liste.{format_}", f"exporter_{format_}", {"format_": format_}) for format_ in ("xlsx", "csv", "ods")
        ]
