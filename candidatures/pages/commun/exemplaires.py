"""The printed file as a page gives it: what is read, and the answer that carries it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from candidatures.depot.exemplaire.contenu import Exemplaire, du_brouillon, du_depot, en_html, en_pdf
from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_MODIFIABLES
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.etats import Phase
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.models import Document
from rebond.socle.requete.documents import document_prepare

CONNUS = ("document__analyse", "document__lisibilite", "document__effacement")
DOCX = "docx"


@dataclass(frozen=True)
class Lu:
    """A copy and its attachments: each document with the name of its file, in the order of the copy."""

    exemplaire: Exemplaire
    documents: list[tuple[Document, str]]


def ce_qui_se_lit(candidature: Candidature, maintenant: datetime) -> Lu:
    """The draft as long as it may still be deposited, then the deposit that counts; the draft where there is none."""
    if candidature.etat not in ETATS_MODIFIABLES or candidature.phase(maintenant) is not Phase.OUVERTE:
        depot = candidature.depots.order_by("-rang").first()
        return _lire_le_brouillon(candidature) if depot is None else lire_le_depot(candidature, depot)
    return ce_qui_est_ecrit(candidature)


def ce_qui_est_ecrit(candidature: Candidature) -> Lu:
    """What the file holds now: a draft, or its last deposit as long as nothing has changed since."""
    lu, depot = _lire_le_brouillon(candidature), candidature.depots.order_by("-rang").first()
    if depot is None or depot.empreinte != lu.exemplaire.empreinte:
        return lu
    return lire_le_depot(candidature, depot)


def _lire_le_brouillon(candidature: Candidature) -> Lu:
    pieces = pieces_de(candidature)
    exemplaire = du_brouillon(candidature, pieces, membres_de(candidature))
    return Lu(exemplaire, [(piece.document, piece.nom) for piece in pieces])


def lire_le_depot(candidature: Candidature, depot: Depot) -> Lu:
    pieces = depot.pieces.select_related(*CONNUS).order_by("pk")
    return Lu(du_depot(candidature, depot), [(piece.document, piece.nom) for piece in pieces])


def telecharger(request: HttpRequest, exemplaire: Exemplaire, format_: str) -> HttpResponse:
    """The copy as a file: PDF, or DOCX to quote from."""
    html = en_html(exemplaire)
    if format_ == DOCX:
        from candidatures.depot.exemplaire.docx import en_docx  # late: heavy

        return document_prepare(
            request,
            f"docx:{html}",
            lambda: en_docx(exemplaire),
            nom=exemplaire.nom_de_fichier(DOCX),
            type_mime=Contenu.DOCX.value,
        )
    return document_prepare(
        request, html, lambda: en_pdf(exemplaire), nom=exemplaire.nom_de_fichier("pdf"), type_mime=Contenu.PDF.value
    )
