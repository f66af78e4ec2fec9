"""What an enemy, or a broken server, puts in the mailbox of returns or posts where they are announced."""

from base64 import b64encode

import pytest
from django.test import Client
from django.urls import reverse

from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours import annonces
from rebond.socle.courriers.retours.actions import constater
from rebond.socle.courriers.retours.lecture import TAILLE_MAX, lire
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import Genre, Source, statut_dans
from rebond.socle.tasks import relever_les_retours
from tests.socle.courriers.rapports import rapport
from tests.socle.courriers.test_annonces_de_retours import SECRET, annonce
from tests.socle.courriers.test_retours import boite, constats, deposer, retour_a, une_lettre

__all__ = ["boite"]
pytestmark = pytest.mark.django_db


def emboite(profondeur: int) -> bytes:
    """A report whose parts hold parts, as deep as the size that is read allows."""
    morceaux = ["Content-Type: multipart/report; boundary=b0\r\n\r\n"]
    morceaux += [f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(profondeur)]
    return "".join(morceaux).encode()


def a_dix_mille_parties(destinataire: str) -> bytes:
    entetes = f"To: {destinataire}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    return entetes.encode() + b"--b\r\n\r\nx\r\n" * 10_000 + b"--b--\r\n"


def hostiles(courrier: Courrier) -> dict[str, bytes]:
    """By what it tries, each one bearing the token of a letter that left where it may."""
    sien, juste = retour_a(courrier), rapport(retour_a(courrier))
    return {
        "le destinataire seul": rapport("retours@rebond.example", message_id="<x@ailleurs>"),
        "un jeton deviné": rapport(f"retours+{'0' * 32}@rebond.example"),
        "des parties dans des parties": emboite(4_000),
        "dix mille parties": a_dix_mille_parties(sien),
        "dix mégaoctets": juste.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n" + b"x" * 10_000_000,
        "un alphabet inconnu": juste.replace(b"charset=us-ascii", b"charset=klingon").replace(b"failed", b"\xff\xfe"),
        "sans fin": juste.split(b"Action:", 1)[0],
        "rien": b"",
        "des zéros": b"\x00" * 1_000,
        "5.1.1 dans une réponse": f"To: {sien}\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n".encode(),
    }


def test_ce_qui_est_hostile_ne_dit_rien_d_une_lettre(boite):
    lus = hostiles(une_lettre())
    constates = {quoi: lire(octets) for quoi, octets in lus.items()}
    assert {quoi: lu and constater(lu, Source.BOITE) for quoi, lu in constates.items()} == dict.fromkeys(lus)


def test_un_message_hostile_n_arrete_pas_la_releve(boite):
    """One that can never be read would be read first at each round, and no return would be known any more."""
    une, autre = une_lettre("a"), une_lettre("b")
    for octets in hostiles(une).values():
        (boite / "new" / f"0.{len(list((boite / 'new').iterdir())):03}").write_bytes(octets[: 2 * TAILLE_MAX])
    deposer(boite, rapport(retour_a(autre)))
    assert relever_les_retours() == 1
    assert [cle for cle, *_ in constats()] == ["b"]
    assert list((boite / "new").iterdir()) == []


@pytest.mark.parametrize("statut", ["2.0.0", "2.1.5", "5.\u0661.\u0661", "9.9.9", "5.1.1111"])
def test_un_echec_au_statut_impossible_garde_l_echec_sans_le_statut(boite, statut):
    courrier = une_lettre()
    deposer(boite, rapport(retour_a(courrier)).replace(b"5.1.1", statut.encode()))
    assert relever_les_retours() == 1
    (constat,) = constats()
    assert constat[:2] == ("a", Genre.ADRESSE)
    assert constat[2] == ""


def test_un_statut_s_ecrit_en_chiffres_ascii():
    assert [statut_dans(texte) for texte in ("5.\u0661.1", "\u0665.1.1", "550 5.1.1 Non")] == ["", "", "5.1.1"]


def test_une_annonce_signee_d_un_statut_impossible_est_lue(client, settings):
    settings.RETOURS_SECRET = SECRET
    jeton = une_lettre().jeton.hex
    assert annonce(client, {"retours": [{"jeton": jeton, "action": "failed", "statut": "2.0.0"}]}) == 204
    assert constats() == [("a", Genre.ADRESSE, "", Source.PRESTATAIRE)]


@pytest.mark.parametrize(
    "contenu",
    [
        {"retours": [None, 3, [], {"jeton": None}, {"jeton": ["a"], "action": {}, "statut": []}, {"jeton": "\x00"}]},
        {"event": ["hard_bounce"], "message-id": 4},
        {"type": "message.bounced", "data": [1]},
        {"type": None},
        "\ud800",
        None,
        3,
    ],
)
def test_une_annonce_signee_qui_ne_dit_rien_ne_casse_rien(client, settings, contenu):
    settings.RETOURS_SECRET = SECRET
    assert annonce(client, contenu) == 204
    assert not Retour.objects.exists()


def test_une_annonce_signee_et_sans_fond_est_illisible(client, settings):
    settings.RETOURS_SECRET = SECRET
    contenu: list[object] = []
    for _ in range(900):
        contenu = [contenu]
    assert annonce(client, contenu) == 400
    with pytest.raises(ValueError, match="sans fond"):
        annonces.lire(b"[" * 30_000)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_====", "whsec_YQ=="])
def test_un_secret_vide_ne_signe_rien(client, settings, secret):
    settings.RETOURS_SECRET = secret
    jeton = une_lettre().jeton.hex
    try:
        statut = annonce(client, {"retours": [{"jeton": jeton, "action": "failed"}]}, secret=secret)
    except ValueError:
        statut = 404
    assert (statut, constats()) == (404, [])


@pytest.mark.parametrize("secret", ["", "whsec_" + b64encode(b"un secret que deux connaissent").decode()])
def test_rien_ne_dit_que_l_adresse_des_annonces_existe(settings, secret):
    settings.RETOURS_SECRET = secret
    la, ailleurs = reverse("retours_des_lettres"), "/courriers/retourz/"

    def vu(methode: str, adresse: str, **champs: object) -> tuple[object, ...]:
        reponse = Client(enforce_csrf_checks=True).generic(methode, adresse, **champs)
        entetes = {nom: valeur for nom, valeur in reponse.headers.items() if nom != "Content-Security-Policy"}
        return reponse.status_code, entetes, reponse.content.replace(adresse.encode(), b"")

    for methode in ("GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"):
        assert vu(methode, la) == vu(methode, ailleurs), methode
    enorme = {"data": b"x" * 80_000, "content_type": "application/json"}
    assert vu("POST", la, **enorme) == vu("POST", ailleurs, **enorme)
