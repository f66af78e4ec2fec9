"""Alarms: one letter each, however often they are rung."""

from datetime import timedelta

import pytest

from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.vigie import Alarme
from rebond.surveillance import alarmes
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def maintenant():
    return horloge_base()


def sonner(maintenant, cle="horloge-web-1"):
    return alarmes.sonner(cle=cle, objet="une horloge retarde", texte="Réglez-la.", maintenant=maintenant)


def test_une_alarme_ecrit_une_lettre_a_chaque_administrateur_et_a_l_astreinte(settings, maintenant):
    settings.ALARMES_DESTINATAIRES = ["astreinte@example.fr"]
    chef = f.un_agent(Role.ADMINISTRATEUR)
    f.un_agent(Role.INSTRUCTEUR)
    parti = f.un_agent(Role.ADMINISTRATEUR)
    parti.is_active = False
    parti.save()

    sonner(maintenant)

    lettres = {lettre.destinataire: lettre for lettre in Courrier.objects.all()}
    assert set(lettres) == {chef.email, "astreinte@example.fr"}
    assert lettres[chef.email].objet == "Alarme\u00a0: une horloge retarde"
    assert "Réglez-la." in lettres[chef.email].texte
    assert "/administration/clotures/" in lettres[chef.email].texte


def test_une_alarme_en_vigueur_ne_sonne_plus(maintenant):
    f.un_agent(Role.ADMINISTRATEUR)
    premiere = sonner(maintenant)
    assert sonner(maintenant + timedelta(days=2)) == premiere
    assert (Alarme.objects.count(), Courrier.objects.count()) == (1, 1)


def test_une_alarme_eteinte_puis_sonnee_de_nouveau_ecrit_de_nouveau(maintenant):
    f.un_agent(Role.ADMINISTRATEUR)
    sonner(maintenant)
    assert alarmes.eteindre("horloge-web-1", maintenant=maintenant + timedelta(minutes=5))
    assert not alarmes.eteindre("horloge-web-1", maintenant=maintenant + timedelta(minutes=6))
    assert not alarmes.en_vigueur().exists()
    sonner(maintenant + timedelta(hours=2))
    assert (Alarme.objects.count(), Courrier.objects.count(), alarmes.en_vigueur().count()) == (2, 2, 1)


def test_ce_qui_va_et_vient_n_ecrit_qu_une_lettre_par_heure(maintenant):
    f.un_agent(Role.ADMINISTRATEUR)
    for minute in range(0, 60, 2):
        sonner(maintenant + timedelta(minutes=minute))
        alarmes.eteindre("horloge-web-1", maintenant=maintenant + timedelta(minutes=minute + 1))
    assert (Alarme.objects.count(), Courrier.objects.count()) == (1, 1)
    sonner(maintenant + timedelta(minutes=60))
    assert (Alarme.objects.count(), Courrier.objects.count()) == (2, 2)


def test_on_eteint_une_famille_sauf_ce_qui_dure(maintenant):
    for cle in ("pv-1", "pv-2", "autre"):
        sonner(maintenant, cle)
    assert alarmes.eteindre_sauf("pv-", ["pv-2"], maintenant=maintenant)
    assert sorted(alarmes.en_vigueur().values_list("cle", flat=True)) == ["autre", "pv-2"]


def test_sans_administrateur_l_alarme_se_voit_quand_meme(maintenant):
    sonner(maintenant)
    assert (alarmes.en_vigueur().count(), Courrier.objects.count()) == (1, 0)
