"""Valkey or the mail server is down, and no worker runs: people come in all the same, and limits hold.

On a real portal; `tests/epreuves/test_connexion_en_panne.py` kills the servers under it.
"""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.concurrence.attente import attendre
from tests.outils.connexion import demander_un_code, entrer_avec_le_code, essayer, par_smtp
from tests.outils.portail import Portail
from tests.outils.smtp import ServeurSmtp
from tests.outils.visiteur import Visiteur

pytestmark = pytest.mark.django_db(transaction=True)

ADRESSE, MOT_DE_PASSE = "camille@exemple.fr", "un-long-mot-de-passe"
# Nobody listens there.
SANS_VALKEY = {"REDIS_URL": "redis://127.0.0.1:1/0", "DJANGO_SETTINGS_MODULE": "tests.outils.reglages_rapides"}


@pytest.fixture(autouse=True)
def camille() -> None:
    utilisateur = Utilisateur.objects.create_user(ADRESSE, MOT_DE_PASSE)
    EmailAddress.objects.create(user=utilisateur, email=ADRESSE, verified=True, primary=True)


def test_sans_valkey_ni_ouvrier_on_entre_par_code_et_par_mot_de_passe_et_les_limites_tiennent(tmp_path: Path) -> None:
    serveur = ServeurSmtp()
    serveur.demarrer()
    portail = Portail(tmp_path, SANS_VALKEY | par_smtp(serveur))
    try:
        par_code = Visiteur(portail.port, clair=True)
        demander_un_code(par_code, ADRESSE)
        attendre(lambda: serveur.lettres)
        entrer_avec_le_code(par_code, serveur.lettres[0])

        assert essayer(Visiteur(portail.port, clair=True), ADRESSE, MOT_DE_PASSE) == "entre"
        devin = Visiteur(portail.port, "127.0.0.9", clair=True)
        assert [essayer(devin, f"autre{n}@exemple.fr") for n in range(11)] == ["faux"] * 10 + ["trop"]
    finally:
        portail.arreter()
        serveur.arreter()


def test_sans_messagerie_on_entre_par_mot_de_passe_et_le_code_arrive_quand_elle_revient(tmp_path: Path) -> None:
    serveur = ServeurSmtp()
    portail = Portail(tmp_path, SANS_VALKEY | par_smtp(serveur))
    try:
        par_code = Visiteur(portail.port, clair=True)
        demander_un_code(par_code, ADRESSE)
        attendre(PanneMessagerie.objects.exists)
        assert "Les e-mails partent en retard" in par_code.lire("/compte/login/code/confirm/")[1]
        assert essayer(Visiteur(portail.port, clair=True), ADRESSE, MOT_DE_PASSE) == "entre"

        serveur.demarrer()
        # As if the fifteen seconds before the next try were over; another code wakes who sends.
        PanneMessagerie.objects.update(prochain_essai=horloge_base())
        demander_un_code(Visiteur(portail.port, clair=True), "personne@exemple.fr")
        attendre(lambda: len(serveur.lettres) == 2)
        entrer_avec_le_code(par_code, serveur.lettres[0])
        attendre(lambda: not Courrier.objects.exclude(scelle="").exists())
    finally:
        portail.arreter()
        serveur.arreter()
