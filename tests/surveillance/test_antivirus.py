"""The antivirus, against a real peer that speaks clamd's protocol."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rebond.socle.documents import stockage as documents
from rebond.socle.documents.models import Analyse, Document
from rebond.surveillance.antivirus import (
    AnalyseImpossible,
    AntivirusInjoignable,
    DocumentRetenu,
    EtatAnalyse,
    Verdict,
    analyser,
    etat,
    servir,
)

VIRUS = b"un virus d'essai"
RECU_MAX = 1024 * 1024


class Clamd:
    """One answer per connection: what the stream holds decides, or `reponse` when it is given."""

    def __init__(self, prise: socket.socket, reponse: bytes | None = None) -> None:
        self.prise = prise
        self.reponse = reponse
        self.recus: list[bytes] = []
        self.fil = threading.Thread(target=self._servir, daemon=True)
        self.fil.start()

    @property
    def adresse(self) -> str:
        nom = self.prise.getsockname()
        return nom if isinstance(nom, str) else f"{nom[0]}:{nom[1]}"

    def arreter(self) -> None:
        # Wakes `accept`, which closing alone does not.
        self.prise.shutdown(socket.SHUT_RDWR)
        self.prise.close()
        self.fil.join(timeout=10)

    def _servir(self) -> None:
        while True:
            try:
                client, _ = self.prise.accept()
            except OSError:
                return
            with client:
                self._repondre(client)

    def _repondre(self, client: socket.socket) -> None:
        lecture = client.makefile("rb")
        with lecture:
            assert lecture.read(10) == b"zINSTREAM\0"
            contenu = b""
            while taille := struct.unpack(">L", lecture.read(4))[0]:
                contenu += lecture.read(taille)
                if len(contenu) > RECU_MAX:
                    client.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.recus.append(contenu)
            if self.reponse is not None:
                client.sendall(self.reponse)
            elif VIRUS in contenu:
                client.sendall(b"stream: Essai.Virus-1 FOUND\0")
            else:
                client.sendall(b"stream: OK\0")


def en_tcp(reponse: bytes | None = None) -> Clamd:
    return Clamd(socket.create_server(("127.0.0.1", 0)), reponse)


@pytest.fixture
def clamd(settings) -> Iterator[Callable[..., Clamd]]:
    """`clamd()` starts a peer over TCP, to which the settings then lead; it is stopped at the end of the test."""
    with ExitStack() as pile:

        def demarrer(reponse: bytes | None = None) -> Clamd:
            pair = en_tcp(reponse)
            pile.callback(pair.arreter)
            settings.ANTIVIRUS = pair.adresse
            return pair

        yield demarrer


def test_un_fichier_sain_est_envoye_entier(clamd):
    pair = clamd()
    contenu = bytes(range(256)) * 1000
    assert analyser(io.BytesIO(contenu)) == Verdict(saine=True)
    assert pair.recus == [contenu]


def test_ce_qui_est_trouve_porte_son_nom(clamd):
    clamd()
    assert analyser(io.BytesIO(bytes(100_000) + VIRUS)) == Verdict(saine=False, detail="Essai.Virus-1")


def test_une_prise_unix_convient_aussi(settings, tmp_path: Path):
    prise = socket.socket(socket.AF_UNIX)
    settings.ANTIVIRUS = str(tmp_path / "clamd.ctl")
    prise.bind(settings.ANTIVIRUS)
    prise.listen()
    pair = Clamd(prise)
    try:
        assert analyser(io.BytesIO(b"rien")) == Verdict(saine=True)
    finally:
        pair.arreter()


@pytest.mark.parametrize("reponse", [b"", b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0"])
def test_sans_verdict_clair_rien_n_est_suppose(clamd, reponse):
    clamd(reponse)
    with pytest.raises(AnalyseImpossible):
        analyser(io.BytesIO(b"rien"))


def test_un_fichier_que_clamd_trouve_trop_long_n_a_pas_de_verdict(clamd):
    clamd()
    with pytest.raises(AnalyseImpossible):
        analyser(io.BytesIO(bytes(8 * RECU_MAX)))


@pytest.mark.parametrize("adresse", ["127.0.0.1:1", "/nulle/part/clamd.ctl"])
def test_clamd_absent_se_dit(settings, adresse):
    settings.ANTIVIRUS = adresse
    with pytest.raises(AntivirusInjoignable):
        analyser(io.BytesIO(b"rien"))


def octets_servis(document: Document) -> bytes:
    reponse = servir(document, "note.pdf")
    try:
        return reponse.getvalue()
    finally:
        reponse.close()


@pytest.mark.django_db
class TestServir:
    def test_sans_antivirus_tout_est_servi(self):
        document = documents.enregistrer(b"rien", type_mime="application/pdf")
        assert etat(document) is EtatAnalyse.SERVIE
        assert octets_servis(document) == b"rien"

    def test_avec_antivirus_rien_avant_son_verdict(self, settings):
        settings.ANTIVIRUS = "127.0.0.1:1"
        document = documents.enregistrer(b"rien", type_mime="application/pdf")
        with pytest.raises(DocumentRetenu, match="est en cours d’analyse"):
            servir(document, "note.pdf")
        Analyse.objects.create(document=document, saine=True)
        document.refresh_from_db()
        assert octets_servis(document) == b"rien"

    @pytest.mark.parametrize("antivirus", ["", "127.0.0.1:1"])
    def test_ce_qui_est_infecte_ne_l_est_jamais_meme_sans_antivirus(self, settings, antivirus):
        settings.ANTIVIRUS = antivirus
        document = documents.enregistrer(b"rien", type_mime="application/pdf")
        Analyse.objects.create(document=document, saine=False, detail="Essai.Virus-1")
        assert etat(document) is EtatAnalyse.INFECTEE
        with pytest.raises(DocumentRetenu, match="programme malveillant"):
            servir(document, "note.pdf")
