"""Every file of the demonstration that a role finds on its pages: isolated, and called what it is."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve

from rebond.socle.documents.formats import EXTENSIONS
from rebond.socle.requete.fichiers_servis import est_un_fichier
from rebond.socle.utilisateur import Utilisateur

# Addresses of one kind that a role opens: the first file of a list may hold nothing.
PAR_SORTE = 3
FINS = {contenu.value: extensions for contenu, extensions in EXTENSIONS.items()} | {
    "text/csv": (".csv",),
    "text/html": (".html",),
    "text/plain": (".txt",),
    "image/svg+xml": (".svg",),
    "application/json": (".json", ".geojson"),
    "application/jsonl": (".jsonl",),
    "application/geo+json": (".geojson",),
    "application/zip": (".zip",),
    "application/timestamp-reply": (".tsr",),
    "text/calendar": (".ics",),
    "application/atom+xml": (".atom",),
}

ROLES = ("porteur", "instructeur", "presse", "charge-mission")
FAMILLES = {
    "calendrier_atom",
    "calendrier_ics",
    "carte_laureats",
    "candidatures:carte_perimetre",
    "candidatures:contenu_de_piece",
    "candidatures:modele_mandat",
    "candidatures:piece",
    "instruction:apercu_de_piece",
    "instruction:export_csv",
    "instruction:export_ods",
    "instruction:export_xlsx",
    "instruction:piece",
    "instruction:proces_verbal_json",
    "instruction:proces_verbal_lignes",
    "presse:fichier_fige",
    "projets:exporter_csv",
    "projets:exporter_ods",
    "projets:exporter_xlsx",
}

# A PDF shown in a frame of a page of ours: Chromium shows none that is sandboxed.
ENCADRES = {
    "candidatures:contenu_de_piece",
    "instruction:apercu_de_piece",
    "instruction:apercu_de_piece_de_correction",
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


def fautes(nom: str, reponse: Any) -> Iterator[str]:
    encadre = nom in ENCADRES and reponse["Content-Type"] == "application/pdf"
    if not reponse["Content-Security-Policy"].endswith("frame-ancestors 'self'" if encadre else "; sandbox"):
        yield f"{nom} : {reponse['Content-Security-Policy']}"
    if reponse.get("Cross-Origin-Resource-Policy") != "same-origin" or reponse["X-Content-Type-Options"] != "nosniff":
        yield f"{nom} : {dict(reponse.headers)}"
    if "Content-Disposition" in reponse:
        entete = Message()
        entete["Content-Disposition"] = reponse["Content-Disposition"]
        fin = Path(entete.get_filename() or "").suffix
        if fin not in FINS.get(reponse["Content-Type"].partition(";")[0], ()):
            yield f"{nom} : {reponse['Content-Type']}, {reponse['Content-Disposition']}"


def test_tout_fichier_que_l_on_trouve_part_isole_et_porte_la_fin_de_son_contenu(demonstration: str, db: None) -> None:
    trouves, fautifs = set(), []
    for role in ROLES:
        client = Client()
        client.force_login(Utilisateur.objects.get(email=f"{role}@demonstration.example"))
        for nom, reponse in fichiers_de(client):
            trouves.add(nom)
            fautifs.extend(fautes(nom, reponse))
    assert fautifs == []
    # Each family is there, or nothing is proven of it.
    assert FAMILLES - trouves == set(), " ".join(sorted(trouves))
