"""Pages without personal content: cached, after a change, unchanged, and how light they are."""

import re
import statistics
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from candidatures.models import Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.banc.comparaison import VIDE, Comparaison
from tests.banc.donnees import portefeuilles
from tests.banc.mesures import Ligne, Objectif, au_moins, au_plus
from tests.banc.pages import une_page
from tests.banc.service.http import charger, lire, requete
from tests.banc.service.navigateur import Debit, premier_affichage
from tests.banc.terrain import Terrain

CACHE_MIN, SANS_CACHE_MIN = 0.8, 0.35
# 400 kbit/s, in bytes a second; and what a slow line waits for besides.
DEBIT, ATTENTE_MS = 400_000 // 8, 400
# What the browser takes by itself, the line being none.
SANS_ATTENDRE = 1_000 * DEBIT
PREMIER_AFFICHAGE, AFFICHAGES = 3.0, 3
ESSAIS = 30
BLOQUANTS = re.compile(
    rb'<link[^>]+rel="stylesheet"[^>]*>|<script(?![^>]*(?:defer|async|type="module"))[^>]+src=[^>]*>'
)
SOURCE = re.compile(rb'(?:href|src)="([^"]+)"')


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    accueil = reverse("accueil")
    terrain.decor  # noqa: B018 (an open wave, so that the home page has something to say)
    # Before anything is measured: the home page tells of laureates, with or without a release.
    semes = terrain.portefeuilles
    avant = _en_cache(terrain, "accueil-public", "Accueil public, en cache", accueil)
    yield avant
    yield _sans_cache(terrain, accueil)
    yield _en_cache(terrain, "laureats", "Territoires lauréats, en cache", reverse("laureats"))
    carte = reverse("carte_laureats")
    yield _en_cache(terrain, "carte", "Carte des lauréats (SVG), en cache", carte)
    yield _inchangee(terrain, carte)
    yield _inchangee(terrain, accueil, cle="accueil-304", libelle="Accueil, inchangé (304)")
    memoire = terrain.portail.memoire
    for nombre in semes.jours:
        portefeuilles.figer(semes, nombre)
    yield _apres_un_communique(terrain, avant, accueil, memoire)
    yield _premier_affichage(terrain, accueil)


