"""The visitor's address: what the proxies say of it, and nothing that the visitor may say."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from rebond.amorce.environnement import RACINE
from rebond.environnement import Environnement, ReglageInvalide
from rebond.mandataires import nombre_de_mandataires
from rebond.socle.requete.visiteur import INCONNUE, adresse_du_visiteur, origine

NGINX = "10.0.0.2"
CAMBRAI = "198.51.100.7"


def vue(settings: Any, mandataires: int, transmis: str | None, *, de: str = NGINX) -> str:
    settings.MANDATAIRES = mandataires
    entetes = {} if transmis is None else {"HTTP_X_FORWARDED_FOR": transmis}
    return adresse_du_visiteur(RequestFactory().get("/", REMOTE_ADDR=de, **entetes))


@pytest.mark.parametrize(
    ("mandataires", "transmis", "attendue"),
    [
        (0, None, NGINX),
        (0, CAMBRAI, NGINX),
        (1, CAMBRAI, CAMBRAI),
        # What stands before was written by the visitor.
        (1, f"203.0.113.9, {CAMBRAI}", CAMBRAI),
        (1, f"localhost, 127.0.0.1,,{CAMBRAI}", CAMBRAI),
        (2, f"203.0.113.9, {CAMBRAI}, 10.0.0.3", CAMBRAI),
        # It did not come through both.
        (2, CAMBRAI, NGINX),
        (1, None, NGINX),
        (1, "", NGINX),
        (1, "n'importe quoi", NGINX),
        (1, f"{CAMBRAI}, unknown", NGINX),
        (1, f"{CAMBRAI}:51234", CAMBRAI),
        (1, "[2001:db8::7]:51234", "2001:db8::7"),
        (1, "2001:DB8:0::7", "2001:db8::7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, f"::ffff:{CAMBRAI}", CAMBRAI),
    ],
)
def test_seul_ce_qu_ecrivent_les_mandataires_est_lu(
    settings: Any, mandataires: int, transmis: str | None, attendue: str
) -> None:
    assert vue(settings, mandataires, transmis) == attendue


@pytest.mark.parametrize("de", ["", "@", "unix:"])
def test_une_prise_unix_n_a_pas_d_adresse(settings: Any, de: str) -> None:
    assert vue(settings, 1, CAMBRAI, de=de) == CAMBRAI
    assert vue(settings, 1, None, de=de) == INCONNUE == "0.0.0.0"  # noqa: S104


def test_un_abonne_compte_pour_un_quelles_que_soient_ses_adresses_ipv6() -> None:
    def compte(adresse: str) -> str:
        return origine(RequestFactory().get("/", REMOTE_ADDR=adresse))

    assert compte("2001:db8:1:2::7") == compte("2001:db8:1:2:ffff::1") == "2001:db8:1:2::"
    assert compte("2001:db8:1:3::7") == "2001:db8:1:3::"
    # IPv4 as a server that listens to both families sees it.
    assert (compte("::ffff:198.51.100.7"), compte("::ffff:203.0.113.9")) == ("198.51.100.7", "203.0.113.9")


@pytest.mark.parametrize(("texte", "nombre"), [("0", 0), ("1", 1), ("2", 2)])
def test_le_nombre_de_mandataires_se_dit(texte: str, nombre: int) -> None:
    for adresse in ("http://localhost:8000", "https://rebond.example.fr"):
        assert nombre_de_mandataires(Environnement({"REBOND_MANDATAIRES": texte}), adresse=adresse) == nombre


def test_sans_rien_dire_il_n_y_en_a_aucun_sauf_en_https_ou_l_on_ne_demarre_pas() -> None:
    assert nombre_de_mandataires(Environnement({}), adresse="http://localhost:8000") == 0
    for valeurs in ({}, {"REBOND_MANDATAIRES": ""}):
        with pytest.raises(ReglageInvalide) as refus:
            nombre_de_mandataires(Environnement(valeurs), adresse="https://rebond.example.fr")
        assert str(refus.value) == (
            "REBOND_MANDATAIRES est obligatoire avec REBOND_ADRESSE=https://rebond.example.fr : écrivez combien de "
            "mandataires se suivent devant le portail (1 pour un nginx seul)."
        )


@pytest.mark.parametrize("texte", ["-1", "10", "oui", "1.5", "10.0.0.2"])
def test_un_nombre_de_mandataires_qui_n_en_est_pas_un_est_refuse(texte: str) -> None:
    with pytest.raises(ReglageInvalide, match="REBOND_MANDATAIRES vaut"):
        nombre_de_mandataires(Environnement({"REBOND_MANDATAIRES": texte}), adresse="http://localhost")


def test_personne_d_autre_ne_lit_l_adresse() -> None:
    """Two readers of one thing disagree one day."""
    lecture = re.compile(r"REMOTE_ADDR|X.FORWARDED.FOR|X.REAL.IP|client_ip|remote_address", re.IGNORECASE)
    paquets = ("rebond", "territoires", "candidatures", "projets")
    lecteurs = {
        str(chemin.relative_to(RACINE))
        for paquet in paquets
        for chemin in Path(RACINE, paquet).rglob("*.py")
        if lecture.search(chemin.read_text())
    }
    assert lecteurs == {
        "rebond/socle/requete/visiteur.py",
        # allauth's question, answered by the reader.
        "rebond/comptes/courriels.py",
    }
