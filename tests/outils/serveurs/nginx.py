"""A real nginx on the loopback, with the configuration that the product gives as an example."""

import os
import socket
import ssl
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rebond.amorce.environnement import RACINE
from rebond.embarque.processus import port_libre
from tests.concurrence.attente import attendre

EXEMPLE = RACINE / "docs" / "exemples" / "nginx.conf"
HOTE = "rebond.example.fr"
CADRE = """
daemon off;
worker_processes 1;
{compte}
pid {dossier}/nginx.pid;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {dossier}/corps;
    proxy_temp_path {dossier}/reponses;
    fastcgi_temp_path {dossier}/f;
    uwsgi_temp_path {dossier}/u;
    scgi_temp_path {dossier}/s;
    include {dossier}/site.conf;
}}
"""


class Nginx:
    """In front of the portal that listens to `amont`, until `arreter`. `ajoute`: as behind another proxy, what the
    visitor wrote in X-Forwarded-For is passed on, and only added to. `port` is that of TLS."""

    def __init__(self, dossier: Path, amont: int, *, ajoute: bool = False) -> None:
        dossier.mkdir(parents=True, exist_ok=True)
        self.port, clair = port_libre(), port_libre()
        _certificat(dossier)
        site = EXEMPLE.read_text()
        for avant, apres in {
            "listen 80;": f"listen 127.0.0.1:{clair};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "/etc/ssl/rebond/": f"{dossier}/",
            "http://127.0.0.1:8000;": f"http://127.0.0.1:{amont};",
            **({"X-Forwarded-For   $remote_addr": "X-Forwarded-For $proxy_add_x_forwarded_for"} if ajoute else {}),
        }.items():
            assert avant in site, avant
            site = site.replace(avant, apres)
        (dossier / "site.conf").write_text(site)
        compte = "user root;" if os.geteuid() == 0 else ""
        (dossier / "nginx.conf").write_text(CADRE.format(dossier=dossier, compte=compte))
        self._erreurs = dossier / "erreurs.log"
        with self._erreurs.open("wb") as erreurs:
            self._processus = subprocess.Popen(
                ["/usr/sbin/nginx", "-e", "stderr", "-p", dossier, "-c", dossier / "nginx.conf"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=erreurs,
            )
        attendre(self._ecoute)

    def arreter(self) -> None:
        self._processus.terminate()
        self._processus.wait(30)

    def _ecoute(self) -> bool:
        assert self._processus.poll() is None, self._erreurs.read_text()
        with closing(socket.socket()) as prise:
            return prise.connect_ex(("127.0.0.1", self.port)) == 0


def sans_autorite() -> ssl.SSLContext:
    """A client that takes the certificate made here for good."""
    contexte = ssl.create_default_context()
    contexte.check_hostname = False
    contexte.verify_mode = ssl.CERT_NONE
    return contexte


def _certificat(dossier: Path) -> None:
    clef = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOTE)])
    maintenant = datetime.now(UTC)
    certificat = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(clef.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=1))
        .not_valid_after(maintenant + timedelta(days=1))
        .sign(clef, hashes.SHA256())
    )
    (dossier / "fullchain.pem").write_bytes(certificat.public_bytes(serialization.Encoding.PEM))
    (dossier / "privkey.pem").write_bytes(
        clef.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
