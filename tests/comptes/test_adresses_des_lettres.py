"""Letters of accounts lead to the portal's own address, whatever the `Host` of the request that asked for them."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.test import RequestFactory

from rebond.socle.adresses import du_portail
from rebond.socle.courriers.models import Courrier
from tests import fabriques as f

GABARITS = Path(__file__).resolve().parents[2] / "templates" / "account" / "email"
AILLEURS = "pirate.example"
VALEURS = {
    "code": "",
    "ip": "192.0.2.1",
    "user_agent": "x",
    "timestamp": None,
    "email": "camille@exemple.fr",
    "from_email": "camille@exemple.fr",
    "to_email": "camille@exemple.fr",
    "deleted_email": "camille@exemple.fr",
    **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), f"https://{AILLEURS}/compte/x/?a=1"),
}


@pytest.mark.parametrize("lettre", sorted(chemin.name[:-12] for chemin in GABARITS.glob("*_message.txt")))
def test_aucune_lettre_ne_dit_l_hote_de_la_requete(settings, lettre):
    settings.ALLOWED_HOSTS = [AILLEURS]
    settings.ADRESSE_PUBLIQUE = "https://rebond.example.fr"
    if not (GABARITS / f"{lettre}_subject.txt").exists():
        return
    requete = RequestFactory(SERVER_NAME=AILLEURS).get("/")
    with request_context(requete):
        message = get_adapter().render_mail(f"account/email/{lettre}", "camille@exemple.fr", dict(VALEURS))
    assert AILLEURS not in message.message().as_string().replace("=\n", "")
    if lettre in {"password_reset_key", "email_confirmation"}:
        assert "https://rebond.example.fr/compte/x/?a=1" in message.body


def test_une_adresse_ne_garde_que_son_chemin(settings):
    settings.ADRESSE_PUBLIQUE = "https://rebond.example.fr"
    assert du_portail("http://pirate.example:81/a/?b=1#c") == "https://rebond.example.fr/a/?b=1#c"
    assert du_portail("/a/") == "https://rebond.example.fr/a/"


@pytest.mark.django_db
@pytest.mark.parametrize("chemin", ["/compte/password/reset/", "/compte/login/code/", "/compte/signup/"])
def test_de_bout_en_bout_la_lettre_demandee_sous_un_autre_nom_reste_du_portail(client, settings, chemin):
    settings.ALLOWED_HOSTS = ["*"]
    f.un_utilisateur("camille@exemple.fr")
    client.post(chemin, {"email": "camille@exemple.fr", "prenom": "C", "nom": "D"}, headers={"host": AILLEURS})
    lettres = [str(message.message()) for message in mail.outbox]
    lettres += [texte for ligne in Courrier.objects.values_list("objet", "texte") for texte in ligne]
    assert lettres
    assert [lettre for lettre in lettres if AILLEURS in lettre] == []
