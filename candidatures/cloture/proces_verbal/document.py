"""The printed procès-verbal: a frozen dataclass, then HTML, then PDF."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.mentions import Mention, mention
from rebond.socle.documents.stockage import html_en_pdf, rendre_html

# Beyond, WeasyPrint would need minutes and gigabytes: the rest is in the JSON, whose root is printed.
DEPOTS_DETAILLES_MAX = 200
LIGNES_IMPRIMEES_MAX = 3000


@dataclass(frozen=True)
class DepotImprime:
    """`empreinte` is that of the content; `pieces` are (name, SHA-256) in order."""

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
    lignes = [json.loads(texte) for texte in _textes(acte)]
    par_nature = {nature: [ligne for ligne in lignes if ligne["nature"] == nature] for nature in NatureLigne}
    depots = par_nature[NatureLigne.DEPOT]
    page = reverse("instruction:proces_verbal", args=[vague.numero, acte.rang])
    return Edition(
        titre=str(acte),
        vague=vague.numero,
        ouverture=vague.ouverture,
        cloture=vague.cloture,
        echeance=max([vague.cloture, *_prolongations_de_la_vague(par_nature[NatureLigne.PROLONGATION])]),
        etabli_le=acte.etabli_le,
        regle=acte.contenu["regle"],
        depots=tuple(_depot(ligne) for ligne in depots),
        brouillons=tuple((ligne["reference"], ligne["territoire"]) for ligne in par_nature[NatureLigne.BROUILLON]),
        mentions=tuple(map(mention, par_nature[NatureLigne.PROLONGATION] + par_nature[NatureLigne.INCIDENT])),
        pieces=sum(len(ligne["pieces"]) for ligne in depots),
        lignes=len(lignes),
        empreinte=acte.empreinte,
        precedent=acte.contenu["precedent"] or "",
        adresse=f"{settings.ADRESSE_PUBLIQUE}{page}",
        demonstration=vague.candidatures.filter(demonstration=True).exists(),
        detaillee=len(depots) <= DEPOTS_DETAILLES_MAX,
        listee=len(lignes) <= LIGNES_IMPRIMEES_MAX,
    )


def _textes(acte: ProcesVerbal) -> Iterable[str]:
    lignes = LigneProcesVerbal.objects.filter(proces_verbal=acte).order_by("ordre")
    return lignes.values_list("texte", flat=True).iterator()


def _depot(ligne: dict[str, Any]) -> DepotImprime:
    return DepotImprime(
        numero=ligne["numero"],
        territoire=ligne["territoire"],
        recu_le=datetime.fromisoformat(ligne["recu_le"]),
        enregistre_le=datetime.fromisoformat(ligne["enregistre_le"]),
        empreinte=ligne["empreinte"],
        pieces=tuple((piece["nom"], piece["sha256"]) for piece in ligne["pieces"]),
    )


def _prolongations_de_la_vague(lignes: Iterable[dict[str, Any]]) -> Iterable[datetime]:
    return (datetime.fromisoformat(ligne["jusqu_au"]) for ligne in lignes if not ligne["reference"])


def en_html(edition: Edition) -> str:
    return rendre_html("candidatures/cloture/proces_verbal.html", {"edition": edition})


def en_pdf(edition: Edition) -> bytes:
    return html_en_pdf(en_html(edition), identifiant=f"proces-verbal/{edition.empreinte}")
