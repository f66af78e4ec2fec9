"""The contents and the files that deposits froze, hashed again."""

import hashlib

from django.db.models import QuerySet

from candidatures.cloture.proces_verbal.comparaison import Difference
from candidatures.depot.models import Depot, PieceDeposee
from rebond.socle.documents.effacements import efface_le
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import BLOC, ouvrir
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.typographie import compte

LOT_DE_CONTENUS = 100
EFFACES = "l’empreinte inscrite reste, et ne se recalcule plus."


def verifier_les_contenus(depots: QuerySet[Depot]) -> str:
    """Each deposit's content has the fingerprint that it was recorded with."""
    nombre = 0
    lus = depots.order_by("pk").only("numero", "contenu", "empreinte")
    for depot in lus.iterator(chunk_size=LOT_DE_CONTENUS):
        if (trouvee := empreinte(depot.contenu)) != depot.empreinte:
            raise Difference(
                f"Dépôt {depot.numero}, empreinte de son contenu", attendu=depot.empreinte, trouve=trouvee
            )
        nombre += 1
    return f"{compte(nombre, 'contenu de dépôt', 'contenus de dépôt')}\u00a0: chacun a l’empreinte inscrite."


def verifier_les_fichiers(depots: QuerySet[Depot]) -> str:
    """Each attachment's bytes are those that were received. A file attached several times is read once."""
    pieces = (
        PieceDeposee.objects.filter(depot__in=depots.order_by().values("pk"))
        .order_by("document", "pk")
        .distinct("document")
        .select_related("document__effacement", "depot")
        .defer("depot__contenu")
    )
    fichiers = octets = effaces = 0
    for piece in pieces.iterator(chunk_size=LOT_DE_CONTENUS):
        objet = f"Dépôt {piece.depot.numero}, fichier «\u00a0{piece.nom}\u00a0»"
        if efface_le(piece.document) is not None:
            effaces += 1
            continue
        try:
            trouvee, taille = _relire(piece.document)
        except FileNotFoundError:
            raise Difference(objet, attendu=piece.document.sha256, trouve="aucun fichier") from None
        if trouvee != piece.document.sha256:
            raise Difference(f"{objet}, empreinte", attendu=piece.document.sha256, trouve=trouvee)
        fichiers += 1
        octets += taille
    lus = f"{compte(fichiers, 'fichier')} ({compte(octets, 'octet')})\u00a0: chacun a l’empreinte inscrite."
    if not effaces:
        return lus
    partis = compte(effaces, "fichier effacé depuis", "fichiers effacés depuis")
    return f"{lus} {partis}, sur deux signatures\u00a0: {EFFACES}"


def _relire(document: Document) -> tuple[str, int]:
    somme, taille = hashlib.sha256(), 0
    with ouvrir(document) as fichier:
        while bloc := fichier.read(BLOC):
            somme.update(bloc)
            taille += len(bloc)
    return somme.hexdigest(), taille
