"""What the tests of exports build: a long list, whoever may read it, and the way to its file."""

import csv
import io
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from rebond.exports import actions
from rebond.exports.models import Export
from rebond.exports.regles import SEUIL
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

LONGUE = SEUIL + 1
ADRESSE = "/journal/acces.csv?objet=essai"


def des_acces(nombre: int = LONGUE, objet: str = "essai") -> None:
    """So many entries of the journal of accesses, written by Postgres."""
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO socle_acces (instant, nature, personne, roles, chemin, objet, adresse, navigateur) "
            "SELECT clock_timestamp(), 'document', 'p' || n || '@example.org', 'auditeur', '/vide/', %s || ' ' || n, "
            "'192.0.2.1', '=1+1' FROM generate_series(1, %s) n",
            [objet, nombre],
        )


def client_de(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def demander(client: Client, adresse: str = ADRESSE) -> Export:
    """By the page that offers it, as a person does; the answer leads to the page of the export."""
    page = client.get(adresse)
    assert page.templates[0].name == "exports/preparer.html", page.status_code
    reponse = client.post(reverse("exports:demander"), {"adresse": page.context["adresse"], **f.d_une_autre_page()})
    assert reponse.status_code == 302, reponse.content
    export = Export.objects.order_by("-pk").first()
    assert export is not None
    return export


def preparer(export: Export) -> bool:
    fait = actions.preparer(export.pk, maintenant=horloge_base())
    export.refresh_from_db()
    return fait


def adresse_du_fichier(export: Export) -> str:
    return reverse("exports:fichier", args=[export.pk])


def statut_du_fichier(client: Client, export: Export) -> int:
    reponse = client.get(adresse_du_fichier(export))
    if reponse.status_code == 200:
        assert reponse.getvalue()
    return reponse.status_code


def lignes_de(reponse: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reponse.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
