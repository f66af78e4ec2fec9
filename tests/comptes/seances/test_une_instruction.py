"""Who sends a request is read in one statement, and nothing of it outlives that request."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation, Vague
from rebond.comptes.habilitations import en_vigueur_de, habilitations_de
from rebond.comptes.seances.personne import PersonneMiddleware, SessionAvecSaPersonne
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de

pytestmark = pytest.mark.django_db

QUI = ("django_session", "socle_utilisateur", "territoires_habilitation", "clock_timestamp()")


def entre(personne: Utilisateur) -> Client:
    """As the portal's own sign-in leaves somebody: Django's test client does not describe the session."""
    client = client_de(personne)
    cle = client.session.session_key
    UserSession.objects.create(user=personne, session_key=cle, ip="127.0.0.1", user_agent="")
    return client


def requete_de(client: Client) -> HttpRequest:
    return requete_avec(client.cookies[settings.SESSION_COOKIE_NAME].value)


def requete_avec(cle: str) -> HttpRequest:
    requete = HttpRequest()
    requete.session = SessionAvecSaPersonne(cle)
    PersonneMiddleware(lambda _: None).process_request(requete)  # type: ignore[arg-type, return-value]
    return requete


def ouvrir(vague: Vague, personne: Utilisateur) -> None:
    """A file without the act of opening it, of which one makes ten a day."""
    cahier = cahier_en_vigueur(vague=vague)
    dossier = Candidature.objects.create(vague=vague, cahier=cahier, territoire=f.un_territoire())
    Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=Qualite.PORTEUR)


def qui(requetes: CaptureQueriesContext) -> list[str]:
    return [dite["sql"] for dite in requetes if any(table in dite["sql"] for table in QUI)]


@pytest.fixture
def agent() -> Utilisateur:
    personne = f.un_utilisateur("agent@exemple.fr")
    departement = f.un_departement()
    f.un_role(personne, Role.INSTRUCTEUR, departement=departement)
    f.un_role(personne, Role.INSTRUCTEUR, region=departement.region)
    f.un_role(personne, Role.EXPERT, territoire=f.un_territoire())
    return personne


@pytest.mark.parametrize("roles", [0, 3])
@pytest.mark.parametrize("dossiers", [1, 50])
def test_une_seule_instruction_dit_qui_demande_et_quelle_heure_il_est(
    request: pytest.FixtureRequest, roles: int, dossiers: int
) -> None:
    personne = request.getfixturevalue("agent") if roles else f.un_utilisateur()
    vague = f.une_vague()
    for _ in range(dossiers):
        ouvrir(vague, personne)
    client = entre(personne)
    with CaptureQueriesContext(connection) as requetes:
        assert client.get("/tableau-de-bord/").status_code == 200
    assert len(qui(requetes)) == 1


def test_ce_qui_est_lu_avec_la_session_est_ce_que_l_on_lirait_seul(agent: Utilisateur) -> None:
    lue = requete_de(entre(agent)).user
    with CaptureQueriesContext(connection) as requetes:
        assert _dite(lue) == _dite(Utilisateur.objects.get(pk=agent.pk))
        avec = [(_dite(h), _lieux(h)) for h in habilitations_de(lue)]
    assert len(requetes) == 2
    assert avec == [(_dite(h), _lieux(h)) for h in en_vigueur_de(agent.pk)]
    assert len(avec) == 3


def test_une_session_que_rien_ne_decrit_garde_sa_personne(agent: Utilisateur) -> None:
    client = client_de(agent)
    assert not UserSession.objects.exists()
    lue = requete_de(client).user
    assert (lue, len(habilitations_de(lue))) == (agent, 3)


def test_une_session_decrite_comme_celle_d_un_autre_reste_a_qui_l_a_ouverte(agent: Utilisateur) -> None:
    client, autre = entre(agent), f.un_utilisateur("autre@exemple.fr")
    UserSession.objects.update(user=autre)
    lue = requete_de(client).user
    assert (lue, len(habilitations_de(lue))) == (agent, 3)


def test_ce_que_l_un_a_lu_ne_sert_a_personne_d_autre(agent: Utilisateur) -> None:
    autre = f.un_utilisateur("autre@exemple.fr")
    assert requete_de(entre(agent)).user == agent
    assert requete_de(client_de(autre)).user == autre
    assert not requete_avec("x" * 32).user.is_authenticated


def test_ce_que_l_une_ecrit_l_autre_le_lit() -> None:
    ecrite = SessionStore()
    ecrite["mot"] = "gardé"
    ecrite.save()
    lue = SessionAvecSaPersonne(ecrite.session_key)
    assert lue["mot"] == "gardé"
    lue["mot"] = "changé"
    lue.save()
    assert SessionStore(ecrite.session_key)["mot"] == "changé"


@pytest.mark.parametrize(
    "fin",
    [
        lambda moi, _: moi.set_password("une-autre-phrase-longue") or moi.save(),
        lambda moi, _: Utilisateur.objects.filter(pk=moi.pk).update(is_active=False),
        lambda _, cle: SessionStore().delete(cle),
    ],
    ids=["mot de passe changé", "compte fermé", "session fermée"],
)
def test_rien_ne_survit_a_la_requete_suivante(agent: Utilisateur, fin: Any) -> None:
    client = entre(agent)
    assert client.get("/tableau-de-bord/").status_code == 200
    fin(Utilisateur.objects.get(pk=agent.pk), client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert client.get("/tableau-de-bord/").headers["Location"].startswith("/compte/login/")


def _dite(objet: Any) -> dict[str, Any]:
    return {champ.attname: getattr(objet, champ.attname) for champ in objet._meta.concrete_fields}


def _lieux(habilitation: Any) -> list[dict[str, Any] | None]:
    lieux = (habilitation.organisme, habilitation.region, habilitation.departement, habilitation.territoire)
    return [_dite(lieu) if lieu else None for lieu in lieux]
