"""A document that holds what it must not: two signatures, then its bytes are gone and its proof stays."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from candidatures.cloture.proces_verbal.comparaison import Difference
from candidatures.cloture.proces_verbal.fichiers import verifier_les_contenus, verifier_les_fichiers
from candidatures.dossier.pieces.requetes import octets_du_dossier
from candidatures.models import AccuseReception, Depot
from candidatures.surveillance.analyses import PORTEURS, a_analyser, documents_recus
from rebond.donnees.effacement import actions
from rebond.donnees.effacement.regles import DEJA, INCONNU, PAR_SOI, SIGNATAIRE
from rebond.donnees.tasks import finir_les_effacements
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents import menage, stockage
from rebond.socle.documents.effacements import ENVOYES, EffacementDeDocument
from rebond.socle.documents.models import Document
from rebond.socle.documents.references import sans_emploi
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import date_fr
from rebond.surveillance.antivirus import EtatAnalyse, etat
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre, un_pdf
from tests.candidatures.pages.pages import client_de, page, texte
from tests.donnees.effacer import MOTIF, Deux, demander, deux, effacer, magasin

__all__ = ["deux", "magasin"]
pytestmark = pytest.mark.django_db


def un_accuse(depot: Depot, document: Document) -> None:
    le = depot.candidature.decision_implicite_le
    AccuseReception.objects.create(depot=depot, document=document, decision_implicite_le=le)


def aujourdhui() -> str:
    return date_fr(jour_de_paris(horloge_base()))


def un_depot_et_sa_piece() -> tuple[Depot, Document]:
    depot = f.un_depot()
    return depot, depot.pieces.get().document


class TestDeuxSignatures:
    def test_demande_par_l_un_signe_par_l_autre(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        assert default_storage.exists(document.chemin)
        assert etat(Document.objects.get(pk=document.pk)) is not EtatAnalyse.EFFACEE
        signe = actions.signer(effacement=demande, acteur=deux[1], maintenant=horloge_base())
        assert (signe.demande_par, signe.signe_par, signe.motif) == (*deux, MOTIF)
        assert finir_les_effacements() == 1
        assert not default_storage.exists(document.chemin)
        signe.refresh_from_db()
        assert signe.octets_effaces_le is not None
        relu = Document.objects.get(pk=document.pk)
        assert (relu.sha256, relu.taille) == (document.sha256, document.taille)
        assert finir_les_effacements() == 0

    def test_jamais_seul(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        with pytest.raises(RegleEnfreinte, match=PAR_SOI):
            actions.signer(effacement=demande, acteur=deux[0], maintenant=horloge_base())
        with pytest.raises(IntegrityError, match="effacement_signe_par_un_autre"), transaction.atomic():
            EffacementDeDocument.objects.update(signe_par=deux[0], signe_le=horloge_base())

    def test_un_administrateur_et_lui_seul(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        for autre in (f.un_agent(Role.AUDITEUR), f.un_agent(Role.VALIDEUR), f.un_utilisateur()):
            with pytest.raises(RegleEnfreinte, match=SIGNATAIRE):
                demander(document, autre)
            with pytest.raises(RegleEnfreinte, match=SIGNATAIRE):
                actions.signer(effacement=demande, acteur=autre, maintenant=horloge_base())
            with pytest.raises(RegleEnfreinte, match=SIGNATAIRE):
                actions.abandonner(effacement=demande, acteur=autre, maintenant=horloge_base())

    def test_le_journal_dit_qui_et_pourquoi(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        effacer(document, deux)
        lues = EntreeJournal.objects.filter(objet_type="socle.effacementdedocument").order_by("pk")
        details = {"sha256": document.sha256, "octets": document.taille, "motif": MOTIF}
        assert [(e.acte, e.acteur_id_copie, e.details) for e in lues] == [
            ("effacement de document demandé", deux[0].pk, details),
            ("effacement de document signé", deux[1].pk, details),
        ]
        [du_dossier] = EntreeJournal.objects.filter(acte="effacer_piece")
        assert du_dossier.objet_id == str(depot.candidature.pk)

    def test_abandonne_le_document_reste(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        actions.abandonner(effacement=demande, acteur=deux[0], maintenant=horloge_base())
        assert default_storage.exists(document.chemin)
        assert not EffacementDeDocument.objects.exists()
        with pytest.raises(RegleEnfreinte, match="n’est plus en attente"):
            actions.signer(effacement=demande, acteur=deux[1], maintenant=horloge_base())

    def test_une_fois_signe_rien_ne_change_plus(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        signe = effacer(document, deux)
        with pytest.raises(RegleEnfreinte, match="n’est plus en attente"):
            actions.abandonner(effacement=signe, acteur=deux[0], maintenant=horloge_base())
        lignes = EffacementDeDocument.objects.filter(pk=signe.pk)
        for changement in (
            {"motif": "Autre chose"},
            {"signe_par": f.un_utilisateur()},
            {"octets_effaces_le": None},
            {"signe_par": None, "signe_le": None},
        ):
            with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
                lignes.update(**changement)
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            lignes.delete()

    def test_deux_demandes_du_meme_n_en_font_qu_une(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demander(document, deux[0])
        with pytest.raises(RegleEnfreinte, match=DEJA):
            demander(document, deux[1])

    def test_une_empreinte_inconnue_se_dit(self, deux: Deux) -> None:
        with pytest.raises(RegleEnfreinte, match=INCONNU):
            actions.demander(empreinte="0" * 64, motif=MOTIF, acteur=deux[0], maintenant=horloge_base())


class TestJamaisUnePreuve:
    def test_un_accuse_de_reception_ne_s_efface_pas(self, deux: Deux) -> None:
        depot = f.un_depot()
        document = stockage.enregistrer(b"accuse", type_mime="application/pdf")
        un_accuse(depot, document)
        with pytest.raises(RegleEnfreinte, match="il est la preuve d’un acte"):
            demander(document, deux[0])
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            EffacementDeDocument.objects.create(document=document, motif=MOTIF, demande_par=deux[0])
        assert nom_contrainte(refus.value) == "effacement_de_ce_qui_a_ete_envoye"

    def test_ce_qui_devient_une_preuve_entre_les_deux_signatures_non_plus(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        un_accuse(depot, document)
        with pytest.raises(RegleEnfreinte, match="il est la preuve d’un acte"):
            actions.signer(effacement=demande, acteur=deux[1], maintenant=horloge_base())
        assert default_storage.exists(document.chemin)

    def test_les_tables_de_ce_que_les_gens_envoient_sont_celles_que_les_pieces_declarent(self) -> None:
        assert set(ENVOYES) == {porteur._meta.db_table for porteur, _ in PORTEURS}
        presentes = connection.introspection.table_names()
        assert set(ENVOYES) <= set(presentes)


class TestLaPreuveReste:
    def test_le_depot_se_verifie_toujours(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        tous = Depot.objects.all()
        assert "effacé" not in verifier_les_fichiers(tous)
        contenus = verifier_les_contenus(tous)
        effacer(document, deux)
        assert verifier_les_contenus(tous) == contenus
        assert "1\u00a0fichier effacé depuis, sur deux signatures" in verifier_les_fichiers(tous)
        assert depot.pieces.get().document.sha256 == document.sha256

    def test_des_octets_qui_manquent_sans_signature_sont_toujours_une_faute(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demander(document, deux[0])
        default_storage.delete(document.chemin)
        with pytest.raises(Difference):
            verifier_les_fichiers(Depot.objects.all())


class TestLesOctets:
    def test_les_memes_octets_ne_reviennent_pas(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        contenu = un_pdf(7)
        piece = joindre(candidature, contenu, nature="diagnostic")
        effacer(piece.document, deux)
        autre = f.une_candidature(vague=candidature.vague)
        with pytest.raises(RegleEnfreinte, match="ne peut pas être gardé"):
            joindre(autre, contenu, nature="diagnostic")
        assert not default_storage.exists(piece.document.chemin)
        assert hashlib.sha256(contenu).hexdigest() == piece.document.sha256

    def test_la_page_le_dit_a_qui_les_renvoie(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        contenu = un_pdf(8)
        piece = joindre(candidature, contenu, nature="diagnostic")
        effacer(piece.document, deux)
        fichier = SimpleUploadedFile("copie.pdf", contenu, content_type="application/pdf")
        reponse = client_de(f.porteur_de(candidature)).post(
            page("pieces", candidature.pk), {"nature": "diagnostic", "fichier": fichier}
        )
        assert (reponse.status_code, "ne peut pas être gardé" in texte(reponse)) == (409, True)

    def test_ils_ne_pesent_plus_dans_le_dossier(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        avant = octets_du_dossier(candidature)
        piece = joindre(candidature, un_pdf(5), nature="diagnostic")
        assert octets_du_dossier(candidature) == avant + piece.document.taille
        effacer(piece.document, deux)
        assert octets_du_dossier(candidature) == avant

    def test_ni_l_antivirus_ni_l_ouverture_ne_les_attendent_plus(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        assert document in a_analyser()
        effacer(document, deux)
        assert document not in a_analyser()
        assert document not in documents_recus()

    def test_le_menage_garde_la_ligne(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        piece = joindre(candidature, un_pdf(4), nature="diagnostic")
        effacer(piece.document, deux)
        document = piece.document
        piece.delete()
        assert document not in sans_emploi()
        assert menage.ramasser(maintenant=horloge_base()) == 0
        assert Document.objects.filter(pk=document.pk).exists()

    def test_un_arret_avant_que_les_octets_partent_se_rattrape(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        actions.signer(effacement=demander(document, deux[0]), acteur=deux[1], maintenant=horloge_base())
        assert default_storage.exists(document.chemin)
        assert finir_les_effacements() == 1
        assert not default_storage.exists(document.chemin)
