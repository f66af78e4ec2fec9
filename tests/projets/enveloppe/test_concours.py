"""Aid is granted from an envelope: what is read back, what is refused, what Postgres holds."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.test import Client

from projets.enveloppe import actions as enveloppes
from projets.mission.etats import EtatMission
from projets.models import Concours, Enveloppe, Mission
from projets.portefeuille.etats import EtatProjet
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests.fabriques import d_une_autre_page, un_utilisateur
from tests.outils.relecture import champs_caches, confirmer, lignes_relues
from tests.projets import conduite, decor
from tests.projets.enveloppe.outils import accorder, adresse, ouverture

pytestmark = pytest.mark.django_db
RESTE = "Il reste 150\u202f000\u00a0€ dans l’enveloppe"


def test_un_concours_s_accorde_et_la_page_dit_ce_qui_reste(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    saisie = {"projet": projet.pk, "montant": "250 000", "accorde_le": "2023-09-27"}
    assert confirmer(client, page, saisie).status_code == 302
    concours = projet.concours
    projet.refresh_from_db()
    assert (concours.montant, concours.accorde_par, projet.etat) == (250_000, gestionnaire, EtatProjet.ACCORDE)
    assert EntreeJournal.objects.get(acte="accorder").details["montant"] == 250_000
    html = client.get(adresse(enveloppe)).content.decode()
    assert "Il reste <strong>150\u202f000\u00a0€</strong>" in html
    assert '<progress id="niveau' in html
    assert "n’attend plus d’aide" in client.post(page, saisie | d_une_autre_page()).content.decode()


def test_un_concours_se_relit_en_lettres_et_en_contexte_avant_d_etre_garde(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    lue = client.post(page, {"projet": projet.pk, "montant": "240 k€", "accorde_le": "2023-09-27"})
    assert not Concours.objects.exists()
    assert not EntreeJournal.objects.filter(acte="accorder").exists()
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.ORIENTE
    assert lignes_relues(lue) == {
        "Projet": f"{projet} – {projet.industriel}",
        "Montant": "240 000 € (deux cent quarante mille euros)",
        "Dans l’enveloppe": "240 000 €, soit 60 % de ce qui reste (400 000 €). Il restera 160 000 €.",
        "Pour le projet": "24 % de son investissement, estimé à 1 000 000 €",
        "Date de l’accord": "27 septembre 2023",
    }


def test_ce_qui_change_apres_la_relecture_se_relit(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    """What is confirmed is what was read: neither another amount, nor another remainder."""
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    lue = client.post(page, {"projet": projet.pk, "montant": "240 000", "accorde_le": "2023-09-27"})
    assert "a changé entre-temps" not in lue.content.decode()
    champs = champs_caches(lue)
    autre_montant = client.post(page, champs | {"montant": "250 000"})
    assert lignes_relues(autre_montant)["Montant"].startswith("250 000 €")
    accorder(enveloppe, 100_000, gestionnaire)
    autre_reste = client.post(page, champs)
    assert "80 % de ce qui reste (300 000 €)" in lignes_relues(autre_reste)["Dans l’enveloppe"]
    assert "a changé entre-temps" in autre_reste.content.decode()
    assert [concours.montant for concours in Concours.objects.all()] == [100_000]
    assert client.post(page, champs_caches(autre_reste)).status_code == 302


def test_on_revient_a_la_saisie_sans_rien_perdre(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    page = f"/missions/{mission.pk}/enveloppe/ouvrir/"
    lue = client.post(page, ouverture(montant="5 M€", nom="Enveloppe « A » & B"))
    assert lignes_relues(lue) == {
        "Nom de l’enveloppe": "Enveloppe « A » & B",
        "Montant total": "5 000 000 € (cinq millions d’euros)",
        "État": "4 000 000 €, soit 80 % de l’enveloppe",
        "Région": "1 000 000 €, soit 20 % de l’enveloppe",
        "Date d’ouverture": "3 juillet 2023",
    }
    html = client.post(page, champs_caches(lue) | {"relecture-reprendre": "oui"}).content.decode()
    for attendu in ('value="5 M€"', 'value="Enveloppe « A » &amp; B"', 'value="Région"', 'value="1 000 000"'):
        assert attendu in html
    assert not mission.enveloppes.exists()
    assert client.post(page, champs_caches(lue)).status_code == 302
    assert mission.enveloppes.get().montant == 5_000_000


@pytest.mark.parametrize("saisie", ["1.5", "12500.50", "12.000", "12,50 €", "nc", "0", "-5"])
def test_un_montant_douteux_ne_va_pas_jusqu_a_la_relecture(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, saisie: str
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    html = client.post(page, {"projet": projet.pk, "montant": saisie, "accorde_le": "2023-09-27"}).content.decode()
    assert "relecture-lue" not in html
    assert "fr-message--error" in html
    assert f'value="{saisie}"' in html
    assert not Concours.objects.exists()


def test_ce_qui_depasse_ce_qui_reste_est_refuse_et_reste_saisi(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    accorder(enveloppe, 250_000, gestionnaire)
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    refus = client.post(page, {"projet": projet.pk, "montant": "150 001", "accorde_le": "2023-09-27"})
    html = refus.content.decode()
    assert RESTE in html
    assert 'value="150 001"' in html
    with pytest.raises(RegleEnfreinte, match=RESTE):
        accorder(enveloppe, 150_001, gestionnaire)
    assert accorder(enveloppe, 150_000, gestionnaire).montant == 150_000


def test_un_concours_suit_l_orientation_et_ne_devance_pas_le_jour(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    saisie = {"projet": projet.pk, "montant": "1 000"}
    assert "dans l’avenir" in client.post(page, saisie | {"accorde_le": "2099-01-01"}).content.decode()
    trop_tot = client.post(page, saisie | {"accorde_le": "2023-07-04"})
    assert trop_tot.status_code == 409
    assert "l’orientation du projet" in trop_tot.content.decode()
    assert not Concours.objects.exists()


def test_une_aide_ne_depasse_pas_l_investissement_de_son_projet(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    industriel = decor.un_industriel(enveloppe.mission, 77)
    projet = decor.un_projet(industriel, un_utilisateur(), enveloppe=enveloppe, investissement=90_000)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    refus = client.post(page, {"projet": projet.pk, "montant": "90 001", "accorde_le": "2023-09-27"})
    assert refus.status_code == 409
    assert "prévoit 90\u202f000\u00a0€ d’investissement" in refus.content.decode()
    with pytest.raises(Error, match="concours_dans_l_investissement"), transaction.atomic():
        Concours.objects.create(
            enveloppe=enveloppe,
            projet=projet,
            montant=90_001,
            accorde_le=conduite.ACCORD,
            accorde_par=gestionnaire,
        )
    # The estimate of the day counts: a later one, however large, does not make an earlier grant right.
    decor.estimer(projet, gestionnaire, date(2023, 10, 1), 500_000, 0, None)
    with pytest.raises(RegleEnfreinte, match="ne peut pas le dépasser"):
        enveloppes.accorder(
            enveloppe=enveloppe,
            projet=projet,
            montant=90_001,
            accorde_le=conduite.ACCORD,
            acteur=gestionnaire,
            maintenant=horloge_base(),
        )


def test_postgres_garde_les_concours_tels_quels(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    accorder(enveloppe, 100_000, gestionnaire)
    with pytest.raises(Error, match="permission denied for table"), transaction.atomic():
        Concours.objects.update(montant=1)
    with pytest.raises(Error, match="permission denied for table"), transaction.atomic():
        Concours.objects.all().delete()
    with pytest.raises(Error, match="inférieure aux concours"), transaction.atomic():
        Enveloppe.objects.update(montant=99_999)


@pytest.mark.parametrize("etat", [EtatMission.A_LANCER, EtatMission.CLOSE])
def test_rien_ne_s_accorde_hors_d_une_mission_en_cours(
    client: Client, gestionnaire: Utilisateur, etat: EtatMission
) -> None:
    datee = {"restituee_le": decor.RESTITUTION} if etat == EtatMission.CLOSE else {}
    mission = Mission.objects.create(titre="Mission", etat=etat, debut=date(2023, 4, 3), **datee)
    enveloppe = conduite.une_enveloppe(mission)
    assert "Ouvrir une" not in client.get(adresse(enveloppe)).content.decode()
    assert client.post(adresse(enveloppe, "ouvrir/"), ouverture()).status_code == 409
    assert client.get(adresse(enveloppe, f"{enveloppe.pk}/accorder/")).status_code == 409
    with pytest.raises(RegleEnfreinte, match="pas en cours"):
        enveloppes.ouvrir_enveloppe(
            mission=mission,
            nom="Autre",
            montant=1,
            ouverte_le=conduite.OUVERTURE,
            cofinancements={},
            acteur=gestionnaire,
            maintenant=horloge_base(),
        )
