"""The outbox: acts queue letters as rows; a worker sends them, at least once each."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.expressions import Combinable

from rebond.socle.bdd.contraintes import traduire
from rebond.socle.bdd.masse import inserer_depuis
from rebond.socle.courriers import confort
from rebond.socle.courriers.expedition import EnvoiManque, Expedition, ServeurInjoignable
from rebond.socle.courriers.models import Courrier, PanneMessagerie, PieceDeCourrier
from rebond.socle.courriers.natures import Sorte
from rebond.socle.courriers.partie_html import en_html
from rebond.socle.courriers.redaction import MENTION_DEMONSTRATION, OBJET_MAX, Lettre, RedactionSql
from rebond.socle.courriers.regles import (
    TROP_DE_LETTRES,
    Retenue,
    empechement_d_ecrire_encore,
    prochain_resume,
)
from rebond.socle.courriers.retours.actions import refuser
from rebond.socle.courriers.scelle import ScelleIllisible, ouvrir, sceller
from rebond.socle.documents import stockage as documents
from rebond.socle.erreurs import RegleEnfreinte

journal = logging.getLogger(__name__)

TENTATIVES_MAX = 12
PREMIER_DELAI = timedelta(seconds=30)
DELAI_MAX = timedelta(hours=2)
# The mail server itself, when it is out of reach: tried again sooner, because no letter pays for it.
PREMIER_DELAI_SERVEUR = timedelta(seconds=15)
DELAI_MAX_SERVEUR = timedelta(minutes=5)
# A slow server must not hold a worker until Celery interrupts it in the middle of a letter. In seconds.
DUREE_MAX = 60.0
ERREUR_MAX = 500


def mettre_en_file(lettre: Lettre) -> Courrier:
    """Queue one letter; the same `cle` again queues nothing more and returns the first.

    Call it inside the transaction of the act that the letter tells of. Raises `RegleEnfreinte` when the person who had
    it written (`demande_par`) has had enough written in a day.
    """
    with traduire({"courrier_lettres_par_jour": TROP_DE_LETTRES}), transaction.atomic():
        _compter(lettre)
        courrier, cree = Courrier.objects.get_or_create(cle=lettre.cle, defaults=lettre.colonnes())
        if cree:
            PieceDeCourrier.objects.bulk_create(
                PieceDeCourrier(courrier=courrier, document=document, nom=nom) for document, nom in lettre.pieces
            )
    return courrier


def mettre_sous_scelle(
    *,
    cle: str,
    destinataire: str,
    objet: str,
    texte: str,
    perime_le: datetime | None = None,
    sorte: Sorte = Sorte.LOI,
) -> Courrier:
    """Queue a letter that nobody reads but in their mailbox, whoever looks at the table; once it has left, nothing of
    its text is kept. After `perime_le` it is worth nothing, and is forgotten instead of being sent or set aside.
    """
    return Courrier.objects.create(
        cle=cle,
        destinataire=destinataire,
        objet=objet[:OBJET_MAX],
        scelle=sceller(texte),
        perime_le=perime_le,
        sorte=sorte,
    )


def mettre_la_lettre_sous_scelle(lettre: Lettre, *, perime_le: datetime) -> Courrier:
    """`mettre_sous_scelle` for a letter made from its template: it holds a secret that opens something. Counts among
    those of whoever had it written, as `mettre_en_file` does.

    Raises `RegleEnfreinte` as that does, `ValueError` for a letter that has attachments.
    """
    if lettre.pieces:
        raise ValueError(lettre.cle)
    with traduire({"courrier_lettres_par_jour": TROP_DE_LETTRES}), transaction.atomic():
        _compter(lettre)
        colonnes = lettre.colonnes()
        scelle = sceller(str(colonnes.pop("texte")))
        return Courrier.objects.create(cle=lettre.cle, scelle=scelle, perime_le=perime_le, **colonnes)


def _compter(lettre: Lettre) -> None:
    if lettre.demande_par is not None and not Courrier.objects.filter(cle=lettre.cle).exists():
        ecrites = Courrier.objects.demandees_depuis_un_jour(lettre.demande_par).count()
        if refus := empechement_d_ecrire_encore(ecrites):
            raise RegleEnfreinte(refus)


def mettre_en_file_lot(lettres: Iterable[Lettre]) -> int:
    """Queue many letters without attachments in one statement; keys already queued are left alone. How many.

    Raises `ValueError` for a letter that has attachments.
    """
    courriers = []
    for lettre in lettres:
        if lettre.pieces:
            raise ValueError(lettre.cle)
        courriers.append(Courrier(cle=lettre.cle, **lettre.colonnes()))
    Courrier.objects.bulk_create(courriers, ignore_conflicts=True, batch_size=1000)
    return len(courriers)


def mettre_en_file_selection(
    selection: QuerySet, *, cle: Combinable, destinataire: Combinable, redaction: RedactionSql
) -> int:
    """Queue one letter for each row of `selection`, written by Postgres from these expressions; return how many."""
    return inserer_depuis(
        Courrier,
        selection,
        {
            "cle": cle,
            "destinataire": destinataire,
            "objet": redaction.objet,
            "texte": redaction.texte,
            "tentatives": Value(0),
            "derniere_erreur": Value(""),
        },
        ignorer_les_connues=True,
    )


def envoyer_en_attente(*, maintenant: datetime, limite: int = 1000, prefixe: str = "") -> int:
    """Send what is due, oldest first, over one connection, and return how many left.

    One transaction a letter; a row that another worker holds is skipped. A letter that fails is tried again later with
    a growing delay, and set aside after `TENTATIVES_MAX`, or at once when the server refuses it for good. A server out
    of reach ends the batch and costs no letter a try: it is itself tried again with a growing delay, and the outage
    is a row. What is out of date is forgotten first. With `prefixe`, only letters whose key begins so.
    """
    if perimes := Courrier.objects.perimes(maintenant).delete()[0]:
        journal.warning("%s e-mail(s) oublié(s), périmés avant d'avoir pu partir.", perimes)
    panne = PanneMessagerie.objects.en_cours()
    if panne is not None and maintenant < panne.prochain_essai:
        return 0
    envoyes, arret = 0, monotonic() + DUREE_MAX
    with Expedition() as expedition:
        for _ in range(limite):
            try:
                courrier = _envoyer_le_suivant(expedition, maintenant, prefixe)
            except ServeurInjoignable as erreur:
                _noter_la_panne(str(erreur), maintenant)
                break
            if courrier is None:
                break
            if panne is not None:
                PanneMessagerie.objects.filter(fin=None).update(fin=maintenant)
                panne = None
            envoyes += courrier.envoye_le is not None
            if monotonic() > arret:
                break
    return envoyes


def renvoyer(courrier: Courrier, *, maintenant: datetime) -> None:
    """Give a letter that was set aside another full round of tries. One that is soon worth nothing has none: whoever
    wrote it writes another."""
    _remettre_en_file(Courrier.objects.filter(pk=courrier.pk), maintenant)


def renvoyer_abandonnes(*, maintenant: datetime) -> int:
    """The same for every letter set aside, in one statement; returns how many."""
    return _remettre_en_file(Courrier.objects.abandonnes(), maintenant)


def _remettre_en_file(courriers: QuerySet[Courrier], maintenant: datetime) -> int:
    return courriers.filter(abandonne_le__isnull=False, perime_le=None).update(
        abandonne_le=None, tentatives=0, prochain_essai=maintenant
    )


@transaction.atomic
def _envoyer_le_suivant(expedition: Expedition, maintenant: datetime, prefixe: str) -> Courrier | None:
    """The letter that was tried, sent or not; None when nothing is due. A server out of reach leaves it as it was."""
    dus = Courrier.objects.a_envoyer(maintenant)
    if prefixe:
        dus = dus.filter(cle__startswith=prefixe)
    courrier = dus.select_for_update(skip_locked=True).order_by("prochain_essai", "pk").first()
    if courrier is None:
        return None
    if "@" not in courrier.destinataire:
        # An account that names nobody: nobody reads it; its key stays, so that it is not written again.
        courrier.destinataire, courrier.texte, courrier.abandonne_le = "", "", maintenant
        courrier.save(update_fields=["destinataire", "texte", "abandonne_le"])
        return courrier
    if not _a_son_tour(courrier, maintenant):
        return courrier
    courrier.tentatives += 1
    try:
        expedition.expedier(_message(courrier))
    except EnvoiManque as erreur:
        journal.warning("Courrier %s non envoyé (essai %s) : %s", courrier.cle, courrier.tentatives, erreur)
        if not _manquer(courrier, erreur, maintenant):
            return courrier
    else:
        courrier.envoye_le = maintenant
        courrier.derniere_erreur = courrier.scelle = ""
    courrier.save(
        update_fields=["tentatives", "derniere_erreur", "abandonne_le", "prochain_essai", "envoye_le", "scelle"]
    )
    return courrier


def _manquer(courrier: Courrier, erreur: EnvoiManque, maintenant: datetime) -> bool:
    """What becomes of a letter that the mail server did not take; whether its row is still there, to be saved."""
    if erreur.definitif and courrier.perime_le is not None:
        # Whoever waits for it will have asked for another: nobody would ever send this one again. Who had it sent to
        # somebody else reads that it did not arrive, and sends another.
        if erreur.genre is None or courrier.demande_par_id is None:
            courrier.delete()
            return False
        courrier.scelle = ""
    if erreur.genre is not None:
        refuser(courrier, genre=erreur.genre, statut=erreur.statut, maintenant=maintenant)
    courrier.derniere_erreur = str(erreur)[:ERREUR_MAX]
    if erreur.definitif or courrier.tentatives >= TENTATIVES_MAX:
        courrier.abandonne_le = maintenant
    courrier.prochain_essai = maintenant + _delai(courrier.tentatives, PREMIER_DELAI, DELAI_MAX)
    return True


def _a_son_tour(courrier: Courrier, maintenant: datetime) -> bool:
    """Whether the letter leaves now; else it is held back, waits for the summary, or is in the one just written."""
    sort = confort.sort_de(courrier, maintenant)
    if sort.retenue is not None:
        if courrier.sorte == Sorte.FORMULAIRE:
            journal.warning("Trop de lettres demandées en un jour pour une adresse : l’une d’elles est oubliée.")
            courrier.delete()
        else:
            _retenir([courrier], sort.retenue, maintenant)
        return False
    if sort.attend:
        courrier.au_resume, courrier.prochain_essai = True, prochain_resume(maintenant)
        courrier.save(update_fields=["au_resume", "prochain_essai"])
        return False
    return not courrier.au_resume or _resumer(courrier, maintenant)


def _resumer(courrier: Courrier, maintenant: datetime) -> bool:
    """Write the summary that this letter waits for; whether it leaves by itself, being alone there."""
    ensemble = confort.a_resumer(courrier, maintenant)
    retenues = {lettre.pk: confort.sort_de(lettre, maintenant).retenue for lettre in ensemble}
    for lettre in ensemble:
        if retenue := retenues[lettre.pk]:
            _retenir([lettre], retenue, maintenant)
    gardees = [lettre for lettre in ensemble if not retenues[lettre.pk]]
    if len(gardees) < 2:
        return True
    mettre_en_file(
        Lettre(
            gabarit="comptes/resume",
            valeurs=confort.en_resume(gardees),
            cle=f"resume-{gardees[0].pk}",
            destinataire=courrier.destinataire,
            demonstration=any(lettre.objet.startswith(MENTION_DEMONSTRATION) for lettre in gardees),
        )
    )
    _retenir(gardees, Retenue.RESUMEE, maintenant)
    return False


def _retenir(courriers: Iterable[Courrier], pour: Retenue, maintenant: datetime) -> None:
    Courrier.objects.filter(pk__in=[courrier.pk for courrier in courriers]).update(retenu_le=maintenant, retenue=pour)


def identifiant(courrier: Courrier) -> str:
    """The same each time that this letter is sent, even twice after a crash: mail readers show it once.

    Nothing can be read in it: neither when the letter was written, which may be long before it may be known, nor its
    place among the others. A report of its delivery quotes it.
    """
    return f"<{courrier.jeton.hex}@rebond>"


def _message(courrier: Courrier) -> EmailMultiAlternatives:
    """Plain text first, then the HTML made from it; the attachments beside both."""
    try:
        texte = ouvrir(courrier.scelle) if courrier.scelle else courrier.texte
    except ScelleIllisible as erreur:
        raise EnvoiManque("Texte sous scellé illisible : la clef du portail a changé.", definitif=True) from erreur
    texte += confort.pied(courrier)
    # `from_email` is the envelope, where a report comes back; people read « From ».
    message = EmailMultiAlternatives(
        subject=courrier.objet,
        body=texte,
        from_email=confort.expediteur(courrier),
        to=[courrier.destinataire],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": identifiant(courrier),
            # RFC 3834: nobody's automatic answer comes back.
            "Auto-Submitted": "auto-generated",
            **confort.entetes(courrier),
        },
    )
    message.attach_alternative(en_html(courrier.objet, texte), "text/html")
    pieces = PieceDeCourrier.objects.filter(courrier=courrier).select_related("document").order_by("pk")
    try:
        for piece in pieces:
            message.attach(piece.nom, documents.lire(piece.document), piece.document.type_mime)
    except OSError as erreur:
        raise EnvoiManque(f"Pièce jointe illisible : {erreur}") from erreur
    return message


@transaction.atomic
def _noter_la_panne(erreur: str, maintenant: datetime) -> None:
    valeurs = {"debut": maintenant, "prochain_essai": maintenant}
    PanneMessagerie.objects.get_or_create(fin=None, defaults=valeurs)
    panne = PanneMessagerie.objects.select_for_update().get(fin=None)
    panne.essais += 1
    panne.prochain_essai = maintenant + _delai(panne.essais, PREMIER_DELAI_SERVEUR, DELAI_MAX_SERVEUR)
    panne.erreur = erreur[:ERREUR_MAX]
    panne.save(update_fields=["essais", "prochain_essai", "erreur"])
    journal.warning("Serveur d’e-mail injoignable (essai %s) : %s", panne.essais, erreur)


def _delai(essais: int, premier: timedelta, maximum: timedelta) -> timedelta:
    """Doubled at each try; the exponent is bounded so that an outage of months overflows nothing."""
    return min(premier * (1 << min(essais - 1, 16)), maximum)
