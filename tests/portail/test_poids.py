"""What a visitor must receive before the first page is painted, in bytes: a slow line has no others to give."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as reglages
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.projets import decor

#: 400 kbit/s carry 50 kB a second. Compressed: the page, its style sheets, the script that comes before the paint.
AVANT_DE_PEINDRE = 45_000
EN_PLUS_DU_DSFR = 100_000


class Lecture(HTMLParser):
    """What stops the painting of a page, and what would be loaded beside it before the reader has come to it."""

    def __init__(self) -> None:
        super().__init__()
        self.bloquants: list[str] = []
        self.avances: list[str] = []

    def handle_starttag(self, balise: str, lus: list[tuple[str, str | None]]) -> None:
        lu = {nom: valeur or "" for nom, valeur in lus}
        if balise == "link" and lu.get("rel") == "stylesheet" and "sans-script" not in lu["href"]:
            self.bloquants.append(lu["href"])
        elif balise == "script" and not {"async", "defer", "nomodule"} & lu.keys() and lu.get("type") != "module":
            self.bloquants.append(lu["src"])
        elif (balise == "link" and lu.get("rel") == "preload") or (balise == "img" and lu.get("loading") != "lazy"):
            self.avances.append(lu.get("href") or lu["src"])


@pytest.mark.django_db
def test_l_accueil_se_peint_avec_ce_qu_une_ligne_lente_porte_en_une_seconde(client: Client) -> None:
    decor.une_annonce()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    f.une_vague()
    page = client.get("/").content.decode()
    lue = Lecture()
    lue.feed(page)
    attendus = ("vendor/dsfr.css", "rebond.css", "theme.js", "entete.js")
    assert lue.bloquants == [f"/static/rebond/{nom}" for nom in attendus]
    assert lue.avances == []
    poids = {nom: len(gzip.compress(Path(_trouve(nom)).read_bytes())) for nom in lue.bloquants}
    assert len(gzip.compress(page.encode())) + sum(poids.values()) < AVANT_DE_PEINDRE, poids


def test_tout_ce_que_les_pages_chargent_en_plus_du_systeme_de_design_tient_en_cent_kilo_octets() -> None:
    """Style sheets and scripts of all the pages together, others’ among them: no page loads them all."""
    lieu = reglages.RACINE / "static" / "rebond"
    chargees = [
        chemin for fin in ("css", "js") for chemin in sorted(lieu.rglob(f"*.{fin}")) if "dsfr" not in chemin.name
    ]
    d_ailleurs = {chemin.name for chemin in chargees if "vendor" in chemin.parts}
    assert d_ailleurs == {"sans-script-sombre.css", "tus-js-client-4.3.1.min.js"}
    assert sum(len(gzip.compress(chemin.read_bytes())) for chemin in chargees) < EN_PLUS_DU_DSFR
    # Ours alone, as they are written.
    assert sum(chemin.stat().st_size for chemin in chargees if "vendor" not in chemin.parts) < EN_PLUS_DU_DSFR


def _trouve(adresse: str) -> str:
    trouve = finders.find(adresse.removeprefix(f"/{reglages.STATIC_URL.strip('/')}/"))
    assert isinstance(trouve, str), adresse
    return trouve


def test_tout_ce_que_les_gabarits_et_les_feuilles_chargent_est_servi_et_rien_d_autre_du_dsfr(
    tmp_path: Path, settings: Any
) -> None:
    gabarits = "".join(chemin.read_text() for chemin in (reglages.RACINE / "templates").rglob("*.html"))
    charges = set(re.findall(r"{% static '([^']+)' %}", gabarits))
    assert "rebond/vendor/dsfr.css" in charges
    for nom in charges:
        _trouve(nom)
    # Under its final name each sheet names what it loads: one that is missing stops it.
    settings.STATIC_ROOT = str(tmp_path)
    nomme_par_le_contenu = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": nomme_par_le_contenu}
    call_command("collectstatic", interactive=False, verbosity=0)
    faits = {chemin.relative_to(tmp_path).as_posix() for chemin in (tmp_path / "dsfr").rglob("*") if chemin.is_file()}
    # Each of them once more, under the name that changes with its content.
    servis = {nom for nom in faits if finders.find(nom)}
    assert {nom for nom in charges if nom.startswith("dsfr/")} < servis
    assert 40 < len(servis) < 100
    assert len(faits) == 2 * len(servis)
    assert finders.find("dsfr/dist/dsfr.min.css") is None
