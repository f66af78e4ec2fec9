"""Making receipts: the PDF, once a deposit, and the letter that carries it.

A receipt is never made again. When the day that it announces for the decision by silence becomes wrong (its deadline
was extended), a corrected receipt is made beside it, and sent; the first one stays as it was sent.
"""

from datetime import date

from django.db import transaction

from candidatures.depot.accuses import Accuse, accuse_de, en_pdf
from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.models import AccuseReception, AccuseRectificatif, Depot
from candidatures.dossier.etats import Source
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.delais import delai_de_l_annonce
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import date_fr, instant_fr


def fabriquer_accuse(*, depot_id: int) -> AccuseReception:
    """Make the receipt of a deposit and queue its letter to each participant; called again, return the same one.

    The deposit is held meanwhile: of two workers, the second waits and finds the work done.
    """
    with transaction.atomic():
        depot = _tenir(depot_id)
        fait = AccuseReception.objects.filter(depot=depot).first()
        if fait is not None:
            return fait
        accuse = accuse_de(depot)
        document = enregistrer(en_pdf(accuse), type_mime="application/pdf")
        reception = AccuseReception.objects.create(
            depot=depot, document=document, decision_implicite_le=depot.candidature.decision_implicite_le
        )
        _ecrire_aux_participants(reception, accuse, document)
    return reception


def rectifier_accuse(*, depot_id: int) -> AccuseRectificatif | None:
    """Make the corrected receipt of a deposit and queue its letter to each participant; None when the last one made
    announces the right day.
    """
    with transaction.atomic():
        depot = _tenir(depot_id)
        if not Depot.objects.a_rectifier().filter(pk=depot.pk).exists():
            return None
        precedents = list(depot.rectificatifs.order_by("rang"))
        annoncee = (precedents[-1] if precedents else depot.accuse).decision_implicite_le
        motif = _motif(depot, annoncee)
        accuse = accuse_de(depot, rectificatif=motif)
        document = enregistrer(en_pdf(accuse), type_mime="application/pdf")
        rectificatif = AccuseRectificatif.objects.create(
            depot=depot,
            rang=len(precedents) + 1,
            document=document,
            motif=motif,
            decision_implicite_le=depot.candidature.decision_implicite_le,
        )
        consigner(
            ActeDeDepot.RECTIFIER_ACCUSE,
            depot.candidature,
            acteur=None,
            depot=depot.numero,
            decision_implicite_le=rectificatif.decision_implicite_le.isoformat(),
        )
        _envoyer_le_rectificatif(rectificatif, accuse)
    return rectificatif


def _tenir(depot_id: int) -> Depot:
    """By name: nobody has the right to lock a row that never changes."""
    verrous.attendre(f"depot:{depot_id}")
    return (
        Depot.objects.select_related("candidature__vague", "candidature__territoire", "auteur")
        .prefetch_related("pieces__document")
        .get(pk=depot_id)
    )


def _motif(depot: Depot, annoncee: date | None) -> str:
    candidature = depot.candidature
    avant = f"le {date_fr(annoncee)}" if annoncee else "une date comptée depuis la réception du dossier"
    pourquoi = (
        f"l’échéance du dossier a été prolongée au {instant_fr(candidature.echeance, secondes=True)} (heure de Paris)"
        if candidature.echeance > candidature.vague.cloture
        else "ce délai se compte depuis l’échéance du dossier, fixée au "
        f"{instant_fr(candidature.echeance, secondes=True)} (heure de Paris)"
    )
    return (
        f"L’accusé de réception précédent annonçait, à défaut de décision expresse, {avant}. Or {pourquoi}\u00a0: "
        f"la date à retenir est le {date_fr(candidature.decision_implicite_le)}."
    )


def _envoyer_le_rectificatif(rectificatif: AccuseRectificatif, accuse: Accuse) -> None:
    candidature = rectificatif.depot.candidature
    for participant in candidature.participants.order_by("pk"):
        mettre_en_file(
            Lettre(
                gabarit="depot/accuse_rectificatif",
                valeurs={**_du_depot(accuse, candidature), "motif": rectificatif.motif},
                cle=f"accuse-{accuse.numero}-rectificatif-{rectificatif.rang}-{participant.pk}",
                destinataire=participant.email,
                demonstration=accuse.demonstration,
                pieces=[(rectificatif.document, rectificatif.nom)],
            )
        )


def _ecrire_aux_participants(reception: AccuseReception, accuse: Accuse, document: Document) -> None:
    candidature = reception.depot.candidature
    valeurs = {
        **_du_depot(accuse, candidature),
        "recu_le": instant_fr(accuse.recu_le, secondes=True),
        "recu_localement": accuse.recu_localement,
        "a_l_echeance": reception.depot.source == Source.ECHEANCE,
        "sous_reserve": bool(accuse.reserve),
        "delais": delai_de_l_annonce(accuse.recu_le).phrase,
    }
    for participant in candidature.participants.order_by("pk"):
        mettre_en_file(
            Lettre(
                gabarit="depot/accuse",
                valeurs=valeurs,
                cle=f"accuse-{accuse.numero}-{participant.pk}",
                destinataire=participant.email,
                demonstration=accuse.demonstration,
                pieces=[(document, reception.nom)],
            )
        )


def _du_depot(accuse: Accuse, candidature: Candidature) -> dict[str, object]:
    return {
        "pk": candidature.pk,
        "reference": accuse.reference,
        "territoire": accuse.territoire,
        "vague": accuse.vague,
        "numero": accuse.numero,
        "empreinte": accuse.empreinte,
    }
