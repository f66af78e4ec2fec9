"""The attachments of a draft: the acts, then their pages."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces.actions import pieces
from candidatures.models import Membre, PieceJointe
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import enregistrer, lire
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte
from tests.outils.fichiers import un_docx, un_png

pytestmark = pytest.mark.django_db

PNG = un_png()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def un_pdf(rang):
    return f.PDF + b"%" + str(rang).encode()


def joindre(candidature, contenu=f.PDF, nom="note.pdf", **arguments):
    valeurs = {
        "fichier": ContentFile(contenu, name=nom),
        "nom": nom,
        "nature": "autre",
        "auteur": f.porteur_de(candidature),
        "maintenant": horloge_base(),
    }
    return pieces.joindre_piece(candidature=candidature, **(valeurs | arguments))


def remplir(candidature, nombre):
    """Without opening each of them."""
    PieceJointe.objects.bulk_create(
        PieceJointe(
            candidature=candidature,
            document=enregistrer(un_pdf(rang), type_mime="application/pdf"),
            nature="autre",
            intitule="Autre pièce",
            nom=f"piece-{rang}.pdf",
            ajoutee_par=f.porteur_de(candidature),
        )
        for rang in range(nombre)
    )


def un_second_membre(candidature):
    return Membre.objects.create(candidature=candidature, epci=f.un_epci("CC de la Vallée"))


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


class TestPage:
    def envoyer(self, candidature, contenu=f.PDF, nom="lettre.pdf", **donnees):
        donnees = {"nature": "lettre", "fichier": SimpleUploadedFile(nom, contenu)} | donnees
        return client_de(f.porteur_de(candidature)).post(page("pieces", candidature.pk), donnees)

    def test_chaque_piece_attendue_a_sa_place_et_dit_ce_qu_elle_accepte(self):
        candidature = f.une_candidature(complete=False)
        html = texte(client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk)))

        for ancre in ("piece-deliberation", "piece-diagnostic", "piece-lettre", "piece-autre"):
            assert f'id="{ancre}"' in html
        assert "Formats acceptés\u00a0: PDF, image (JPEG ou PNG). 200\u00a0Mo au plus par fichier." in html
        assert html.count("À joindre") == 1

    def test_un_groupement_a_une_deliberation_et_un_modele_par_membre(self):
        candidature = f.une_candidature()
        second = un_second_membre(candidature)
        html = texte(client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk)))

        chef = candidature.membres.get(chef_de_file=True)
        for membre in (chef, second):
            assert f'id="piece-deliberation-{membre.pk}"' in html
            assert page("modele_mandat_membre", candidature.pk, membre.pk) in html
        # What was attached before the grouping grew is the lead's.
        assert html.count("À joindre") == 1
        assert "Délibération ou mandat – CC de la Vallée" in html

    def test_une_piece_jointe_dit_son_nom_sa_taille_son_empreinte_et_de_qui(self):
        candidature = f.une_candidature()
        piece = candidature.pieces.get()
        html = texte(client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk)))

        assert piece.nom in html
        assert f"<code>{piece.document.sha256}</code>" in html
        assert str(piece.ajoutee_par) in html
        for adresse in ("apercu", "piece", "remplacer_piece", "enlever_piece"):
            assert page(adresse, candidature.pk, piece.pk) in html

    def test_un_formulaire_ordinaire_joint_un_fichier_et_ramene_a_sa_place(self):
        candidature = f.une_candidature()
        reponse = self.envoyer(candidature, un_pdf(1))

        assert (reponse.status_code, reponse["Location"]) == (302, page("pieces", candidature.pk) + "#piece-lettre")
        assert list(candidature.pieces.values_list("nature", "nom"))[-1] == ("lettre", "lettre.pdf")

    def test_plusieurs_fichiers_d_une_meme_nature(self):
        candidature = f.une_candidature()
        self.envoyer(candidature, un_pdf(1))
        self.envoyer(candidature, un_pdf(2), nom="seconde.pdf")
        assert candidature.pieces.filter(nature="lettre").count() == 2

    def test_un_membre_du_groupement_joint_sa_deliberation(self):
        candidature = f.une_candidature()
        membre = un_second_membre(candidature)
        self.envoyer(candidature, un_pdf(1), nature="deliberation", membre=membre.pk)
        assert membre.pieces.get().nom == "lettre.pdf"

    def test_un_contenu_refuse_est_dit_pres_du_champ(self):
        candidature = f.une_candidature()
        reponse = self.envoyer(candidature, b"<html>")
        assert reponse.status_code == 200
        assert 'id="piece-lettre-fichier_error"' in texte(reponse)
        assert "Ce fichier est une page web. Imprimez-la au format PDF." in texte(reponse)

    def test_un_fichier_deja_joint_est_refuse_avec_une_phrase(self):
        reponse = self.envoyer(f.une_candidature())
        assert reponse.status_code == 409
        assert "déjà joint" in texte(reponse)

    @pytest.mark.parametrize("donnees", [{"nature": "horoscope"}, {"nature": "deliberation", "membre": 999_999}])
    def test_une_place_qui_n_existe_pas_est_refusee(self, donnees):
        candidature = f.une_candidature()
        reponse = self.envoyer(candidature, un_pdf(1), **donnees)
        assert reponse.status_code == 409
        assert "n’est plus demandée" in texte(reponse)
        assert candidature.pieces.count() == 1

    def test_le_nombre_atteint_est_dit_et_plus_rien_ne_s_ajoute(self, settings):
        settings.PIECES_NOMBRE_MAX = 1
        candidature = f.une_candidature()
        html = texte(client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk)))
        assert "le nombre permis" in html
        assert "Joindre ce fichier" not in html

    def test_remplacer_par_un_formulaire_ordinaire(self):
        candidature = f.une_candidature()
        ancienne = candidature.pieces.get()
        porteur = client_de(f.porteur_de(candidature))
        adresse = page("remplacer_piece", candidature.pk, ancienne.pk)
        assert "Remplacer «\u00a0deliberation.pdf\u00a0»" in texte(porteur.get(adresse))
        donnees = {"nature": "deliberation", "fichier": SimpleUploadedFile("nouvelle.pdf", un_pdf(1))}
        assert porteur.post(adresse, donnees).status_code == 302
        assert [piece.nom for piece in candidature.pieces.all()] == ["nouvelle.pdf"]

    def test_ce_qui_n_est_plus_demande_se_voit_et_s_enleve(self):
        candidature = f.une_candidature()
        un_second_membre(candidature)
        orpheline = joindre(candidature, un_pdf(1), nature="deliberation")
        PieceJointe.objects.filter(pk=orpheline.pk).update(nature="disparue")
        porteur = client_de(f.porteur_de(candidature))
        assert "qui ne sont plus demandées" in texte(porteur.get(page("pieces", candidature.pk)))
        assert porteur.get(page("remplacer_piece", candidature.pk, orpheline.pk)).status_code == 409
        porteur.post(page("enlever_piece", candidature.pk, orpheline.pk))
        assert "qui ne sont plus demandées" not in texte(porteur.get(page("pieces", candidature.pk)))

    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_pieces(self, django_assert_max_num_queries):
        candidature = f.une_candidature(complete=False)
        porteur = client_de(f.porteur_de(candidature))
        adresse = page("pieces", candidature.pk)
        with CaptureQueriesContext(connection) as peu:
            porteur.get(adresse)
        remplir(candidature, 40)
        with django_assert_max_num_queries(11) as beaucoup:
            porteur.get(adresse)
        assert len(beaucoup) == len(peu)

    def test_un_lecteur_voit_et_ouvre_sans_rien_pouvoir_changer(self):
        candidature = f.une_candidature()
        piece = candidature.pieces.get()
        lecteur = nouveau(candidature, Qualite.LECTEUR)
        html = texte(lecteur.get(page("pieces", candidature.pk)))

        assert page("apercu", candidature.pk, piece.pk) in html
        for interdit in ("Joindre ce fichier", "Remplacer", "Enlever", page("televersements", candidature.pk)):
            assert interdit not in html
        donnees = {"nature": "lettre", "fichier": SimpleUploadedFile("x.pdf", un_pdf(1))}
        assert lecteur.post(page("pieces", candidature.pk), donnees).status_code == 409
        assert lecteur.get(page("remplacer_piece", candidature.pk, piece.pk)).status_code == 409

    def test_apres_l_echeance_on_lit_encore(self):
        candidature = en_retard(f.une_candidature())
        porteur = client_de(f.porteur_de(candidature))
        assert "Joindre ce fichier" not in texte(porteur.get(page("pieces", candidature.pk)))
        reponse = porteur.get(page("piece", candidature.pk, candidature.pieces.get().pk))
        assert b"".join(reponse) == f.PDF

    def test_pour_un_autre_territoire_rien_n_existe(self):
        candidature = f.une_candidature()
        autre = f.une_candidature(vague=candidature.vague)
        piece = candidature.pieces.get()
        etranger = client_de(f.porteur_de(autre))
        noms = ("piece", "apercu", "contenu_de_piece", "remplacer_piece")
        adresses = [page(nom, candidature.pk, piece.pk) for nom in noms]
        # Someone else's attachment, asked for through one's own file.
        adresses += [page(nom, autre.pk, piece.pk) for nom in noms]
        adresses += [page("pieces", candidature.pk), page("modele_mandat", candidature.pk)]
        assert [etranger.get(adresse).status_code for adresse in adresses] == [404] * len(adresses)
        assert etranger.post(page("enlever_piece", candidature.pk, piece.pk)).status_code == 404
        assert etranger.post(page("enlever_piece", autre.pk, piece.pk)).status_code == 404
        assert candidature.pieces.count() == 1


class TestApercu:
    def test_un_pdf_s_affiche_dans_un_cadre_de_notre_origine(self):
        candidature = f.une_candidature()
        piece = candidature.pieces.get()
        porteur = client_de(f.porteur_de(candidature))
        apercu = porteur.get(page("apercu", candidature.pk, piece.pk))
        assert f'src="{page("contenu_de_piece", candidature.pk, piece.pk)}"' in texte(apercu)
        assert piece.document.sha256 in texte(apercu)
        assert "frame-src 'self'" in apercu["Content-Security-Policy"]
        assert apercu["X-Frame-Options"] == "DENY"

        contenu = porteur.get(page("contenu_de_piece", candidature.pk, piece.pk))
        assert b"".join(contenu) == f.PDF
        assert contenu["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in contenu["Content-Security-Policy"]
        assert contenu["Content-Disposition"].startswith("inline")
        assert contenu["Cache-Control"] == "private, no-store"

    def test_le_telechargement_ne_s_encadre_pas(self):
        candidature = f.une_candidature()
        reponse = client_de(f.porteur_de(candidature)).get(page("piece", candidature.pk, candidature.pieces.get().pk))
        reponse.close()
        assert reponse["Content-Disposition"].startswith("attachment")
        assert (reponse["X-Frame-Options"], reponse["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert "frame-ancestors 'none'" in reponse["Content-Security-Policy"]

    def test_une_image_est_une_image(self):
        candidature = f.une_candidature()
        piece = joindre(candidature, PNG, nature="lettre", nom="lettre.png")
        html = texte(client_de(f.porteur_de(candidature)).get(page("apercu", candidature.pk, piece.pk)))
        assert "<img" in html
        assert "<iframe" not in html

    def test_un_document_word_se_telecharge_seulement(self):
        candidature = f.une_candidature()
        piece = joindre(candidature, un_docx(), nom="note.docx")
        porteur = client_de(f.porteur_de(candidature))
        assert "ne s’affiche pas" in texte(porteur.get(page("apercu", candidature.pk, piece.pk)))
        assert porteur.get(page("contenu_de_piece", candidature.pk, piece.pk)).status_code == 404
