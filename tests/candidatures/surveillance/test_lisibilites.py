"""Whether a file can be opened: asked at every door, and shown wherever the file is."""

from base64 import b64encode
from hashlib import md5

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from candidatures.cahier import MODELE, Format, depuis_json, vers_json
from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces.actions import pieces, televersements
from candidatures.dossier.pieces.verification import verifier_piece
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as messages
from candidatures.models import PieceJointe
from candidatures.surveillance.lisibilites import examiner_en_attente
from rebond.socle.documents import ouverture
from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.lisibilites import usage_de
from rebond.socle.documents.models import Document, Lisibilite
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import demander
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, nouveau, page, texte
from tests.candidatures.reprise.reprise import la_vague_passee, plat, reprendre, un_dossier
from tests.outils.fichiers import un_docx, un_jpeg, un_odt, un_pdf, un_pdf_chiffre

pytestmark = pytest.mark.django_db

CHIFFRE = un_pdf_chiffre()
PRECEDE = b"\xef\xbb\xbf" + un_pdf(4)
REFUS = "protégé par un mot de passe.*Enregistrez-en une copie sans mot de passe"
# A Word document under the name of a PDF, with a letter that turns the rest of it round.
TROMPEUR = "delib\u202efdp.pdf"


def fichier(contenu, nom="deliberation.pdf"):
    return ContentFile(contenu, name=nom)


def joindre(candidature, contenu, nom="deliberation.pdf", nature="autre"):
    return pieces.joindre_piece(
        candidature=candidature,
        fichier=fichier(contenu, nom),
        nom=nom,
        nature=nature,
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )


def televerser(candidature, contenu, nom):
    envoi = televersements.commencer(
        candidature=candidature,
        utilisateur=f.porteur_de(candidature),
        nom=nom,
        nature="autre",
        taille=len(contenu),
        maintenant=horloge_base(),
    )
    televersements.recevoir(televersement=envoi, debut=0, morceau=contenu, maintenant=horloge_base())
    return televersements.terminer(televersement=envoi, maintenant=horloge_base())


