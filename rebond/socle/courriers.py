"""The outbox: acts queue letters as rows; a worker sends them, at least once each."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable

from rebond.socle import documents
from rebond.socle.masse import inserer_depuis
from rebond.socle.models import Courrier, Document, PieceDeCourrier

journal = logging.getLogger(__name__)

TENTATIVES_MAX = 12
PREMIER_DELAI = timedelta(seconds=30)
DELAI_MAX = timedelta(hours=2)


def mettre_en_file(
    *,
    cle: str,
    destinataire: str,
    objet: str,
    texte: str,
    pieces: Iterable[tuple[Document, str]] = (),
    pas_avant: datetime | None = None,
) -> Courrier:
    """Queue one letter; the same `cle` again queues nothing more and returns the first.

    `pieces` are (document, file name) pairs. Call it inside the transaction of the act that the letter tells of.
    """
    valeurs: dict[str, object] = {"destinataire": destinataire, "objet": objet, "texte": texte}
    if pas_avant is not None:
        valeurs["prochain_essai"] = pas_avant
    with transaction.atomic():
        courrier, cree = Courrier.objects.get_or_create(cle=cle, defaults=valeurs)
        if cree:
            PieceDeCourrier.objects.bulk_create(
                PieceDeCourrier(courrier=courrier, document=document, nom=nom) for document, nom in pieces
            )
    return courrier


def mettre_en_file_lot(courriers: Iterable[Courrier]) -> None:
    """Queue many letters without attachments in one statement; keys already queued are left alone."""
    Courrier.objects.bulk_create(courriers, ignore_conflicts=True, batch_size=1000)


def mettre_en_file_selection(
    selection: QuerySet, *, cle: Combinable, destinataire: Combinable, objet: Combinable, texte: Combinable
) -> int:
    """Queue one letter for each row of `selection`, written by Postgres from these expressions; return how many."""
    return inserer_depuis(
        Courrier,
        selection,
        {
            "cle": cle,
            "destinataire": destinataire,
            "objet": objet,
            "texte": texte,
            "tentatives": Value(0),
            "derniere_erreur": Value(""),
        },
        ignorer_les_connues=True,
    )


def remplir(gabarit: Combinable, **valeurs: Combinable) -> Combinable:
    """`gabarit` with each `{nom}` replaced, by Postgres."""
    for nom, valeur in valeurs.items():
        gabarit = Func(gabarit, Value(f"{{{nom}}}"), valeur, function="REPLACE", output_field=TextField())
    return gabarit


def envoyer_en_attente(*, maintenant: datetime, limite: int = 200) -> int:
    """Send what is due, oldest first, and return how many left.

    One transaction a letter; a row that another worker holds is skipped. A failure is retried later with a growing
    delay, and set aside after `TENTATIVES_MAX`.
    """
    envoyes = 0
    for _ in range(limite):
        with transaction.atomic():
            courrier = (
                Courrier.objects.a_envoyer(maintenant)
                .select_for_update(skip_locked=True)
                .order_by("prochain_essai", "pk")
                .first()
            )
            if courrier is None:
                break
            envoyes += _envoyer(courrier, maintenant)
    return envoyes


def renvoyer(courrier: Courrier, *, maintenant: datetime) -> None:
    """Give a letter that was set aside another full round of tries."""
    Courrier.objects.filter(pk=courrier.pk, envoye_le=None).update(
        abandonne_le=None, tentatives=0, prochain_essai=maintenant
    )


def _envoyer(courrier: Courrier, maintenant: datetime) -> bool:
    message = EmailMessage(
        subject=courrier.objet,
        body=courrier.texte,
        to=[courrier.destinataire],
        # The same letter sent twice after a crash bears the same identifier: mail readers show it once.
        headers={"Message-ID": f"<{courrier.pk}.{courrier.cree_le:%Y%m%d%H%M%S%f}@rebond>"},
    )
    for piece in PieceDeCourrier.objects.filter(courrier=courrier).select_related("document").order_by("pk"):
        message.attach(piece.nom, documents.lire(piece.document), piece.document.type_mime)
    courrier.tentatives += 1
    try:
        message.send()
    except (SMTPException, OSError) as erreur:
        courrier.derniere_erreur = str(erreur)[:500]
        if courrier.tentatives >= TENTATIVES_MAX:
            courrier.abandonne_le = maintenant
        courrier.prochain_essai = maintenant + min(PREMIER_DELAI * 2 ** (courrier.tentatives - 1), DELAI_MAX)
        journal.warning("Courrier %s non envoyé (essai %s) : %s", courrier.cle, courrier.tentatives, erreur)
    else:
        courrier.envoye_le = maintenant
        courrier.derniere_erreur = ""
    courrier.save(update_fields=["tentatives", "derniere_erreur", "abandonne_le", "prochain_essai", "envoye_le"])
    return courrier.envoye_le is not None
