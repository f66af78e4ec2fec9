"""The pages on which more time is proposed and granted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.models import Prolongation
from candidatures.vagues.etats import EtatProlongation, EtatVague
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.prolongations.outils import MOTIF

pytestmark = pytest.mark.django_db


class TestLesPages:
    @pytest.fixture
    def client(self, administrateur):
        client = Client()
        client.force_login(administrateur)
        return client

    def test_proposer_puis_faire_signer(self, client, passee, signataire):
        candidature = f.une_candidature(vague=passee)
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        fin = f"{(horloge_base() + timedelta(days=2)):%Y-%m-%dT%H:%M}"
        reponse = client.post(adresse, {"candidature": candidature.pk, "jusqu_au": fin, "motif": MOTIF}, follow=True)
        assert "ne vaudra qu’une fois signée" in reponse.text
        prolongation = Prolongation.objects.get()
        page = client.get(f"/administration/prolongations/{prolongation.pk}/")
        assert "une autre personne" in page.text
        assert "Signer la prolongation" not in page.text

        autre = Client()
        autre.force_login(signataire)
        assert "Prolongation à signer" in autre.get("/tableau-de-bord/").text
        suite = autre.post(f"/administration/prolongations/{prolongation.pk}/", {"confirmation": "on"}, follow=True)
        assert "La prolongation est accordée" in suite.text
        assert "Accordée" in suite.text

    def test_ce_qui_est_refuse_reste_ecrit(self, client, passee):
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        reponse = client.post(adresse, {"candidature": "", "jusqu_au": "2023-01-01T12:00", "motif": MOTIF})
        assert reponse.context["formulaire"]["motif"].value() == MOTIF
        assert "instant à venir" in reponse.context["formulaire"].errors["jusqu_au"][0]

    def test_ecarter(self, client, passee, proposer):
        prolongation = proposer(passee)
        client.post(f"/administration/prolongations/{prolongation.pk}/ecarter/")
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.ECARTEE

    @pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.PRESSE])
    def test_pour_les_autres_ces_pages_n_existent_pas(self, passee, proposer, role):
        prolongation = proposer(passee)
        autre = Client()
        autre.force_login(f.un_agent(role))
        for adresse in (
            f"/administration/vagues/{passee.numero}/prolongations/",
            f"/administration/prolongations/{prolongation.pk}/",
        ):
            assert autre.get(adresse).status_code == 404

    def test_la_liste_coute_autant_de_requetes_pour_une_que_pour_trois(self, client, passee, proposer):
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        proposer(passee, f.une_candidature(vague=passee))
        client.get(adresse)
        with CaptureQueriesContext(connection) as pour_une:
            client.get(adresse)
        for _ in range(2):
            proposer(passee, f.une_candidature(vague=passee))
        with CaptureQueriesContext(connection) as pour_trois:
            client.get(adresse)
        assert len(pour_une) == len(pour_trois)
        assert passee.etat == EtatVague.PREVUE
