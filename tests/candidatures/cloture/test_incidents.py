"""Incidents: declared, ended, never taken back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from candidatures.cloture.actions import incidents
from candidatures.cloture.etats import NatureIncident
from candidatures.models import Incident
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.vigie import Disponibilite
from rebond.surveillance import disponibilite
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def vague():
    return f.une_vague()


@pytest.fixture
def declarer(vague, administrateur):
    def declarer(debut=-2 * HEURE, fin=-HEURE, **champs):
        maintenant = horloge_base()
        valeurs = {
            "vague": vague,
            "nature": NatureIncident.AUTRE,
            "debut": maintenant + debut,
            "fin": None if fin is None else maintenant + fin,
            "description": "Une coupure d’électricité.",
            "auteur": administrateur,
            "maintenant": maintenant,
        }
        return incidents.declarer_incident(**valeurs | champs)

    return declarer


def test_un_incident_se_declare_et_s_ecrit_au_journal(declarer, administrateur):
    incident = declarer()
    incident.refresh_from_db()
    assert (incident.auteur, incident.cle, incident.fin > incident.debut) == (administrateur, None, True)
    entree = EntreeJournal.objects.get(objet_type="candidatures.incident")
    assert (entree.acte, entree.details["description"]) == ("declarer_incident", "Une coupure d’électricité.")


@pytest.mark.parametrize(
    ("debut", "fin", "message"),
    [
        (HEURE, None, "Le début de l’incident est dans le futur."),
        (-HEURE, -2 * HEURE, "L’incident finit avant d’avoir commencé."),
        (-HEURE, HEURE, "La fin de l’incident est dans le futur : enregistrez-la quand il sera terminé."),
        (-3000 * HEURE, -2900 * HEURE, "Cet incident est terminé avant l’ouverture de la vague."),
    ],
)
def test_un_incident_impossible_est_refuse(declarer, debut, fin, message):
    with pytest.raises(RegleEnfreinte) as refus:
        declarer(debut, fin)
    assert refus.value.message.replace("\u00a0", " ") == message
    assert not Incident.objects.exists()


def test_la_fin_s_enregistre_une_fois(declarer, administrateur):
    incident = declarer(fin=None)
    maintenant = horloge_base()
    fini = incidents.clore_incident(
        incident=incident, fin=maintenant - HEURE, auteur=administrateur, maintenant=maintenant
    )
    assert fini.fin == maintenant - HEURE
    with pytest.raises(RegleEnfreinte, match="déjà enregistrée"):
        incidents.clore_incident(incident=incident, fin=maintenant, auteur=administrateur, maintenant=maintenant)
    incident.refresh_from_db()
    assert incident.fin == maintenant - HEURE


@pytest.mark.parametrize("fin", [None, -HEURE])
def test_un_incident_ne_s_efface_ni_ne_change(declarer, fin):
    incident = declarer(fin=fin)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Incident.objects.all().delete()
    for champs in ({"description": "Autre"}, {"debut": horloge_base() - 3 * HEURE}, {"nature": "horloge"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.update(**champs)
    assert Incident.objects.values_list("description", flat=True).get() == incident.description


def test_un_incident_clos_le_reste(declarer):
    declarer()
    for fin in (None, horloge_base()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Incident.objects.update(fin=fin)


def test_un_incident_est_signe_ou_constate_par_le_portail(vague, administrateur):
    champs = {"vague": vague, "nature": "autre", "debut": horloge_base(), "description": "d"}
    for auteur, cle in ((None, None), (administrateur, "clef")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.create(auteur=auteur, cle=cle, **champs)


class TestPages:
    def local(self, instant):
        return f"{instant.astimezone(PARIS):%Y-%m-%dT%H:%M}"

    def test_l_administrateur_declare_puis_termine_un_incident(self, administrateur, vague):
        client = client_de(administrateur)
        debut = horloge_base() - HEURE
        saisie = {"nature": "messagerie", "debut": self.local(debut), "fin": "", "description": "Plus d’e-mails."}
        reponse = client.post(f"/administration/vagues/{vague.numero}/incidents/declarer/", saisie, follow=True)
        assert "Plus d’e-mails." in texte(reponse)
        incident = Incident.objects.get()
        assert (incident.auteur, incident.debut, incident.fin) == (
            administrateur,
            debut.replace(second=0, microsecond=0),
            None,
        )
        adresse = f"/administration/vagues/{vague.numero}/incidents/{incident.pk}/terminer/"
        assert adresse in texte(reponse)
        refus = client.post(adresse, {"fin": self.local(debut - HEURE)})
        assert refus.context["formulaire"].errors == {"fin": ["L’incident finit avant d’avoir commencé."]}
        client.post(adresse, {"fin": self.local(debut + HEURE / 2)})
        incident.refresh_from_db()
        assert incident.fin == (debut + HEURE / 2).replace(second=0, microsecond=0)
        assert client.get(adresse).status_code == 404

    def test_une_regle_se_lit_au_dessus_de_la_saisie(self, administrateur, vague):
        veille = vague.ouverture - 24 * HEURE
        saisie = {
            "nature": "autre",
            "debut": self.local(veille),
            "fin": self.local(veille + HEURE),
            "description": "d",
        }
        reponse = client_de(administrateur).post(f"/administration/vagues/{vague.numero}/incidents/declarer/", saisie)
        assert (reponse.status_code, "terminé avant l’ouverture" in texte(reponse)) == (409, True)

    @pytest.mark.parametrize(
        ("debut", "dit"),
        [
            ("0026-11-27T00:10", "Vérifiez l’année de cette date."),
            ("2019-01-01T00:00", "elle précède de plus de 30 jours l’ouverture"),
            ("9999-12-31T23:59", "Vérifiez l’année de cette date."),
            ("2099-12-31T23:59", "Le début de l’incident est dans le futur."),
        ],
    )
    def test_une_date_absurde_n_entre_pas_et_reste_a_corriger(self, administrateur, vague, debut, dit):
        adresse = f"/administration/vagues/{vague.numero}/incidents/declarer/"
        saisie = {"nature": "autre", "debut": debut, "fin": "", "description": "Tout ce qui a été tapé."}
        page = texte(client_de(administrateur).post(adresse, saisie))
        assert dit in page.replace("\u00a0", " ")
        assert f'value="{debut}"' in page
        assert "Tout ce qui a été tapé." in page
        assert not Incident.objects.exists()

    def test_une_vague_a_venir_n_a_pas_d_incident_a_declarer(self, administrateur):
        debut = horloge_base() + timedelta(days=10)
        vague = f.une_vague(ouverture=debut, cloture=debut + timedelta(days=10))
        client = client_de(administrateur)
        page = f"/administration/vagues/{vague.numero}/incidents/"
        assert client.get(f"{page}declarer/").status_code == 404
        assert "pas encore ouverte" in texte(client.get(page))

    def test_la_page_montre_ce_que_le_portail_a_observe(self, administrateur, vague):
        maintenant = horloge_base()
        for secondes in range(600, 300, -15):
            disponibilite.observer(
                Disponibilite.INDISPONIBLE, "Réponse 503", maintenant=maintenant - timedelta(seconds=secondes)
            )
        reponse = client_de(administrateur).get(f"/administration/vagues/{vague.numero}/incidents/")
        assert "Réponse 503" in texte(reponse)
        assert "Non observé" in texte(reponse)

    def test_nul_autre_ne_voit_ces_pages(self, vague):
        declaree = f"/administration/vagues/{vague.numero}/incidents/"
        for role in (Role.INSTRUCTEUR, Role.VALIDEUR, Role.AUDITEUR):
            client = client_de(f.un_agent(role))
            for adresse in (declaree, f"{declaree}declarer/", f"{declaree}1/terminer/", "/administration/clotures/"):
                assert client.get(adresse).status_code == 404
