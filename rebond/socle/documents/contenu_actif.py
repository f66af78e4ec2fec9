"""Programs and files in a PDF: looked for by a worker, told wherever the file is shown.

A PDF is read by a process of its own (`rebond.socle.documents.inspecteur`), without any setting nor secret, bounded in
time and memory.
"""

import json
import logging
from collections.abc import Collection
from pathlib import Path
from typing import IO

from django.db.models import Q

from rebond.socle.documents.a_part import PRET, Bornes, lancer
from rebond.socle.documents.etats import ContenuActif, Ouverture
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.models import Document, Lisibilite
from rebond.socle.documents.ouverture import sur_disque
from rebond.socle.documents.stockage import ouvrir

journal = logging.getLogger(__name__)
INSPECTEUR = Path(__file__).with_name("inspecteur.py")
# Seconds of processor, and on the clock: 200 MB of objects take some ten.
PROCESSEUR, DELAI = 60, 120.0
# Readable documents in which nobody has looked yet: the others are said to be unreadable.
A_INSPECTER = Q(lisibilite__contenu=Contenu.PDF.value, lisibilite__ouverture=Ouverture.LISIBLE, lisibilite__actif=None)


def inspecter(fichier: IO[bytes]) -> list[ContenuActif] | None:
    """What runs or hides in a PDF; `INCONNU` alone when it cannot be read so far, None when the fault is ours."""
    with sur_disque(fichier) as lu:
        fini = lancer(INSPECTEUR, Bornes(PROCESSEUR, DELAI), entree=lu)
    if fini is None:
        return [ContenuActif.INCONNU]
    if not fini.stdout.startswith(PRET):
        journal.error("Aucun PDF ne peut être inspecté : %s", fini.stderr[-500:].decode("utf-8", "replace"))
        return None
    try:
        return [ContenuActif(trouve) for trouve in json.loads(fini.stdout.removeprefix(PRET))]
    except ValueError:
        return [ContenuActif.INCONNU]


def inspecter_document(document: Document) -> bool:
    """Look in a stored PDF, and keep what is there; whether anything could be said. Raises `FileNotFoundError`."""
    with ouvrir(document) as fichier:
        trouves = inspecter(fichier)
    if trouves is not None:
        Lisibilite.objects.filter(document=document).update(actif=trouves)
    return trouves is not None


def mise_en_garde(actif: Collection[str] | None) -> str:
    """« attention : contient un programme (JavaScript), contient d’autres fichiers »; empty when nothing is to say."""
    dits = ", ".join(str(ContenuActif(trouve).label) for trouve in actif or ())
    return f"attention\u00a0: {dits}" if dits else ""
