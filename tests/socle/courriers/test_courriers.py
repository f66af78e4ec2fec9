"""The outbox: rows first, sent at least once, set aside when hopeless."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base

pytestmark = pytest.mark.django_db


def une_lettre(cle="lettre-1", objet="Objet", **champs):
    valeurs = {"objet": objet, "texte": "Le disque est plein.", "sonnee_le": "1er mars"}
    return Lettre(
        gabarit="surveillance/alarme", valeurs=valeurs, cle=cle, **{"destinataire": "mairie@example.fr"} | champs
    )


def en_file(*arguments, **champs):
    return courriers.mettre_en_file(une_lettre(*arguments, **champs))


def test_la_meme_lettre_ne_se_met_en_file_qu_une_fois():
    assert en_file() == en_file(objet="Autre objet")
    assert Courrier.objects.count() == 1


def test_un_lot_ignore_les_lettres_deja_en_file():
    en_file("a")
    courriers.mettre_en_file_lot(une_lettre(cle) for cle in ("a", "b"))
    assert set(Courrier.objects.values_list("cle", flat=True)) == {"a", "b"}


def test_un_lot_refuse_une_lettre_dont_il_perdrait_les_pieces():
    document = documents.enregistrer(b"%PDF-1.4 essai", type_mime="application/pdf")
    with pytest.raises(ValueError, match="avec"):
        courriers.mettre_en_file_lot([une_lettre("sans"), une_lettre("avec", pieces=[(document, "accuse.pdf")])])
    assert not Courrier.objects.exists()


def test_une_lettre_part_une_fois_avec_ses_pieces(settings, tmp_path):
    document = documents.enregistrer(b"%PDF-1.4 essai", type_mime="application/pdf")
    en_file(pieces=[(document, "accuse.pdf")])

    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0
    (message,) = mail.outbox
    assert message.to == ["mairie@example.fr"]
    assert [(piece.filename, piece.content) for piece in message.attachments] == [("accuse.pdf", b"%PDF-1.4 essai")]


def test_une_lettre_sous_embargo_attend_son_heure():
    demain = horloge_base() + timedelta(days=1)
    en_file(pas_avant=demain)

    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0
    assert courriers.envoyer_en_attente(maintenant=demain) == 1


@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_n_envoient_pas_la_meme_lettre(django_db_blocker):
    """A row that another connection holds is skipped."""
    lettre = en_file()
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
