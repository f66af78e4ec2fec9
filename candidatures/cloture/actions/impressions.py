"""Printing procès-verbaux: the PDF, made once."""

from django.db import transaction

from candidatures.cloture.models.proces_verbaux import ImpressionProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.document import edition_de, en_pdf
from rebond.socle.bdd import verrous
from rebond.socle.documents.stockage import enregistrer


def imprimer(*, proces_verbal_id: int) -> ImpressionProcesVerbal | None:
    """Print a procès-verbal; called again, return the same document.

    It is held meanwhile, for minutes when the wave is large: another worker does not wait. None for it, and for
    those of format 1, which are never printed.
    """
    with transaction.atomic():
        if not verrous.prendre(f"proces_verbal:{proces_verbal_id}"):
            return None
        acte = ProcesVerbal.objects.select_related("vague").filter(pk=proces_verbal_id).first()
        if acte is None:
            return None
        faite = ImpressionProcesVerbal.objects.filter(proces_verbal=acte).first()
        if faite is not None or not acte.en_lignes:
            return faite
        document = enregistrer(en_pdf(edition_de(acte)), type_mime="application/pdf")
        return ImpressionProcesVerbal.objects.create(proces_verbal=acte, document=document)
