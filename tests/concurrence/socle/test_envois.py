"""The same form sent at the same instant on two connections: one act, one answer."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import transaction

from candidatures.models import Message
from rebond.socle.requete.models import Envoi
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, page
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("cle", [str(uuid4()), ""], ids=["avec_cle", "sans_cle"])
def test_un_double_clic_ecrit_un_message_et_recoit_deux_fois_la_meme_reponse(ailleurs: Callable, cle: str) -> None:
    """The first request has acted and has not committed yet when the second comes: it waits, then says the same."""
    _, [dossier] = une_vague_close(None)
    porteur = f.porteur_de(dossier)
    adresse, saisie = page("messages", dossier.pk), {"texte": "Bonjour.", "cle_d_envoi": cle}
    premier_navigateur, second_navigateur = client_de(porteur), client_de(porteur)
    with transaction.atomic():
        premiere = premier_navigateur.post(adresse, saisie)
        attente = ailleurs(lambda: second_navigateur.post(adresse, saisie))
        attendre(attend_un_verrou)
        assert not attente.done()
    seconde = attente.result(DELAI)

    assert (premiere.status_code, premiere["Location"]) == (seconde.status_code, seconde["Location"])
    assert [str(message) for message in get_messages(seconde.wsgi_request)] == ["Votre message est envoyé."]
    assert Message.objects.get().texte == "Bonjour."
    assert Envoi.objects.count() == 1


def test_celui_qui_attendait_agit_quand_le_premier_echoue(ailleurs: Callable) -> None:
    _, [dossier] = une_vague_close(None)
    porteur = f.porteur_de(dossier)
    adresse, saisie = page("messages", dossier.pk), {"texte": "Bonjour.", "cle_d_envoi": str(uuid4())}
    premier_navigateur, second_navigateur = client_de(porteur), client_de(porteur)
    with transaction.atomic():
        premier_navigateur.post(adresse, saisie)
        attente = ailleurs(lambda: second_navigateur.post(adresse, saisie))
        attendre(attend_un_verrou)
        transaction.set_rollback(True)

    assert attente.result(DELAI).status_code == 302
    assert Message.objects.get().texte == "Bonjour."
