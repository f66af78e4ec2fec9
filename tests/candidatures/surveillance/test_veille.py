"""What the watch finds, when it rings, when it falls silent."""

from datetime import timedelta

import pytest
from django.db import connection

from candidatures.cloture.actions import cloture
from candidatures.cloture.etats import NatureIncident, NatureLigne
from candidatures.models import Incident, LigneProcesVerbal
from candidatures.surveillance import constats, veille, veilleur
from candidatures.tasks import clore_vagues_echues
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.tasks import battre
from rebond.socle.vigie import Alarme, Battement, Disponibilite
from rebond.surveillance import alarmes, disponibilite
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HEURE = timedelta(hours=1)


@pytest.fixture
def maintenant():
    return horloge_base()


@pytest.fixture(autouse=True)
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def battement(maintenant):
    battre()


def en_vigueur() -> list[str]:
    return sorted(alarmes.en_vigueur().values_list("cle", flat=True))


@pytest.mark.usefixtures("battement")
class TestProcesVerbal:
    def test_un_retard_de_cinq_minutes_apres_la_grace_sonne_et_le_proces_verbal_eteint(self, maintenant):
        vague = f.une_vague(cloture=maintenant - 6 * MINUTE - timedelta(seconds=1), grace=MINUTE)
        veille.veiller(maintenant=maintenant - timedelta(seconds=2))
        assert en_vigueur() == []
        veille.veiller(maintenant=maintenant)
        assert en_vigueur() == [f"proces-verbal-{vague.numero}"]
        (lettre,) = Courrier.objects.filter(cle__startswith="alarme-")
        assert f"vague {vague.numero}" in lettre.texte

        cloture.clore(vague_id=vague.pk, maintenant=maintenant)
        veille.veiller(maintenant=maintenant + MINUTE)
        assert en_vigueur() == []

    def test_deux_vagues_en_retard_sonnent_chacune(self, maintenant):
        ancienne = f.une_vague(cloture=maintenant - timedelta(days=200))
        recente = f.une_vague(cloture=maintenant - 10 * MINUTE)
        veille.veiller(maintenant=maintenant)
        assert en_vigueur() == sorted(f"proces-verbal-{vague.numero}" for vague in (ancienne, recente))


class TestBattement:
    def test_un_battement_muet_depuis_plus_de_deux_minutes_sonne(self, maintenant):
        Battement.objects.create(nom="battement", instant=maintenant - 2 * MINUTE)
        veille.veiller(maintenant=maintenant)
        assert en_vigueur() == []
        veille.veiller(maintenant=maintenant + timedelta(seconds=1))
        assert en_vigueur() == ["battement"]
        Battement.objects.update(instant=maintenant + MINUTE)
        veille.veiller(maintenant=maintenant + MINUTE)
        assert en_vigueur() == []

    def test_un_portail_sans_aucun_battement_sonne(self, maintenant):
        veille.veiller(maintenant=maintenant)
        assert en_vigueur() == ["battement"]


@pytest.mark.usefixtures("battement")
class TestCourriels:
    def ecarter(self, cle, le):
        Courrier.objects.create(cle=cle, destinataire="a@example.fr", objet="o", texte="t", abandonne_le=le)

    def test_ceux_mis_de_cote_sonnent_une_fois_par_jour(self, maintenant):
        hier = maintenant - timedelta(days=1)
        self.ecarter("un", hier)
        self.ecarter("deux", hier)
        veille.veiller(maintenant=hier)
        self.ecarter("trois", maintenant)
        veille.veiller(maintenant=maintenant)
        (de_la_veille, du_jour) = Alarme.objects.filter(cle__startswith="courriers-").order_by("cle")
        assert "2\u00a0e-mails ont été mis" in de_la_veille.texte
        assert "1\u00a0e-mail a été mis" in du_jour.texte
        Courrier.objects.update(abandonne_le=None)
        veille.veiller(maintenant=maintenant)
        assert en_vigueur() == []

    def test_une_messagerie_injoignable_depuis_plus_de_dix_minutes_sonne(self, maintenant):
        PanneMessagerie.objects.create(debut=maintenant, prochain_essai=maintenant, erreur="Connection refused")
        veille.veiller(maintenant=maintenant + MINUTE)
        assert en_vigueur() == []
        Battement.objects.update(instant=maintenant + 11 * MINUTE)
        veille.veiller(maintenant=maintenant + 11 * MINUTE)
        assert en_vigueur() == ["messagerie"]
        assert "Connection refused" in Alarme.objects.get().texte
        PanneMessagerie.objects.update(fin=maintenant + 11 * MINUTE)
        veille.veiller(maintenant=maintenant + 11 * MINUTE)
        assert en_vigueur() == []


@pytest.mark.usefixtures("battement")
def test_un_portail_qui_ne_repond_plus_depuis_deux_minutes_sonne(maintenant):
    for secondes in range(0, 180, 15):
        disponibilite.observer(
            Disponibilite.INDISPONIBLE, "Réponse 503", maintenant=maintenant - timedelta(seconds=180 - secondes)
        )
    veille.veiller(maintenant=maintenant)
    assert en_vigueur() == ["disponibilite"]
    disponibilite.observer(Disponibilite.DISPONIBLE, "", maintenant=maintenant)
    veille.veiller(maintenant=maintenant)
    assert en_vigueur() == []


def test_une_alarme_d_ailleurs_n_est_pas_eteinte_par_la_veille(maintenant):
    alarmes.sonner(cle="horloge-web-1", objet="o", texte="t", maintenant=maintenant)
    battre()
    veille.veiller(maintenant=maintenant)
    assert en_vigueur() == ["horloge-web-1"]


