"""The porteur's pages, as a browser asks for them: who may open which, territory, sections, attachments."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from candidatures.depot.actions.accuses import fabriquer_accuse
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Depot
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.models import Territoire
from tests import fabriques as f
from tests.candidatures.pages.pages import UNE_SECONDE, client_de, en_retard, nouveau, page, sans_jeton, texte

pytestmark = pytest.mark.django_db


def section_choc(**autres) -> dict:
    choc = {
        "nature": "fermeture",
        "description": "Une usine ferme.",
        "date_choc": "2026-03-01",
        "filieres": ["textile"],
    }
    return choc | autres


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


class TestAcces:
    def adresses(self, depot: Depot) -> list[str]:
        pk, piece = depot.candidature.pk, depot.candidature.pieces.get()
        return [
            page("dossier", pk),
            page("lire", pk),
            page("retirer", pk),
            page("section", pk, "choc"),
            page("pieces", pk),
            page("piece", pk, piece.pk),
            page("deposer", pk),
            page("depot", pk, 1),
            page("contenu_depose", pk, 1),
            page("accuse", pk, 1),
            page("piece_deposee", pk, 1, depot.pieces.get().pk),
        ]

    def test_un_tiers_recoit_partout_le_meme_404_que_pour_un_dossier_qui_n_existe_pas(self):
        depot = f.un_depot()
        fabriquer_accuse(depot_id=depot.pk)
        autre = client_de(f.porteur_de(f.une_candidature(vague=depot.candidature.vague)))
        absent = autre.get(page("dossier", 999_999))
        for adresse in self.adresses(depot):
            reponse = autre.get(adresse)
            assert reponse.status_code == 404, adresse
            assert sans_jeton(reponse) == sans_jeton(absent), adresse
        for adresse in (page("deposer", depot.candidature.pk), page("section", depot.candidature.pk, "choc")):
            assert autre.post(adresse, {"cle": uuid4()}).status_code == 404
        assert Depot.objects.count() == 1

    def test_chaque_page_s_ouvre_pour_un_lecteur_qui_ne_peut_rien_y_changer(self):
        depot = f.un_depot()
        fabriquer_accuse(depot_id=depot.pk)
        lecteur = nouveau(depot.candidature, Qualite.LECTEUR)
        pk = depot.candidature.pk
        for adresse in self.adresses(depot):
            attendu = {page("section", pk, "choc"): 302, page("retirer", pk): 409}.get(adresse, 200)
            reponse = lecteur.get(adresse)
            assert reponse.status_code == attendu, adresse
            if reponse.streaming:
                assert b"".join(reponse.streaming_content).startswith(b"%PDF-")
        envoi = section_choc(revision=1)
        assert lecteur.post(page("section", pk, "choc"), envoi).status_code == 409
        assert lecteur.post(page("retirer", pk), {"confirmation": "on"}).status_code == 409
        piece = depot.candidature.pieces.get()
        assert lecteur.post(page("enlever_piece", pk, piece.pk)).status_code == 409
        assert "Enlever" not in texte(lecteur.get(page("pieces", pk)))

    def test_sans_compte_on_se_connecte_d_abord(self, candidature):
        reponse = Client().get(page("dossier", candidature.pk))
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_login"))

    def test_la_piece_d_un_autre_dossier_n_existe_pas(self, candidature, porteur):
        ailleurs = f.une_candidature(vague=candidature.vague).pieces.get()
        assert porteur.get(page("piece", candidature.pk, ailleurs.pk)).status_code == 404


class TestListe:
    @pytest.mark.parametrize("nombre", [1, 3])
    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_dossiers(
        self, nombre, django_assert_num_queries: DjangoAssertNumQueries
    ):
        personne, vague = f.un_utilisateur(), f.une_vague()
        for _ in range(nombre):
            f.une_candidature(vague=vague, porteur=personne, complete=False)
        f.une_candidature(vague=vague, complete=False)
        client = client_de(personne)
        # Session and clock, account, count, files, open wave; the navigation reads the roles.
        with django_assert_num_queries(6):
            reponse = client.get(page("liste"))
        assert len(reponse.context["page"]) == nombre


class TestOuverture:
    def test_on_trouve_par_le_nom_puis_on_ouvre(self):
        vague, epci = f.une_vague(), f.un_epci("CC de la Vallée d’Essai")
        client = client_de(f.un_utilisateur())
        assert epci.libelle_long in texte(client.get(page("ouvrir"), {"q": "vallee dessai"}))
        adresse = f"{page('ouvrir')}?epci={epci.siren}"
        assert "Commencer le dossier" in texte(client.get(adresse))
        reponse = client.post(adresse, {"chef_de_file": epci.siren, "nom": "La Vallée"})

        ouverte = Candidature.objects.get()
        assert reponse.url == page("section", ouverte.pk, "choc")
        assert (ouverte.vague, ouverte.territoire.nom, ouverte.territoire.cle) == (vague, "La Vallée", epci.siren)

    def test_un_groupement_designe_son_chef_de_file(self):
        f.une_vague()
        premier, second = f.un_epci(), f.un_epci()
        adresse = f"{page('ouvrir')}?epci={premier.siren}&epci={second.siren}"
        client_de(f.un_utilisateur()).post(adresse, {"chef_de_file": second.siren})
        territoire = Candidature.objects.get().territoire
        assert (set(territoire.epcis.all()), territoire.chef_de_file) == ({premier, second}, second)

    @pytest.mark.parametrize(
        ("recherche", "message"),
        [
            ("200 068 501", "Ce numéro SIREN n’est pas valable"),
            ("732829320", "Aucune intercommunalité ne correspond à « 732829320 »"),
            ("atlantide", "Aucune intercommunalité ne correspond à « atlantide »"),
        ],
    )
    def test_une_recherche_sans_resultat_le_dit_et_garde_la_saisie(self, recherche, message):
        f.une_vague()
        reponse = client_de(f.un_utilisateur()).get(page("ouvrir"), {"q": recherche})
        assert message in texte(reponse)
        assert reponse.context["recherche"]["q"].value() == recherche

    def test_ce_qui_ressemble_se_propose_sans_etre_coche(self):
        f.une_vague()
        epci, client = f.un_epci("CC du Plateau"), client_de(f.un_utilisateur())
        alike = texte(client.get(page("ouvrir"), {"q": "platau"}))
        assert "Vouliez-vous dire…" in alike
        assert f'value="{epci.siren}" required>' in alike
        assert f'value="{epci.siren}" required checked>' in texte(client.get(page("ouvrir"), {"q": "plateau"}))
        homonyme = f.un_epci("CC du Plateau")
        ensemble = texte(client.get(page("ouvrir"), {"q": "CC du Plateau"}))
        assert epci.libelle_long in ensemble
        assert homonyme.libelle_long in ensemble
        assert "checked" not in ensemble

    def test_le_contact_reprend_le_compte_tant_que_personne_ne_l_a_ecrit(self):
        moi = f.un_utilisateur(prenom="Camille", nom="Exemple")
        dossier = f.une_candidature(porteur=moi, complete=False)
        contact = page("section", dossier.pk, "contact")
        lue = texte(client_de(moi).get(contact))
        assert 'value="Camille Exemple"' in lue
        assert f'value="{moi.email}"' in lue
        assert "viennent de votre compte" in lue
        # Nothing is written before they save; and whoever else writes is not the contact.
        dossier.refresh_from_db()
        assert "contact" not in dossier.contenu
        assert "viennent de votre compte" not in texte(nouveau(dossier, Qualite.CO_PORTEUR).get(contact))
        f.reecrire(dossier)
        Candidature.objects.filter(pk=dossier.pk).update(contenu={**dossier.contenu, "contact": {"nom": "Une autre"}})
        lue = texte(client_de(moi).get(contact))
        assert 'value="Une autre"' in lue
        assert moi.email not in lue.split("<main", 1)[1]

    def test_un_siren_inconnu_dans_l_adresse_est_nomme(self):
        f.une_vague()
        reponse = client_de(f.un_utilisateur()).get(page("ouvrir"), {"epci": "732829320"})
        assert "Aucune intercommunalité ne porte le SIREN 732829320" in texte(reponse)

    def test_le_dossier_d_un_autre_pour_ce_territoire_n_empeche_rien_et_ne_se_voit_pas(self, candidature):
        siren, client = candidature.territoire.cle, client_de(f.un_utilisateur())
        reponse = client.post(f"{page('ouvrir')}?epci={siren}", {"chef_de_file": siren, "nom": "Mon nom à moi"})
        neuf = Candidature.objects.exclude(pk=candidature.pk).get()
        assert (reponse.status_code, reponse.url) == (302, page("section", neuf.pk, "choc"))
        montre = texte(client.get(reponse.url))
        assert "Mon nom à moi" in montre
        assert str(f.porteur_de(candidature)) not in montre

    def test_un_double_envoi_mene_au_dossier_deja_ouvert(self, candidature, porteur):
        siren = candidature.territoire.cle
        reponse = porteur.post(f"{page('ouvrir')}?epci={siren}", {"chef_de_file": siren})
        assert reponse.url == page("dossier", candidature.pk)
        assert Candidature.objects.count() == 1

    def test_hors_vague_la_page_dit_quand_revenir(self):
        f.une_vague(cloture=horloge_base() - UNE_SECONDE)
        prochaine = f.une_vague(
            ouverture=horloge_base() + timedelta(days=2), cloture=horloge_base() + timedelta(days=90)
        )
        client, epci = client_de(f.un_utilisateur()), f.un_epci()
        assert instant_fr(prochaine.ouverture) in texte(client.get(page("ouvrir")))
        client.post(f"{page('ouvrir')}?epci={epci.siren}", {"chef_de_file": epci.siren})
        assert not Candidature.objects.exists()
        assert not Territoire.objects.exists()


class TestRubriques:
    def test_enregistrer_mene_a_la_rubrique_suivante_ou_au_dossier(self, candidature, porteur):
        adresse = page("section", candidature.pk, "choc")
        assert porteur.post(adresse, section_choc(revision=1)).url == page("section", candidature.pk, "entreprises")
        envoi = section_choc(revision=1, suite="dossier", description="Autre chose.")
        assert porteur.post(adresse, envoi).url == page("dossier", candidature.pk)
        candidature.refresh_from_db()
        assert candidature.contenu["choc"]["description"] == "Autre chose."

    def test_une_valeur_malformee_garde_tout_ce_qui_est_saisi(self, candidature, porteur):
        envoi = section_choc(revision=1, description="Long récit", date_choc="hier")
        reponse = porteur.post(page("section", candidature.pk, "choc"), envoi)
        assert "Un point est à corriger" in texte(reponse)
        assert "Long récit" in texte(reponse)
        assert 'value="hier"' in texte(reponse)
        candidature.refresh_from_db()
        assert candidature.contenu == f.un_contenu()

    def test_un_seul_resume_nomme_chaque_point_jusque_dans_les_tableaux(self, candidature, porteur):
        envoi = {
            "revision": 1,
            "emplois_concernes": "beaucoup",
            "liste-TOTAL_FORMS": 2,
            "liste-INITIAL_FORMS": 0,
            "liste-0-nom": "Filature",
            "liste-0-emplois": "120",
            "liste-1-nom": "Fonderie",
            "liste-1-siren": "123",
            "liste-1-emplois": "trente",
        }
        html = texte(porteur.post(page("section", candidature.pk, "entreprises"), envoi))
        assert html.count("data-resume-erreurs") == 1
        assert "3 points sont à corriger" in html
        liens = dict(re.findall(r'<li><a href="#([\w-]+)">(.+?)</a>\u00a0:', html))
        question = candidature.cahier.cahier.section("entreprises").question("emplois_concernes")
        ou = "Principales entreprises touchées, entreprise\u00a02\u00a0: "
        assert liens == {
            "id_emplois_concernes": question.libelle,
            "id_liste-1-siren": f"{ou}SIREN (optionnel)",
            "id_liste-1-emplois": f"{ou}Emplois touchés",
        }
        assert all(f'id="{cible}"' in html for cible in liens)

    def test_une_seconde_trop_tard_le_texte_reste_dans_la_page_avec_les_deux_instants(self, candidature, porteur):
        en_retard(candidature)
        envoi = section_choc(revision=1, description="Écrit trop tard")
        reponse = porteur.post(page("section", candidature.pk, "choc"), envoi)
        assert reponse.status_code == 409
        assert "Écrit trop tard" in texte(reponse)
        assert instant_fr(candidature.vague.cloture, secondes=True) in texte(reponse)
        assert "Votre demande est parvenue le" in texte(reponse)

    def test_une_rubrique_inconnue_n_existe_pas(self, candidature, porteur):
        assert porteur.get(page("section", candidature.pk, "horoscope")).status_code == 404


class TestPieces:
    def joindre(self, client, candidature, contenu=f.PDF + b"% autre", nom="note.pdf"):
        return client.post(
            page("pieces", candidature.pk),
            {"nature": "autre", "fichier": SimpleUploadedFile(nom, contenu, "application/pdf")},
        )

    def test_la_page_ne_reproche_rien_avant_le_premier_envoi(self, candidature, porteur):
        assert "à corriger" not in texte(porteur.get(page("pieces", candidature.pk)))

    def test_une_piece_se_joint_se_telecharge_et_s_enleve(self, candidature, porteur):
        assert self.joindre(porteur, candidature).status_code == 302
        piece = candidature.pieces.get(nom="note.pdf")
        reponse = porteur.get(page("piece", candidature.pk, piece.pk))
        assert b"".join(reponse.streaming_content) == f.PDF + b"% autre"
        assert reponse["Content-Disposition"] == 'attachment; filename="note.pdf"'
        porteur.post(page("enlever_piece", candidature.pk, piece.pk))
        assert not candidature.pieces.filter(pk=piece.pk).exists()

    @pytest.mark.parametrize(
        ("contenu", "message"),
        [(b"MZ un programme", "Formats acceptés"), (b"", "vide"), (f.PDF, "déjà joint"), (None, "taille permise")],
    )
    def test_un_fichier_refuse_l_est_clairement(self, candidature, porteur, settings, contenu, message):
        if contenu is None:
            settings.PIECE_TAILLE_MAX, contenu = 10, f.PDF
        reponse = self.joindre(porteur, candidature, contenu)
        assert message in texte(reponse)
        assert candidature.pieces.count() == 1

    def test_un_co_porteur_joint_des_pieces(self, candidature):
        assert self.joindre(nouveau(candidature, Qualite.CO_PORTEUR), candidature).status_code == 302
