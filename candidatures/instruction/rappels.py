"""Reminders to whoever instructs: a date of the wave comes near, and files still await them."""

from datetime import date, datetime, timedelta

from django.db import transaction

from candidatures.instruction.attente import Attentes, attentes_par_vague
from candidatures.vagues.etats import EtatVague, NatureDePhase
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import UN_INSTANT
from candidatures.vagues.requetes import avec_phases, terme_de
from rebond.comptes.habilitations import titulaires
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

#: How long before, and how long it is still of use to say so.
AVANT, PENDANT = timedelta(days=7), timedelta(days=1)
#: What each date is awaited for, with the words of the letter.
RAPPELEES = {
    NatureDePhase.RECEVABILITE: "La recevabilité est à vérifier",
    NatureDePhase.COMITE: "Les propositions sont à faire, pour le comité de sélection,",
}


def rappeler(*, maintenant: datetime) -> int:
    """Queue the reminders that are due, and return how many: one letter a person, a wave and a date, a week before it,
    to those whom something awaits. What awaits them is what their dashboard counts (`attentes_par_vague`).

    A date that is moved has reminders of its own. Run twice, or twice at once, there is one set of letters.
    """
    ecrites = 0
    vagues = Vague.objects.filter(etat=EtatVague.EN_INSTRUCTION).prefetch_related(avec_phases()).order_by("numero")
    for vague in vagues:
        for nature, quoi in RAPPELEES.items():
            terme = terme_de(vague.phases.all(), nature)
            if terme is not None and terme - AVANT <= maintenant < terme - AVANT + PENDANT:
                ecrites += _rappeler(vague, nature, quoi, terme, jour_de_paris(maintenant))
    return ecrites


@transaction.atomic
def _rappeler(vague: Vague, nature: NatureDePhase, quoi: str, terme: datetime, aujourd_hui: date) -> int:
    debut = f"rappel-phase-{vague.pk}-{nature}-{terme.timestamp():.0f}-"
    deja = set(Courrier.objects.filter(cle__startswith=debut).values_list("cle", flat=True))
    lettres = []
    for agent in titulaires(Role.INSTRUCTEUR).order_by("pk"):
        cle = f"{debut}{agent.pk}"
        attentes = attentes_par_vague(agent, aujourd_hui).get(vague.numero) if cle not in deja else None
        if attentes is not None and (reste := _reste(nature, attentes)):
            lettres.append(_lettre(vague, agent, quoi, terme, reste, attentes, cle))
    return mettre_en_file_lot(lettres)


def _reste(nature: NatureDePhase, attentes: Attentes) -> int:
    return attentes.recevabilite if nature is NatureDePhase.RECEVABILITE else attentes.proposition


def _lettre(
    vague: Vague, agent: Utilisateur, quoi: str, terme: datetime, reste: int, attentes: Attentes, cle: str
) -> Lettre:
    return Lettre(
        gabarit="instruction/rappel_de_phase",
        valeurs={
            "numero": vague.numero,
            "quoi": quoi,
            "jour": date_fr(jour_de_paris(terme - UN_INSTANT)),
            "reste": compte(reste, "dossier vous attend", "dossiers vous attendent"),
            "a_prendre": compte(attentes.a_prendre, "dossier n’a", "dossiers n’ont") if attentes.a_prendre else "",
        },
        cle=cle,
        destinataire=agent.email,
        utile_avant=terme,
    )
