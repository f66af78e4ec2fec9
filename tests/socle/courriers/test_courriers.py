"""The outbox: rows first, sent at least once, set aside when hopeless."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base

pytestmark = pytest.mark.django_db


def une_lettre(cle="lettre-1", **champs):
    valeurs = {"destinataire": "mairie@example.fr", "objet": "Objet", "texte": "Bonjour"} | champs
    return courriers.mettre_en_file(cle=cle, **valeurs)


def test_la_meme_lettre_ne_se_met_en_file_qu_une_fois():
    assert une_lettre() == une_lettre(objet="Autre objet")
    assert Courrier.objects.count() == 1


def test_un_lot_ignore_les_lettres_deja_en_file():
    une_lettre("a")
    courriers.mettre_en_file_lot(
        Courrier(cle=cle, destinataire="x@example.fr", objet="o", texte="t") for cle in ("a", "b")
    )
    assert set(Courrier.objects.values_list("cle", flat=True)) == {"a", "b"}


def test_une_lettre_part_une_fois_avec_ses_pieces(settings, tmp_path):
    document = documents.enregistrer(b"%PDF-1.4 essai", type_mime="application/pdf")
    une_lettre(pieces=[(document, "accuse.pdf")])

    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0
    (message,) = mail.outbox
    assert message.to == ["mairie@example.fr"]
    assert [(piece.filename, piece.content) for piece in message.attachments] == [("accuse.pdf", b"%PDF-1.4 essai")]


def test_une_lettre_sous_embargo_attend_son_heure():
    demain = horloge_base() + timedelta(days=1)
    une_lettre(pas_avant=demain)

    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0
    assert courriers.envoyer_en_attente(maintenant=demain) == 1


@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_n_envoient_pas_la_meme_lettre(django_db_blocker):
    """A row that another connection holds is skipped."""
    lettre = une_lettre()
    autre = connection.copy()
    try:
        autre.set_autocommit(False)
        with autre.cursor() as curseur:
            curseur.execute("SELECT id FROM socle_courrier WHERE id = %s FOR UPDATE", [lettre.pk])
        assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0
        autre.rollback()
    finally:
        autre.close()
    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
