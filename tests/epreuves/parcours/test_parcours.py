"""Each role of the demonstration follows every link that it is shown, and sends rubbish to every form."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from rebond.demo import comptes
from rebond.socle.utilisateur import Utilisateur
from tests.acces.requetes import sql_de, tables_ecrites
from tests.outils.pages import Formulaire, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DEPARTS = ("/", "/tableau-de-bord/", "/plan-du-site/")
VISITEUR = "visiteur"
# One account of each role, and each quality of those who take part in a file.
PREMIERS = {compte.role: compte.cle for compte in reversed(comptes.COMPTES) if compte.role}
SANS_ROLE = (compte.cle for compte in comptes.COMPTES if compte.role is None)
PERSONNES = (VISITEUR, *SANS_ROLE, *reversed(PREMIERS.values()))
# Of the pages of one kind, as many; of one kind asked for otherwise (sorted, filtered), as many more.
PAR_GENRE = 2
# Signing out ends the walk; a document made anew takes seconds, and a list filtered is a file of fewer lines: both
# have tests of their own.
EVITES = re.compile(
    r"^/compte/(?:logout|fermer|sessions)/|/modele|^/presse/\d[^/]*/(?:pdf|docx|png|zip|odt|xlsx)/|\.(?:csv|ods|xlsx)\?"
)
# The journal of accesses is written once the page is made.
ECRIT_APRES = {"socle_acces"}
# A page, a page elsewhere, or a refusal that says why: what was sent cannot be read, is not there, is against a rule,
# weighs too much, comes too often.
REPONSES = {200, 302, 400, 404, 409, 413, 429}
TROP_LONG = "é" * 500_000
ORDURES: dict[str, list[str]] = {
    "vide": [""],
    "nul": ["\x00a\x00", "null\x00"],
    "mauvais genre": ["[]", '{"a": 1}', "True", "--", "%00", "../../etc/passwd", "<script>alert(1)</script>"],
    "entier énorme": ["9" * 400, "-" + "9" * 40, str(2**63), str(2**31)],
    "nombre étrange": ["1e309", "NaN", "Infinity", "-0", "١٢٣", "1\u202f000\u202f000\u202f000\u202f000\u202f000"],
    "date impossible": ["0000-00-00", "2026-02-30", "99999-01-01", "9999-12-31", "12/31/2026"],
    "clef d’un autre": ["1", "30999", "-1"],
}
# A form of one kind is soiled once, by the first who is shown it.
SOUILLES: set[str] = set()


def genre(adresse: str) -> str:
    """The address without what names an object, and with the names alone of what it is asked."""
    lue = urlsplit(adresse)
    try:
        nom = resolve(lue.path).route
    except Resolver404:
        nom = lue.path
    return f"{nom}?{','.join(sorted(part.partition('=')[0] for part in lue.query.split('&')))}"


def un_client(personne: str) -> Client:
    """Each from an address of their own: they do not come too often together."""
    client = Client(REMOTE_ADDR=f"192.0.2.{PERSONNES.index(personne)}")
    if personne != VISITEUR:
        client.force_login(Utilisateur.objects.get(email=f"{personne}@demonstration.example"))
    return client


def lire(client: Client, adresse: str) -> tuple[Any, bytes]:
    """A link leads somewhere, and following it writes nothing."""
    with sql_de() as sql:
        reponse: Any = client.get(adresse)
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    assert reponse.status_code in {200, 302, 409}, (reponse.status_code, adresse)
    assert tables_ecrites(sql) <= ECRIT_APRES, (adresse, tables_ecrites(sql))
    return reponse, corps


def parcourir(client: Client) -> Iterator[tuple[str, Page]]:
    """Each page that the links lead to."""
    attendent, vus, genres = list(DEPARTS), set(DEPARTS), Counter[str]()
    while attendent:
        adresse = attendent.pop(0)
        genres[genre(adresse)] += 1
        if genres[genre(adresse)] > PAR_GENRE or EVITES.search(adresse):
            continue
        reponse, corps = lire(client, adresse)
        suivants: list[str] = []
        if reponse.status_code == 302:
            suivants = [reponse["Location"]]
        elif reponse["Content-Type"].startswith("text/html"):
            page = Page(adresse, corps.decode())
            yield adresse, page
            suivants = page.liens + [tri for f in page.formulaires if f.methode == "GET" for tri in f.tris]
        nouveaux = [lien for lien in dict.fromkeys(suivants) if lien.startswith("/") and lien not in vus]
        vus.update(nouveaux)
        attendent += nouveaux


@pytest.fixture
def sans_limite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows every link comes too often by design."""
    monkeypatch.setattr("rebond.socle.requete.limites.phrase_de_depassement", lambda *_: None)


@pytest.mark.parametrize("personne", PERSONNES)
def test_aucun_lien_ne_casse_et_aucun_formulaire_ne_tombe(personne: str, sans_limite: None) -> None:
    client = un_client(personne)
    formulaires: dict[str, Formulaire] = {}
    pages = 0
    for _, page in parcourir(client):
        pages += 1
        for formulaire in page.formulaires:
            formulaires.setdefault(f"{formulaire.methode} {genre(formulaire.adresse)}", formulaire)
    assert pages > 10
    neufs = {cle: formulaire for cle, formulaire in formulaires.items() if cle not in SOUILLES}
    SOUILLES.update(neufs)
    assert [panne for formulaire in neufs.values() for panne in souiller(client, formulaire)] == []


def souiller(client: Client, formulaire: Formulaire) -> Iterator[str]:
    """What fails when each kind of rubbish is sent in every field, its values in turn; nothing of it is kept."""
    if EVITES.search(formulaire.adresse):
        return
    for sorte, valeurs in ORDURES.items():
        envoi = dict(zip(formulaire.champs, cycle(valeurs), strict=False))
        if panne := _envoyer(client, formulaire, urlencode(envoi)):
            yield f"{sorte}\u00a0: {formulaire.methode} {formulaire.adresse}\u00a0: {panne}"
    for corps in (_trop_long(formulaire), "&".join(f"{nom}=%ff%fe%80" for nom in formulaire.champs)):
        if panne := _envoyer(client, formulaire, corps):
            yield f"{corps[:40]}…\u00a0: {formulaire.methode} {formulaire.adresse}\u00a0: {panne}"


def _trop_long(formulaire: Formulaire) -> str:
    """Three megabytes in the last field where one writes, the others as they are proposed."""
    libres = [nom for nom, (sorte, _) in formulaire.champs.items() if sorte in {"text", "textarea"}]
    return urlencode(formulaire.rempli | dict.fromkeys(libres[-1:], TROP_LONG))


def _envoyer(client: Client, formulaire: Formulaire, corps: str) -> str:
    """What went wrong, if anything did."""
    try:
        with transaction.atomic():
            if formulaire.methode == "GET":
                reponse: Any = client.get(f"{formulaire.adresse.partition('?')[0]}?{corps[:8_000]}")
            else:
                reponse = client.post(formulaire.adresse, corps, content_type="application/x-www-form-urlencoded")
            b"".join(reponse.streaming_content if reponse.streaming else [])
            transaction.set_rollback(True)
    except Exception as panne:  # noqa: BLE001 (whatever it is, it would have been a page of error)
        return f"{type(panne).__name__} {panne}"[:300]
    return "" if reponse.status_code in REPONSES else str(reponse.status_code)
