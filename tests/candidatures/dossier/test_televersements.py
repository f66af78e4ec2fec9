"""Files sent piece by piece: the acts and the protocol."""

import hashlib
import os
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as reglages
from django.test import Client

from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces.actions import pieces, televersements
from candidatures.dossier.pieces.actions.televersements import DecalageInattendu
from candidatures.dossier.pieces.requetes import chemin
from candidatures.models import Membre, Televersement
from candidatures.tasks import oublier_televersements
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
FICHIER = f.PDF + bytes(range(256)) * 40
TAILLE = len(FICHIER)


@pytest.fixture(autouse=True)
def _dossier_des_envois(settings, tmp_path):
    settings.TELEVERSEMENTS = tmp_path / "televersements"


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


def metadonnees(**valeurs):
    return ",".join(f"{nom} {b64encode(str(valeur).encode()).decode()}" for nom, valeur in valeurs.items())


def annoncer(client, candidature, *, taille=TAILLE, **valeurs):
    valeurs = {"nom": "étude.pdf", "nature": "diagnostic"} | valeurs
    entetes = TUS | {"Upload-Length": str(taille), "Upload-Metadata": metadonnees(**valeurs)}
    return client.post(page("televersements", candidature.pk), headers=entetes)


def envoyer(client, adresse, debut, morceau, **entetes):
    return client.patch(
        adresse,
        data=morceau,
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(debut)} | entetes,
    )


def ou_en_est(client, adresse):
    reponse = client.head(adresse, headers=TUS)
    return int(reponse["Upload-Offset"]), int(reponse["Upload-Length"]), reponse["Cache-Control"]


def issue(client, adresse):
    return client.post(adresse, headers=TUS).json()


def commencer(candidature, **arguments):
    valeurs = {
        "utilisateur": f.porteur_de(candidature),
        "nom": "étude.pdf",
        "nature": "diagnostic",
        "taille": len(FICHIER),
        "maintenant": horloge_base(),
    }
    return televersements.commencer(candidature=candidature, **(valeurs | arguments))


def recevoir(televersement, debut, morceau):
    return televersements.recevoir(
        televersement=televersement, debut=debut, morceau=morceau, maintenant=horloge_base()
    )