@pytest.mark.django_db(transaction=True)
def test_une_seule_veille_a_la_fois(maintenant):
    autre = connection.copy()
    try:
        with autre.cursor() as curseur:
            curseur.execute("BEGIN")
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [veille.verrous.cle("veille")])
        assert not veille.veiller(maintenant=maintenant)
        assert not Alarme.objects.exists()
        autre.rollback()
    finally:
        autre.close()
    assert veille.veiller(maintenant=maintenant)


@pytest.mark.django_db(transaction=True)
def test_un_tour_qui_echoue_le_dit_et_laisse_la_place_au_suivant(settings, caplog):
    settings.EMAIL_BACKEND = "nulle.part.Backend"
    veilleur.faire_un_tour()
    assert "La veille a échoué" in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    veilleur.faire_un_tour()
    assert Courrier.objects.get(cle__startswith="alarme-").envoye_le is not None


class TestIncidents:
    def interrompre(self, debut, secondes, *, puis=True):
        for s in range(0, secondes, 15):
            disponibilite.observer(Disponibilite.INDISPONIBLE, "Réponse 503", maintenant=debut + timedelta(seconds=s))
        if puis:
            disponibilite.observer(Disponibilite.DISPONIBLE, "", maintenant=debut + timedelta(seconds=secondes))

    def test_une_interruption_pendant_une_vague_devient_un_incident_puis_se_termine(self, maintenant):
        vague = f.une_vague()
        debut = maintenant - 30 * MINUTE
        self.interrompre(debut, 600, puis=False)
        constats.constater(maintenant=debut + timedelta(seconds=600))
        incident = Incident.objects.get()
        assert (incident.vague, incident.nature, incident.debut, incident.fin, incident.auteur) == (
            vague,
            NatureIncident.INDISPONIBILITE,
            debut,
            None,
            None,
        )
        assert incident.description == "Constaté par la sonde du portail\u00a0: Réponse 503"

        disponibilite.observer(Disponibilite.DISPONIBLE, "", maintenant=debut + timedelta(seconds=615))
        for plus_tard in (20, 21, 22):
            constats.constater(maintenant=debut + plus_tard * MINUTE)
        incident.refresh_from_db()
        assert incident.fin == debut + timedelta(seconds=615)
        actes = EntreeJournal.objects.filter(objet_type="candidatures.incident").order_by("pk")
        assert list(actes.values_list("acte", "acteur")) == [
            ("declarer_incident", "Portail"),
            ("clore_incident", "Portail"),
        ]

    def test_une_interruption_d_une_minute_n_en_est_pas_un(self, maintenant):
        f.une_vague()
        self.interrompre(maintenant - 10 * MINUTE, 60)
        constats.constater(maintenant=maintenant)
        assert not Incident.objects.exists()

    def test_une_interruption_apres_la_cloture_n_est_pas_celle_de_la_vague(self, maintenant):
        f.une_vague(cloture=maintenant - 30 * MINUTE)
        self.interrompre(maintenant - 20 * MINUTE, 300)
        constats.constater(maintenant=maintenant)
        assert not Incident.objects.exists()

    def test_une_longue_panne_de_messagerie_en_est_un(self, maintenant):
        f.une_vague()
        debut = maintenant - timedelta(hours=1)
        courte = {"debut": debut - timedelta(hours=1), "fin": debut - 55 * MINUTE}
        PanneMessagerie.objects.create(prochain_essai=debut, erreur="Connection refused", **courte)
        PanneMessagerie.objects.create(debut=debut, prochain_essai=debut, erreur="Connection refused")
        constats.constater(maintenant=maintenant)
        PanneMessagerie.objects.filter(fin=None).update(fin=maintenant)
        constats.constater(maintenant=maintenant + MINUTE)
        (incident,) = Incident.objects.all()
        assert (incident.nature, incident.debut, incident.fin) == (NatureIncident.MESSAGERIE, debut, maintenant)

    def test_une_horloge_fausse_en_est_un_jusqu_a_ce_qu_elle_soit_a_l_heure_depuis_une_heure(self, maintenant):
        f.une_vague()
        debut = maintenant - 3 * HEURE
        alarme = alarmes.sonner(cle="horloge-serveur-web1", objet="o", texte="En retard.", maintenant=debut)
        constats.constater(maintenant=debut + MINUTE)
        alarmes.eteindre("horloge-serveur-web1", maintenant=debut + 2 * MINUTE)
        constats.constater(maintenant=debut + 3 * MINUTE)
        # It comes and goes: one alarm, one incident.
        alarmes.sonner(cle="horloge-serveur-web1", objet="o", texte="En retard.", maintenant=debut + 4 * MINUTE)
        alarmes.eteindre("horloge-serveur-web1", maintenant=debut + 5 * MINUTE)
        constats.constater(maintenant=debut + HEURE)
        assert Incident.objects.get().fin is None
        constats.constater(maintenant=debut + 2 * HEURE)
        incident = Incident.objects.get()
        assert (incident.nature, incident.debut, incident.fin) == (
            NatureIncident.HORLOGE,
            alarme.sonnee_le,
            debut + 5 * MINUTE,
        )

    @pytest.mark.usefixtures("battement")
    def test_le_proces_verbal_dit_l_incident_que_personne_n_avait_encore_constate(self, maintenant):
        f.une_vague(cloture=maintenant - MINUTE, grace=timedelta(seconds=30))
        alarmes.sonner(cle="horloge-serveur-web1", objet="o", texte="En retard.", maintenant=maintenant - 2 * MINUTE)
        clore_vagues_echues()
        (ligne,) = LigneProcesVerbal.objects.filter(nature=NatureLigne.INCIDENT)
        assert "En retard." in ligne.texte
