"""Attachments in quarantine: scanned by a worker, then served or set aside."""

import pytest
from django.core.files.storage import default_storage

from candidatures.dossier.pieces.actions import pieces
from candidatures.models import Message, PieceDeMessage, VersionComplete
from candidatures.surveillance import analyses
from candidatures.surveillance.analyses import a_analyser, analyser_en_attente
from candidatures.tasks import analyser_documents
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.surveillance.antivirus import EtatAnalyse, etat
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre, un_pdf
from tests.candidatures.pages.pages import client_de, page, texte
from tests.surveillance.test_antivirus import VIRUS, clamd, en_tcp

__all__ = ["clamd"]
pytestmark = pytest.mark.django_db


def analyser():
    return analyser_en_attente(maintenant=horloge_base())


def une_piece(candidature, contenu=None, **arguments):
    return joindre(candidature, contenu or un_pdf(1), nature="diagnostic", nom="étude.pdf", **arguments)


class TestQuarantaine:
    def test_jusqu_au_verdict_personne_ne_l_ouvre_et_la_page_le_dit(self, clamd):
        clamd()
        depot = f.un_depot()
        candidature = depot.candidature
        piece = candidature.pieces.get()
        porteur = client_de(f.porteur_de(candidature))

        html = texte(porteur.get(page("pieces", candidature.pk)))
        assert "Analyse antivirus en cours" in html
        assert page("apercu", candidature.pk, piece.pk) not in html
        adresses = [
            page("piece", candidature.pk, piece.pk),
            page("contenu_de_piece", candidature.pk, piece.pk),
            page("piece_deposee", candidature.pk, depot.rang, depot.pieces.get().pk),
        ]
        for adresse in adresses:
            reponse = porteur.get(adresse)
            assert reponse.status_code == 409
            assert "est en cours d’analyse par l’antivirus" in texte(reponse)
        assert "L’antivirus analyse ce fichier" in texte(porteur.get(page("apercu", candidature.pk, piece.pk)))

        assert analyser_documents() == 1
        for adresse in adresses:
            assert b"".join(porteur.get(adresse)) == f.PDF
        assert "Analyse antivirus en cours" not in texte(porteur.get(page("pieces", candidature.pk)))

    def test_sans_antivirus_la_tache_ne_fait_rien(self):
        f.une_candidature()
        assert analyser_documents() == 0
        assert not Analyse.objects.exists()

    def test_joindre_reveille_l_antivirus(self, clamd, django_capture_on_commit_callbacks):
        candidature = f.une_candidature()
        with django_capture_on_commit_callbacks() as sans:
            une_piece(candidature)
        clamd()
        with django_capture_on_commit_callbacks() as avec:
            une_piece(candidature, un_pdf(2))
        assert len(avec) == len(sans) + 1


class TestVerdicts:
    def test_un_document_n_est_analyse_qu_une_fois(self, clamd):
        pair = clamd()
        candidature = f.une_candidature()
        une_piece(candidature)
        assert (analyser(), analyser()) == (2, 0)
        assert pair.recus == [f.PDF, un_pdf(1)]

    def test_les_pieces_des_messages_sont_analysees_et_pas_nos_documents(self, clamd):
        clamd()
        candidature = f.une_candidature(complete=False)
        message = Message.objects.create(candidature=candidature, auteur=f.porteur_de(candidature), texte="Voici.")
        joint = enregistrer(b"%PDF-1.4 message", type_mime="application/pdf")
        PieceDeMessage.objects.create(message=message, document=joint, nom="note.pdf")
        enregistrer(b"%PDF-1.4 un rapport", type_mime="application/pdf")
        assert list(a_analyser()) == [joint]
        assert analyser() == 1

    def test_infectee_elle_ne_compte_plus_et_chacun_l_apprend_une_fois(self, clamd):
        clamd()
        candidature = f.une_candidature()
        porteur = f.porteur_de(candidature)
        infectee = joindre(
            candidature, f.PDF + VIRUS, nature="deliberation", nom="mandat.pdf", remplace=candidature.pieces.get()
        )
        assert VersionComplete.objects.filter(candidature=candidature).exists()
        analyser()

        infectee.document.refresh_from_db()
        assert etat(infectee.document) is EtatAnalyse.INFECTEE
        assert Analyse.objects.get(document=infectee.document).detail == "Essai.Virus-1"
        html = texte(client_de(porteur).get(page("pieces", candidature.pk)))
        assert "a trouvé un programme malveillant dans ce fichier" in html
        assert "À joindre" in html
        assert client_de(porteur).get(page("piece", candidature.pk, infectee.pk)).status_code == 409
        (courrier,) = Courrier.objects.filter(cle__startswith="antivirus-")
        assert courrier.destinataire == porteur.email
        assert "mandat.pdf" in courrier.texte
        entree = EntreeJournal.objects.get(acte="ecarter_infectee")
        assert (entree.acteur_id_copie, entree.details["nom"]) == (None, "mandat.pdf")
        # What the portal would have deposited at the deadline held it.
        assert not VersionComplete.objects.filter(candidature=candidature).exists()

    def test_un_fichier_connu_pour_infecte_ne_se_joint_plus(self, clamd):
        clamd()
        candidature = f.une_candidature()
        piece = une_piece(candidature, f.PDF + VIRUS)
        analyser()
        pieces.enlever_piece(piece=piece, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="programme malveillant"):
            une_piece(candidature, f.PDF + VIRUS)

    def test_une_version_complete_sans_le_fichier_reste(self, clamd):
        clamd()
        candidature = f.une_candidature()
        piece = une_piece(candidature, f.PDF + VIRUS)
        pieces.enlever_piece(piece=piece, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        assert analyser() == 1
        assert VersionComplete.objects.filter(candidature=candidature).exists()


class TestPannes:
    def test_clamd_absent_rien_n_est_perdu(self, settings):
        settings.ANTIVIRUS = "127.0.0.1:1"
        une_piece(f.une_candidature())
        assert analyser() == 0
        assert a_analyser().count() == 2
        pair = en_tcp()
        settings.ANTIVIRUS = pair.adresse
        try:
            assert analyser() == 2
        finally:
            pair.arreter()
        assert a_analyser().count() == 0

    def test_un_document_sans_verdict_ne_retient_pas_les_autres(self, clamd):
        clamd()
        candidature = f.une_candidature(complete=False)
        perdue = une_piece(candidature, un_pdf(1))
        default_storage.delete(perdue.document.chemin)
        suivante = une_piece(candidature, un_pdf(2))
        assert analyser() == 1
        assert list(a_analyser()) == [perdue.document]
        assert Analyse.objects.get().document == suivante.document

    def test_le_travail_d_un_passage_est_borne(self, clamd):
        clamd()
        candidature = f.une_candidature(complete=False)
        for rang in range(3):
            une_piece(candidature, un_pdf(rang))
        assert analyses.analyser_en_attente(maintenant=horloge_base(), limite=2) == 2
        assert a_analyser().count() == 1
