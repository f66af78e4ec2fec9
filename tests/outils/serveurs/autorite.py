"""A real time-stamping authority: OpenSSL's, on this machine, with a root made for the test."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIGURATION = """
[req]
distinguished_name = nom
[nom]
[autorite]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[horodateur]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = ici
[ici]
serial = {dossier}/serie
signer_cert = {dossier}/tsa.pem
signer_key = {dossier}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
"""


class Autorite:
    """A certification authority and a time-stamping one, in `dossier`."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        dossier.mkdir()
        (dossier / "openssl.cnf").write_text(CONFIGURATION.format(dossier=dossier))
        (dossier / "serie").write_text("01\n")
        cle = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        self.openssl("req", "-x509", *cle, "-keyout", "racine.key", "-out", "racine.pem", "-days", "2",
                     "-subj", "/CN=Racine d'essai", "-extensions", "autorite")  # fmt: skip
        self.openssl("req", *cle, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Horodateur d'essai")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "racine.pem", "-CAkey", "racine.key", "-days", "2",
                     "-CAcreateserial", "-out", "tsa.pem", "-extfile", "openssl.cnf", "-extensions", "horodateur",
                     config=False)  # fmt: skip
        self.racine = dossier / "racine.pem"

    def openssl(self, commande: str, *arguments: str, config: bool = True) -> None:
        suite = ("-config", "openssl.cnf") if config else ()
        subprocess.run(["openssl", commande, *arguments, *suite], cwd=self.dossier, check=True, capture_output=True)

    def repondre(self, demande: bytes) -> bytes:
        (self.dossier / "demande.tsq").write_bytes(demande)
        self.openssl("ts", "-reply", "-queryfile", "demande.tsq", "-section", "ici", "-out", "reponse.tsr")
        return (self.dossier / "reponse.tsr").read_bytes()


@contextmanager
def servie(autorite: Autorite) -> Iterator[str]:
    """Its address, as long as it answers."""

    class Reponse(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            contenu = autorite.repondre(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(contenu)

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Reponse) as serveur:
        fil = threading.Thread(target=serveur.serve_forever, daemon=True)
        fil.start()
        yield f"http://127.0.0.1:{serveur.server_port}/"
        serveur.shutdown()
        fil.join()
