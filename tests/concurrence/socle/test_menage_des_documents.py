"""A document that somebody keeps or attaches at the very instant at which it would go is never lost."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from candidatures.dossier.pieces.actions import pieces
from candidatures.models import PieceJointe
from rebond.socle.documents import menage
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.actes import ActeDeDocument
from rebond.socle.documents.models import Document, Orphelin
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.concurrence.attente import attend_un_verrou, attendre
from tests.outils.documents import garde, vieillir
from tests.outils.fichiers import un_pdf

pytestmark = pytest.mark.django_db(transaction=True)
Ailleurs = Callable[..., Future[Any]]


@pytest.fixture(autouse=True)
def _magasin(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "fichiers"}}
    }


def mur(contenu: bytes) -> Document:
    """One that would go at once."""
    document = garde(contenu)
    menage.marquer()
    vieillir(document)
    return document


def rattacher(document: Document) -> PieceJointe:
    candidature = f.une_candidature(complete=False)
    return PieceJointe.objects.create(
        candidature=candidature,
        document=document,
        nature="diagnostic",
        intitule="Diagnostic",
        nom="a.pdf",
        ajoutee_par=f.porteur_de(candidature),
    )


def test_un_document_que_l_on_joint_a_cet_instant_ne_part_pas(ailleurs: Ailleurs) -> None:
    document = mur(b"tenu par qui le joint")
    with transaction.atomic():
        rattacher(document)
        # It does not even wait.
        assert ailleurs(menage.ramasser, maintenant=horloge_base()).result(10) == 0
    assert menage.ramasser(maintenant=horloge_base()) == 0
    assert documents.lire(document) == b"tenu par qui le joint"


def test_l_effacer_en_sql_attend_qui_le_joint_puis_est_refuse(ailleurs: Ailleurs) -> None:
    document = mur(b"en sql nu")

    def effacer() -> str:
        try:
            with connection.cursor() as curseur:
                curseur.execute("DELETE FROM socle_document WHERE id = %s", [document.pk])
        except Exception as refus:  # noqa: BLE001 (its name is what is compared)
            return str(refus.__cause__.diag.constraint_name)  # type: ignore[union-attr]
        return ""

    with transaction.atomic():
        rattacher(document)
        efface = ailleurs(effacer)
        attendre(attend_un_verrou)
    assert efface.result(10) == "document_sert_encore"
    assert documents.lire(document) == b"en sql nu"


def test_garder_les_memes_octets_pendant_qu_ils_partent_les_garde_de_nouveau(ailleurs: Ailleurs) -> None:
    ancien = mur(b"effaces et renvoyes")
    with transaction.atomic():
        assert menage.effacer(ancien.pk, maintenant=horloge_base())
        neuf = ailleurs(documents.enregistrer, contenu=b"effaces et renvoyes", type_mime="application/pdf")
        attendre(attend_un_verrou)
    document = neuf.result(10)
    assert document.pk != ancien.pk
    assert documents.lire(document) == b"effaces et renvoyes"


def test_les_octets_ne_sont_pas_otes_a_qui_les_garde_de_nouveau_sans_avoir_fini(ailleurs: Ailleurs) -> None:
    """The row has gone, the bytes not yet: somebody keeps the same ones in a transaction that is still open."""
    contenu = b"entre la ligne et les octets"
    ancien = mur(contenu)
    with transaction.atomic():
        menage.effacer(ancien.pk, maintenant=horloge_base())
        transaction.get_connection().run_on_commit.clear()
    with transaction.atomic():
        document = documents.enregistrer(contenu, type_mime="application/pdf")
        assert ailleurs(menage.effacer_les_octets, sha256=document.sha256).result(10) is False
    assert documents.lire(document) == contenu


def test_qui_garde_les_memes_octets_avant_que_le_menage_passe_a_de_nouveau_tout_le_delai(ailleurs: Ailleurs) -> None:
    document = mur(b"garde, pas encore joint")
    with transaction.atomic():
        documents.enregistrer(b"garde, pas encore joint", type_mime="application/pdf")
        assert ailleurs(menage.effacer, document_id=document.pk, maintenant=horloge_base()).result(10) is False
    assert menage.ramasser(maintenant=horloge_base()) == 0
    rattacher(document)
    assert documents.lire(document) == b"garde, pas encore joint"


def test_joindre_de_nouveau_une_piece_enlevee_depuis_longtemps(ailleurs: Ailleurs) -> None:
    """The whole way of a person, beside the whole way of the sweep."""
    candidature = f.une_candidature(complete=False)
    contenu = un_pdf(marque="longtemps")
    ancien = mur(contenu)
    passage = ailleurs(menage.ramasser, maintenant=horloge_base())
    piece = pieces.joindre_piece(
        candidature=candidature,
        fichier=ContentFile(contenu, name="a.pdf"),
        nom="a.pdf",
        nature="diagnostic",
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )
    passage.result(10)
    menage.ramasser(maintenant=horloge_base())
    assert documents.lire(piece.document) == contenu
    assert not Orphelin.objects.filter(document=piece.document).exists()
    assert ancien.sha256 == piece.document.sha256


def test_deux_rondes_n_effacent_pas_deux_fois_le_meme_document(ailleurs: Ailleurs) -> None:
    """The other round goes by whole, between what this one reads and the lock that it takes."""
    document = mur(b"deux rondes")
    passees: list[bool] = []

    def la_laisser_passer(execute: Any, sql: str, *suite: Any) -> Any:
        if "advisory" in sql and not passees:
            passees.append(ailleurs(menage.effacer, document_id=document.pk, maintenant=horloge_base()).result(10))
        return execute(sql, *suite)

    with connection.execute_wrapper(la_laisser_passer):
        assert menage.effacer(document.pk, maintenant=horloge_base()) is False
    assert passees == [True]
    assert EntreeJournal.objects.filter(acte=ActeDeDocument.EFFACER, objet_id=str(document.pk)).count() == 1
