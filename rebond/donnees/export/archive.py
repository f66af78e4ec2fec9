"""The file that is given: one JSON for programs, one page for people, the same rows in both."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from rebond.donnees.export import compte, dossiers
from rebond.donnees.export.rubrique import Rubrique, Sujet
from rebond.socle.documents.stockage import rendre_html
from rebond.socle.horloge.temps import PARIS
from rebond.socle.texte.typographie import date_fr, instant_fr

RUBRIQUES: tuple[Rubrique, ...] = (*compte.RUBRIQUES, *dossiers.RUBRIQUES)
NOM, TYPE = "mes-donnees-rebond.zip", "application/zip"
JSON, PAGE = "donnees.json", "lisez-moi.html"
GABARIT = "donnees/export/lisez_moi.html"


@dataclass(frozen=True)
class Tableau:
    """A part as the page shows it."""

    titre: str
    note: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


def donnees_de(sujet: Sujet) -> dict[str, Any]:
    """Everything, as the JSON holds it: by part, one object a row, each named in words under « intitules »."""
    return {
        "portail": "Rebond industriel",
        "etabli_le": sujet.instant,
        "intitules": {r.cle: {"titre": r.titre, "note": r.note, "colonnes": r.colonnes} for r in RUBRIQUES},
        "donnees": {
            r.cle: [{cle: ligne.get(cle) for cle in r.colonnes} for ligne in r.lignes(sujet)] for r in RUBRIQUES
        },
    }


def archive_de(sujet: Sujet) -> bytes:
    donnees = donnees_de(sujet)
    contexte = {"etabli_le": sujet.instant, "tableaux": list(_tableaux(donnees)), "json": JSON}
    fichiers = {
        PAGE: rendre_html(GABARIT, contexte),
        JSON: json.dumps(donnees, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
    }
    octets = BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, texte in fichiers.items():
            quand = sujet.instant.astimezone(PARIS).timetuple()[:6]
            fiche = zipfile.ZipInfo(nom, date_time=quand)
            fiche.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(fiche, texte)
    return octets.getvalue()


def _tableaux(donnees: dict[str, Any]) -> Iterator[Tableau]:
    for rubrique in RUBRIQUES:
        lignes = donnees["donnees"][rubrique.cle]
        yield Tableau(
            rubrique.titre,
            rubrique.note,
            tuple(rubrique.colonnes.values()),
            tuple(tuple(_lisible(valeur) for valeur in ligne.values()) for ligne in lignes),
        )


def _lisible(valeur: Any) -> str:
    """For somebody who reads: empty for nothing."""
    if valeur is None or valeur == "":
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return instant_fr(valeur)
    if isinstance(valeur, date):
        return date_fr(valeur)
    if isinstance(valeur, dict):
        return "\n".join(_dites(valeur.items()))
    return str(valeur)


def _dites(paires: Iterable[tuple[str, Any]]) -> Iterator[str]:
    return (f"{nom}\u00a0: {valeur}" for nom, valeur in paires if valeur not in (None, "", [], {}))