class TestPortes:
    def test_l_envoi_simple(self):
        candidature = f.une_candidature(complete=False)
        with pytest.raises(RegleEnfreinte, match=REFUS):
            joindre(candidature, CHIFFRE)
        assert not Document.objects.exists()
        assert joindre(candidature, un_docx(), TROMPEUR).nom == "delibfdp.docx"
        assert joindre(candidature, PRECEDE).document.type_mime == "application/pdf"

    def test_la_page_dit_la_cause_pres_du_champ(self):
        candidature = f.une_candidature(complete=False)
        donnees = {"nature": "lettre", "fichier": SimpleUploadedFile("lettre.pdf", un_pdf(2)[:400])}
        html = texte(client_de(f.porteur_de(candidature)).post(page("pieces", candidature.pk), donnees))
        assert 'id="piece-lettre-fichier_error"' in html
        assert "Ce fichier est incomplet\u00a0: sa fin manque." in html

    def test_l_envoi_en_morceaux(self, settings, tmp_path):
        settings.TELEVERSEMENTS = tmp_path / "televersements"
        candidature = f.une_candidature(complete=False)
        assert televerser(candidature, CHIFFRE, "d.pdf").refus.endswith("et joignez cette copie.")
        assert televerser(candidature, un_docx(), TROMPEUR).piece.nom == "delibfdp.docx"
        assert televerser(candidature, PRECEDE, "d.pdf").piece.document.lisibilite.pages == 4

    def test_le_remplacement(self):
        candidature = f.une_candidature()
        ancienne = candidature.pieces.get()
        donnees = {"nature": "deliberation", "fichier": SimpleUploadedFile("nouvelle.pdf", CHIFFRE)}
        reponse = client_de(f.porteur_de(candidature)).post(
            page("remplacer_piece", candidature.pk, ancienne.pk), donnees
        )
        assert "protégé par un mot de passe" in texte(reponse)
        assert list(candidature.pieces.all()) == [ancienne]

    def test_les_messages(self):
        dossier = une_vague_close(None)[1][0]
        valeurs = {"candidature": dossier, "auteur": f.porteur_de(dossier), "texte": "Voici."}
        with pytest.raises(RegleEnfreinte, match=REFUS):
            messages.envoyer_message(**valeurs, fichiers=[fichier(CHIFFRE)], maintenant=horloge_base())
        message = messages.envoyer_message(
            **valeurs, fichiers=[fichier(un_jpeg(), TROMPEUR)], maintenant=horloge_base()
        )
        assert message.pieces.get().nom == "delibfdp.jpg"
        for client, nom in ((f.porteur_de(dossier), "candidatures"), (f.un_agent(Role.INSTRUCTEUR), "instruction")):
            html = texte(client_de(client).get(reverse(f"{nom}:messages", args=[dossier.pk])))
            assert "image, 1\u00a0page" in html

    def test_les_corrections(self):
        demande = demander(une_vague_close(None)[1][0], f.un_agent(Role.INSTRUCTEUR))
        valeurs = {"demande": demande, "nature": "lettre", "auteur": f.porteur_de(demande.candidature)}
        with pytest.raises(RegleEnfreinte, match=REFUS):
            corrections.joindre_a_la_correction(
                **valeurs, fichier=fichier(CHIFFRE), nom="lettre.pdf", maintenant=horloge_base()
            )
        piece = corrections.joindre_a_la_correction(
            **valeurs, fichier=fichier(PRECEDE), nom=TROMPEUR, maintenant=horloge_base()
        )
        assert (piece.nom, usage_de(piece.document)) == ("delibfdp.pdf", "lisible, 4\u00a0pages")

    def test_la_reprise_garde_ce_qui_fut_recu_le_dit_et_le_sert_sous_son_vrai_nom(self, tmp_path):
        la_vague_passee()
        dossier = un_dossier(numero=11)
        (annoncee,) = [champ for champ in dossier["champs"] if champ.get("files")]
        annoncee["files"][0] |= {
            "filename": TROMPEUR,
            "checksum": b64encode(md5(CHIFFRE, usedforsecurity=False).digest()).decode(),
        }
        (tmp_path / TROMPEUR).write_bytes(CHIFFRE)

        rapports = [
            plat("\n".join(reprendre(dossier, pieces=tmp_path, a_blanc=essai).lignes())) for essai in (True, False)
        ]

        for rapport in rapports:
            assert "n° 11 : « delibfdp.pdf » est protégé par un mot de passe : personne ne peut le lire." in rapport
        piece = PieceJointe.objects.get()
        assert (piece.nom, piece.document.lisibilite.ouverture) == ("delibfdp.pdf", Ouverture.MOT_DE_PASSE)


def test_une_machine_trop_chargee_laisse_passer_et_l_ouvrier_ouvre_ensuite(monkeypatch):
    candidature = f.une_candidature(complete=False)
    with monkeypatch.context() as charge:
        charge.setattr(ouverture, "DELAI", 0.0)
        piece = joindre(candidature, un_pdf_chiffre(du_proprietaire="machine chargée"))
    assert usage_de(piece.document) == "pas encore ouvert par le portail"
    jamais_ouvert = PieceJointe.objects.create(
        candidature=candidature,
        document=enregistrer(PRECEDE, type_mime="application/octet-stream"),
        nature="autre",
        intitule="Autre pièce",
        nom="ancienne.pdf",
        ajoutee_par=f.porteur_de(candidature),
    )
    enregistrer(b"un rapport du portail", type_mime="text/plain")

    assert (examiner_en_attente(limite=1), examiner_en_attente(), examiner_en_attente()) == (1, 1, 0)

    verdicts = list(Lisibilite.objects.order_by("document").values_list("ouverture", "pages", "contenu"))
    assert verdicts == [("mot_de_passe", None, "application/pdf"), ("lisible", 4, "application/pdf")]
    html = texte(client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk)))
    assert "Ce fichier est protégé par un mot de passe\u00a0: personne ne peut le lire. Remplacez-le" in html
    assert "lisible, 4\u00a0pages" in html
    # What came before anybody knew it to be a PDF is shown and served as one.
    servie = client_de(f.porteur_de(candidature)).get(page("piece", candidature.pk, jamais_ouvert.pk))
    assert (servie["Content-Type"], b"".join(servie)) == ("application/pdf", PRECEDE)


