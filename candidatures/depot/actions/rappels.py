"""Reminders of the deadline to whoever takes part in a draft: a letter each at every instant of `regles.RAPPELS`."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from candidatures.depot.models import a_redeposer
from candidatures.depot.regles import dernier_rappel, nom_du_rappel
from candidatures.dossier.completude import PIECES, Manque, manques
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.instantane import composition_de
from candidatures.dossier.models.dossiers import ECHEANCE, Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.texte.durees import temps_restant
from rebond.socle.texte.typographie import compte, instant_fr

LOT = 500
MANQUES_CITES = 20
GABARITS = {
    EtatCandidature.BROUILLON: "depot/rappel_non_depose",
    EtatCandidature.DEPOSEE: "depot/rappel_modifie",
}


def rappeler(*, maintenant: datetime) -> int:
    """Queue the reminders that are due, and return how many: of what is not deposited, or written since it was.

    Only the last instant reached counts: after an interruption nobody gets two reminders at once. Whoever joined the
    file since then waits for the next one. `LOT` files a transaction, in a constant number of queries.
    """
    ecrits = 0
    a_deposer = Candidature.objects.filter(_a_rappeler(), vague__ouverture__lte=maintenant)
    a_venir = a_deposer.annotate(limite=ECHEANCE).filter(limite__gt=maintenant)
    for vague, echeance in a_venir.order_by("limite").values_list("vague", "limite").distinct():
        seuil = dernier_rappel(echeance, maintenant)
        while seuil is not None and (lot := _rappeler_lot(vague, echeance, seuil, maintenant)):
            ecrits += lot
    return ecrits


def oublier_rappels(*candidatures: Candidature) -> None:
    """Drop the reminders not sent yet: nobody reads « non déposé » after a deposit. Called in its transaction.

    Nothing waits for the letter that is being sent at this very instant.
    """
    if not candidatures:
        return
    des_dossiers = Q()
    for candidature in candidatures:
        des_dossiers |= Q(cle__startswith=f"rappel-{candidature.pk}-")
    en_attente = Courrier.objects.en_attente().filter(des_dossiers)
    a_oublier = list(en_attente.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Courrier.objects.filter(pk__in=a_oublier).delete()


@transaction.atomic
def _rappeler_lot(vague: int, echeance: datetime, seuil: timedelta, maintenant: datetime) -> int:
    """Letters for the next files of a wave (key) that share a deadline.

    The files are held: a deposit waits for them, one under way leaves its file aside.
    """
    dues = _participations_dues(vague, echeance, seuil)
    candidatures = list(
        Candidature.objects.alias(limite=ECHEANCE)
        .filter(
            _a_rappeler(),
            Exists(dues.filter(candidature=OuterRef("pk"))),
            vague=vague,
            limite=echeance,
        )
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("vague", "territoire", "version_complete", "depot_a_l_echeance_par")
        .prefetch_related(
            "cahier",
            Prefetch("pieces", PieceJointe.objects.select_related("document__analyse", "document__effacement")),
            Prefetch("membres", Membre.objects.select_related("epci", "petr")),
        )
        .order_by("pk")[:LOT]
    )
    par_pk = {candidature.pk: candidature for candidature in candidatures}
    porteurs = _porteurs(par_pk)
    absents = {
        pk: manques(composition_de(candidature, candidature.pieces.all(), candidature.membres.all()))
        for pk, candidature in par_pk.items()
    }
    # Read again now that the files are held: another worker may just have written to these people.
    return mettre_en_file_lot(
        Lettre(
            gabarit=GABARITS[EtatCandidature(par_pk[participation.candidature_id].etat)],
            valeurs=_valeurs(par_pk[participation.candidature_id], absents[participation.candidature_id], maintenant)
            | {
                "au_porteur": participation.qualite == Qualite.PORTEUR,
                "porteur": porteurs.get(participation.candidature_id, ""),
            },
            cle=_cle(participation, echeance, seuil),
            destinataire=participation.utilisateur.email,
            demonstration=par_pk[participation.candidature_id].demonstration,
            utile_avant=echeance,
        )
        for participation in dues.filter(candidature__in=par_pk).select_related("utilisateur").order_by("pk")
    )


def _a_rappeler() -> Q:
    """Not deposited, or deposited and written since: what counts is not what its authors last wrote."""
    return Q(etat=EtatCandidature.BROUILLON) | a_redeposer()


def _participations_dues(vague: int, echeance: datetime, seuil: timedelta) -> QuerySet[Participation]:
    """Who took part at the instant of the reminder, and has no letter of it."""
    cle = Concat(
        Value("rappel-"),
        Cast(OuterRef("candidature_id"), CharField()),
        Value(f"-{nom_du_rappel(seuil)}-"),
        Cast(OuterRef("utilisateur_id"), CharField()),
        Value(_suffixe(echeance)),
    )
    return Participation.objects.filter(
        ~Exists(Courrier.objects.filter(cle=cle)),
        candidature__vague=vague,
        depuis__lte=echeance - seuil,
        utilisateur__is_active=True,
    )


def _cle(participation: Participation, echeance: datetime, seuil: timedelta) -> str:
    nom = nom_du_rappel(seuil)
    return f"rappel-{participation.candidature_id}-{nom}-{participation.utilisateur_id}{_suffixe(echeance)}"


def _suffixe(echeance: datetime) -> str:
    """A deadline that is put off has reminders of its own."""
    return f"-{echeance.timestamp():.0f}"


def _porteurs(candidatures: Collection[int]) -> dict[int, str]:
    porteurs = Participation.objects.filter(candidature__in=candidatures, qualite=Qualite.PORTEUR)
    return {porteur.candidature_id: str(porteur.utilisateur) for porteur in porteurs.select_related("utilisateur")}


def _valeurs(candidature: Candidature, absents: list[Manque], maintenant: datetime) -> dict[str, object]:
    cahier = candidature.cahier.cahier
    titres = {section.cle: section.titre for section in cahier.sections} | {PIECES: "Pièces jointes"}
    autres = len(absents) - MANQUES_CITES
    complete = getattr(candidature, "version_complete", None)
    return {
        "pk": candidature.pk,
        "reference": candidature.reference,
        "territoire": candidature.territoire.nom,
        "numero": candidature.vague.numero,
        "cloture": instant_fr(candidature.echeance, secondes=True),
        "restant": temps_restant(candidature.echeance - maintenant),
        "quantite": compte(len(absents), "réponse ou pièce", "réponses ou pièces"),
        "manques": [f"{manque.libelle} ({titres[manque.section]})" for manque in absents[:MANQUES_CITES]],
        "autres": compte(autres, "autre") if autres > 0 else "",
        # What the portal will do by itself, when someone asked it to.
        "depot_demande_par": candidature.depot_a_l_echeance_par if candidature.depot_a_l_echeance_le else None,
        "complete_le": instant_fr(complete.fait_le, secondes=True) if complete else "",
    }
