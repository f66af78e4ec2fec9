"""Every file of the demonstration that a role finds on its pages: isolated, and called what it is."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve

from rebond.demo.comptes import COMPTES
from rebond.socle.documents.formats import EXTENSIONS
from rebond.socle.requete.fichiers_servis import est_un_fichier
from rebond.socle.utilisateur import Utilisateur

# One address of each kind is enough for a role, and two of a kind show what the first one may lack.
PAR_SORTE = 2
ENDINGS = {contenu.value: extensions for contenu, extensions in EXTENSIONS.items()} | {
    "text/csv": (".csv",),
    "text/html": (".html",),
    "text/plain": (".txt",),
    "image/svg+xml": (".svg",),
    "application/json": (".json", ".geojson"),
    "application/geo+json": (".geojson",),
    "application/zip": (".zip",),
    "application/timestamp-reply": (".tsr",),
    "text/calendar": (".ics",),
    "application/atom+xml": (".atom",),
}


def liens(html: str) -> Iterator[str]:
    for adresse in re.findall(r'(?:href|src)="(/[^"#]*)', html):
        if not adresse.startswith("/static/"):
            yield unescape(adresse)


def fichiers_de(client: Client) -> Iterator[tuple[str, Any]]:
    """(name of the view, response) of what `client` finds, breadth first from the home page."""
    a_voir, vues, sortes = ["/", "/tableau-de-bord/"], set(), {}
    while a_voir:
        adresse = a_voir.pop(0)
        try:
            nom = resolve(adresse.partition("?")[0]).view_name
        except Resolver404:
            continue
        sorte = (nom, "format" in adresse)
        if adresse in vues or sortes.get(sorte, 0) >= PAR_SORTE or "deconnexion" in adresse:
            continue
        vues.add(adresse)
        sortes[sorte] = sortes.get(sorte, 0) + 1
        reponse = client.get(adresse, follow=True)
        if est_un_fichier(reponse):
            yield nom, reponse
        else:
            a_voir.extend(liens(reponse.content.decode()))
        if reponse.streaming:
            # Read to its end, it closes by itself.
            assert b"".join(reponse)


def test_tout_fichier_que_l_on_trouve_part_isole_et_porte_la_fin_de_son_contenu(demonstration: str, db: None) -> None:
    trouves = set()
    for compte in COMPTES:
        client = Client()
        client.force_login(Utilisateur.objects.get(email=compte.email))
        for nom, reponse in fichiers_de(client):
            assert "sandbox" in reponse["Content-Security-Policy"] or nom == "candidatures:contenu_de_piece", nom
            assert reponse["Cross-Origin-Resource-Policy"] == "same-origin", nom
            assert reponse["X-Content-Type-Options"] == "nosniff", nom
            trouves.add(nom)
            if "Content-Disposition" in reponse:
                entete = Message()
                entete["Content-Disposition"] = reponse["Content-Disposition"]
                fin = re.search(r"\.\w+$", entete.get_filename() or "").group()
                assert fin in ENDINGS[reponse["Content-Type"].partition(";")[0]], (
                    nom,
                    dict(reponse.headers),
                )
    assert trouves == set()
