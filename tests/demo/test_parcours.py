"""Each role of the demonstration follows every link that it is shown, and sends rubbish to every form."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from rebond.demo import comptes
from rebond.socle.utilisateur import Utilisateur
from tests.outils.pages import Formulaire, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DEPARTS = ("/", "/tableau-de-bord/", "/plan-du-site/")
# Of the pages of one kind, as many; of one kind asked for otherwise (sorted, filtered), as many more.
PAR_GENRE = 2
# Signing out ends the walk; a document made anew takes seconds, and has tests of its own.
EVITES = re.compile(r"^/compte/|/modele|^/presse/\d[^/]*/(?:pdf|docx|png|zip|odt|xlsx)/")
JUNK_LONG = "é" * 500_000
ORDURES: dict[str, list[str]] = {
    "vide": [""],
    "long": [JUNK_LONG],
    "nul": ["\x00a\x00", "null\x00"],
    "mauvais genre": ["[]", '{"a": 1}', "True", "--", "%00", "../../etc/passwd", "<script>alert(1)</script>"],
    "entier énorme": ["9" * 400, "-" + "9" * 40, str(2**63), str(2**31)],
    "nombre étrange": ["1e309", "NaN", "Infinity", "-0", "١٢٣", "1\u202f000\u202f000\u202f000\u202f000\u202f000"],
    "date impossible": ["0000-00-00", "2026-02-30", "99999-01-01", "12/31/2026"],
    "clef d’un autre": ["1", "2", "30999", "-1", "0"],
}


def genre(adresse: str) -> str:
    """The address without what names an object, and with the names alone of what it is asked."""
    lue = urlsplit(adresse)
    try:
        nom = resolve(lue.path).route
    except Resolver404:
        nom = lue.path
    return f"{nom}?{','.join(sorted(part.partition('=')[0] for part in lue.query.split('&')))}"


def parcourir(client: Client) -> Iterator[tuple[str, Page]]:
    """Each page that the links lead to, whatever it answers but a fault."""
    attendent, vus, genres = list(DEPARTS), set(DEPARTS), Counter[str]()
    while attendent:
        adresse = attendent.pop(0)
        genres[genre(adresse)] += 1
        if genres[genre(adresse)] > PAR_GENRE or EVITES.search(adresse):
            continue
        reponse = client.get(adresse)
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert reponse.status_code in {200, 302, 409}, (reponse.status_code, adresse)
        if reponse.status_code == 302:
            suivants = [reponse["Location"]]
        elif reponse["Content-Type"].startswith("text/html"):
            page = Page(adresse, corps.decode())
            yield adresse, page
            suivants = page.liens + [tri for f in page.formulaires if f.methode == "GET" for tri in f.tris]
        else:
            suivants = []
        for lien in suivants:
            if lien not in vus and lien.startswith("/"):
                vus.add(lien)
                attendent.append(lien)


def un_compte(compte: comptes.Compte) -> Client:
    client = Client()
    client.force_login(Utilisateur.objects.get(email=compte.email))
    return client


@pytest.mark.parametrize("compte", comptes.COMPTES, ids=lambda compte: compte.cle)
def test_aucun_lien_ne_casse_et_aucun_formulaire_ne_tombe(compte: comptes.Compte) -> None:
    client = un_compte(compte)
    formulaires: dict[str, Formulaire] = {}
    pages = 0
    for _, page in parcourir(client):
        pages += 1
        for formulaire in page.formulaires:
            formulaires.setdefault(f"{formulaire.methode} {genre(formulaire.adresse)}", formulaire)
    assert pages > 10
    pannes = [panne for formulaire in formulaires.values() for panne in souiller(client, formulaire)]
    assert pannes == []


def souiller(client: Client, formulaire: Formulaire) -> Iterator[str]:
    """What fails when each kind of rubbish is sent in every field; nothing of it is kept."""
    if EVITES.search(formulaire.adresse):
        return
    for sorte, valeurs in ORDURES.items():
        for envoi in envois(formulaire, valeurs[:1] if sorte in {"vide", "long"} else valeurs):
            if panne := _envoyer(client, formulaire, urlencode(envoi, doseq=True)):
                yield f"{sorte}\u00a0: {formulaire.methode} {formulaire.adresse}\u00a0: {panne}"
    mauvais = "&".join(f"{nom}=%ff%fe%80" for nom in formulaire.champs)
    if panne := _envoyer(client, formulaire, mauvais):
        yield f"octets\u00a0: {formulaire.methode} {formulaire.adresse}\u00a0: {panne}"


def envois(formulaire: Formulaire, valeurs: list[str]) -> Iterator[dict[str, Any]]:
    """Every value in every field at once; the one megabyte in one field only, the others as they are proposed."""
    proposes = {nom: (choix[0] if choix else "") for nom, (_, choix) in formulaire.champs.items()}
    for valeur in valeurs:
        if valeur is not JUNK_LONG:
            yield dict.fromkeys(formulaire.champs, valeur)
        elif libres := [nom for nom, (sorte, _) in formulaire.champs.items() if sorte in {"text", "textarea"}]:
            yield proposes | {libres[-1]: valeur}


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
    return "" if reponse.status_code < 500 else str(reponse.status_code)
