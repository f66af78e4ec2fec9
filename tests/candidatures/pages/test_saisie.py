"""The section's page and what the browser asks of it: conflicts, saving while typing, presence, versions, sign-out."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import Qualite
from candidatures.models import Participation, VersionDeSection
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, en_retard, page, texte

pytestmark = pytest.mark.django_db
SEUL_NOMBRE = "Il faut un seul nombre entier, en chiffres et sans autre mot, par exemple «\u00a01\u202f250\u00a0»."


@pytest.fixture
def candidature():
    return f.une_candidature(complete=False)


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


@pytest.fixture
def collegue(candidature):
    personne = f.un_utilisateur(prenom="Camille", nom="Martin")
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=Qualite.CO_PORTEUR)
    return personne


def ecrire(candidature, auteur, **reponses):
    return redaction.enregistrer_section(
        candidature=candidature,
        section="projets",
        reponses=reponses,
        auteur=auteur,
        maintenant=horloge_base(),
        automatique=True,
    )


def projets(**autres):
    return {"revision": 0, "projets": "", "nombre_projets": "", "foncier": ""} | autres


def contenu(candidature):
    candidature.refresh_from_db()
    return candidature.contenu.get("projets", {})


def champs_caches(reponse):
    return {
        nom: unescape(valeur)
        for nom, valeur in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', texte(reponse))
    }


class TestConflit:
    @pytest.mark.parametrize(("choix", "attendu"), [("mienne", "Ma version <b>"), ("enregistree", "Sa version")])
    def test_la_page_montre_les_deux_reponses_et_enregistre_celle_que_l_on_choisit(
        self, candidature, porteur, collegue, choix, attendu
    ):
        ecrire(candidature, collegue, projets="Sa version", nombre_projets=3)
        adresse = page("section", candidature.pk, "projets")
        reponse = porteur.post(adresse, projets(projets="Ma version <b>", foncier="Une friche"))
        assert reponse.status_code == 409
        assert "Sa version" in texte(reponse)
        assert "Ma version &lt;b&gt;" in texte(reponse)
        assert "pendant que vous écriviez, par «\u00a0Camille Martin\u00a0»" in texte(reponse)
        assert contenu(candidature) == {"projets": "Sa version", "nombre_projets": 3}

        suite = porteur.post(adresse, champs_caches(reponse) | {"garder-projets": choix})
        assert suite.status_code == 302
        assert contenu(candidature) == {"projets": attendu, "nombre_projets": 3, "foncier": "Une friche"}

    def test_reunir_deux_textes_enregistre_celui_que_l_on_a_relu(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Deux usines ferment")
        adresse = page("section", candidature.pk, "projets")
        conflit = texte(porteur.post(adresse, projets(projets="Deux usines ouvrent")))
        assert "Deux usines ouvrent\n\nDeux usines ferment</textarea>" in conflit
        # What differs is marked, word by word, and said to whoever hears it.
        assert "autre réponse seulement : </span>ferment" in conflit
        assert "votre réponse seulement : </span>ouvrent" in conflit
        choix = {"tranchee": 1, "garder-projets": "reunies", "reunie-projets": "L’une ferme, l’autre ouvre"}
        assert porteur.post(adresse, projets(projets="Deux usines ouvrent") | choix).status_code == 302
        assert contenu(candidature) == {"projets": "L’une ferme, l’autre ouvre"}

    def test_un_texte_reuni_trop_long_revient_avec_sa_faute(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Sa version")
        choix = {"tranchee": 1, "garder-projets": "reunies", "reunie-projets": "x" * 6001}
        reponse = porteur.post(page("section", candidature.pk, "projets"), projets(projets="Ma version") | choix)
        assert "6000 caractères" in texte(reponse).replace("\u202f", "")
        assert "x" * 6001 in texte(reponse)
        assert contenu(candidature) == {"projets": "Sa version"}

    def test_un_nombre_ne_se_reunit_pas(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, nombre_projets=3)
        conflit = texte(porteur.post(page("section", candidature.pk, "projets"), projets(nombre_projets="4")))
        assert 'value="enregistree"' in conflit
        assert 'value="reunies"' not in conflit

    def test_reunir_deux_tableaux_garde_les_lignes_des_deux(self, candidature, porteur, collegue):
        redaction.enregistrer_section(
            candidature=candidature,
            section="entreprises",
            reponses={"liste": [{"nom": "Filature", "siren": "", "emplois": 12}]},
            auteur=collegue,
            maintenant=horloge_base(),
        )
        adresse = page("section", candidature.pk, "entreprises")
        mienne = {"liste-TOTAL_FORMS": 1, "liste-INITIAL_FORMS": 0, "liste-0-nom": "Forge", "liste-0-emplois": "30"}
        conflit = texte(porteur.post(adresse, mienne | {"revision": 0}))
        assert "Seulement dans votre réponse : ligne 1." in conflit
        assert "Seulement dans la réponse de Camille Martin : ligne 1." in conflit
        choix = {"revision": 0, "tranchee": 1, "garder-liste": "reunies"}
        assert porteur.post(adresse, mienne | choix).status_code == 302
        candidature.refresh_from_db()
        assert [une["nom"] for une in candidature.contenu["entreprises"]["liste"]] == ["Forge", "Filature"]

    def test_un_troisieme_enregistrement_pendant_que_l_on_choisit_refait_choisir(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Sa version")
        adresse = page("section", candidature.pk, "projets")
        reponse = porteur.post(adresse, projets(projets="Ma version"))
        ecrire(candidature, collegue, projets="Encore une autre")
        suite = porteur.post(adresse, champs_caches(reponse) | {"garder-projets": "mienne"})
        assert suite.status_code == 409
        assert "Encore une autre" in texte(suite)
        assert contenu(candidature) == {"projets": "Encore une autre"}


class TestAutomatique:
    def envoyer(self, client, candidature, **donnees):
        return client.post(page("automatique", candidature.pk, "projets"), projets(**donnees))

    def test_ce_qui_se_comprend_est_enregistre_et_le_reste_est_dit(self, candidature, porteur):
        reponse = self.envoyer(porteur, candidature, projets="Un atelier", nombre_projets="beaucoup")
        assert reponse.json() == {
            "etat": "enregistre",
            "revision": 1,
            "incomprises": ["Nombre de projets connus"],
            "motifs": [SEUL_NOMBRE],
            "relus": [],
            "manques": "Il manque encore 15\u00a0éléments pour déposer.",
            "rappel": "Ce dossier n’est pas déposé pour autant.",
            "etats": {
                "choc": "À commencer",
                "entreprises": "À commencer",
                "gouvernance": "À commencer",
                "projets": "Complète",
                "mission": "À commencer",
                "contact": "À commencer",
                "pieces": "À commencer",
            },
            "champs": {},
            "recharger": False,
        }
        assert contenu(candidature) == {"projets": "Un atelier"}
        assert VersionDeSection.objects.get().automatique

    def test_un_nombre_qui_pourrait_en_etre_un_autre_est_relu_ou_refuse(self, candidature, porteur):
        recu = self.envoyer(porteur, candidature, nombre_projets="1.250").json()
        assert recu["relus"] == ["1\u202f250 pour «\u00a0Nombre de projets connus\u00a0»"]
        recu = self.envoyer(porteur, candidature, revision=1, nombre_projets="12.5").json()
        assert recu["motifs"] == ["Un nombre entier est attendu, sans virgule\u00a0: 12 ou 13\u00a0?"]
        assert contenu(candidature) == {"nombre_projets": 1250}

    def test_dans_un_tableau_aussi(self, candidature, porteur):
        tableau = {"liste-TOTAL_FORMS": 2, "liste-INITIAL_FORMS": 0, "liste-0-nom": "Filature", "revision": 0}
        adresse = page("automatique", candidature.pk, "entreprises")
        recu = porteur.post(adresse, tableau | {"liste-0-emplois": "1.250"}).json()
        emplois = "«\u00a0Emplois touchés\u00a0» dans «\u00a0Principales entreprises touchées\u00a0»"
        assert recu["relus"] == [f"1\u202f250 pour {emplois}"]
        recu = porteur.post(adresse, tableau | {"liste-0-emplois": "12.000", "revision": 1}).json()
        deux_lectures = "«\u00a012.000\u00a0» peut se lire de deux façons\u00a0: 12\u202f000 ou 12\u00a0?"
        assert recu["motifs"] == [f"Ligne 1, Emplois touchés\u00a0: {deux_lectures}"]

    def test_une_date_aussi_dit_pourquoi(self, candidature, porteur):
        adresse = page("automatique", candidature.pk, "gouvernance")
        recu = porteur.post(adresse, {"deliberation_le": "0026-01-01", "revision": 0}).json()
        assert recu["motifs"] == ["Vérifiez l’année de cette date."]

    def test_une_saisie_incomprise_n_efface_pas_la_reponse_enregistree(self, candidature, porteur):
        self.envoyer(porteur, candidature, nombre_projets="12")
        assert self.envoyer(porteur, candidature, revision=1, nombre_projets="1é").status_code == 200
        assert contenu(candidature) == {"nombre_projets": 12}

    def test_les_reponses_des_autres_reviennent_pour_etre_montrees(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, nombre_projets=1200)
        recu = self.envoyer(porteur, candidature, projets="Un atelier").json()
        assert (recu["revision"], recu["champs"], recu["recharger"]) == (2, {"nombre_projets": ["1\u202f200"]}, False)
        assert contenu(candidature) == {"projets": "Un atelier", "nombre_projets": 1200}

    def test_un_conflit_n_ecrit_rien_et_nomme_la_question(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Sa version")
        reponse = self.envoyer(porteur, candidature, projets="Ma version")
        assert reponse.status_code == 409
        assert reponse.json()["etat"] == "conflit"
        assert "Camille Martin" in reponse.json()["message"]
        assert "Projets industriels connus" in reponse.json()["message"]
        assert contenu(candidature) == {"projets": "Sa version"}

    def test_deconnecte_ou_trop_tard_la_page_l_apprend(self, candidature, porteur):
        assert self.envoyer(Client(), candidature).json()["etat"] == "deconnecte"
        en_retard(candidature)
        reponse = self.envoyer(porteur, candidature, projets="Trop tard")
        assert (reponse.status_code, reponse.json()["etat"]) == (409, "refus")

    def test_pour_les_autres_rien_n_existe(self, candidature):
        etranger = client_de(f.un_utilisateur())
        assert self.envoyer(etranger, candidature).status_code == 404
        assert etranger.post(page("presence", candidature.pk, "projets")).status_code == 404
        assert etranger.get(page("versions", candidature.pk, "projets")).status_code == 404


def test_chacun_voit_que_l_autre_est_la_et_ce_qu_il_a_enregistre(candidature, porteur, collegue):
    adresse = page("presence", candidature.pk, "projets")
    client_de(collegue).post(adresse)
    ecrire(candidature, collegue, projets="Sa version")
    assert porteur.post(adresse).json() == {
        "etat": "present",
        "presents": ["Camille Martin"],
        "revision": 1,
        "par": "Camille Martin",
    }
    assert "Camille Martin a aussi cette rubrique sous les yeux" in texte(
        porteur.get(page("section", candidature.pk, "projets"))
    )


class TestDeconnexion:
    def test_ce_que_l_on_envoie_deconnecte_revient_apres_la_connexion(self, candidature):
        adresse = page("section", candidature.pk, "projets")
        client = Client()
        reponse = client.post(adresse, projets(projets="Écrit pendant deux heures"))
        assert reponse.status_code == 302
        assert f"next={adresse}" in reponse.url

        client.force_login(f.porteur_de(candidature))
        page_retrouvee = texte(client.get(adresse))
        assert "Écrit pendant deux heures" in page_retrouvee
        assert "Vous aviez été déconnecté" in page_retrouvee
        assert contenu(candidature) == {}

        assert client.post(adresse, projets(projets="Écrit pendant deux heures")).status_code == 302
        assert contenu(candidature) == {"projets": "Écrit pendant deux heures"}
        assert "Vous aviez été déconnecté" not in texte(client.get(adresse))

    def test_quelqu_un_d_autre_sur_la_meme_machine_ne_voit_rien(self, candidature):
        adresse = page("section", candidature.pk, "projets")
        client = Client()
        client.post(adresse, projets(projets="Confidentiel"))
        client.force_login(f.un_utilisateur())
        assert client.get(adresse).status_code == 404


class TestVersions:
    def test_on_compare_mot_a_mot_et_on_reprend(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Un atelier de forge")
        ecrire(candidature, collegue, projets="Un atelier de fonderie")
        assert "Version 2" in texte(porteur.get(page("versions", candidature.pk, "projets")))
        html = texte(porteur.get(page("version", candidature.pk, "projets", 1)))
        assert re.search(r"<del>.*forge.*</del>", html)
        assert re.search(r"<ins>.*fonderie.*</ins>", html)
        assert porteur.post(page("restaurer", candidature.pk, "projets", 1)).status_code == 302
        assert contenu(candidature) == {"projets": "Un atelier de forge"}

    def test_une_version_inconnue_n_existe_pas(self, candidature, porteur, collegue):
        ecrire(candidature, collegue, projets="Un atelier")
        assert porteur.get(page("version", candidature.pk, "projets", 9)).status_code == 404
        assert porteur.get(page("version", candidature.pk, "projets", 1) + "?autre=9").status_code == 404
        assert porteur.post(page("restaurer", candidature.pk, "projets", 9)).status_code == 409

    def test_un_lecteur_lit_et_ne_reprend_pas(self, candidature, collegue):
        ecrire(candidature, collegue, projets="Un")
        ecrire(candidature, collegue, projets="Deux")
        Participation.objects.filter(utilisateur=collegue).update(qualite=Qualite.LECTEUR)
        client = client_de(collegue)
        assert "Reprendre la version" not in texte(client.get(page("version", candidature.pk, "projets", 1)))
        assert client.post(page("restaurer", candidature.pk, "projets", 1)).status_code == 409

    def test_la_liste_ne_coute_pas_plus_a_trois_versions_qu_a_une(self, candidature, porteur, collegue):
        couts = []
        for textes in (["Un"], ["Deux", "Trois"]):
            for un in textes:
                ecrire(candidature, collegue, projets=un)
            with CaptureQueriesContext(
                connection,
            ) as requetes:
                porteur.get(page("versions", candidature.pk, "projets"))
            couts.append(len(requetes))
        assert couts[0] == couts[1]


def test_ce_qui_est_enregistre_a_la_main_dit_comment_il_est_lu(candidature, porteur):
    adresse = page("section", candidature.pk, "projets")
    suite = porteur.post(adresse, projets(projets="Un atelier", investissement="1,5 M€"), follow=True)
    assert "Nous avons lu 1\u202f500\u202f000\u00a0€ pour «\u00a0" in texte(suite)
    assert contenu(candidature)["investissement"] == 1_500_000
    simple = porteur.post(
        adresse, projets(revision=1, projets="Un atelier", investissement="1 500 000 €"), follow=True
    )
    assert "Nous avons lu" not in texte(simple)
