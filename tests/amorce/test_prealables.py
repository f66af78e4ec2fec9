"""Before anything is started: the port, the system's libraries, the Python."""

import socket
import subprocess
import sys

import pytest

from rebond.amorce import commandes, environnement, ports, systeme
from rebond.amorce.erreurs import AmorceImpossible


def test_le_port_demande_est_lu() -> None:
    assert ports.port_demande({}) == 8000
    assert ports.port_demande({"PORT": "8010"}) == 8010


@pytest.mark.parametrize("texte", ["abc", "0", "65536", "-1", "80 80"])
def test_un_port_qui_n_en_est_pas_un_est_refuse(texte: str) -> None:
    with pytest.raises(AmorceImpossible, match=f"PORT vaut « {texte} »"):
        ports.port_demande({"PORT": texte})


def test_un_port_pris_est_dit_avant_tout_demarrage() -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        with pytest.raises(AmorceImpossible, match=f"Le port {port} est déjà pris par un autre programme"):
            ports.verifier_libre(port)
    ports.verifier_libre(port)


def test_une_bibliotheque_est_essayee_et_non_supposee() -> None:
    assert systeme.bibliotheque("libc.so.6")
    assert not systeme.bibliotheque("libabsente.so.1")
    assert systeme.police("DejaVu Sans")
    assert not systeme.police("Police Absente")
    assert [besoin.paquet for besoin in systeme.ESSAIS if not besoin.present()] == []


def test_l_amorce_ne_demande_que_la_bibliotheque_standard() -> None:
    importation = "import rebond.amorce.commandes, rebond.amorce.superviseur, rebond.embarque"
    commande = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {importation}"]
    subprocess.run(commande, cwd=environnement.RACINE, check=True)


@pytest.mark.parametrize("nom", environnement.VERROUS)
def test_un_verrou_a_des_empreintes_et_ne_nomme_aucun_hote(nom: str) -> None:
    texte = environnement.fichier_verrou(nom).read_text()
    assert "://" not in texte
    composants = texte.split("\n", 1)[0]
    assert "==" in composants
    for bloc in texte.replace("\\\n", " ").splitlines():
        assert "--hash=sha256:" in bloc


def test_le_petit_verrou_est_dans_le_grand() -> None:
    lignes = {nom: set(environnement.fichier_verrou(nom).read_text().splitlines()) for nom in environnement.VERROUS}
    assert lignes["production"] < lignes["demo"] < lignes["dev"]


def test_ce_qui_doit_tourner_est_lance_et_non_suppose() -> None:
    systeme.eprouver([systeme.IMPRESSION, systeme.NAVIGATEUR], sys.executable)


def test_ce_qui_ne_tourne_pas_dit_pourquoi_et_quoi_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    pilote = systeme.Epreuve("Le pilote", "import ctypes; ctypes.CDLL('libabsente.so.1')", ("libabsente1",))
    with pytest.raises(AmorceImpossible) as panne:
        systeme.eprouver([systeme.IMPRESSION, pilote], sys.executable)
    assert "Le pilote ne marche pas" in str(panne.value)
    assert "libabsente.so.1: cannot open shared object file" in str(panne.value)
    assert "sudo apt-get install -y --no-install-recommends libabsente1\n" in str(panne.value)


def test_les_epreuves_seules_demandent_un_second_navigateur(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(systeme, "which", lambda nom: None if nom == "firefox-esr" else f"/usr/bin/{nom}")
    with pytest.raises(AmorceImpossible) as panne:
        commandes.test(["-s", "tests/epreuves/chemins"])
    assert "sudo apt-get install -y --no-install-recommends firefox-esr\n" in str(panne.value)
    assert "firefox-esr" not in {besoin.paquet for besoin in systeme.ESSAIS}