def _en_cache(terrain: Terrain, cle: str, libelle: str, adresse: str) -> Ligne:
    def juger(_: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        return [au_moins("de la vue vide, à huit clients", comparaison.rapport(), CACHE_MIN)]

    return une_page(terrain, cle, libelle, [adresse], juger=juger)


def _sans_cache(terrain: Terrain, accueil: str) -> Ligne:
    """Each request comes after the calendar, which the page tells of, has changed."""
    fin = horloge_base() + timedelta(days=700)
    vague = f.une_vague(ouverture=fin - timedelta(days=30), cloture=fin)
    pages, vides = [], []
    for essai in range(max(3, int(ESSAIS * terrain.part))):
        Vague.objects.filter(pk=vague.pk).update(cloture=fin + timedelta(minutes=essai + 1))
        pages += charger(terrain.portail.port, lambda: requete(accueil), connexions=1, secondes=0).durees
        vides += charger(terrain.vide.port, lambda: VIDE, connexions=1, secondes=0, au_moins=5).durees[1:]
    page, vide = statistics.median(pages), statistics.median(vides)
    objectif = au_moins("de la vue vide, à un client", vide / page, SANS_CACHE_MIN)
    mesures = {
        "p50_ms": 1000 * page,
        "par_seconde_1": 1 / page,
        "vide_par_seconde_1": 1 / vide,
        "rapport": vide / page,
    }
    return Ligne("accueil-public-sans-cache", "Accueil public, après un changement du calendrier", mesures, [objectif])


def _inchangee(terrain: Terrain, adresse: str, *, cle: str = "carte-304", libelle: str = "") -> Ligne:
    """The same, asked again by somebody who has it: nothing travels."""
    libelle = libelle or "Carte des lauréats, inchangée (304)"
    reponse, corps = lire(terrain.portail.port, adresse, {"Accept-Encoding": "gzip"})
    etiquette = reponse.headers.get("ETag")
    comprimee = reponse.headers.get("Content-Encoding") is not None
    faits = [
        au_moins("comprimée (1 : oui)", comprimee, 1),
        au_plus("Vary: Cookie (1 : oui)", "cookie" in reponse.headers.get("Vary", "").lower(), 0),
        au_moins("porte un ETag (1 : oui)", etiquette is not None, 1),
    ]
    if etiquette is None:
        return Ligne(cle, libelle, {"octets": len(corps)}, faits, note="Aucun ETag : rien ne peut revenir inchangé.")

    def juger(_: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        return [*faits, au_moins("de la vue vide, à huit clients", comparaison.rapport(), CACHE_MIN)]

    return une_page(terrain, cle, libelle, [adresse], juger=juger, attendus=(304,), If_None_Match=etiquette)


def _apres_un_communique(terrain: Terrain, avant: Ligne, accueil: str, memoire: float) -> Ligne:
    """Unchanged: within a quarter of what it did before, which is what a loaded machine tells of it. `memoire`: what a
    process weighed just before the release."""

    def juger(mesures: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        return [
            au_moins("du rapport d’avant", comparaison.rapport() / avant.mesures["rapport"], 0.75),
            au_plus("mémoire, de celle d’avant", mesures["memoire_mo"] / memoire, 1.25),
        ]

    libelle = f"Accueil, après un communiqué de {max(terrain.portefeuilles.jours)} projets"
    return une_page(terrain, "accueil-apres-communique", libelle, [accueil], juger=juger)


def _premier_affichage(terrain: Terrain, accueil: str) -> Ligne:
    """By a real browser that has kept nothing, at the end of a line of 400 kbit/s; of the very server of production,
    with the compressed files that it sends. Beside it: the same when the line answers late besides, what the browser
    takes by itself, and how long the bytes that stand before the first paint take alone."""
    port, adresse = terrain.portail.port, f"http://127.0.0.1:{terrain.portail.port}{accueil}"
    octets, fichiers = _avant_de_peindre(port, accueil)
    essais = AFFICHAGES if terrain.entier else 1
    secondes = premier_affichage(adresse, Debit(DEBIT), essais=essais)
    tardive = premier_affichage(adresse, Debit(DEBIT, ATTENTE_MS), essais=essais)
    sans_attendre = premier_affichage(adresse, Debit(SANS_ATTENDRE), essais=essais)
    return Ligne(
        "premier-affichage",
        "Premier affichage de l’accueil à 400 kbit/s",
        {
            "p50_ms": 1000 * secondes,
            "secondes": secondes,
            "secondes_ligne_tardive": tardive,
            "secondes_sans_attendre": sans_attendre,
            "octets": octets,
            "fichiers": fichiers,
            "secondes_des_octets": octets / DEBIT,
        },
        [au_plus("secondes", secondes, PREMIER_AFFICHAGE)],
        note=f"{fichiers} fichiers bloquants, {octets / 1000:.0f} ko en tout ; {tardive:.1f} s quand la ligne met en "
        f"plus {ATTENTE_MS} ms à répondre",
    )


def _avant_de_peindre(port: int, accueil: str) -> tuple[int, int]:
    """Compressed bytes of the page and of what says that it must come first; how many files these are."""
    entetes = {"Accept-Encoding": "gzip, br"}
    _, page = lire(port, accueil)
    octets, fichiers = len(lire(port, accueil, entetes)[1]), 0
    for balise in BLOQUANTS.findall(page):
        if trouvee := SOURCE.search(balise):
            octets += len(lire(port, trouvee[1].decode(), entetes)[1])
            fichiers += 1
    return octets, fichiers
