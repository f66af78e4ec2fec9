"""Every worker is dead, beat too: a real web server notices by itself, and its letter leaves."""

from datetime import timedelta
from pathlib import Path

import pytest

from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.concurrence.attente import attendre
from tests.outils.portail import Portail
from tests.outils.smtp import ServeurSmtp

pytestmark = pytest.mark.django_db(transaction=True)


def test_sans_ouvrier_ni_battement_un_proces_verbal_en_retard_sonne_par_courriel(tmp_path: Path) -> None:
    administrateur = f.un_agent(Role.ADMINISTRATEUR)
    vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=6, seconds=5))
    autre = Courrier.objects.create(cle="autre", destinataire="a@example.fr", objet="Autre", texte="t")
    serveur = ServeurSmtp()
    serveur.demarrer()
    environ = {
        "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "REBOND_SMTP_HOTE": "127.0.0.1",
        "REBOND_SMTP_PORT": str(serveur.port),
        "REBOND_VEILLE": "1",
        "REBOND_WEB_PROCESSUS": "2",
    }
    portail = Portail(tmp_path, environ)
    try:
        attendre(lambda: len(serveur.lettres) == 2)
        # Rounds of both processes go on, and ring no more.
        envois = Courrier.objects.filter(cle__startswith="alarme-")
        attendre(lambda: not envois.filter(envoye_le=None).exists())
    finally:
        portail.arreter()
        serveur.arreter()
    assert serveur.destinataires == [administrateur.email] * 2
    # The text comes first, the same in HTML after it.
    parties = [next(p for p in lettre.walk() if p.get_content_type() == "text/plain") for lettre in serveur.lettres]
    textes = sorted(partie.get_payload(decode=True).decode() for partie in parties)
    assert any(f"La vague {vague.numero} s’est close" in texte for texte in textes)
    assert any("Le battement du portail ne s’est pas fait entendre" in texte for texte in textes)
    autre.refresh_from_db()
    assert autre.envoye_le is None
