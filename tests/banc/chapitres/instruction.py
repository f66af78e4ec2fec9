"""The agents' workbench: each page at a hundred files, a thousand and ten thousand; the slowest search and filter.

`listes` and `lectures` measure the list of a wave as it comes and the page of a file under load, `exports` what is
taken away: here are the statements of all the others, and what their reads cost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from candidatures.instruction.attente import Attente
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.suivi.etats import CasDAvis, Etape
from candidatures.models import Vague
from rebond.socle.utilisateur import Utilisateur
from tests.banc.comparaison import SUCCES, Comparaison, empiler
from tests.banc.donnees import dossiers, pieces
from tests.banc.donnees.dossiers import Decor
from tests.banc.mesures import Ligne, Objectif, au_plus
from tests.banc.pages import une_page
from tests.banc.reference import lenteur
from tests.banc.sql import Lecteur, Observation, blocs, processeur_ms, rejouer
from tests.banc.terrain import Terrain

MINIME, PETITE, GRANDE = 100, 1_000, 10_000
INSTRUCTIONS_MAX, BASE_MAX_MS = 12, 150
Adresse = Callable[[Vague], str]


def _instructeur(decor: Decor) -> Utilisateur:
    return decor.instructeur


def _expert(decor: Decor) -> Utilisateur:
    return decor.experts[0]


@dataclass(frozen=True)
class Page:
    """`envoi`: what is sent, for a page that only an act gives. `cherchee`: a search or a filter."""

    cle: str
    libelle: str
    adresse: Adresse
    qui: Callable[[Decor], Utilisateur] = _instructeur
    envoi: dict[str, Any] = field(default_factory=dict)
    cherchee: bool = False


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    vagues = [terrain.vague(nombre) for nombre in (MINIME, PETITE, GRANDE)]
    print("… les pièces lues", flush=True)
    for vague in vagues:
        pieces.lire_les_pieces(vague)
    seuil = BASE_MAX_MS * lenteur(empiler(terrain))
    lignes = []
    for page in _pages(vagues[-1]):
        ligne = _une(terrain, page, vagues, seuil)
        lignes.append((ligne.mesures["base_ms"], page))
        yield ligne
    for cle, libelle, filtre in (("recherche", "La recherche", True), ("facette", "Le filtre", False)):
        choisies = [
            (ms, page) for ms, page in lignes if page.cherchee and ("q=" in page.adresse(vagues[-1])) is filtre
        ]
        yield _sous_charge(terrain, cle, libelle, max(choisies, key=lambda lue: lue[0])[1], vagues[-1], seuil)


def _une(terrain: Terrain, page: Page, vagues: list[Vague], seuil: float) -> Ligne:
    """Its statements at each size; the milliseconds and the blocks of its reads, by psycopg alone."""
    vues = [_observer(terrain, page, vague) for vague in vagues]
    minime, petite, grande = (vue.nombre for vue in vues)
    mesures: dict[str, float] = {"instructions": grande, "instructions_petite": petite, "instructions_minime": minime}
    for nom, vue in zip(("_minime", "_petite", ""), vues, strict=True):
        mesures[f"base_ms{nom}"], mesures[f"blocs{nom}"] = rejouer(vue.instructions), blocs(vue.instructions)
    mesures["processeur_ms"] = processeur_ms(vues[-1].instructions)
    mesures["octets"] = vues[-1].octets
    objectifs = [
        au_plus("instructions", grande, INSTRUCTIONS_MAX),
        au_plus("instructions, de plus à 10 000 qu’à 100", max(grande, petite) - minime, 0),
    ]
    if page.cherchee:
        objectifs.append(au_plus("base en ms", mesures["base_ms"], seuil))
    return Ligne(f"instruction-{page.cle}", f"{page.libelle}, sur {GRANDE}", mesures, objectifs)


def _observer(terrain: Terrain, page: Page, vague: Vague) -> Observation:
    lecteur = Lecteur(page.qui(terrain.decor))
    adresse, envoi = page.adresse(vague), page.envoi or None
    if envoi:
        lecteur.observer(adresse, envoi)
    vue = lecteur.observer(adresse, envoi)
    assert vue.statut in SUCCES, f"{adresse} : {vue.statut}"
    return vue


def _sous_charge(terrain: Terrain, cle: str, libelle: str, page: Page, vague: Vague, seuil: float) -> Ligne:
    """The slowest of its kind, asked for by people all at once beside the empty view."""

    def juger(mesures: dict[str, float], _: Comparaison) -> list[Objectif]:
        return [au_plus("base en ms", mesures["base_ms"], seuil)]

    return une_page(
        terrain,
        f"instruction-{cle}-la-plus-lente",
        f"{libelle} qui coûte le plus : {page.libelle}",
        [page.adresse(vague)],
        terrain.decor.instructeurs,
        juger=juger,
    )


def _de_la_vague(nom: str, demande: str = "") -> Adresse:
    return lambda vague: reverse(f"instruction:{nom}", args=[vague.numero]) + demande


def _du_dossier(nom: str, demande: str = "") -> Adresse:
    return lambda vague: reverse(f"instruction:{nom}", args=[dossiers.un_dossier(vague).pk]) + demande


def _pages(vague: Vague) -> Iterator[Page]:
    yield from _cherchees(vague)
    for saisie in (pieces.PARTOUT, pieces.DANS_LES_PIECES, "introuvable"):
        for nom, dans in (("", ""), ("-dossiers", "&dans=dossiers")):
            yield Page(
                f"tout-{saisie}{nom}",
                f"Rechercher « {saisie} »{' parmi les dossiers' if dans else ''}",
                lambda _, demande=f"?q={saisie}{dans}": reverse("recherche") + demande,
                cherchee=True,
            )
    liste = quote(f"region={_region(vague)}&q={pieces.PARTOUT}")
    yield Page("dossier", "Un dossier, dans une recherche", _du_dossier("dossier", f"?liste={liste}"))
    yield Page("confier", "Confier un dossier", _du_dossier("confier"))
    yield Page("evaluateurs", "Les évaluateurs d’un dossier", _du_dossier("evaluateurs"))
    yield Page("repartir", "Répartir les dossiers", _de_la_vague("repartir"))
    yield Page("evaluations", "Évaluations et écarts", _de_la_vague("evaluations_de_la_vague"))
    yield Page("evaluateurs-du-lot", "Confier des évaluations", _de_la_vague("confier_les_evaluations"))
    yield Page("vues", "Les vues enregistrées", _de_la_vague("vues"))
    for acte in ACTES.values():
        yield Page(
            f"apercu-{acte.cle}",
            f"Aperçu : {acte.libelle}, pour une région",
            _de_la_vague("preparer_lot"),
            envoi={"acte": acte.cle, "tous": "on", "demande": f"region={_region(vague)}"},
        )
    for nom, libelle, qui in (
        ("instruction:vagues", "Les vagues closes", _instructeur),
        ("instruction:mes_evaluations", "Mes évaluations", _instructeur),
        ("exports:mes_exports", "Mes exports", _instructeur),
        ("tableau_de_bord", "Le tableau de bord d’un instructeur", _instructeur),
        ("instruction:avis", "Avis demandés", _expert),
    ):
        yield Page(nom.split(":")[-1], libelle, lambda _, nom=nom: reverse(nom), qui)


def _cherchees(vague: Vague) -> Iterator[Page]:
    """What `listes` does not ask: each tab and each filter, then everything at once."""
    region = _region(vague)
    partout = f"q={pieces.PARTOUT}"
    demandes = {
        **{f"onglet-{onglet}": f"onglet={onglet}" for onglet in Onglet if onglet != Onglet.TOUS},
        **{f"etape-{etape}": f"etape={etape}" for etape in Etape},
        **{f"avis-{cas}": f"avis={cas}" for cas in CasDAvis},
        **{f"particularite-{une}": f"particularite={une}" for une in Particularite},
        **{f"attente-{une}": f"attente={une}" for une in Attente},
        "departement": f"departement={_departement(vague)}",
        "responsable": "responsable=a_prendre",
        "proposition": "proposition=labelliser",
        "evaluations": "evaluations=attendues",
        "mot-partout": partout,
        "mot-des-pieces": f"q={pieces.DANS_LES_PIECES}&tri=-reference",
        "mot-de-nulle-part": "q=introuvable",
        "mot-lieu": f"{partout}&region={region}&departement={_departement(vague)}",
        "tout-a-la-fois": f"{partout}&region={region}&etat=instruite&avis=attendus&responsable=a_prendre&tri=-avis",
    }
    for cle, demande in demandes.items():
        yield Page(f"vague-{cle}", f"Ma vague, {demande}", _de_la_vague("vague", f"?{demande}"), cherchee=True)


def _region(vague: Vague) -> str:
    return str(dossiers.un_dossier(vague).territoire.region_pilote.code)


def _departement(vague: Vague) -> str:
    return str(dossiers.un_dossier(vague).territoire.chef_de_file.departements.order_by("code").first().code)
