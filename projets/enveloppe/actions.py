"""The envelope and what is granted from it. Postgres keeps the grants within it, however many come at once."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from projets.enveloppe.actes import ActeDEnveloppe
from projets.enveloppe.models import Cofinancement, Concours, Enveloppe, Liberation
from projets.enveloppe.regles import INTERET, aide_au_dela_du_reste, aide_excessive, empechement_d_accorder
from projets.mission.actions import verrouiller_ouverte
from projets.mission.models import Mission
from projets.mission.regles import empechement_de_financer
from projets.portefeuille.actes import ActeDeProjet
from projets.portefeuille.actions import CONFLITS, _verrouiller_retenu
from projets.portefeuille.etats import Voie
from projets.portefeuille.models import Projet
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import date_fr, euros
from rebond.socle.utilisateur import Utilisateur


def ouvrir_enveloppe(
    *,
    mission: Mission,
    nom: str,
    montant: int,
    ouverte_le: date,
    cofinancements: Mapping[str, int],
    acteur: Utilisateur,
    maintenant: datetime,
) -> Enveloppe:
    """Open an envelope of `montant` whole euros; `cofinancements` says who puts what, and adds up to it when given.

    Raises `RegleEnfreinte` for anyone but a fund manager of that place, and for a mission that is not under way.
    """
    if cofinancements and sum(cofinancements.values()) != montant:
        raise RegleEnfreinte(
            f"La somme des cofinancements ({euros(sum(cofinancements.values()))}) diffère du montant de l’enveloppe "
            f"({euros(montant)})."
        )
    with transaction.atomic():
        _verrouiller(mission, acteur)
        if mission.enveloppes.filter(nom__iexact=nom).exists():
            raise RegleEnfreinte(f"La mission a déjà une enveloppe « {nom} ».")
        enveloppe = Enveloppe.objects.create(mission=mission, nom=nom, montant=montant, ouverte_le=ouverte_le)
        Cofinancement.objects.bulk_create(
            Cofinancement(enveloppe=enveloppe, financeur=financeur, montant=part)
            for financeur, part in cofinancements.items()
        )
        consigner(ActeDEnveloppe.OUVRIR_ENVELOPPE, enveloppe, acteur=acteur, fait_le=maintenant, montant=montant)
    return enveloppe


def accorder(
    *,
    enveloppe: Enveloppe,
    projet: Projet,
    montant: int,
    accorde_le: date,
    acteur: Utilisateur,
    maintenant: datetime,
) -> Concours:
    """Grant `montant` whole euros to a project that was sent to this envelope.

    Raises `RegleEnfreinte` with what is left when the envelope does not hold that much any more, or did not hold it
    yet on the day `accorde_le`, for anyone but a fund manager of that place, and for a mission that is not under way.
    """
    depassement = {
        "concours_dans_l_enveloppe": "Cette aide dépasse ce qui reste dans l’enveloppe. Rien n’a été accordé.",
        "concours_dans_l_enveloppe_a_sa_date": "À cette date, l’enveloppe ne contenait pas encore cette somme : elle "
        "n’a été libérée que plus tard, par l’abandon d’un autre projet. Vérifiez la date. Rien n’a été accordé.",
        "concours_accorde_par_un_tiers": INTERET,
        "projets_concours_projet_id_key": "Ce projet a déjà reçu une aide.",
        "concours_dans_le_programme": "Vérifiez l’année de l’accord.",
        "concours_positif": "Une aide est un montant positif.",
        "concours_dans_l_investissement": "Cette aide dépasse l’investissement du projet. Rien n’a été accordé.",
    }
    with traduire(depassement), transaction.atomic():
        _verrouiller(enveloppe.mission, acteur)
        # The same lock as the trigger's, taken first: what is left is then exact in the message.
        Enveloppe.objects.select_for_update().get(pk=enveloppe.pk)
        totaux = Enveloppe.objects.avec_totaux().get(pk=enveloppe.pk)
        projet = Projet.objects.avec_estimation(accorde_le).select_for_update(of=("self",)).get(pk=projet.pk)
        ici = projet.enveloppe_id == enveloppe.pk
        if refus := empechement_d_accorder(projet.etat, projet.voie, annule=projet.est_annule, ici=ici):
            raise RegleEnfreinte(refus)
        if projet.oriente_le is None or accorde_le < max(projet.oriente_le, enveloppe.ouverte_le):
            raise RegleEnfreinte(
                "Une aide s’accorde après l’ouverture de l’enveloppe et l’orientation du projet : vérifiez la date."
            )
        reste = totaux.montant - totaux.accorde  # type: ignore[attr-defined]
        if refus := aide_au_dela_du_reste(montant, reste):
            raise RegleEnfreinte(refus)
        if refus := aide_excessive(montant, projet.investissement):  # type: ignore[attr-defined]
            raise RegleEnfreinte(refus)
        concours = Concours.objects.create(
            enveloppe=enveloppe, projet=projet, montant=montant, accorde_le=accorde_le, accorde_par=acteur
        )
        appliquer(projet, ActeDeProjet.ACCORDER, acteur=acteur, maintenant=maintenant, montant=montant)
    return concours


def _verrouiller(mission: Mission, acteur: Utilisateur) -> None:
    """Lock the mission's row first, as its team does: orienting and granting take turns and never block each other."""
    mission = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
    if not Mission.objects.hors_interets_de(acteur).filter(pk=mission.pk).exists():
        raise RegleEnfreinte(INTERET)
    if not Mission.objects.financables_par(acteur).filter(pk=mission.pk).exists():
        raise RegleEnfreinte("Seul un gestionnaire d’enveloppe de ce territoire peut le faire.")
    if refus := empechement_de_financer(mission.etat):
        raise RegleEnfreinte(refus)


def abandonner(*, projet: Projet, abandonne_le: date, motif: str, acteur: Utilisateur, maintenant: datetime) -> Projet:
    """Note that a project was given up on the day `abandonne_le`, and why. The aid that it had is freed that day.

    Figures of earlier days stay what they were.
    """
    with traduire(CONFLITS), transaction.atomic():
        verrouiller_ouverte(projet.mission, acteur)
        projet = _verrouiller_retenu(projet)
        aide = projet.aide
        if aide is not None:
            if abandonne_le < aide.accorde_le:
                raise RegleEnfreinte(
                    f"Une aide lui a été accordée le {date_fr(aide.accorde_le)}\u00a0: l’abandon ne peut pas la "
                    "précéder."
                )
            Liberation.objects.create(concours=aide, libere_le=abandonne_le, libere_par=acteur)
        return appliquer(
            projet,
            ActeDeProjet.ABANDONNER,
            acteur=acteur,
            maintenant=maintenant,
            champs={"abandonne_le": abandonne_le, "abandon": motif},
            abandonne_le=abandonne_le.isoformat(),
            motif=motif,
            **({"aide_liberee": aide.montant} if aide else {}),
        )


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
            _verrouiller_retenu(projet),
            ActeDeProjet.ORIENTER,
            acteur=acteur,
            maintenant=maintenant,
            champs={"voie": voie, "oriente_le": oriente_le, "enveloppe": enveloppe},
            voie=voie,
        )
