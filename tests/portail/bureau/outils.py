"""What a page counts, and how many rows there are behind its links."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag

import pytest
from django.template.backends.django import Template
from django.template.context import make_context
from django.test import Client
from django.test.signals import template_rendered

NOMBRE = re.compile(r"\d+(?:\u202f\d{3})*")


def en_nombre(texte: str) -> int | None:
    """The number that a text says; None when it says none or several."""
    trouves = NOMBRE.findall(texte)
    return int(trouves[0].replace("\u202f", "")) if len(trouves) == 1 else None


@contextmanager
def sans_dessiner() -> Iterator[None]:
    """Meanwhile a page is what its view gives to its template, `response.context`: nothing of it is written."""

    def donner(gabarit: Template, context: Any = None, request: Any = None) -> str:
        donne = make_context(context, request, autoescape=gabarit.backend.engine.autoescape)
        template_rendered.send(sender=gabarit.template, template=gabarit.template, context=donne)
        return ""

    with pytest.MonkeyPatch.context() as pose:
        pose.setattr(Template, "render", donner)
        yield


def lignes_de(client: Client, lien: str) -> int:
    """How many rows there are at `lien`, over all of its pages."""
    adresse, ancre = urldefrag(lien)
    with sans_dessiner():
        reponse = client.get(adresse)
    assert reponse.status_code == 200, lien
    return _lignes(reponse.context, adresse, ancre)


def _lignes(contexte: Any, adresse: str, ancre: str) -> int:
    if ancre:
        genre, cle = ancre.split("-")
        situation = next(s for s in contexte["situations"] if str(s.enveloppe.pk) == cle)
        page = situation.concours if genre == "aides" else situation.attendent
        return int(page.paginator.count)
    if adresse.endswith("/decisions/"):
        return len(contexte["formulaire"].dossiers)
    if adresse == "/administration/clotures/":
        return len(contexte["etat"].alarmes)
    if adresse == "/administration/collectivites/":
        return len(contexte["contestations"])
    return int(contexte["page"].paginator.count)


class Contenu(HTMLParser):
    """The main part of a page: its links but those of its breadcrumb, each with its text; whether it has rows, or a
    form that acts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.liens: list[tuple[str, str]] = []
        self.rangees = 0
        self.actes = 0
        self._profondeur = 0
        self._fil = False
        self._lien: list[str] | None = None
        self._vers = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lus = {nom: valeur or "" for nom, valeur in attrs}
        self._profondeur += tag == "main"
        self._fil |= tag == "nav" and "fr-breadcrumb" in lus.get("class", "")
        if not self._profondeur or self._fil:
            return
        if tag == "a":
            self._lien, self._vers = [], lus.get("href", "")
        self.rangees += tag == "td"
        self.actes += tag == "form" and lus.get("method", "get").lower() == "post"

    def handle_endtag(self, tag: str) -> None:
        self._profondeur -= tag == "main"
        self._fil &= tag != "nav"
        if tag == "a" and self._lien is not None:
            self.liens.append((self._vers, " ".join("".join(self._lien).split())))
            self._lien = None

    def handle_data(self, data: str) -> None:
        if self._lien is not None:
            self._lien.append(data)
