"""Letters of exports, word for word: whoever waited longer than their page is told, whatever the end."""

import pytest
from django.core import mail

from rebond.exports import actions, regles
from rebond.exports.models import Export
from rebond.socle.courriers.envoi import envoyer_en_attente
from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import Rythme, Sorte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.exports.exports import LONGUE, client_de, demander, des_acces, preparer
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
LISTE = "« Accès, le dernier d’abord »"


@pytest.fixture
def attendu() -> Export:
    """Asked for long ago."""
    des_acces(LONGUE)
    export = demander(client_de(f.un_agent(Role.AUDITEUR)))
    Export.objects.update(demande_le=export.demande_le - regles.ATTENTE_SANS_LETTRE)
    export.refresh_from_db()
    return export


def page(export: Export) -> str:
    return f"{PORTAIL}/compte/exports/{export.pk}/"


def test_l_export_est_pret(attendu: Export) -> None:
    assert preparer(attendu)
    assert attendu.expire_le
    lue(
        "exports/pret",
        Courrier.objects.get(),
        "Votre export est prêt",
        BONJOUR,
        f"Le fichier que vous avez demandé, {LISTE}, est prêt. Vous pouvez le télécharger jusqu’au "
        f"{instant_fr(attendu.expire_le)} (heure de Paris) : {page(attendu)}",
        SIGNATURE,
    )
    assert Courrier.objects.get().destinataire == attendu.personne.email


def test_qui_ne_veut_pas_de_nouvelles_retrouve_son_export_sans_lettre(attendu: Export) -> None:
    moi = attendu.personne
    PreferenceDeLettres.objects.create(utilisateur=moi, sorte=Sorte.NOUVELLES, rythme=Rythme.AUCUN)
    assert preparer(attendu)
    envoyer_en_attente(maintenant=horloge_base())
    assert mail.outbox == []
    assert attendu.fichier in client_de(moi).get("/compte/exports/").text


def test_l_export_n_a_pas_pu_etre_prepare(attendu: Export) -> None:
    actions.veiller(maintenant=attendu.demande_le + regles.ATTENTE_MAX)
    lue(
        "exports/echoue",
        Courrier.objects.get(),
        "Votre export n’a pas pu être préparé",
        BONJOUR,
        f"Le fichier que vous avez demandé, {LISTE}, n’a pas pu être préparé. {regles.TROP_D_ATTENTE}",
        f"Voir cet export : {page(attendu)}",
        SIGNATURE,
    )


def test_qui_voit_son_export_arriver_n_a_pas_besoin_d_une_lettre() -> None:
    des_acces(LONGUE)
    assert preparer(demander(client_de(f.un_agent(Role.AUDITEUR))))
    assert not Courrier.objects.exists()
