"""The portfolio: listing projects, estimating them again, sending each where it belongs."""

from datetime import date, datetime

from django.db import transaction

from projets.mission.actions import verrouiller_ouverte
from projets.mission.models import Industriel
from projets.portefeuille.actes import ActeDeProjet
from projets.portefeuille.models import Estimation, Projet
from projets.portefeuille.regles import ACTES_SIMPLES, empechement_de_changer_un_projet
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Epci

CONFLITS = {
    **phrases_de(
        Projet,
        "projet_oriente_apres_recensement",
        "projet_abandonne_apres_recensement",
        "projet_abandonne_apres_orientation",
        "projet_orientation_entiere",
    ),
    "estimation_dans_le_programme": "Vérifiez l’année de l’estimation.",
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

    Raises `RegleEnfreinte` when the company was cancelled, or already carries a project of that name: a form sent
    twice counts once.
    """
    with traduire(CONFLITS), transaction.atomic():
        mission = verrouiller_ouverte(industriel.mission, acteur)
        # Read again under the lock: a colleague may have cancelled it since the form was shown.
        industriel = Industriel.objects.select_for_update(of=("self",)).get(pk=industriel.pk)
        if industriel.est_annule:
            raise RegleEnfreinte("Cette entreprise est annulée\u00a0: elle ne porte plus de projet.")
        if industriel.projets.retenus().filter(intitule__iexact=intitule).exists():
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
        consigner(ActeDeProjet.RECENSER, projet, acteur=acteur, fait_le=maintenant, investissement=investissement)
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
        projet = _verrouiller_retenu(projet)
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
            ActeDeProjet.REESTIMER,
            projet,
            acteur=acteur,
            fait_le=maintenant,
            au=au.isoformat(),
            investissement=investissement,
        )
    return estimation


def modifier(*, projet: Projet, champs: dict[str, object], acteur: Utilisateur, maintenant: datetime) -> Projet:
    """Correct what describes a project (`intitule`, `description`, `nature`, `epci`, `structurant`)."""
    with transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        projet = _verrouiller_retenu(projet)
        for champ, valeur in champs.items():
            setattr(projet, champ, valeur)
        projet.save(update_fields=list(champs))
        details = {champ: str(valeur) for champ, valeur in champs.items()}
        consigner(ActeDeProjet.MODIFIER, projet, acteur=acteur, fait_le=maintenant, **details)
    return projet


def qualifier(*, projet: Projet, acteur: Utilisateur, maintenant: datetime) -> Projet:
    return faire(projet=projet, acte=ActeDeProjet.QUALIFIER, acteur=acteur, maintenant=maintenant)


def faire(*, projet: Projet, acte: ActeDeProjet, acteur: Utilisateur, maintenant: datetime) -> Projet:
    """One of `regles.ACTES_SIMPLES`; the others write more than a state and have their own function."""
    if acte not in ACTES_SIMPLES:
        raise ValueError(acte)
    with transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        return appliquer(_verrouiller_retenu(projet), acte, acteur=acteur, maintenant=maintenant)


def annuler(*, projet: Projet, raison: str, acteur: Utilisateur, maintenant: datetime) -> Projet:
    """Declare that this project was entered by mistake: it stays, with the reason, and counts nowhere from now on.

    What was published with it does not change. Raises `RegleEnfreinte` when it has or had an aid.
    """
    with transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        projet = Projet.objects.pour_liste().select_for_update(of=("self",)).get(pk=projet.pk)
        if refus := projet.empechement_d_annuler:
            raise RegleEnfreinte(refus)
        projet.annule_le, projet.annule_par, projet.annulation = maintenant, acteur, raison
        projet.save(update_fields=["annule_le", "annule_par", "annulation"])
        consigner(ActeDeProjet.ANNULER, projet, acteur=acteur, fait_le=maintenant, raison=raison)
    return projet


def _verrouiller_retenu(projet: Projet) -> Projet:
    """The project, locked, unless it was cancelled: nothing more happens to a mistake."""
    tenu = Projet.objects.pour_liste().select_for_update(of=("self",)).get(pk=projet.pk)
    if refus := empechement_de_changer_un_projet(annule=tenu.est_annule):
        raise RegleEnfreinte(refus)
    return tenu
