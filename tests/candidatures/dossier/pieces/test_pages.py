"""The pages of the attachments of a draft, and their previews."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.etats import Qualite
from candidatures.models import PieceJointe
from rebond.socle.documents.stockage import enregistrer
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import PNG, joindre, un_pdf, un_second_membre
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte
from tests.outils.fichiers import un_docx

pytestmark = pytest.mark.django_db


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
        # The specifications are read once in a process.
        porteur.get(adresse)
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
