"""A real portal behind a real nginx, with the configuration that is given: each visitor has an address of their own,
and nobody writes theirs."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.concurrence.attente import attendre
from tests.outils.connexion import demander_un_code, essayer
from tests.outils.ouvrier import vider_la_file
from tests.outils.portail import Portail
from tests.outils.serveurs.nginx import HOTE, Nginx
from tests.outils.visiteur import Visiteur
from tests.production.reglages import reglages

pytestmark = pytest.mark.django_db(transaction=True)

MOT_DE_PASSE = "un-long-mot-de-passe"


class Devant:
    """The portal, and two proxies before it: `nginx` as given, `ajoute` that keeps what the visitor claimed."""

    def __init__(self, pile: ExitStack, dossier: Path) -> None:
        self.journal = dossier / "acces.log"
        environ = reglages() | {
            "DJANGO_SETTINGS_MODULE": "tests.outils.reglages_rapides",
            "GUNICORN_CMD_ARGS": f"--access-logfile {self.journal}",
            "REBOND_ADRESSE": f"https://{HOTE}",
            "REBOND_HOTES": f"{HOTE},127.0.0.1",
            "REBOND_ORIGINES": f"https://{HOTE}",
            "REBOND_MANDATAIRES": "1",
            "REBOND_DEMONSTRATION": "non",
            "REBOND_SECOND_FACTEUR": "exige",
            "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        }
        vider_la_file()
        portail = Portail(dossier, environ)
        pile.callback(portail.arreter)
        self.nginx = Nginx(dossier / "nginx", portail.port)
        pile.callback(self.nginx.arreter)
        self.ajoute = Nginx(dossier / "ajoute", portail.port, ajoute=True)
        pile.callback(self.ajoute.arreter)


@pytest.fixture
def devant(tmp_path: Path) -> Iterator[Devant]:
    with ExitStack() as pile:
        yield Devant(pile, tmp_path)


def un_compte(adresse: str) -> None:
    utilisateur = Utilisateur.objects.create_user(adresse, MOT_DE_PASSE)
    EmailAddress.objects.create(user=utilisateur, email=adresse, verified=True, primary=True)


def test_les_mots_de_passe_faux_d_une_adresse_n_en_ferment_aucune_autre(devant: Devant) -> None:
    un_compte("camille@exemple.fr")
    chez_camille = Visiteur(devant.nginx.port, "127.0.0.2")
    assert essayer(chez_camille, "camille@exemple.fr", MOT_DE_PASSE) == "entre"

    # The same building, a browser never seen.
    voisin = Visiteur(devant.nginx.port, "127.0.0.2")
    assert [essayer(voisin, f"autre{n}@exemple.fr") for n in range(11)] == ["faux"] * 10 + ["trop"]
    assert essayer(voisin, "camille@exemple.fr", MOT_DE_PASSE) == "trop"
    # Everybody else, and the known browser of that very building.
    assert essayer(Visiteur(devant.nginx.port, "127.0.0.3"), "camille@exemple.fr", MOT_DE_PASSE) == "entre"
    assert essayer(chez_camille, "camille@exemple.fr", MOT_DE_PASSE) == "entre"

    # Claiming an address gives no attempt, and takes none from whoever has it.
    for rang, nginx in enumerate((devant.nginx, devant.ajoute)):
        menteur = [
            Visiteur(nginx.port, f"127.0.1.{rang}", X_Forwarded_For=pretendue)
            for pretendue in ["127.0.0.4"] * 10 + ["127.0.0.9, 127.0.0.8", "::1"]
        ]
        dits = [essayer(essai, f"encore{rang}.{n}@exemple.fr") for n, essai in enumerate(menteur)]
        assert dits == ["faux"] * 10 + ["trop"] * 2
    assert essayer(Visiteur(devant.nginx.port, "127.0.0.4"), "camille@exemple.fr", MOT_DE_PASSE) == "entre"


def test_codes_et_verifications_se_comptent_de_meme_et_le_journal_nomme_le_visiteur(devant: Devant) -> None:
    depot = f.un_depot()
    verification = f"/verifier/?numero={depot.numero}&empreinte={depot.empreinte}"
    for rang, nginx in enumerate((devant.nginx, devant.ajoute)):
        menteurs = [Visiteur(nginx.port, f"127.0.2.{rang}", X_Forwarded_For=f"192.0.2.{n}") for n in range(31)]
        assert [menteur.lire(verification)[0].status for menteur in menteurs] == [200] * 30 + [429]
        assert Visiteur(nginx.port, f"127.0.3.{rang}").lire(verification)[0].status == 200

    menteur, codes = Visiteur(devant.ajoute.port, "127.0.2.2", X_Forwarded_For="127.0.3.2"), []
    for n in range(21):
        menteur.cookies.pop(menteur.nom_de("sessionid"), None)
        codes.append(menteur.envoyer("/compte/login/code/", email=f"a{n}@exemple.fr")[0].status)
    assert codes == [302] * 20 + [429]
    demander_un_code(Visiteur(devant.ajoute.port, "127.0.3.2"), "b@exemple.fr")

    def nommes() -> set[str]:
        """A line is written once its answer has left."""
        lignes = devant.journal.read_text().splitlines()
        return {ligne.split(" ", 1)[0] for ligne in lignes if "/verifier/" in ligne}

    attendre(lambda: nommes() == {"127.0.2.0", "127.0.2.1", "127.0.3.0", "127.0.3.1"})
