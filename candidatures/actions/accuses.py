"""Making receipts: the PDF, once a deposit, and the letter that carries it."""

from django.conf import settings
from django.db import transaction

from candidatures.accuses import Accuse, accuse_de, en_pdf
from candidatures.etats import Source
from candidatures.models import AccuseReception, Depot
from rebond.socle.courriers import mettre_en_file, objet_marque
from rebond.socle.documents import enregistrer
from rebond.socle.models import Document
from rebond.socle.typographie import instant_fr

TEXTE = """Bonjour,

Le portail a reçu le dossier {reference} du territoire « {territoire} », vague {vague}.

Dépôt n° {numero}
Reçu le {recu_le} (heure de Paris){localement}

L’accusé de réception est joint à ce courriel.

{suite}

Suivre votre dossier : {adresse}/candidatures/{pk}/

L’équipe Rebond industriel
"""

A_LA_MAIN = """Jusqu’à la clôture de la vague, vous pouvez modifier votre dossier et le déposer de nouveau.
Seul le dernier dépôt sera examiné."""
A_L_ECHEANCE = """Le portail l’a déposé lui-même à la clôture de la vague, comme son porteur l’avait demandé :
c’est la dernière version complète qui ait été enregistrée. Le dossier ne change plus."""


def fabriquer_accuse(*, depot_id: int) -> AccuseReception:
    """Make the receipt of a deposit and queue its letter to each participant; called again, return the same one.

    The row of the deposit is held meanwhile: of two workers, the second waits and finds the work done.
    """
    with transaction.atomic():
        depot = (
            Depot.objects.select_for_update(of=("self",), no_key=True)
            .select_related("candidature__vague", "auteur")
            .prefetch_related("pieces__document")
            .get(pk=depot_id)
        )
        fait = AccuseReception.objects.filter(depot=depot).first()
        if fait is not None:
            return fait
        accuse = accuse_de(depot)
        document = enregistrer(en_pdf(accuse), type_mime="application/pdf")
        reception = AccuseReception.objects.create(depot=depot, document=document)
        _ecrire_aux_participants(reception, accuse, document)
    return reception


def _ecrire_aux_participants(reception: AccuseReception, accuse: Accuse, document: Document) -> None:
    candidature = reception.depot.candidature
    localement = f"\nsoit le {accuse.recu_localement}" if accuse.recu_localement else ""
    a_l_echeance = reception.depot.source == Source.ECHEANCE
    for participant in candidature.participants.order_by("pk"):
        mettre_en_file(
            cle=f"accuse-{accuse.numero}-{participant.pk}",
            destinataire=participant.email,
            objet=objet_marque(f"Accusé de réception du dépôt n° {accuse.numero}", demonstration=accuse.demonstration),
            texte=TEXTE.format(
                reference=accuse.reference,
                territoire=accuse.territoire,
                vague=accuse.vague,
                numero=accuse.numero,
                recu_le=instant_fr(accuse.recu_le, secondes=True),
                localement=localement,
                suite=A_L_ECHEANCE if a_l_echeance else A_LA_MAIN,
                adresse=settings.ADRESSE_PUBLIQUE,
                pk=candidature.pk,
            ),
            pieces=[(document, reception.nom)],
        )