class TestEnvoi:
    def test_un_fichier_en_plusieurs_morceaux_devient_une_piece_identique_octet_pour_octet(
        self, candidature, porteur, django_capture_on_commit_callbacks
    ):
        adresse = annoncer(porteur, candidature)["Location"]
        with django_capture_on_commit_callbacks(execute=True):
            for debut in range(0, len(FICHIER), 4000):
                morceau = FICHIER[debut : debut + 4000]
                reponse = envoyer(porteur, adresse, debut, morceau)
                assert (reponse.status_code, reponse["Upload-Offset"]) == (204, str(debut + len(morceau)))

        piece = candidature.pieces.get(nature="diagnostic")
        assert (piece.nom, piece.intitule) == ("étude.pdf", "Diagnostic ou étude")
        assert piece.document.sha256 == hashlib.sha256(FICHIER).hexdigest()
        assert lire(piece.document) == FICHIER
        assert issue(porteur, adresse) == {"termine": True, "refus": ""}
        assert not any(Path(reglages.TELEVERSEMENTS).iterdir())

    def test_un_envoi_interrompu_reprend_la_ou_il_s_est_arrete(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER[:4000])
        # Written, and never counted: the process died in between.
        envoi = Televersement.objects.get()
        with chemin(envoi).open("ab") as fichier:
            fichier.write(b"des octets que personne n'a comptes")

        autre_onglet = client_de(f.porteur_de(candidature))
        assert ou_en_est(autre_onglet, adresse) == (4000, len(FICHIER), "no-store")
        envoyer(autre_onglet, adresse, 4000, FICHIER[4000:])
        assert lire(candidature.pieces.get(nature="diagnostic").document) == FICHIER

    def test_un_morceau_renvoye_deux_fois_n_est_pris_qu_une(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER[:4000])
        encore = envoyer(porteur, adresse, 0, FICHIER[:4000])
        assert (encore.status_code, encore["Upload-Offset"]) == (409, "4000")
        plus_loin = envoyer(porteur, adresse, 8000, FICHIER[8000:])
        assert (plus_loin.status_code, plus_loin["Upload-Offset"]) == (409, "4000")
        assert chemin(Televersement.objects.get()).read_bytes() == FICHIER[:4000]

    def test_des_octets_perdus_par_le_serveur_sont_redemandes(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER[:4000])
        os.truncate(chemin(Televersement.objects.get()), 1000)
        assert ou_en_est(porteur, adresse)[0] == 1000
        envoyer(porteur, adresse, 1000, FICHIER[1000:])
        assert lire(candidature.pieces.get(nature="diagnostic").document) == FICHIER

    def test_ce_qui_suit_la_fin_ne_change_rien(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        envoyer(porteur, adresse, 0, FICHIER)
        assert envoyer(porteur, adresse, len(FICHIER), b"x").status_code == 403
        assert issue(porteur, adresse) == {"termine": True, "refus": ""}
        assert candidature.pieces.filter(nature="diagnostic").count() == 1

    def test_un_envoi_inacheve_n_est_pas_termine(self, candidature, porteur):
        adresse = annoncer(porteur, candidature)["Location"]
        assert issue(porteur, adresse) == {"termine": False, "refus": ""}

    def test_un_contenu_refuse_l_est_avec_une_phrase_et_ne_laisse_rien(
        self, candidature, porteur, django_capture_on_commit_callbacks
    ):
        archive = b"PK\x03\x04" + bytes(5000)
        adresse = annoncer(porteur, candidature, taille=len(archive), nom="piege.docx")["Location"]
        with django_capture_on_commit_callbacks(execute=True):
            assert envoyer(porteur, adresse, 0, archive).status_code == 204
        reponse = issue(porteur, adresse)
        assert reponse["termine"]
        assert reponse["refus"].startswith(
            "Ce fichier est un document ou une archive incomplets\u00a0: la fin manque."
        )
        assert candidature.pieces.count() == 1
        assert not any(Path(reglages.TELEVERSEMENTS).iterdir())

    @pytest.mark.parametrize(
        ("nature", "debut", "phrase"),
        [
            ("diagnostic", b"<!DOCTYPE html>", "Ce fichier est une page web. Imprimez-la au format PDF."),
            ("deliberation", b"\x00\x00\x00\x18ftypheic", "Ce fichier est une photo HEIC"),
            ("diagnostic", b"\xff\xd8\xff\xe0\x00\x10JFIF", "Ce fichier est une image, quel que soit son nom."),
            ("deliberation", b"PK\x03\x04", "Ce fichier est un document Word, Excel ou LibreOffice, ou une archive."),
        ],
    )
    def test_ce_qui_sera_refuse_l_est_des_le_premier_morceau(self, candidature, porteur, nature, debut, phrase):
        adresse = annoncer(porteur, candidature, taille=100_000_000, nature=nature)["Location"]
        reponse = envoyer(porteur, adresse, 0, debut + bytes(1000))
        assert reponse.status_code == 403
        assert phrase in texte(reponse)
        assert ou_en_est(porteur, adresse)[0] == 0

    def test_un_fichier_deja_joint_est_refuse(self, candidature, porteur):
        adresse = annoncer(porteur, candidature, taille=len(f.PDF))["Location"]
        envoyer(porteur, adresse, 0, f.PDF)
        assert issue(porteur, adresse) == {"termine": True, "refus": "Ce fichier est déjà joint au dossier."}

    def test_un_envoi_remplace_une_piece(self, candidature, porteur):
        ancienne = candidature.pieces.get()
        adresse = annoncer(porteur, candidature, nature="deliberation", remplace=ancienne.pk)["Location"]
        envoyer(porteur, adresse, 0, FICHIER)
        assert [piece.nom for piece in candidature.pieces.all()] == ["étude.pdf"]

    def test_un_envoi_va_a_un_membre_du_groupement(self, candidature, porteur):
        membre = Membre.objects.create(candidature=candidature, epci=f.un_epci())
        adresse = annoncer(porteur, candidature, nature="deliberation", membre=membre.pk)["Location"]
        envoyer(porteur, adresse, 0, FICHIER)
        assert membre.pieces.get().nom == "étude.pdf"


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


class TestActes:
    def test_le_nombre_d_envois_commences_est_limite(self, candidature, monkeypatch):
        monkeypatch.setattr(televersements, "EN_COURS_MAX", 1)
        commencer(candidature)
        with pytest.raises(RegleEnfreinte, match="Trop d’envois"):
            commencer(candidature)

    def test_un_dossier_plein_refuse_avant_le_premier_octet(self, candidature, settings):
        settings.PIECES_NOMBRE_MAX = 1
        with pytest.raises(RegleEnfreinte, match="au plus 1"):
            commencer(candidature)
        assert commencer(candidature, nature="deliberation", remplace=candidature.pieces.get()).pk

    def test_un_decalage_dit_ce_qui_est_attendu(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER[:10])
        with pytest.raises(DecalageInattendu) as refus:
            recevoir(envoi, 9, FICHIER[9:20])
        assert refus.value.attendu == 10

    def test_terminer_deux_fois_ne_joint_qu_une_piece(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        premiere = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        seconde = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert premiere.piece == seconde.piece
        assert candidature.pieces.filter(nature="diagnostic").count() == 1

    def test_enlever_la_piece_laisse_l_envoi_sans_elle(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        fini = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert fini.piece is not None
        pieces.enlever_piece(piece=fini.piece, auteur=fini.utilisateur, maintenant=horloge_base())
        envoi.refresh_from_db()
        assert envoi.piece is None

    def test_les_octets_ne_sont_lisibles_que_du_portail(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        assert oct(chemin(envoi).stat().st_mode)[-3:] == "600"
        assert oct(chemin(envoi).parent.stat().st_mode)[-3:] == "700"


class TestMenage:
    def test_ce_que_personne_n_a_touche_depuis_deux_jours_est_oublie(
        self, candidature, django_capture_on_commit_callbacks
    ):
        maintenant = horloge_base()
        ancien, recent = commencer(candidature), commencer(candidature)
        for envoi in (ancien, recent):
            recevoir(envoi, 0, FICHIER[:10])
        perdu = Path(reglages.TELEVERSEMENTS) / str(uuid4())
        perdu.write_bytes(b"sans ligne")
        vieux = (maintenant - timedelta(hours=49)).timestamp()
        os.utime(perdu, (vieux, vieux))
        Televersement.objects.filter(pk=ancien.pk).update(touche_le=maintenant - timedelta(hours=48, seconds=1))
        Televersement.objects.filter(pk=recent.pk).update(touche_le=maintenant - timedelta(hours=47))

        with django_capture_on_commit_callbacks(execute=True):
            oublier_televersements()
        assert list(Televersement.objects.all()) == [recent]
        assert [fichier.name for fichier in Path(reglages.TELEVERSEMENTS).iterdir()] == [str(recent.pk)]

    def test_sans_aucun_envoi_il_n_y_a_rien_a_faire(self):
        assert televersements.oublier_les_anciens(maintenant=horloge_base()) == 0
