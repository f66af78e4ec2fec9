"""A role belongs to the address that it was given to: nobody takes it through another, nor carries it to another."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rebond.comptes.habilitations import a_le_role
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Organisme
from tests import fabriques as f

pytestmark = pytest.mark.django_db

VICTIME, ATTAQUANT = "prefecture@exemple.fr", "attaquant@exemple.fr"
MOT_DE_PASSE = "une phrase longue et sans surprise"


def code_de(adresse: str) -> str:
    """The last code that was sent to `adresse`."""
    for message in reversed(mail.outbox):
        trouve = re.search(r"^([A-Z0-9]{3,5}-?[A-Z0-9]{2,5})$", str(message.body), re.MULTILINE)
        if message.to == [adresse] and trouve:
            return trouve[1]
    raise AssertionError([message.to for message in mail.outbox])


def donner(client: Client, adresse: str, role: Role) -> int:
    saisie = {
        **f.d_une_autre_page(),
        "adresse": adresse,
        "role": role,
        "organisme": Organisme.objects.get(nom="Service d’essai").pk,
        "jusqu_au": (horloge_base() + timedelta(days=300)).date().isoformat(),
    }
    return client.post("/administration/roles/donner/", saisie).status_code


def entre(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def test_un_role_donne_a_une_adresse_ne_va_pas_a_qui_l_a_saisie_puis_a_confirme_la_sienne() -> None:
    """The attack: sign up with somebody else's address, keep the page open, and have the role come by itself."""
    attaquant, administrateur = Client(), entre(f.un_agent(Role.ADMINISTRATEUR))
    attaquant.post("/compte/signup/", {"prenom": "A", "nom": "B", "email": VICTIME})
    assert donner(administrateur, VICTIME, Role.EXPERT) == 302
    attaquant.post("/compte/confirm-email/", {"action": "change", "email": ATTAQUANT})
    # The page of the code changes no address: one begins again.
    assert not Courrier.objects.filter(destinataire=ATTAQUANT).exists()
    attaquant = Client()
    attaquant.post("/compte/signup/", {"prenom": "A", "nom": "B", "email": ATTAQUANT})
    attaquant.post("/compte/confirm-email/", {"code": code_de(ATTAQUANT)})
    assert "_auth_user_id" in attaquant.session
    assert not a_le_role(Utilisateur.objects.get(email=ATTAQUANT), Role.EXPERT)
    assert attaquant.get("/instruction/avis/").status_code == 404

    # The limit of one code every three minutes to an address, which is another matter.
    cache.clear()
    victime = Client()
    # Their address has an account, which nobody has proven: they sign in with a code.
    victime.post("/compte/login/code/", {"email": VICTIME})
    victime.post("/compte/login/code/confirm/", {"code": code_de(VICTIME)})
    assert victime.get("/instruction/avis/").status_code == 200


def test_qui_change_d_adresse_ne_garde_pas_son_role_sans_qu_un_administrateur_le_confirme() -> None:
    """The second attack: a role holder moves to a private address, unseen."""
    f.un_agent(Role.ADMINISTRATEUR)
    agent = f.un_agent(Role.EXPERT)
    agent.set_password(MOT_DE_PASSE)
    agent.save()
    client = Client()
    client.post("/compte/login/", {"login": agent.email, "password": MOT_DE_PASSE})
    assert client.get("/instruction/avis/").status_code == 200
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    client.post("/compte/email/", {"email": "chez-moi@exemple.fr", "action_add": ""})
    client.post("/compte/confirm-email/", {"code": code_de("chez-moi@exemple.fr")})
    agent.refresh_from_db()
    assert agent.email == "chez-moi@exemple.fr"
    assert client.get("/instruction/avis/").status_code == 404


def test_la_page_du_compte_previent_qui_a_un_role_avant_qu_il_change_d_adresse() -> None:
    for agent, prevenu in ((f.un_agent(Role.EXPERT), True), (f.un_utilisateur(), False)):
        page = entre(agent).get("/compte/email/").content.decode()
        assert ("Changer d’adresse le suspend" in page) is prevenu
