"""The protocol as a client of tus speaks it, and who may speak it."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as reglages
from django.test import Client

from candidatures.dossier.etats import Qualite
from candidatures.models import Televersement
from tests import fabriques as f
from tests.candidatures.dossier.televersements.outils import FICHIER, TUS, annoncer, commencer, envoyer, ou_en_est
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte

pytestmark = pytest.mark.django_db


class TestProtocole:
    def test_ce_que_sait_faire_le_serveur(self, candidature, porteur):
        reponse = porteur.options(page("televersements", candidature.pk))
        entetes = ("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size")
        assert reponse.status_code == 204
        assert [reponse[nom] for nom in entetes] == ["1.0.0", "1.0.0", "creation,termination", str(200 * 1024 * 1024)]

    def test_une_autre_version_du_protocole_est_refusee(self, candidature, porteur):
        reponse = porteur.post(page("televersements", candidature.pk), headers={"Tus-Resumable": "0.2.2"})
        assert (reponse.status_code, reponse["Tus-Version"]) == (412, "1.0.0")

    def test_un_fichier_trop_gros_est_refuse_des_l_annonce(self, candidature, porteur, settings):
        settings.PIECE_TAILLE_MAX = 1024 * 1024
        assert annoncer(porteur, candidature, taille=1024 * 1024).status_code == 201
        reponse = annoncer(porteur, candidature, taille=1024 * 1024 + 1)
        assert reponse.status_code == 413
        assert "dépasse la taille permise, 1\u00a0Mo" in texte(reponse)

    @pytest.mark.parametrize(
        ("valeurs", "phrase"),
        [
            ({"taille": 0}, "vide"),
            ({"taille": "beaucoup"}, "nombre entier"),
            ({"nature": "horoscope"}, "plus demandée"),
            ({"membre": 999_999, "nature": "deliberation"}, "plus demandée"),
            ({"remplace": 999_999}, "choix"),
        ],
    )
    def test_une_annonce_qui_ne_tient_pas_est_refusee(self, candidature, porteur, valeurs, phrase):
        reponse = annoncer(porteur, candidature, **valeurs)
        assert reponse.status_code == 400
        assert phrase in texte(reponse)
        assert not Televersement.objects.exists()

    def test_des_metadonnees_illisibles_sont_refusees(self, candidature, porteur):
        entetes = TUS | {"Upload-Length": "10", "Upload-Metadata": "nature %%%,nom"}
        assert porteur.post(page("televersements", candidature.pk), headers=entetes).status_code == 400

    def test_un_morceau_trop_gros_est_refuse(self, candidature, porteur, settings):
        settings.TELEVERSEMENT_MORCEAU = 1000
        adresse = annoncer(porteur, candidature)["Location"]
        assert envoyer(porteur, adresse, 0, FICHIER[:1000]).status_code == 204
        assert envoyer(porteur, adresse, 1000, FICHIER[1000:2001]).status_code == 413

    def test_un_morceau_ne_depasse_pas_la_taille_annoncee(self, candidature, porteur):
        adresse = annoncer(porteur, candidature, taille=100)["Location"]
        reponse = envoyer(porteur, adresse, 0, FICHIER[:101])
        assert reponse.status_code == 403
        assert "plus gros que la taille annoncée" in texte(reponse)
        assert ou_en_est(porteur, adresse)[0] == 0

    @pytest.mark.parametrize(
        ("entetes", "type_", "statut"), [({}, "text/plain", 415), ({"Upload-Offset": "-1"}, None, 400)]
    )
    def test_un_morceau_mal_annonce_est_refuse(self, candidature, porteur, entetes, type_, statut):
        adresse = annoncer(porteur, candidature)["Location"]
        type_ = type_ or "application/offset+octet-stream"
        reponse = porteur.patch(adresse, data=b"x", content_type=type_, headers=TUS | {"Upload-Offset": "0"} | entetes)
        assert reponse.status_code == statut

    def test_abandonner_efface_les_octets(self, candidature, porteur, django_capture_on_commit_callbacks):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER[:4000])
        with django_capture_on_commit_callbacks(execute=True):
            assert porteur.delete(adresse, headers=TUS).status_code == 204
        assert porteur.head(adresse, headers=TUS).status_code == 404
        assert not any(Path(reglages.TELEVERSEMENTS).iterdir())

    def test_sans_le_jeton_du_site_rien_ne_s_envoie(self, candidature):
        client = Client(enforce_csrf_checks=True)
        client.force_login(f.porteur_de(candidature))
        envoi = commencer(candidature)
        adresse = page("televersement", candidature.pk, envoi.pk)
        assert annoncer(client, candidature).status_code == 403
        assert envoyer(client, adresse, 0, FICHIER).status_code == 403
        assert client.delete(adresse, headers=TUS).status_code == 403
        assert Televersement.objects.get().recus == 0


class TestAcces:
    def test_pour_un_autre_rien_n_existe(self, candidature):
        envoi = commencer(candidature)
        adresse = page("televersement", candidature.pk, envoi.pk)
        etranger = client_de(f.un_utilisateur())
        assert annoncer(etranger, candidature).status_code == 404
        collegue = nouveau(candidature, Qualite.CO_PORTEUR)
        for client in (etranger, collegue):
            assert client.head(adresse, headers=TUS).status_code == 404
            assert envoyer(client, adresse, 0, FICHIER).status_code == 404
            assert client.post(adresse, headers=TUS).status_code == 404
            assert client.delete(adresse, headers=TUS).status_code == 404
        assert page("televersement", candidature.pk, uuid4()) != adresse
        assert Televersement.objects.get().recus == 0

    def test_un_lecteur_n_envoie_rien(self, candidature):
        reponse = annoncer(nouveau(candidature, Qualite.LECTEUR), candidature)
        assert reponse.status_code == 403
        assert "ne pouvez pas modifier" in texte(reponse)

    def test_a_l_echeance_l_envoi_s_arrete_et_rien_n_est_joint(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER[:4000])
        en_retard(candidature)
        reponse = envoyer(porteur, adresse, 4000, FICHIER[4000:])
        assert reponse.status_code == 403
        assert "Vous ne pouvez pas modifier ce dossier" in texte(reponse)
        assert annoncer(porteur, candidature).status_code == 403
        assert candidature.pieces.count() == 1

    def test_qui_n_est_plus_connecte_l_apprend_en_une_phrase(self, candidature):
        reponse = annoncer(Client(), candidature)
        assert reponse.status_code == 401
        assert "session a expiré" in texte(reponse)