def test_des_octets_perdus_n_arretent_pas_les_autres(monkeypatch):
    candidature = f.une_candidature(complete=False)
    Lisibilite.objects.all().delete()
    perdu = enregistrer(un_pdf(marque="perdu"), type_mime="application/pdf")
    for document in (perdu, enregistrer(un_pdf(2), type_mime="application/pdf")):
        PieceJointe.objects.create(
            candidature=candidature,
            document=document,
            nature="autre",
            intitule="Autre pièce",
            nom="x.pdf",
            ajoutee_par=f.porteur_de(candidature),
        )
    from django.core.files.storage import default_storage

    default_storage.delete(perdu.chemin)
    assert examiner_en_attente() == 1


class TestPages:
    def test_le_depositaire_et_l_agent_lisent_la_meme_chose(self):
        dossier = une_vague_close(None)[1][0]
        depot = dossier.depots.get()
        porteur = client_de(f.porteur_de(dossier))
        agent = client_de(f.un_agent(Role.INSTRUCTEUR))
        adresses = [
            (porteur, page("dossier", dossier.pk)),
            (porteur, page("lire", dossier.pk)),
            (porteur, page("depot", dossier.pk, depot.rang)),
            (agent, reverse("instruction:dossier", args=[dossier.pk])),
        ]
        for client, adresse in adresses:
            assert "lisible, 1\u00a0page" in texte(client.get(adresse)), adresse

    def test_avant_de_deposer_chaque_piece_dit_si_elle_se_lit(self):
        candidature = f.une_candidature()
        html = texte(client_de(f.porteur_de(candidature)).get(page("deposer", candidature.pk)))
        assert "lisible, 1\u00a0page)</li>" in html

    def test_un_nom_d_avant_se_sert_avec_l_extension_de_son_contenu(self):
        candidature = f.une_candidature()
        candidature.pieces.update(nom="rapport\u202efdp.exe")
        piece = candidature.pieces.get()
        lecteur = nouveau(candidature, Qualite.LECTEUR)
        for nom, forme in (("piece", "attachment"), ("contenu_de_piece", "inline")):
            reponse = lecteur.get(page(nom, candidature.pk, piece.pk))
            assert b"".join(reponse) == f.PDF
            assert reponse["Content-Disposition"] == f'{forme}; filename="rapportfdp.pdf"'


class TestDeliberationPhotographiee:
    def test_une_page_photographiee_est_prise_par_defaut(self):
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature, un_jpeg(), "IMG_0042.JPG", nature="deliberation")
        assert (piece.nom, usage_de(piece.document)) == ("IMG_0042.jpg", "image, 1\u00a0page")

    def test_une_vague_qui_demande_un_pdf_le_demande_encore_et_dit_comment_faire(self):
        refus = r"une image, .*Enregistrer en PDF.*Formats acceptés\u00a0: PDF\."
        with pytest.raises(RegleEnfreinte, match=refus):
            verifier_piece(fichier(un_jpeg()), [Format.PDF])
        figee = vers_json(MODELE)
        figee["pieces"][0]["formats"] = ["pdf"]
        assert depuis_json(figee).pieces[0].formats == (Format.PDF,)


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "une photo HEIC.* Enregistrez-la en JPEG ou en PDF"),
        (un_odt(Basic__Standard__Module1_xml="Sub A"), "contient des macros. Enregistrez-le sans macros"),
        (b"", "est vide. S’il vient d’un espace en ligne"),
        (un_jpeg()[:40], "incomplet"),
    ],
)
def test_chaque_cause_a_sa_phrase(contenu, phrase):
    candidature = f.une_candidature(complete=False)
    with pytest.raises(RegleEnfreinte, match=phrase):
        joindre(candidature, contenu)


@pytest.mark.parametrize(
    "faux", [{"ouverture": "belle"}, {"ouverture": Ouverture.COUPE, "pages": 3}, {"ouverture": "lisible", "pages": 0}]
)
def test_la_base_ne_garde_qu_un_verdict_qui_a_un_sens(faux):
    document = enregistrer(un_pdf(), type_mime="application/pdf")
    with pytest.raises(IntegrityError), f.dans_un_point_de_reprise():
        Lisibilite.objects.create(document=document, **faux)
