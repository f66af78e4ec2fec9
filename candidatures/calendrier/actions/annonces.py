"""Letters that tell of the opening and of the closing of a wave, queued once, at the instant that they tell of.

What the closing means for each file is told by the closing itself (`candidatures.cloture.actions.cloture`).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import titulaires
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# Older news is of no use: the past taken over from another system, or a portal that was stopped for days.
RETARD_MAX = timedelta(days=1)


def annoncer(*, vague_id: int, maintenant: datetime) -> int:
    """Queue the letters about the opening and the closing of one wave that are due, and return how many.

    `maintenant` is on the database's clock. The marks on the wave are set under its lock: run twice, or twice at once,
    there is one set of letters. An instant more than `RETARD_MAX` old is marked without letters, and so is the opening
    of a wave that is closed already. A wave that is held by someone else is left to the next run.
    """
    with transaction.atomic():
        vague = Vague.objects.a_annoncer(maintenant).select_for_update(skip_locked=True).filter(pk=vague_id).first()
        if vague is None:
            return 0
        lettres: list[Lettre] = []
        if vague.ouverture_annoncee_le is None:
            vague.ouverture_annoncee_le = maintenant
            if maintenant < vague.cloture and maintenant - vague.ouverture <= RETARD_MAX:
                lettres += _annoncer_ouverture(vague, maintenant)
        if vague.cloture_annoncee_le is None and vague.echeance <= maintenant:
            vague.cloture_annoncee_le = maintenant
            if maintenant - vague.echeance <= RETARD_MAX:
                lettres += _annoncer_cloture(vague, maintenant)
        vague.save(update_fields=["ouverture_annoncee_le", "cloture_annoncee_le"])
        mettre_en_file_lot(lettres)
    return len(lettres)


def _annoncer_ouverture(vague: Vague, maintenant: datetime) -> list[Lettre]:
    dates: dict[str, object] = {"numero": vague.numero, "cloture": instant_fr(vague.cloture, secondes=True)}
    lettres = [
        Lettre(
            gabarit="calendrier/ouverture_agents",
            valeurs={**dates, "ouverture": instant_fr(vague.ouverture)},
            cle=f"ouverture-{vague.pk}-agent-{agent.pk}",
            destinataire=agent.email,
        )
        for agent in _agents()
    ]
    lettres += [
        Lettre(
            gabarit="calendrier/ouverture_territoires",
            valeurs={**dates, "dossiers": dossiers},
            cle=f"ouverture-{vague.pk}-territoire-{personne.pk}",
            destinataire=personne.email,
        )
        for personne, dossiers in _a_relancer(vague, maintenant)
    ]
    consigner(ActeDeVague.ANNONCER_OUVERTURE, vague, acteur=None, fait_le=maintenant, courriers=len(lettres))
    return lettres


def _annoncer_cloture(vague: Vague, maintenant: datetime) -> list[Lettre]:
    lettres = [
        Lettre(
            gabarit="calendrier/cloture_agents",
            valeurs={"numero": vague.numero, "cloture": instant_fr(vague.echeance, secondes=True)},
            cle=f"cloture-annoncee-{vague.pk}-{agent.pk}-{vague.echeance:%Y%m%dT%H%M%S}",
            destinataire=agent.email,
        )
        for agent in _agents()
    ]
    consigner(ActeDeVague.ANNONCER_CLOTURE, vague, acteur=None, fait_le=maintenant, courriers=len(lettres))
    return lettres


def _agents() -> list[Utilisateur]:
    return list(titulaires(Role.INSTRUCTEUR, Role.ADMINISTRATEUR).order_by("pk"))


def _a_relancer(vague: Vague, maintenant: datetime) -> Iterator[tuple[Utilisateur, list[Candidature]]]:
    """Who wrote a file that `vague` may take a copy of, with these files: one letter a person."""
    dossiers = Candidature.objects.exclude(vague=vague).copiables(maintenant).derniers_du_territoire()
    participations = (
        Participation.objects.filter(
            candidature__in=dossiers.values("pk"),
            qualite__in=[Qualite.PORTEUR, Qualite.CO_PORTEUR],
            utilisateur__is_active=True,
        )
        .avec_dossier()
        .order_by("utilisateur", "candidature")
    )
    par_personne: dict[Utilisateur, list[Candidature]] = defaultdict(list)
    for participation in participations:
        par_personne[participation.utilisateur].append(participation.candidature)
    yield from par_personne.items()
