"""Attaching, replacing and removing a file of a draft."""

import pytest

from candidatures.dossier.pieces.actions import pieces
from candidatures.models import PieceJointe
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import PNG, joindre, un_pdf, un_second_membre
from tests.outils.fichiers import un_docx

pytestmark = pytest.mark.django_db
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TestJoindre:
    def test_un_fichier_est_garde_avec_son_nom_et_l_intitule_de_sa_nature(self):
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature, nom="C:\\Mes documents\\dé\u0000libération\n 2026.pdf")

        assert (piece.nom, piece.intitule) == ("délibération 2026.pdf", "Autre pièce")
        assert (lire(piece.document), piece.document.type_mime) == (f.PDF, "application/pdf")

    def test_un_nom_trop_long_garde_son_extension(self):
        piece = joindre(f.une_candidature(complete=False), nom="é" * 300 + ".pdf")
        assert piece.nom == "é" * 98 + ".pdf"

    @pytest.mark.parametrize(
        ("nature", "contenu", "message"),
        [
            ("autre", b"", "est vide"),
            ("autre", b"<!DOCTYPE html><script>alert(1)</script>", "PDF, image .*, texte .*, tableur"),
            (
                "deliberation",
                b"<html>%PDF-1.4</html>",
                "une page web.* acceptés\u00a0: PDF, image \\(JPEG ou PNG\\)\\.",
            ),
            ("deliberation", un_docx(), "quel que soit son nom"),
            ("lettre", un_docx(), "quel que soit son nom"),
            ("diagnostic", PNG, "une image, quel que soit son nom. .*Imprimer"),
            ("autre", b"PK\x03\x04 pas une archive", "la fin manque"),
        ],
    )
    def test_le_contenu_decide_et_pas_le_nom(self, nature, contenu, message):
        candidature = f.une_candidature(complete=False)
        with pytest.raises(RegleEnfreinte, match=message):
            joindre(candidature, contenu, nature=nature, nom="deliberation.pdf")
        assert not Document.objects.exists()

    @pytest.mark.parametrize(
        ("nature", "contenu", "type_mime"),
        [("lettre", PNG, "image/png"), ("diagnostic", un_docx(), WORD), ("autre", un_docx(), WORD)],
    )
    def test_chaque_nature_a_ses_formats(self, nature, contenu, type_mime):
        piece = joindre(f.une_candidature(complete=False), contenu, nature=nature, nom="sans-extension")
        assert piece.document.type_mime == type_mime

    def test_une_nature_que_le_cahier_ne_prevoit_pas_est_refusee(self):
        with pytest.raises(RegleEnfreinte, match="ne prévoit pas"):
            joindre(f.une_candidature(complete=False), nature="horoscope")

    def test_la_taille_permise_l_est_et_pas_un_octet_de_plus(self, settings):
        settings.PIECE_TAILLE_MAX = len(f.PDF)
        candidature = f.une_candidature(complete=False)
        assert joindre(candidature).pk
        with pytest.raises(RegleEnfreinte, match="dépasse la taille permise"):
            joindre(candidature, f.PDF + b"\n")

    def test_le_meme_fichier_deux_fois_est_refuse_clairement(self):
        candidature = f.une_candidature(complete=False)
        joindre(candidature)
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            joindre(candidature, nom="autre-nom.pdf")
        assert candidature.pieces.count() == 1

    def test_le_nombre_de_pieces_est_limite(self, settings):
        settings.PIECES_NOMBRE_MAX = 1
        candidature = f.une_candidature(complete=False)
        joindre(candidature)
        with pytest.raises(RegleEnfreinte, match="au plus 1"):
            joindre(candidature, un_pdf(2))

    def test_la_piece_d_un_membre_porte_son_nom(self):
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature, nature="deliberation", membre=un_second_membre(candidature))
        assert piece.intitule == "Délibération ou mandat – CC de la Vallée"

    def test_apres_l_echeance_les_pieces_ne_bougent_plus(self):
        candidature = f.une_candidature()
        arguments = {"auteur": f.porteur_de(candidature), "maintenant": candidature.vague.cloture}
        with pytest.raises(EcheanceDepassee):
            joindre(candidature, un_pdf(2), **arguments)
        with pytest.raises(EcheanceDepassee):
            pieces.enlever_piece(piece=candidature.pieces.get(), **arguments)
        assert candidature.pieces.count() == 1


class TestRemplacer:
    def test_une_piece_prend_la_place_d_une_autre_en_un_seul_acte(self):
        depot = f.un_depot()
        ancienne = depot.candidature.pieces.get()
        nouvelle = joindre(depot.candidature, un_pdf(2), nature="deliberation", remplace=ancienne)

        assert list(depot.candidature.pieces.all()) == [nouvelle]
        assert depot.pieces.get().document == ancienne.document
        entree = EntreeJournal.objects.get(acte="remplacer")
        assert entree.details == {
            "nom": "note.pdf",
            "nature": "deliberation",
            "sha256": nouvelle.document.sha256,
            "remplace": "deliberation.pdf",
            "sha256_remplace": ancienne.document.sha256,
        }

    def test_un_remplacement_refuse_laisse_l_ancienne(self):
        candidature = f.une_candidature()
        joindre(candidature, un_pdf(1))
        ancienne = candidature.pieces.get(nature="deliberation")
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            joindre(candidature, un_pdf(1), nature="deliberation", remplace=ancienne)
        assert candidature.pieces.filter(pk=ancienne.pk).exists()

    def test_remplacer_ne_compte_pas_une_piece_de_plus(self, settings):
        settings.PIECES_NOMBRE_MAX = 1
        candidature = f.une_candidature()
        assert joindre(candidature, un_pdf(2), nature="deliberation", remplace=candidature.pieces.get()).pk

    def test_ce_qu_un_collegue_vient_d_enlever_ne_se_remplace_plus(self):
        candidature = f.une_candidature()
        ancienne = candidature.pieces.get()
        PieceJointe.objects.filter(pk=ancienne.pk).delete()
        with pytest.raises(RegleEnfreinte, match="ne fait plus partie"):
            joindre(candidature, un_pdf(2), nature="deliberation", remplace=ancienne)
        assert not candidature.pieces.exists()

    def test_la_piece_d_un_autre_dossier_ne_se_remplace_pas(self):
        candidature = f.une_candidature()
        autre = f.une_candidature(vague=candidature.vague)
        with pytest.raises(RegleEnfreinte, match="ne fait plus partie"):
            joindre(candidature, un_pdf(2), nature="deliberation", remplace=autre.pieces.get())
        assert autre.pieces.count() == 1


def test_enlever_une_piece_la_laisse_dans_les_depots():
    depot = f.un_depot()
    piece = depot.candidature.pieces.get()
    pieces.enlever_piece(piece=piece, auteur=f.porteur_de(depot.candidature), maintenant=horloge_base())

    assert not depot.candidature.pieces.exists()
    assert depot.pieces.get().document == piece.document
