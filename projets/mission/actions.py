"""Opening a mission, forming its team, going through its steps, meeting companies."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from candidatures.labellisation.models import Labellisation
from projets.mission.actes import ActeDeMission
from projets.mission.etats import EtatMission
from projets.mission.models import EquipeMission, Industriel, Mission, MissionLabellisation
from projets.mission.regles import (
    empechement_d_annuler_un_industriel,
    empechement_d_avancer,
    empechement_de_composer,
    empechement_de_modifier,
    empechement_de_modifier_un_industriel,
    empechement_de_prendre_en_charge,
    etape_suivante,
)
from rebond.comptes.habilitations import a_le_role
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Epci

CONFLITS = {
    **phrases_de(Mission, "mission_debut_avant_fin"),
    **phrases_de(Industriel, "industriel_unique_dans_la_mission"),
    "industriel_siren_valide": "Ce SIREN n’est pas valide : neuf chiffres, dont le dernier vérifie les autres.",
}


def preparer(*, labellisation: Labellisation, acteur: Utilisateur | None, maintenant: datetime) -> Mission:
    """The mission « à lancer » of a newly announced laureate; the same one when it already exists."""
    with transaction.atomic():
        deja = Mission.objects.filter(labellisations=labellisation).first()
        if deja is not None:
            return deja
        mission = Mission.objects.create(
            titre=f"Mission Rebond industriel – {labellisation.territoire.nom}"[:200],
            demonstration=labellisation.candidature.demonstration,
        )
        MissionLabellisation.objects.create(mission=mission, labellisation=labellisation)
        consigner(
            ActeDeMission.PREPARER, mission, acteur=acteur, fait_le=maintenant, territoire=labellisation.territoire.nom
        )
    return mission


def ouvrir_mission(
    *,
    titre: str,
    labellisations: Iterable[Labellisation],
    debut: date,
    acteur: Utilisateur,
    maintenant: datetime,
    equipe: Iterable[Utilisateur] = (),
    demonstration: bool = False,
    contexte: str = "",
) -> Mission:
    """Give one or several laureates their mission together, with its title, beginning and team.

    The missions that wait « à lancer » for these laureates become one. Raises `RegleEnfreinte` when one of them has
    begun, when a laureate is not public yet, or when `acteur` or someone of the team is not a chargé de mission.
    """
    laureats = list(labellisations)
    if not laureats:
        raise RegleEnfreinte("Une mission accompagne au moins un territoire lauréat.")
    if any(laureat.publique_a is None or laureat.publique_a > maintenant for laureat in laureats):
        raise RegleEnfreinte("Une mission s’ouvre après l’annonce de ses territoires lauréats.")
    if not a_le_role(acteur, Role.CHARGE_MISSION):
        raise RegleEnfreinte("Seul un chargé de mission peut ouvrir une mission.")
    with transaction.atomic():
        for laureat in laureats:
            preparer(labellisation=laureat, acteur=acteur, maintenant=maintenant)
        mission, *autres = (
            Mission.objects.select_for_update(of=("self",))
            .filter(pk__in=MissionLabellisation.objects.filter(labellisation__in=laureats).values("mission"))
            .order_by("pk")
        )
        if any(m.etat != EtatMission.A_LANCER for m in (mission, *autres)):
            raise RegleEnfreinte("L’un de ces territoires a déjà une mission en cours.")
        MissionLabellisation.objects.filter(mission__in=autres).update(mission=mission)
        for autre in autres:
            consigner(ActeDeMission.REUNIR, autre, acteur=acteur, fait_le=maintenant, avec=mission.pk)
        Mission.objects.filter(pk__in=[autre.pk for autre in autres]).delete()
        mission.titre, mission.debut, mission.contexte = titre, debut, contexte
        mission.demonstration = demonstration
        mission.save(update_fields=["titre", "debut", "contexte", "demonstration"])
        for equipier in equipe:
            rejoindre(mission=mission, utilisateur=equipier, acteur=acteur, maintenant=maintenant)
        consigner(ActeDeMission.OUVRIR, mission, acteur=acteur, fait_le=maintenant, debut=debut.isoformat())
    return mission


def accueillir(*, mission: Mission, utilisateur: Utilisateur, acteur: Utilisateur, maintenant: datetime) -> None:
    """Someone of the team, or an administrateur, adds a chargé de mission to it."""
    with transaction.atomic():
        mission = _verrouiller_equipe(mission, acteur)
        rejoindre(mission=mission, utilisateur=utilisateur, acteur=acteur, maintenant=maintenant)


def liberer(*, mission: Mission, utilisateur: Utilisateur, acteur: Utilisateur, maintenant: datetime) -> None:
    """Take someone out of the team; not there any more, nothing changes. The last one stays."""
    with transaction.atomic():
        mission = _verrouiller_equipe(mission, acteur)
        place = mission.equipiers.filter(utilisateur=utilisateur)
        if not place.exists():
            return
        if not mission.equipiers.exclude(utilisateur=utilisateur).exists():
            raise RegleEnfreinte("Une mission garde au moins une personne : ajoutez d’abord qui prend la suite.")
        place.delete()
        consigner(ActeDeMission.QUITTER, mission, acteur=acteur, fait_le=maintenant, equipier=str(utilisateur))


def rejoindre(*, mission: Mission, utilisateur: Utilisateur, acteur: Utilisateur, maintenant: datetime) -> None:
    """Add a chargé de mission to the team; already there, nothing changes."""
    if not a_le_role(utilisateur, Role.CHARGE_MISSION):
        raise RegleEnfreinte("Seul un chargé de mission peut rejoindre l’équipe d’une mission.")
    with transaction.atomic():
        _, nouveau = EquipeMission.objects.get_or_create(mission=mission, utilisateur=utilisateur)
        if nouveau:
            consigner(ActeDeMission.REJOINDRE, mission, acteur=acteur, fait_le=maintenant, equipier=str(utilisateur))


def prendre_en_charge(*, mission: Mission, debut: date, acteur: Utilisateur, maintenant: datetime) -> Mission:
    """A chargé de mission takes a mission that waits « à lancer », says when it begins, and launches it."""
    with transaction.atomic():
        mission = Mission.objects.select_for_update().get(pk=mission.pk)
        if refus := empechement_de_prendre_en_charge(mission.etat):
            raise RegleEnfreinte(refus)
        if not Mission.objects.a_prendre_en_charge_par(acteur).filter(pk=mission.pk).exists():
            raise RegleEnfreinte("Seul un chargé de mission de ce territoire peut prendre cette mission en charge.")
        rejoindre(mission=mission, utilisateur=acteur, acteur=acteur, maintenant=maintenant)
        mission.debut = debut
        mission.save(update_fields=["debut"])
        return avancer(mission=mission, acteur=acteur, maintenant=maintenant)


def avancer(
    *,
    mission: Mission,
    acteur: Utilisateur,
    maintenant: datetime,
    restituee_le: date | None = None,
    vers: EtatMission | None = None,
) -> Mission:
    """Take the mission to its next step. The restitution is dated: `restituee_le` is a Paris day.

    `vers` is the step that the person was shown: two of them who press the button at once go one step, not two.
    """
    with transaction.atomic():
        mission = verrouiller(mission, acteur)
        suivante = etape_suivante(mission.etat)
        if suivante is None:
            raise RegleEnfreinte(empechement_d_avancer(mission.etat) or "")
        if vers not in (None, suivante):
            raise RegleEnfreinte("La mission a déjà changé d’étape : vérifiez où elle en est.")
        if mission.debut is None:
            raise RegleEnfreinte("Indiquez d’abord la date de début de la mission.")
        champs: dict[str, object] = {}
        if suivante == EtatMission.RESTITUEE:
            if restituee_le is None or restituee_le < mission.debut:
                raise RegleEnfreinte("Indiquez la date de la restitution ; elle suit le début de la mission.")
            champs["restituee_le"] = restituee_le
        return appliquer(
            mission,
            ActeDeMission.de(f"passer_a_{suivante.value}"),
            acteur=acteur,
            maintenant=maintenant,
            champs=champs,
        )


def rencontrer(
    *,
    mission: Mission,
    siren: str,
    nom: str,
    epci: Epci,
    rencontre_le: date | None,
    acteur: Utilisateur,
    maintenant: datetime,
    effectif: int | None = None,
    activite: str = "",
) -> Industriel:
    """Add a company to the mission; met when `rencontre_le` is given, otherwise to be met."""
    with traduire(CONFLITS), transaction.atomic():
        mission = verrouiller_ouverte(mission, acteur)
        industriel = Industriel.objects.create(
            mission=mission,
            siren=siren,
            nom=nom,
            epci=epci,
            rencontre_le=rencontre_le,
            effectif=effectif,
            activite=activite,
        )
        consigner(ActeDeMission.AJOUTER_INDUSTRIEL, industriel, acteur=acteur, fait_le=maintenant, siren=siren)
    return industriel


def modifier_industriel(
    *, industriel: Industriel, champs: dict[str, object], acteur: Utilisateur, maintenant: datetime
) -> Industriel:
    """Correct a company (`nom`, `siren`, `epci`, `effectif`, `activite`, `rencontre_le`)."""
    with traduire(CONFLITS), transaction.atomic():
        verrouiller_ouverte(industriel.mission, acteur)
        industriel = Industriel.objects.select_for_update(of=("self",)).get(pk=industriel.pk)
        if refus := empechement_de_modifier_un_industriel(annule=industriel.est_annule):
            raise RegleEnfreinte(refus)
        for champ, valeur in champs.items():
            setattr(industriel, champ, valeur)
        industriel.save(update_fields=list(champs))
        details = {champ: str(valeur) for champ, valeur in champs.items()}
        consigner(ActeDeMission.MODIFIER_INDUSTRIEL, industriel, acteur=acteur, fait_le=maintenant, **details)
    return industriel


def annuler_industriel(
    *, industriel: Industriel, raison: str, acteur: Utilisateur, maintenant: datetime
) -> Industriel:
    """Declare that this company was entered by mistake: it stays, with the reason, and counts nowhere from now on.

    Its SIREN may be entered again. Raises `RegleEnfreinte` when it carries projects.
    """
    with transaction.atomic():
        verrouiller_ouverte(industriel.mission, acteur)
        industriel = Industriel.objects.select_for_update(of=("self",)).get(pk=industriel.pk)
        portes = industriel.projets.retenus().count()
        if refus := empechement_d_annuler_un_industriel(annule=industriel.est_annule, projets=portes):
            raise RegleEnfreinte(refus)
        industriel.annule_le, industriel.annule_par, industriel.annulation = maintenant, acteur, raison
        industriel.save(update_fields=["annule_le", "annule_par", "annulation"])
        consigner(ActeDeMission.ANNULER_INDUSTRIEL, industriel, acteur=acteur, fait_le=maintenant, raison=raison)
    return industriel


def decrire(
    *, mission: Mission, contexte: str, fin: date | None, acteur: Utilisateur, maintenant: datetime
) -> Mission:
    """What the report says of a mission's context, and when it should end."""
    with traduire(CONFLITS), transaction.atomic():
        mission = verrouiller_ouverte(mission, acteur)
        mission.contexte, mission.fin = contexte, fin
        mission.save(update_fields=["contexte", "fin"])
        consigner(
            ActeDeMission.DECRIRE,
            mission,
            acteur=acteur,
            fait_le=maintenant,
            contexte=contexte,
            fin=fin.isoformat() if fin else "",
        )
    return mission


def _verrouiller_equipe(mission: Mission, acteur: Utilisateur) -> Mission:
    mission = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
    if not Mission.objects.composables_par(acteur).filter(pk=mission.pk).exists():
        raise RegleEnfreinte("Seule l’équipe de la mission, ou un administrateur, peut la composer.")
    if refus := empechement_de_composer(mission.etat):
        raise RegleEnfreinte(refus)
    return mission


def verrouiller(mission: Mission, acteur: Utilisateur) -> Mission:
    """Lock the mission's row for someone of its team; `RegleEnfreinte` for anyone else."""
    mission = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
    if not Mission.objects.modifiables_par(acteur).filter(pk=mission.pk).exists():
        raise RegleEnfreinte("Seule l’équipe de la mission peut la modifier.")
    return mission


def verrouiller_ouverte(mission: Mission, acteur: Utilisateur) -> Mission:
    mission = verrouiller(mission, acteur)
    if refus := empechement_de_modifier(mission.etat):
        raise RegleEnfreinte(refus)
    return mission
