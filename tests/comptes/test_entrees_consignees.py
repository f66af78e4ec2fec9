"""What the journal of accesses keeps of how people come in, and what the log says of what is refused to them."""

import logging
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.test import Client

from rebond.socle.journal.acces import Acces
from rebond.socle.requete import compteurs
from rebond.socle.requete.compteurs import Limite
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.comptes.proconnect import test_proconnect
from tests.comptes.proconnect.conftest import proconnect  # noqa: F401 (a fixture)
from tests.comptes.second_facteur.test_second_facteur import MOT_DE_PASSE, activer, agent, code_de, entrer

pytestmark = pytest.mark.django_db
CLE_DE_SESSION = "sessionid"


@pytest.fixture(autouse=True)
def aussitot(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECOND_FACTEUR_EXIGE = True
    settings.MFA_TOTP_TOLERANCE = 1
    monkeypatch.setattr(transaction, "on_commit", lambda suite, **_: suite())


def consignes(depuis: int = 0) -> list[tuple[str, str, str]]:
    return list(Acces.objects.filter(pk__gt=depuis).order_by("pk").values_list("nature", "personne", "objet"))


def dernier() -> int:
    return Acces.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class TestPreuves:
    def test_une_connexion_dit_par_quoi(self, client: Client) -> None:
        personne = agent(Role.INSTRUCTEUR)
        entrer(personne)
        client.post("/compte/login/code/", {"email": personne.email})
        (code,) = re.findall(r"^[A-Z0-9]{3,5}-[A-Z0-9]{2,5}$", mail.outbox[-1].body, re.MULTILINE)
        client.post("/compte/login/code/confirm/", {"code": code})
        assert consignes() == [
            ("connexion", personne.email, "mot de passe"),
            ("connexion", personne.email, "code reçu par e-mail"),
        ]

    def test_un_second_facteur_dit_lequel_et_un_code_faux_se_garde_avec_sa_personne(self) -> None:
        personne = agent(Role.AUDITEUR)
        cle = activer(entrer(personne))
        depuis = dernier()
        client = entrer(personne)
        client.post("/compte/second-facteur/connexion/", {"code": "000000"})
        client.post("/compte/second-facteur/connexion/", {"code": code_de(cle, suivant=True)})
        assert consignes(depuis) == [
            ("echec", personne.email, "Second facteur refusé"),
            ("connexion", personne.email, "mot de passe, second facteur"),
        ]

    def test_une_cle_d_acces_refusee_se_garde(self, client: Client) -> None:
        fausse = {"credential": "{}"}
        client.post("/compte/second-facteur/cles/login/", fausse)
        personne = agent(Role.INSTRUCTEUR)
        entre = entrer(personne)
        Authenticator.objects.create(user=personne, type="webauthn", data={"name": "Clé"})
        depuis = dernier()
        entre.post("/compte/second-facteur/cles/reauthenticate/", fausse)
        assert consignes()[0] == ("echec", "", "Clé d’accès refusée")
        assert [(nature, objet) for nature, _, objet in consignes(depuis)] == [("echec", "Clé d’accès refusée")]

    def test_une_identite_confirmee_en_chemin_se_garde_aussi(self) -> None:
        personne = agent(Role.AUDITEUR)
        client = entrer(personne)
        cle = activer(client)
        depuis = dernier()
        client.post("/compte/reauthenticate/", {"password": "faux"})
        client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
        client.post("/compte/second-facteur/confirmer/", {"code": "000000"})
        client.post("/compte/second-facteur/confirmer/", {"code": code_de(cle, suivant=True)})
        assert consignes(depuis) == [
            ("echec", personne.email, ""),
            ("connexion", personne.email, "identité confirmée : mot de passe"),
            ("echec", personne.email, "Second facteur refusé"),
            ("connexion", personne.email, "identité confirmée : second facteur"),
        ]

    def test_une_reponse_de_proconnect_refusee_se_garde_sans_rien_en_dire(self, client, proconnect) -> None:  # noqa: F811
        proconnect.id_token = {"nonce": "d-une-autre-demande"}
        test_proconnect.entrer(client, proconnect)
        proconnect.id_token = {}
        test_proconnect.entrer(client, proconnect)
        assert consignes() == [
            ("echec", "", "ProConnect : Jeton refusé : nonce"),
            ("connexion", "dominique@exemple.fr", "ProConnect"),
        ]


class TestSession:
    def test_confirmer_son_identite_change_la_cle_de_session_et_l_ancienne_ne_vaut_plus_rien(self) -> None:
        personne = agent(Role.INSTRUCTEUR)
        client = entrer(personne)
        avant = client.cookies[CLE_DE_SESSION].value
        client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
        apres = client.cookies[CLE_DE_SESSION].value
        assert (avant != apres, Session.objects.filter(pk=avant).exists()) == (True, False)
        assert client.get("/compte/sessions/").content.decode().count(">Celle-ci<") == 1
        assert [*UserSession.objects.filter(user=personne).values_list("session_key", flat=True)] == [apres]
        vieux = Client()
        vieux.cookies[CLE_DE_SESSION] = avant
        assert vieux.get("/tableau-de-bord/").status_code == 302


class TestRefus:
    def test_une_limite_atteinte_se_dit_une_fois_sans_nommer_personne(self, caplog) -> None:
        limite = Limite("essai", 2, 60)
        with caplog.at_level(logging.WARNING, "rebond"):
            assert [compteurs.admis(limite, "a@exemple.fr") for _ in range(5)] == [True, True, False, False, False]
        (dit,) = [ligne.getMessage() for ligne in caplog.records]
        assert dit.startswith("Limite atteinte : essai (2 en 60 s)")
        assert "exemple" not in dit

    def test_une_page_refusee_dit_a_qui_et_laquelle_sans_son_adresse_entiere(self, caplog) -> None:
        personne = f.un_utilisateur()
        client = Client()
        client.force_login(personne)
        dossier = f.une_candidature()
        with caplog.at_level(logging.WARNING, "rebond"):
            client.get(f"/instruction/dossiers/{dossier.pk}/?q=secret", REMOTE_ADDR="192.0.2.7")
            client.get("/nulle-part/")
            client.get("/tableau-de-bord/")
        assert [ligne.getMessage() for ligne in caplog.records if ligne.name.startswith("rebond")] == [
            f"Refusé (404) : compte {personne.pk}, GET instruction:dossier {dossier.pk}, de 192.0.2.7"
        ]
        assert Utilisateur.objects.filter(pk=personne.pk).exists()
