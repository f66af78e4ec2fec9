"""The printed procès-verbal: a frozen dataclass, then HTML, then PDF."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.cloture.proces_verbal.lecture import textes
from candidatures.cloture.proces_verbal.mentions import Mention, mention
from rebond.socle.adresses import adresse_complete
from rebond.socle.documents.stockage import html_en_pdf, rendre_html

# Beyond, nobody would read it, and printing would last more than its quarter of an hour: the rest is in the JSON,
# whose root is printed. A line takes some six milliseconds (`rebond.socle.documents.parties`).
DEPOTS_DETAILLES_MAX = 200
LIGNES_IMPRIMEES_MAX = 20_000


@dataclass(frozen=True)
class DepotImprime:
    """`empreinte` is that of the content; `pieces` are (name, SHA-256) in order, where they are printed."""

    numero: str
    territoire: str
    recu_le: datetime
    enregistre_le: datetime
    empreinte: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Edition:
    """Everything that is printed.

    `detaillee` is false when the wave is too large for its annex of hashes, `listee` when it is for its lists.
    """

    titre: str
    vague: int
    ouverture: datetime
    cloture: datetime
    echeance: datetime
    etabli_le: datetime
    regle: str
    depots: tuple[DepotImprime, ...]
    brouillons: tuple[tuple[str, str], ...]
    mentions: tuple[Mention, ...]
    pieces: int
    lignes: int
    empreinte: str
    precedent: str
    adresse: str
    demonstration: bool
    detaillee: bool
    listee: bool


def edition_de(acte: ProcesVerbal) -> Edition:
    """What `acte`, whose wave is read, says; of format 2."""
    vague = acte.vague
    annonces = acte.contenu["lignes"]
    # A line is kept for what is printed of it: ten thousand, whole, would weigh a hundred megabytes.
    detaillee = annonces[NatureLigne.DEPOT] <= DEPOTS_DETAILLES_MAX
    depots: list[DepotImprime] = []
    brouillons: list[tuple[str, str]] = []
    autres: dict[str, list[dict[str, Any]]] = {NatureLigne.PROLONGATION: [], NatureLigne.INCIDENT: []}
    lignes = pieces = 0
    for ligne in map(json.loads, textes(acte)):
        lignes += 1
        if ligne["nature"] == NatureLigne.DEPOT:
            pieces += len(ligne["pieces"])
            depots.append(_depot(ligne, detaillee=detaillee))
        elif ligne["nature"] == NatureLigne.BROUILLON:
            brouillons.append((ligne["reference"], ligne["territoire"]))
        elif ligne["nature"] in autres:
            autres[ligne["nature"]].append(ligne)
    return Edition(
        titre=str(acte),
        vague=vague.numero,
        ouverture=vague.ouverture,
        cloture=vague.cloture,
        echeance=max([vague.cloture, *_prolongations_de_la_vague(autres[NatureLigne.PROLONGATION])]),
        etabli_le=acte.etabli_le,
        regle=acte.contenu["regle"],
        depots=tuple(depots),
        brouillons=tuple(brouillons),
        mentions=tuple(map(mention, autres[NatureLigne.PROLONGATION] + autres[NatureLigne.INCIDENT])),
        pieces=pieces,
        lignes=lignes,
        empreinte=acte.empreinte,
        precedent=acte.contenu["precedent"] or "",
        adresse=adresse_complete("instruction:proces_verbal", vague.numero, acte.rang),
        demonstration=vague.candidatures.filter(demonstration=True).exists(),
        detaillee=detaillee,
        listee=lignes <= LIGNES_IMPRIMEES_MAX,
    )


def _depot(ligne: dict[str, Any], *, detaillee: bool) -> DepotImprime:
    return DepotImprime(
        numero=ligne["numero"],
        territoire=ligne["territoire"],
        recu_le=datetime.fromisoformat(ligne["recu_le"]),
        enregistre_le=datetime.fromisoformat(ligne["enregistre_le"]),
        empreinte=ligne["empreinte"],
        pieces=tuple((piece["nom"], piece["sha256"]) for piece in ligne["pieces"]) if detaillee else (),
    )


def _prolongations_de_la_vague(lignes: Iterable[dict[str, Any]]) -> Iterable[datetime]:
    return (datetime.fromisoformat(ligne["jusqu_au"]) for ligne in lignes if not ligne["reference"])


def en_html(edition: Edition) -> str:
    return rendre_html("candidatures/cloture/proces_verbal.html", {"edition": edition})


def en_pdf(edition: Edition) -> bytes:
    return html_en_pdf(en_html(edition), identifiant=f"proces-verbal/{edition.empreinte}")
