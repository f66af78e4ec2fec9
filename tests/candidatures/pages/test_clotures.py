"""The closing board: what it counts, and what it says when things are down."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture, prolongations
from candidatures.models import Incident, Vague
from candidatures.pages.administration import tableau_des_clotures as clotures
from candidatures.surveillance import veille
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.tasks import battre
from rebond.socle.vigie import Battement, Disponibilite
from rebond.surveillance import disponibilite
from rebond.surveillance.alarmes import en_vigueur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, texte
from tests.concurrence.attente import attendre

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
PAGE = "/administration/clotures/"


@pytest.fixture
def maintenant():
    return horloge_base()


@pytest.fixture
def client():
    return client_de(f.un_agent(Role.ADMINISTRATEUR))


def une_vague_close(jours: int) -> Vague:
    """With one deposited file, one draft, and its procès-verbal recorded now."""
    echeance = horloge_base() - timedelta(days=jours)
    vague = f.une_vague(cloture=echeance, ouverture=echeance - timedelta(days=1))
    f.un_depot(f.une_candidature(vague=vague))
    return clore(vague)


def une_vague_qui_vient_de_clore() -> Vague:
    """The same, its file deposited on the portal: a receipt is due."""
    vague = f.une_vague()
    f.un_depot(f.une_candidature(vague=vague))
    vague.cloture, vague.grace = horloge_base(), timedelta(0)
    vague.save(update_fields=["cloture", "grace"])
    return clore(vague)


def clore(vague: Vague) -> Vague:
    f.une_candidature(vague=vague, complete=False)
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    vague.refresh_from_db()
    return vague


def lire(reponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", texte(reponse)))


def test_chaque_cloture_compte_ses_courriers_et_ses_accuses(maintenant):
    autre = une_vague_close(200)
    vague = une_vague_qui_vient_de_clore()
    ecarte = Courrier.objects.filter(cle__startswith=f"cloture-{vague.pk}-").first()
    Courrier.objects.filter(pk=ecarte.pk).update(abandonne_le=maintenant)
    Courrier.objects.create(cle="alarme-1", destinataire="a@example.fr", objet="o", texte="t")
    Courrier.objects.filter(cle__startswith=f"cloture-{autre.pk}-").update(envoye_le=maintenant)
    Incident.objects.create(vague=autre, nature="autre", debut=maintenant, description="d", cle="clef")

    instant = horloge_base()
    premiere, seconde = clotures.lignes(clotures.vagues_echues(instant), instant)

    assert (premiere.vague, premiere.etabli_le) == (vague, vague.proces_verbal.etabli_le)
    assert premiere.delai == vague.proces_verbal.etabli_le - vague.cloture
    assert (premiere.courriers_en_attente, premiere.courriers_ecartes) == (1, 1)
    assert (premiere.accuses_en_attente, premiere.incidents) == (1, 0)
    assert (seconde.courriers_en_attente, seconde.courriers_ecartes, seconde.incidents) == (0, 0, 1)


def test_une_cloture_qui_n_est_pas_enregistree_montre_son_retard(client, maintenant):
    vague = f.une_vague(cloture=maintenant - 7 * MINUTE)
    (ligne,) = clotures.lignes(clotures.vagues_echues(maintenant), maintenant)
    assert (ligne.vague, ligne.etabli_le, ligne.delai) == (vague, None, 7 * MINUTE)
    lu = lire(client.get(PAGE))
    assert "En cours d’enregistrement" in lu
    assert "et ce n’est pas fini" in lu


def test_une_vague_prolongee_n_a_de_retard_qu_apres_sa_prolongation(maintenant):
    vague = f.une_vague(cloture=maintenant + timedelta(days=1))
    fin = vague.cloture + timedelta(days=2)
    proposee = prolongations.proposer(
        vague=vague,
        candidature=None,
        jusqu_au=fin,
        motif="Panne du réseau.",
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=maintenant,
    )
    prolongations.signer(prolongation=proposee, acteur=f.un_agent(Role.VALIDEUR), maintenant=maintenant)
    delais = []
    for instant in (fin - timedelta(days=1), fin + 8 * MINUTE):
        (ligne,) = clotures.lignes(clotures.vagues_echues(instant), instant)
        delais.append(ligne.delai)
        veille.veiller(maintenant=instant)
    assert delais == [None, 8 * MINUTE]
    (alarme,) = en_vigueur().filter(cle__startswith="proces-verbal-")
    assert (alarme.cle, alarme.sonnee_le) == (f"proces-verbal-{vague.numero}", fin + 8 * MINUTE)


def test_une_vague_ouverte_n_y_est_pas(client):
    f.une_vague()
    assert "Aucune vague n’est encore close." in lire(client.get(PAGE))


def test_un_portail_a_l_arret_se_lit(client, maintenant, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    Battement.objects.create(nom="battement", instant=maintenant - 10 * MINUTE)
    PanneMessagerie.objects.create(debut=maintenant - 20 * MINUTE, prochain_essai=maintenant, erreur="Refus")
    for secondes in range(600, 0, -15):
        disponibilite.observer(
            Disponibilite.INDISPONIBLE, "Réponse 503", maintenant=maintenant - timedelta(seconds=secondes)
        )
    veille.veiller(maintenant=maintenant)
    lu = lire(client.get(PAGE))
    for attendu in (
        "File d’attente injoignable",
        "il y a 10 minutes",
        "Alarme : les traitements du portail sont arrêtés",
        "Alarme : les e-mails ne partent plus",
        "Alarme : le portail ne répond plus",
        "Disponible 0,00 % du temps observé",
        "Réponse 503",
        "Injoignable depuis le",
    ):
        assert attendu in lu, attendu


def test_un_portail_en_marche_se_lit(client, maintenant):
    battre()
    for secondes in range(120, 0, -15):
        disponibilite.observer(Disponibilite.DISPONIBLE, "", maintenant=maintenant - timedelta(seconds=secondes))
    # That of another test may be leaving.
    attendre(lambda: "Aucun ouvrier ne répond" in lire(client.get(PAGE)))
    lu = lire(client.get(PAGE))
    for attendu in ("Aucune alarme en vigueur.", "Disponible 100 % du temps observé", "Aucun incident."):
        assert attendu in lu, attendu


@pytest.mark.django_db(transaction=True)
def test_les_ouvriers_vivants_sont_nommes(client, ouvrier):
    ouvrier()
    assert "1 ouvrier vivant" in lire(client.get(PAGE))


def test_le_nombre_de_requetes_ne_depend_pas_de_celui_des_vagues(client):
    comptes = []
    for jours in (10, 20, 30):
        une_vague_close(jours)
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert client.get(PAGE).status_code == 200
        comptes.append(len(requetes))
    assert comptes == [comptes[0]] * 3
    assert comptes[0] <= 18


class TestCourriels:
    def test_tous_les_courriels_mis_de_cote_se_renvoient_d_un_geste(self, client, maintenant):
        for cle, abandonne_le in (("un", maintenant), ("deux", maintenant), ("trois", None)):
            Courrier.objects.create(
                cle=cle, destinataire="a@example.fr", objet="o", texte="t", abandonne_le=abandonne_le, tentatives=12
            )
        assert "Renvoyer tous les e-mails mis de côté (2)" in lire(client.get("/courriers/"))
        assert client.get("/courriers/renvoyer/").url == "/courriers/"
        reponse = client.post("/courriers/renvoyer/", follow=True)
        assert "2 e-mails sont remis dans la file d’envoi." in lire(reponse)
        assert "Renvoyer tous" not in lire(reponse)
        etats = Courrier.objects.order_by("pk").values_list("cle", "tentatives", "abandonne_le")
        assert list(etats) == [("un", 0, None), ("deux", 0, None), ("trois", 12, None)]

    def test_une_messagerie_injoignable_se_lit_sur_la_page(self, client, maintenant):
        PanneMessagerie.objects.create(debut=maintenant, prochain_essai=maintenant, erreur="Refus")
        assert "Le serveur de messagerie est injoignable" in lire(client.get("/courriers/"))

    def test_un_autre_role_ne_renvoie_rien(self):
        assert client_de(f.un_agent(Role.AUDITEUR)).post("/courriers/renvoyer/").status_code == 404
