"""What the provider announces by itself: signed, of the last minutes, read once."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse

from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import Genre, Source
from rebond.socle.horloge.temps import horloge_base
from tests.socle.courriers.test_retours import constats, une_lettre

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + b64encode(b"un secret que deux connaissent").decode()


def annonce(client, contenu: object, *, secret: str = SECRET, il_y_a: timedelta = timedelta(0), corps: bytes = b""):
    """POST it signed as Standard Webhooks asks; `corps` is sent in the place of what was signed."""
    signe = json.dumps(contenu).encode()
    instant = str(int((horloge_base() - il_y_a).timestamp()))
    cle = b64decode(secret.removeprefix("whsec_"))
    signature = b64encode(hmac.new(cle, f"msg_1.{instant}.".encode() + signe, sha256).digest()).decode()
    return client.post(
        reverse("retours_des_lettres"),
        corps or signe,
        content_type="application/json",
        headers={"webhook-id": "msg_1", "webhook-timestamp": instant, "webhook-signature": f"v1,AAAA v1,{signature}"},
    ).status_code


def test_l_annonce_signee_du_prestataire_se_lit(client, settings):
    settings.RETOURS_SECRET = SECRET
    neutre, brevo, ahasend, lente = (une_lettre(cle) for cle in ("neutre", "brevo", "ahasend", "lente"))
    contenus = [
        {"retours": [{"jeton": neutre.jeton.hex, "action": "failed", "statut": "5.2.2"}]},
        {
            "event": "hard_bounce",
            "email": "a@b.fr",
            "message-id": f"<{brevo.jeton.hex}@rebond>",
            "reason": "550 5.1.1 No",
        },
        {"type": "message.bounced", "data": {"message_id_header": f"<{ahasend.jeton.hex}@rebond>"}},
        {"event": "soft_bounce", "X-Mailin-custom": lente.jeton.hex, "reason": "451 4.7.1 later"},
        {"event": "delivered", "message-id": f"<{neutre.jeton.hex}@rebond>"},
        ["autre chose"],
    ]
    assert [annonce(client, contenu) for contenu in contenus] == [204] * 6
    assert constats() == [
        ("neutre", Genre.ADRESSE, "5.2.2", Source.PRESTATAIRE),
        ("brevo", Genre.ADRESSE, "5.1.1", Source.PRESTATAIRE),
        ("ahasend", Genre.ADRESSE, "", Source.PRESTATAIRE),
        ("lente", Genre.RETARD, "4.7.1", Source.PRESTATAIRE),
    ]
    # Sent again at once, as a provider does that got no answer, it comes back once.
    assert annonce(client, contenus[0]) == 204
    assert Retour.objects.count() == 4


def test_une_annonce_mal_signee_ancienne_ou_changee_ne_trouve_rien(client, settings):
    contenu = {"retours": [{"jeton": une_lettre().jeton.hex, "action": "failed", "statut": "5.1.1"}]}
    assert annonce(client, contenu) == 404
    settings.RETOURS_SECRET = SECRET
    autre = "whsec_" + b64encode(b"un autre").decode()
    assert [
        annonce(client, contenu, secret=autre),
        annonce(client, contenu, il_y_a=timedelta(minutes=6)),
        annonce(client, contenu, il_y_a=-timedelta(minutes=6)),
        annonce(client, contenu, corps=json.dumps({"retours": []}).encode() + b" "),
        client.post(reverse("retours_des_lettres"), json.dumps(contenu), content_type="application/json").status_code,
        annonce(client, {"x": "x" * 70_000}),
    ] == [404] * 6
    assert constats() == []


def test_ce_qui_est_signe_et_illisible_est_dit(client, settings):
    settings.RETOURS_SECRET = SECRET
    instant = str(int(horloge_base().timestamp()))
    cle = b64decode(SECRET.removeprefix("whsec_"))
    signature = b64encode(hmac.new(cle, f"m.{instant}.".encode() + b"{", sha256).digest()).decode()
    entetes = {"webhook-id": "m", "webhook-timestamp": instant, "webhook-signature": f"v1,{signature}"}
    adresse = reverse("retours_des_lettres")
    assert client.post(adresse, b"{", content_type="application/json", headers=entetes).status_code == 400
