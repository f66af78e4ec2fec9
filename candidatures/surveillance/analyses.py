"""Having the antivirus scan what people sent, and acting on what it finds.

A document that an attachment refers to and that has no `Analyse` is the pending work: whatever stops the worker or
clamd, the next beat finds it again.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from candidatures.depot.models import PieceDeposee
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionComplete
from candidatures.instruction.correction.models import PieceDeCorrection
from candidatures.instruction.echanges.models import PieceDeMessage
from candidatures.instruction.saisine.models import AvisRendu, BrouillonDAvis
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.models import Analyse, Document
from rebond.socle.documents.stockage import ouvrir
from rebond.socle.journal.actions import consigner
from rebond.surveillance.antivirus import AnalyseImpossible, AntivirusInjoignable, analyser

journal = logging.getLogger(__name__)

# What refers to a document that people sent, and the way from there to the file.
PORTEURS: tuple[tuple[type[Model], str], ...] = (
    (PieceJointe, "candidature"),
    (PieceDeposee, "depot__candidature"),
    (PieceDeMessage, "message__candidature"),
    (PieceDeCorrection, "demande__candidature"),
    (AvisRendu, "saisine__candidature"),
    (BrouillonDAvis, "saisine__candidature"),
)
# What comes with an avis is of the State's side: a territory learns nothing of it.
DES_AVIS: tuple[type[Any], ...] = (AvisRendu, BrouillonDAvis)
DE_L_AVIS = ("saisine__candidature__vague", "saisine__candidature__territoire", "saisine__expert")
LIMITE = 20


def a_analyser() -> QuerySet[Document]:
    """Documents sent by people that have not been scanned."""
    return documents_recus().filter(analyse=None)


def documents_recus() -> QuerySet[Document]:
    """Documents that people sent, whatever the way, whose bytes are kept."""
    citees = Q()
    for porteur, _ in PORTEURS:
        citees |= Q(Exists(porteur._default_manager.filter(document=OuterRef("pk"))))
    return Document.objects.filter(citees).exclude(effacement__signe_le__isnull=False)


def tenir_le_premier(documents: QuerySet[Document], travail: str) -> Document | None:
    """The oldest of `documents` that no other worker holds for this work, held until the end of the transaction.

    By name: nobody has the right to lock a row that never changes.
    """
    for pk in documents.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=100):
        # Whoever held it may have just finished with it.
        if verrous.prendre(f"{travail}:{pk}") and (document := documents.filter(pk=pk).first()):
            return document
    return None


def analyser_en_attente(*, maintenant: datetime, limite: int = LIMITE) -> int:
    """Scan at most `limite` pending documents, the oldest first, and return how many got a verdict.

    One transaction each; a document that another worker holds is skipped. Without an answer from clamd it stays
    pending: unreachable, it is left in peace; failing on one document, it goes on with the others.
    """
    faites = 0
    sans_verdict: set[int] = set()
    while faites + len(sans_verdict) < limite:
        with transaction.atomic():
            document = tenir_le_premier(a_analyser().exclude(pk__in=sans_verdict), "analyse")
            if document is None:
                break
            try:
                _analyser(document, maintenant)
                faites += 1
            except AntivirusInjoignable as panne:
                journal.warning("Antivirus injoignable : %s", panne)
                break
            except (AnalyseImpossible, FileNotFoundError) as panne:
                journal.error("Document %s sans verdict de l’antivirus : %s", document.sha256, panne)
                sans_verdict.add(document.pk)
    return faites


def _analyser(document: Document, maintenant: datetime) -> None:
    with ouvrir(document) as fichier:
        verdict = analyser(fichier)
    Analyse.objects.create(document=document, saine=verdict.saine, detail=verdict.detail, faite_le=maintenant)
    if verdict.saine:
        return
    for candidature, nom in dossiers_qui_citent(document):
        _ecarter(candidature, document, nom, verdict.detail, maintenant)
    for porteur in DES_AVIS:
        for avis in porteur.objects.filter(document=document).select_related(*DE_L_AVIS).order_by("pk"):
            _ecarter_de_l_avis(avis, document, verdict.detail, maintenant)


def dossiers_qui_citent(document: Document) -> list[tuple[Candidature, str]]:
    """Each file whose territory, or whose thread, holds `document` in any way, with a name that it bears there."""
    noms: dict[int, str] = {}
    for porteur, chemin in PORTEURS:
        if porteur in DES_AVIS:
            continue
        citees = porteur._default_manager.filter(document=document).order_by("pk").values_list(chemin, "nom")
        for candidature, nom in citees:
            noms.setdefault(candidature, nom)
    dossiers = (
        Candidature.objects.filter(pk__in=noms).sans_contenu().select_related("vague", "territoire").order_by("pk")
    )
    return [(dossier, noms[dossier.pk]) for dossier in dossiers]


def retenir(candidature: Candidature, document: Document) -> None:
    """Hold the file, whose ready version goes with a document that it cites: the portal must not deposit that one by
    itself at the deadline."""
    tenir(candidature)
    cite = [{"sha256": document.sha256}]
    VersionComplete.objects.filter(candidature=candidature, contenu__pieces__contains=cite).delete()


def _ecarter(candidature: Candidature, document: Document, nom: str, detail: str, maintenant: datetime) -> None:
    retenir(candidature, document)
    consigner(
        ActeDuDossier.ECARTER_INFECTEE,
        candidature,
        acteur=None,
        fait_le=maintenant,
        nom=nom,
        sha256=document.sha256,
        detail=detail,
    )
    for participant in candidature.participants.order_by("pk"):
        mettre_en_file(
            Lettre(
                gabarit="surveillance/fichier_infecte",
                valeurs={
                    "pk": candidature.pk,
                    "reference": candidature.reference,
                    "territoire": candidature.territoire,
                    "nom": nom,
                },
                cle=f"antivirus-{candidature.pk}-{document.pk}-{participant.pk}",
                destinataire=participant.email,
                demonstration=candidature.demonstration,
            )
        )


def _ecarter_de_l_avis(avis: Any, document: Document, detail: str, maintenant: datetime) -> None:
    """Whoever holds the request is told; nobody of the territory is."""
    saisine = avis.saisine
    candidature = saisine.candidature
    consigner(
        ActeDuDossier.ECARTER_INFECTEE,
        candidature,
        acteur=None,
        fait_le=maintenant,
        nom=avis.nom,
        sha256=document.sha256,
        detail=detail,
    )
    mettre_en_file(
        Lettre(
            gabarit="surveillance/avis_infecte",
            valeurs={
                "reference": candidature.reference,
                "territoire": candidature.territoire,
                "nom": avis.nom,
            },
            cle=f"antivirus-avis-{saisine.pk}-{document.pk}",
            destinataire=saisine.expert.email,
            demonstration=candidature.demonstration,
        )
    )
