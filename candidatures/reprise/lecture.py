"""From the file that someone hands over to the dossiers that it holds, each once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from candidatures.reprise.brut import Objet, instant, net, objet, objets, texte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.texte.encodages import EncodageInconnu, decoder
from rebond.socle.texte.typographie import compte

FORME = (
    "Ce n’est pas une réponse de Démarches simplifiées\u00a0: on attend un objet qui contient «\u00a0demarche\u00a0», "
    "seul ou dans «\u00a0data\u00a0», ou une liste de telles réponses."
)
NUMERO_MAX = 60
JAMAIS = datetime(1, 1, 1, tzinfo=UTC)
ENTIER_LISIBLE = 4000


class FichierIllisible(RegleEnfreinte):
    """There is nothing to take over in this file; the message says why in a sentence."""


@dataclass(frozen=True)
class DossierLu:
    """A dossier as the file says it (`brut` is not copied), and the démarche that it came from."""

    numero: str
    demarche: str
    titre: str
    brut: Objet

    @property
    def modifie_le(self) -> datetime | None:
        return instant(self.brut, "dateDerniereModification")


@dataclass
class Lecture:
    """`doublons`: numbers met several times. `anomalies`: sentences about what could not be read, which may hide
    dossiers. `encodage`: as it was recognised; PowerShell writes UTF-16.
    """

    dossiers: list[DossierLu] = field(default_factory=list)
    demarches: dict[str, str] = field(default_factory=dict)
    doublons: dict[str, int] = field(default_factory=dict)
    anomalies: list[str] = field(default_factory=list)
    encodage: str = ""


def lire_fichier(chemin: Path) -> Lecture:
    """Raises `FichierIllisible` when it is missing, empty, not JSON, or not an answer of the API."""
    try:
        contenu = chemin.read_bytes()
    except FileNotFoundError:
        raise FichierIllisible(f"Le fichier «\u00a0{chemin}\u00a0» n’existe pas.") from None
    except OSError as erreur:
        raise FichierIllisible(f"Le fichier «\u00a0{chemin}\u00a0» ne se lit pas ({erreur.strerror}).") from None
    if not contenu.strip():
        raise FichierIllisible(f"Le fichier «\u00a0{chemin}\u00a0» est vide.")
    try:
        texte_lu, encodage = decoder(contenu)
        brut = json.loads(texte_lu, parse_int=_entier, parse_constant=str)
    except (EncodageInconnu, ValueError, RecursionError):
        raise FichierIllisible(f"Le fichier «\u00a0{chemin}\u00a0» n’est pas du JSON.") from None
    lecture = lire(brut)
    lecture.encodage = encodage
    return lecture


def lire(brut: Any) -> Lecture:
    """The dossiers of one answer, or of a list of answers; the last modified of those that share a number.

    Raises `FichierIllisible` when not one answer speaks of a démarche.
    """
    pages = brut if isinstance(brut, list) else [brut]
    lecture = Lecture()
    gardes: dict[str, DossierLu] = {}
    suites: dict[str, bool] = {}
    lisibles = 0
    for rang, page in enumerate(pages, start=1):
        lecture.anomalies += _erreurs(page, rang)
        demarche = _demarche(page)
        if demarche is None:
            lecture.anomalies.append(f"Réponse n° {rang}\u00a0: aucune démarche.")
            continue
        lisibles += 1
        numero = en_une_ligne(texte(demarche, "number"))
        lecture.demarches[numero] = en_une_ligne(texte(demarche, "title"))
        suite = objet(demarche, "dossiers", "pageInfo").get("hasNextPage")
        if isinstance(suite, bool):
            suites[numero] = suites.get(numero, True) and suite
        for dossier in _dossiers(demarche, rang, lecture):
            _retenir(dossier, gardes, lecture)
    if not lisibles:
        raise FichierIllisible(" ".join([FORME, *_erreurs_seules(lecture)]))
    lecture.anomalies += [
        f"Démarche {numero}\u00a0: la dernière page manque, il reste des dossiers à demander."
        for numero, reste in suites.items()
        if reste
    ]
    lecture.dossiers = list(gardes.values())
    return lecture


def nettoyer(dossier: DossierLu) -> Objet:
    """The dossier as the database can keep it. Raises `RegleEnfreinte` when it is nested too deeply."""
    try:
        return objet({"dossier": net(dossier.brut)}, "dossier")
    except RecursionError:
        raise RegleEnfreinte("Ses données sont trop imbriquées pour être lues.") from None


def _demarche(page: Any) -> Objet | None:
    """The démarche of an answer; None when there is none, or nothing in it that tells which one it is."""
    for lieu in (objet(page, "data"), objet(page)):
        demarche = objet(lieu, "demarche")
        if texte(demarche, "number") or objet(demarche, "dossiers"):
            return demarche
    return None


def _erreurs(page: Any, rang: int) -> list[str]:
    return [
        f"Réponse n° {rang}\u00a0: Démarches simplifiées a signalé «\u00a0{_court(texte(erreur, 'message'))}\u00a0»."
        for erreur in objets(page, "errors")
    ]


def _erreurs_seules(lecture: Lecture) -> list[str]:
    return [anomalie for anomalie in lecture.anomalies if "signalé" in anomalie][:3]


def _dossiers(demarche: Objet, rang: int, lecture: Lecture) -> Iterator[DossierLu]:
    connexion = objet(demarche, "dossiers")
    noeuds = connexion.get("nodes")
    if noeuds is None:
        # GraphQL clients may ask for edges rather than nodes.
        noeuds = [arete.get("node") for arete in objets(connexion, "edges")]
    if not isinstance(noeuds, list):
        lecture.anomalies.append(f"Réponse n° {rang}\u00a0: la liste des dossiers n’est pas lisible.")
        return
    sans_numero = 0
    for noeud in noeuds:
        numero = texte(noeud, "number").strip() if isinstance(noeud, Mapping) else ""
        if not numero or len(numero) > NUMERO_MAX or not numero.isprintable():
            sans_numero += 1
            continue
        demarche_numero, titre = (en_une_ligne(texte(demarche, cle)) for cle in ("number", "title"))
        yield DossierLu(numero, demarche_numero, titre, noeud)
    if sans_numero:
        lecture.anomalies.append(
            f"Réponse n° {rang}\u00a0: {compte(sans_numero, 'dossier')} sans numéro lisible, impossible à reprendre."
        )


def _retenir(dossier: DossierLu, gardes: dict[str, DossierLu], lecture: Lecture) -> None:
    deja = gardes.get(dossier.numero)
    if deja is not None:
        lecture.doublons[dossier.numero] = lecture.doublons.get(dossier.numero, 1) + 1
        if (dossier.modifie_le or JAMAIS) < (deja.modifie_le or JAMAIS):
            return
    gardes[dossier.numero] = dossier


def _entier(chiffres: str) -> int | str:
    """Python refuses to read a number of thousands of digits: it is kept as text."""
    return int(chiffres) if len(chiffres) < ENTIER_LISIBLE else chiffres


def _court(message: str) -> str:
    return " ".join("".join(lettre if lettre.isprintable() else " " for lettre in message).split())[:200]
