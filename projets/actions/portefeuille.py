"""The portfolio: listing projects, estimating them again, sending each where it belongs."""

from datetime import date, datetime

from django.db import transaction

from projets.actions.missions import verrouiller_ouverte
from projets.etats import Voie
from projets.models import Enveloppe, Estimation, Industriel, Projet
from projets.regles import ACTES_SIMPLES
from rebond.socle.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur
from rebond.socle.transitions import appliquer
from rebond.socle.typographie import date_fr
from territoires.models import Epci

CONFLITS = {
    "estimation_dans_le_programme": "Vérifiez l’année de l’estimation.",
    "projet_oriente_apres_recensement": "Un projet ne peut pas être orienté avant d’avoir été recensé.",
    "projet_orientation_entiere": "Une orientation porte une date et, vers l’enveloppe, le nom de celle-ci.",
}


def recenser(
    *,
    industriel: Industriel,
    intitule: str,
    nature: str,
    epci: Epci,
    recense_le: date,
    investissement: int,
    emplois_potentiels: int,
    structurant: bool,
    acteur: Utilisateur,
    maintenant: datetime,
    emplois_previsionnels: int | None = None,
    description: str = "",
) -> Projet:
    """Add a project to the portfolio, with its first estimate. `investissement` in whole euros.

    Raises `RegleEnfreinte` when the company already carries a project of that name: a form sent twice counts once.
    """
    with traduire(CONFLITS), transaction.atomic():
        mission = verrouiller_ouverte(industriel.mission, acteur)
        if industriel.projets.filter(intitule__iexact=intitule).exists():
            raise RegleEnfreinte(f"Le projet « {intitule} » de cette entreprise est déjà au portefeuille.")
        projet = Projet.objects.create(
            mission=mission,
            industriel=industriel,
            intitule=intitule,
            description=description,
            nature=nature,
            epci=epci,
            structurant=structurant,
            recense_le=recense_le,
        )
        Estimation.objects.create(
            projet=projet,
            au=recense_le,
            investissement=investissement,
            emplois_potentiels=emplois_potentiels,
            emplois_previsionnels=emplois_previsionnels,
            auteur=acteur,
        )
        consigner("recenser", projet, acteur=acteur, fait_le=maintenant, investissement=investissement)
    return projet


def reestimer(
    *,
    projet: Projet,
    au: date,
    investissement: int,
    emplois_potentiels: int,
    emplois_previsionnels: int | None,
    acteur: Utilisateur,
    maintenant: datetime,
) -> Estimation:
    """Add an estimate that holds from the day `au` on; figures of earlier days stay what they were."""
    with traduire(CONFLITS), transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        if au < projet.recense_le:
            raise RegleEnfreinte("Une estimation ne peut pas précéder le recensement du projet.")
        estimation = Estimation.objects.create(
            projet=projet,
            au=au,
            investissement=investissement,
            emplois_potentiels=emplois_potentiels,
            emplois_previsionnels=emplois_previsionnels,
            auteur=acteur,
        )
        consigner(
            "reestimer", projet, acteur=acteur, fait_le=maintenant, au=au.isoformat(), investissement=investissement
        )
    return estimation


def modifier(*, projet: Projet, champs: dict[str, object], acteur: Utilisateur, maintenant: datetime) -> Projet:
    """Correct what describes a project (`intitule`, `description`, `nature`, `epci`, `structurant`)."""
    with transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
        for champ, valeur in champs.items():
            setattr(projet, champ, valeur)
        projet.save(update_fields=list(champs))
        details = {champ: str(valeur) for champ, valeur in champs.items()}
        consigner("modifier", projet, acteur=acteur, fait_le=maintenant, **details)
    return projet


def qualifier(*, projet: Projet, acteur: Utilisateur, maintenant: datetime) -> Projet:
    return faire(projet=projet, acte="qualifier", acteur=acteur, maintenant=maintenant)


def faire(*, projet: Projet, acte: str, acteur: Utilisateur, maintenant: datetime) -> Projet:
    """One of `projets.regles.ACTES_SIMPLES`; the others write more than a state and have their own function."""
    if acte not in ACTES_SIMPLES:
        raise ValueError(acte)
    with transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        return appliquer(projet, acte, acteur=acteur, maintenant=maintenant)


def orienter(
    *,
    projet: Projet,
    voie: str,
    oriente_le: date,
    enveloppe: Enveloppe | None,
    acteur: Utilisateur,
    maintenant: datetime,
) -> Projet:
    """Send a qualified project to the envelope, to ordinary aids, or on without aid."""
    if (voie == Voie.ENVELOPPE) != (enveloppe is not None):
        raise RegleEnfreinte(CONFLITS["projet_orientation_entiere"])
    if enveloppe is not None and enveloppe.mission_id != projet.mission_id:
        raise RegleEnfreinte("Cette enveloppe est celle d’une autre mission.")
    if enveloppe is not None and oriente_le < enveloppe.ouverte_le:
        raise RegleEnfreinte(f"Cette enveloppe n’ouvre que le {date_fr(enveloppe.ouverte_le)} : vérifiez la date.")
    with traduire(CONFLITS), transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        return appliquer(
            projet,
            "orienter",
            acteur=acteur,
            maintenant=maintenant,
            champs={"voie": voie, "oriente_le": oriente_le, "enveloppe": enveloppe},
            voie=voie,
        )
