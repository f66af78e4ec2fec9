"""A file sent piece by piece, from its announcement to its end."""

import hashlib
import os
from pathlib import Path

import pytest
from django.conf import settings as reglages

from candidatures.dossier.pieces.requetes import chemin
from candidatures.dossier.pieces.verification import A_REUNIR
from candidatures.models import Membre, Televersement
from rebond.socle.documents.stockage import lire
from tests import fabriques as f
from tests.candidatures.dossier.televersements.outils import FICHIER, TUS, annoncer, envoyer, ou_en_est
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db


def issue(client, adresse):
    return client.post(adresse, headers=TUS).json()


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
            (
                "deliberation",
                b"\x00\x00\x00\x18ftypheic",
                f"que beaucoup d’ordinateurs n’ouvrent pas. {A_REUNIR} Formats acceptés",
            ),
            (
                "diagnostic",
                b"\xff\xd8\xff\xe0\x00\x10JFIF",
                f"Ce fichier est une image, quel que soit son nom. {A_REUNIR} Formats acceptés",
            ),
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
