"""Valkey killed, then the mail server stopped, under people who sign in: nobody is refused, and limits hold.

No worker and no beat runs: the web processes do it by themselves.
"""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from rebond.embarque.emplacement import ouvrir
from rebond.embarque.valkey import Valkey
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.utilisateur import Utilisateur
from tests.concurrence.attente import attendre
from tests.outils.connexion import demander_un_code, entrer_avec_le_code, essayer, par_smtp
from tests.outils.portail import Portail
from tests.outils.smtp import ServeurSmtp
from tests.outils.visiteur import Visiteur

pytestmark = pytest.mark.django_db(transaction=True)

MOT_DE_PASSE = "un-long-mot-de-passe"
GENS, PROCESSUS = 6, 2
# In seconds. Nobody would take an answer that late for one.
PATIENCE = 10.0


class Epreuve:
    """A portal of two processes, with a Valkey and a mail server of its own."""

    def __init__(self, pile: ExitStack, dossier: Path) -> None:
        donnees = dossier / "serveurs"
        donnees.mkdir(mode=0o711)
        self.valkey = Valkey(ouvrir(donnees))
        self.valkey.demarrer()
        pile.callback(self.valkey.arreter)
        self.smtp = ServeurSmtp()
        self.smtp.demarrer()
        pile.callback(self.smtp.arreter)
        reglages = {
            "DJANGO_SETTINGS_MODULE": "tests.outils.reglages_rapides",
            "REDIS_URL": self.valkey.url(),
            "REBOND_WEB_PROCESSUS": str(PROCESSUS),
            # Each of these people has an address of their own.
            "REBOND_MANDATAIRES": "1",
        }
        self.portail = Portail(dossier, reglages | par_smtp(self.smtp))
        pile.callback(self.portail.arreter)

    def visiteur(self, adresse: str) -> Visiteur:
        return Visiteur(self.portail.port, clair=True, X_Forwarded_For=adresse)

    def tuer_valkey(self) -> int:
        """SIGKILL; the port that it had."""
        pid, port = map(int, (self.valkey.base / "etat").read_text().split())
        os.kill(pid, signal.SIGKILL)
        return port


@pytest.fixture
def epreuve(tmp_path: Path) -> Iterator[Epreuve]:
    tmp_path.parent.chmod(0o711)
    tmp_path.chmod(0o711)
    for n in range(GENS):
        utilisateur = Utilisateur.objects.create_user(f"agent{n}@exemple.fr", MOT_DE_PASSE)
        EmailAddress.objects.create(user=utilisateur, email=utilisateur.email, verified=True, primary=True)
    with ExitStack() as pile:
        yield Epreuve(pile, tmp_path)


def test_valkey_tue_pendant_que_l_on_se_connecte_ne_refuse_personne(epreuve: Epreuve) -> None:
    debut = time.monotonic()
    demander_un_code(epreuve.visiteur("198.51.100.99"), "agent0@exemple.fr")
    attendre(lambda: epreuve.smtp.lettres, PATIENCE)

    def se_connecter(n: int) -> list[str]:
        """Five times, one of them with a wrong password; the third one kills Valkey."""
        dits = []
        for essai in range(5):
            depart = time.monotonic()
            visiteur = epreuve.visiteur(f"198.51.100.{n}")
            dits.append(essayer(visiteur, f"agent{n}@exemple.fr", "faux" if essai == 1 else MOT_DE_PASSE))
            assert time.monotonic() - depart < PATIENCE
            if n == 0 and essai == 2:
                epreuve.tuer_valkey()
        return dits

    with ThreadPoolExecutor(GENS) as ensemble:
        dits = list(ensemble.map(se_connecter, range(GENS)))
    assert dits == [["entre", "faux", "entre", "entre", "entre"]] * GENS

    # Each process counts by itself, and takes what comes to it: the limit of one, at most once for each.
    devin = [essayer(epreuve.visiteur("203.0.113.9"), f"autre{n}@exemple.fr") for n in range(10 * PROCESSUS + 2)]
    assert 10 <= devin.count("faux") <= 10 * PROCESSUS
    assert set(devin) == {"faux", "trop"}

    # A code needs neither the queue nor a worker.
    par_code = epreuve.visiteur("198.51.100.50")
    demander_un_code(par_code, "agent1@exemple.fr")
    attendre(lambda: len(epreuve.smtp.lettres) == 2, PATIENCE)
    entrer_avec_le_code(par_code, epreuve.smtp.lettres[1])
    assert time.monotonic() - debut < 120


def test_valkey_revenu_compte_de_nouveau_pour_tous(epreuve: Epreuve) -> None:
    port = epreuve.tuer_valkey()
    assert essayer(epreuve.visiteur("198.51.100.1"), "agent1@exemple.fr", MOT_DE_PASSE) == "entre"
    Valkey(epreuve.valkey.dossier, choisir_port=lambda: port).demarrer()
    serveur = Valkey(epreuve.valkey.dossier)

    def compte() -> bool:
        """The pause of each process is over: what it counts is there."""
        essayer(epreuve.visiteur("203.0.113.9"), "autre@exemple.fr")
        return b"limite:echecs-adresse" in _clefs(serveur)

    attendre(compte)


def test_la_messagerie_arretee_ne_refuse_personne_et_le_code_arrive_a_son_retour(epreuve: Epreuve) -> None:
    epreuve.smtp.arreter()
    par_code = [epreuve.visiteur(f"198.51.100.{n}") for n in range(GENS)]
    for n, visiteur in enumerate(par_code):
        demander_un_code(visiteur, f"agent{n}@exemple.fr")
    attendre(PanneMessagerie.objects.exists, PATIENCE)
    assert essayer(epreuve.visiteur("198.51.100.90"), "agent0@exemple.fr", MOT_DE_PASSE) == "entre"

    epreuve.smtp.demarrer()
    # The web processes try again by themselves: fifteen seconds, then thirty.
    attendre(lambda: len(epreuve.smtp.lettres) == GENS, 90)
    lettres = {str(lettre["To"]): lettre for lettre in epreuve.smtp.lettres}
    for n, visiteur in enumerate(par_code):
        entrer_avec_le_code(visiteur, lettres[f"agent{n}@exemple.fr"])
    attendre(lambda: not Courrier.objects.exclude(scelle="").exists())
    assert Courrier.objects.filter(envoye_le__isnull=False).count() == GENS


def _clefs(serveur: Valkey) -> bytes:
    import redis

    client = redis.Redis.from_url(serveur.url())
    try:
        return b" ".join(client.keys("*"))
    finally:
        client.close()
