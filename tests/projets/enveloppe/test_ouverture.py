"""Who opens an envelope, and with which financing."""

from datetime import date

import pytest
from django.test import Client

from rebond.socle.utilisateur import Utilisateur
from tests.fabriques import d_une_autre_page
from tests.outils.relecture import confirmer
from tests.projets import conduite
from tests.projets.enveloppe.outils import ouverture

pytestmark = pytest.mark.django_db


def test_une_enveloppe_ne_s_ouvre_pas_dans_un_autre_siecle(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    for ouverte_le in ("2059-01-01", "9999-12-31", "0203-07-03", "1999-12-31"):
        reponse = client.post(f"/missions/{mission.pk}/enveloppe/ouvrir/", ouverture(ouverte_le=ouverte_le))
        assert list(reponse.context["formulaire"].errors) == ["ouverte_le"]
        assert f'value="{ouverte_le}"' in reponse.content.decode()
    assert not mission.enveloppes.exists()


def test_une_enveloppe_s_ouvre_avec_ses_financeurs(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    page = f"/missions/{mission.pk}/enveloppe/ouvrir/"
    assert confirmer(client, page, ouverture()).status_code == 302
    enveloppe = mission.enveloppes.get()
    assert (enveloppe.montant, enveloppe.ouverte_le) == (5_000_000, date(2023, 7, 3))
    assert list(enveloppe.cofinancements.values_list("financeur", "montant")) == [
        ("État", 4_000_000),
        ("Région", 1_000_000),
    ]
    encore = client.post(page, ouverture(**d_une_autre_page()))
    assert encore.status_code == 409
    assert "a déjà une enveloppe" in encore.content.decode()
    assert mission.enveloppes.count() == 1


def test_les_financeurs_font_le_total_et_ce_qui_est_saisi_reste(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    refus = client.post(f"/missions/{mission.pk}/enveloppe/ouvrir/", ouverture(montant="6 000 000"))
    assert refus.status_code == 409
    html = refus.content.decode()
    assert "5\u202f000\u202f000\u00a0€" in html
    assert 'value="6 000 000"' in html
    assert 'value="Région"' in html
    assert not mission.enveloppes.exists()
