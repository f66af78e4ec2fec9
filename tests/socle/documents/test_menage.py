"""What nothing refers to any more goes, after its delay, and nothing else ever does."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from candidatures.dossier.pieces.actions import pieces
from candidatures.models import PieceJointe, VersionComplete
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents import menage
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.models import CONSERVATION, FAITS, Analyse, Document, Lisibilite, Orphelin
from rebond.socle.documents.references import champs_referents, sans_emploi
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.outils.documents import garde, vieillir

UN_PEU = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _magasin(settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "fichiers"}}
    }


def ramasser() -> int:
    return menage.ramasser(maintenant=horloge_base())


@pytest.mark.django_db
class TestDelai:
    def test_ce_que_rien_n_emploie_part_apres_le_delai_avec_son_entree_au_journal(
        self, django_capture_on_commit_callbacks
    ):
        document = garde(b"joint par erreur")
        menage.marquer()
        vieillir(document)
        with django_capture_on_commit_callbacks(execute=True):
            assert ramasser() == 1
        assert not Document.objects.filter(pk=document.pk).exists()
        assert not default_storage.exists(document.chemin)
        (entree,) = EntreeJournal.objects.filter(objet_type="socle.document")
        assert (entree.acte, entree.objet_id, entree.objet, entree.acteur_id_copie) == (
            "effacer_document",
            str(document.pk),
            document.sha256,
            None,
        )

    def test_avant_le_delai_tout_reste(self):
        document = garde(b"hier encore")
        menage.marquer()
        vieillir(document, CONSERVATION - UN_PEU)
        assert ramasser() == 0
        assert documents.lire(document) == b"hier encore"

    def test_une_marque_ne_s_antidate_pas(self):
        document = garde(b"neuf")
        avant = horloge_base()
        Orphelin.objects.create(document=document, depuis=avant - 2 * CONSERVATION)
        assert Orphelin.objects.get(document=document).depuis >= avant

    def test_les_memes_octets_gardes_de_nouveau_ont_de_nouveau_tout_le_delai(self):
        document = garde(b"on le rejoint")
        menage.marquer()
        vieillir(document)
        assert documents.enregistrer(b"on le rejoint", type_mime="application/pdf") == document
        assert ramasser() == 0
        assert documents.lire(document) == b"on le rejoint"

    def test_ce_que_le_portail_sait_d_un_document_part_avec_lui(self):
        document = garde(b"analyse et lu")
        Analyse.objects.create(document=document, saine=True)
        Lisibilite.objects.create(document=document, ouverture="lisible", pages=1)
        menage.marquer()
        vieillir(document)
        assert ramasser() == 1
        assert (Analyse.objects.count(), Lisibilite.objects.count(), Orphelin.objects.count()) == (0, 0, 0)
        # The keys are checked at the end of a transaction.
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_ce_qui_sert_de_nouveau_perd_sa_marque(self):
        piece = f.une_candidature().pieces.get()
        Orphelin.objects.create(document=piece.document)
        vieillir(piece.document)
        assert ramasser() == 0
        assert not Orphelin.objects.filter(document=piece.document).exists()


@pytest.mark.django_db
class TestPostgresJuge:
    def refus(self, document: Document) -> str:
        with pytest.raises(IntegrityError) as leve, transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("DELETE FROM socle_document WHERE id = %s", [document.pk])
        return nom_contrainte(leve.value)

    def marque(self, document: Document) -> None:
        Orphelin.objects.get_or_create(document=document)
        vieillir(document)

    def test_un_document_jeune_ne_s_efface_pas(self):
        assert self.refus(garde(b"jeune")) == "document_garde_son_delai"

    def test_un_document_marque_depuis_moins_que_le_delai_ne_s_efface_pas(self):
        document = garde(b"marque hier")
        Orphelin.objects.create(document=document)
        vieillir(document, CONSERVATION - UN_PEU)
        assert self.refus(document) == "document_garde_son_delai"

    def test_un_document_qui_sert_ne_s_efface_pas_meme_marque(self):
        piece = f.une_candidature().pieces.get()
        self.marque(piece.document)
        assert self.refus(piece.document) == "document_sert_encore"

    def test_rien_ne_s_efface_sans_son_entree_au_journal(self):
        document = garde(b"en cachette")
        self.marque(document)
        assert self.refus(document) == "document_efface_au_journal"

    def test_le_menage_laisse_ce_que_postgres_refuse(self):
        piece = f.une_candidature().pieces.get()
        self.marque(piece.document)
        assert not menage.effacer(piece.document_id, maintenant=horloge_base())
        assert not EntreeJournal.objects.filter(objet_type="socle.document").exists()


@pytest.mark.django_db
class TestReferences:
    def test_toute_cle_etrangere_vers_un_document_en_est_une(self):
        """Read apart from the models: in the catalogue of Postgres, with the same exceptions."""
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT conrelid::regclass::text FROM pg_constraint"
                " WHERE contype = 'f' AND confrelid = 'socle_document'::regclass"
            )
            tables = sorted(table for (table,) in curseur.fetchall())
        assert sorted([*FAITS, *(champ.model._meta.db_table for champ in champs_referents())]) == tables

    def test_chacune_tient_son_document_des_qu_elle_est_ecrite(self):
        """Deferred to the end of the transaction, as Django makes them, they would come too late."""
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
                " AND confrelid = 'socle_document'::regclass AND condeferred"
            )
            assert sorted(table for (table,) in curseur.fetchall()) == sorted(FAITS)

    def test_la_derniere_version_complete_garde_ce_que_le_brouillon_n_a_plus(self):
        candidature = f.une_candidature()
        piece = candidature.pieces.get()
        pieces.enlever_piece(piece=piece, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        assert not PieceJointe.objects.exists()
        assert VersionComplete.objects.get().contenu["pieces"][0]["sha256"] == piece.document.sha256
        assert not sans_emploi().filter(pk=piece.document_id).exists()

        VersionComplete.objects.all().delete()
        assert sans_emploi().filter(pk=piece.document_id).exists()

    def test_une_version_complete_qui_change_ne_garde_plus_que_ce_qu_elle_nomme(self):
        candidature = f.une_candidature(complete=False)
        un, deux = garde(b"un"), garde(b"deux")
        for citees, gardes in (([un, deux], {un, deux}), ([deux], {deux}), ([], set())):
            VersionComplete.objects.update_or_create(
                candidature=candidature,
                defaults={
                    "contenu": {"pieces": [{"sha256": cite.sha256} for cite in citees]},
                    "empreinte": "0" * 64,
                    "fait_le": horloge_base(),
                    "auteur": f.porteur_de(candidature),
                },
            )
            assert {un, deux} - set(sans_emploi()) == gardes


@pytest.mark.django_db(transaction=True)
class TestOctets:
    def test_un_arret_entre_la_ligne_et_les_octets_se_rattrape(self, monkeypatch):
        document = garde(b"arrete au milieu")
        menage.marquer()
        vieillir(document)
        monkeypatch.setattr(menage, "effacer_les_octets", lambda _sha256: False)
        assert ramasser() == 1
        monkeypatch.undo()
        assert default_storage.exists(document.chemin)
        assert balayer_tout() == 1
        assert not default_storage.exists(document.chemin)

    def test_les_octets_d_un_document_restent(self):
        document = garde(b"entier")
        assert not menage.effacer_les_octets(document.sha256)
        assert balayer_tout() == 0
        assert documents.lire(document) == b"entier"

    def test_ce_qui_n_est_pas_un_document_reste_au_magasin(self):
        default_storage.save("ab/cd/lisez-moi.txt", ContentFile(b"autre chose"))
        assert balayer_tout() == 0
        assert default_storage.exists("ab/cd/lisez-moi.txt")


def balayer_tout() -> int:
    """A whole day of it."""
    minuit = horloge_base().replace(hour=0)
    return sum(menage.balayer(maintenant=minuit + timedelta(hours=heure)) for heure in range(24))
