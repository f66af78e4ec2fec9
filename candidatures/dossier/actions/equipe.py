"""The people of a file: what each of them may do, who leaves, who carries it on."""

from datetime import datetime

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.versions import Presence
from candidatures.dossier.regles import (
    CONFIE_PAR_UN_TIERS,
    SEUL_LE_PORTEUR,
    empechement_d_ecarter,
    empechement_de_changer_de_role,
    empechement_de_changer_l_equipe,
    empechement_de_gerer_l_equipe,
)
from candidatures.dossier.requetes import qualite_de
from candidatures.dossier.signaux import est_jugee_par
from rebond.comptes.habilitations import a_le_role
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# What a letter says of each quality, to the person who holds it.
POUVOIRS = {
    Qualite.PORTEUR: "vous écrivez dans le dossier, vous composez son équipe, et vous seul pouvez le déposer "
    "ou le retirer",
    Qualite.CO_PORTEUR: "vous pouvez écrire dans le dossier et y joindre des pièces\u00a0; son responsable le dépose",
    Qualite.LECTEUR: "vous pouvez lire le dossier et vérifier qu’il est complet, sans le modifier",
}


def changer_qualite(
    *, participation: Participation, qualite: Qualite, auteur: Utilisateur, maintenant: datetime
) -> Participation:
    """Make a participant a co-porteur or a lecteur; nothing happens when they are one already.

    Raises `RegleEnfreinte` unless `auteur` is the porteur, and for the porteur, who passes the file on instead.
    """
    with transaction.atomic():
        candidature = tenir_pour_gerer(participation.candidature, auteur, maintenant)
        tenue = _relire(participation)
        if refus := empechement_de_changer_de_role(tenue.qualite) or empechement_de_changer_de_role(qualite):
            raise RegleEnfreinte(refus)
        if tenue.qualite == qualite:
            return tenue
        tenue.qualite = qualite
        tenue.save(update_fields=["qualite"])
        entree = consigner(
            ActeDuDossier.CHANGER_QUALITE,
            candidature,
            acteur=auteur,
            fait_le=maintenant,
            personne=str(tenue.utilisateur),
            qualite=qualite.value,
        )
        ecrire(
            candidature,
            tenue.utilisateur,
            entree,
            "dossier/qualite_changee",
            auteur=auteur,
            qualite=qualite.label.lower(),
            pouvoirs=POUVOIRS[qualite],
        )
    return tenue


def retirer_participant(*, participation: Participation, auteur: Utilisateur, maintenant: datetime) -> None:
    """End someone's part in a file: by its porteur, or by oneself. What they did stays, under their name.

    Raises `RegleEnfreinte` for anyone else, and for the porteur, who passes the file on first.
    """
    with transaction.atomic():
        candidature = tenir_ouverte(participation.candidature, maintenant)
        tenue = _relire(participation)
        personne, de_soi = tenue.utilisateur, tenue.utilisateur_id == auteur.pk
        if refus := empechement_d_ecarter(tenue.qualite, de_soi=de_soi, par=qualite_de(candidature, auteur)):
            raise RegleEnfreinte(refus)
        tenue.delete()
        Presence.objects.filter(candidature=candidature, utilisateur=personne).delete()
        acte = ActeDuDossier.QUITTER_DOSSIER if de_soi else ActeDuDossier.RETIRER_PARTICIPANT
        entree = consigner(acte, candidature, acteur=auteur, fait_le=maintenant, personne=str(personne))
        if de_soi:
            porteur = _porteur(candidature)
            if porteur is not None:
                ecrire(
                    candidature,
                    porteur.utilisateur,
                    entree,
                    "dossier/participant_parti",
                    personne=str(personne),
                    adresse_de_la_personne=personne.email,
                )
        else:
            ecrire(
                candidature,
                personne,
                entree,
                "dossier/participant_retire",
                auteur=auteur,
            )


def passer_la_main(
    *, candidature: Candidature, a: Utilisateur, auteur: Utilisateur, maintenant: datetime, motif: str = ""
) -> Participation:
    """Make `a` the porteur of the file; the former one becomes a co-porteur. What was asked of the
    portal at the deadline stays.

    By the porteur, to one of the participants; or by an administrateur, when the porteur has left, to anyone who has
    an account but themselves, with a `motif`, and unless they take part in the file, or did. Raises `RegleEnfreinte`
    otherwise.
    """
    with transaction.atomic():
        tenue = tenir_ouverte(candidature, maintenant)
        ancien = _porteur(tenue)
        _verifier_passation(tenue, ancien, a, auteur, motif)
        participation = Participation.objects.filter(candidature=tenue, utilisateur=a).first()
        if participation is None:
            if ancien is not None and ancien.utilisateur_id == auteur.pk:
                raise RegleEnfreinte(f"{a} ne participe pas au dossier\u00a0: invitez d’abord cette personne.")
            participation = Participation(candidature=tenue, utilisateur=a, depuis=maintenant)
        # In this order: at no instant has the file two porteurs.
        if ancien is not None:
            ancien.qualite = Qualite.CO_PORTEUR
            ancien.save(update_fields=["qualite"])
        participation.qualite = Qualite.PORTEUR
        participation.save()
        entree = consigner(
            ActeDuDossier.PASSER_LA_MAIN,
            tenue,
            acteur=auteur,
            fait_le=maintenant,
            personne=str(a),
            ancien=str(ancien.utilisateur) if ancien else "",
            motif=motif.strip(),
        )
        _annoncer_passation(tenue, ancien, a, auteur, entree)
    return participation


def tenir_ouverte(candidature: Candidature, maintenant: datetime) -> Candidature:
    """The locked file, while people may still join or leave it.

    What the territory knows decides: a refusal never tells a decision before its announcement.
    """
    tenue = tenir(candidature)
    etat = etat_connu_du_territoire(tenue, maintenant)
    if refus := empechement_de_changer_l_equipe(etat):
        raise RegleEnfreinte(refus)
    return tenue


def tenir_pour_gerer(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """The locked file, once `auteur` is known to be its porteur."""
    tenue = tenir(candidature)
    etat = etat_connu_du_territoire(tenue, maintenant)
    if refus := empechement_de_gerer_l_equipe(etat, qualite_de(tenue, auteur)):
        raise RegleEnfreinte(refus)
    return tenue


def ecrire(
    candidature: Candidature, personne: Utilisateur, entree: EntreeJournal, gabarit: str, /, **valeurs: object
) -> None:
    """Tell `personne` of the act that `entree` records, once. `gabarit` extends `courriers/dossier/equipe.txt`."""
    du_dossier = {
        "pk": candidature.pk,
        "reference": candidature.reference,
        "territoire": candidature.territoire.nom,
    }
    mettre_en_file(
        Lettre(
            gabarit=gabarit,
            valeurs={**du_dossier, **valeurs},
            cle=f"equipe-{entree.pk}-{personne.pk}",
            destinataire=personne.email,
            demonstration=candidature.demonstration,
        )
    )


def _verifier_passation(
    candidature: Candidature, ancien: Participation | None, a: Utilisateur, auteur: Utilisateur, motif: str
) -> None:
    if ancien is None or ancien.utilisateur_id != auteur.pk:
        if not a_le_role(auteur, Role.ADMINISTRATEUR):
            raise RegleEnfreinte(SEUL_LE_PORTEUR)
        if not motif.strip():
            raise RegleEnfreinte("Confier le dossier d’autrui se motive\u00a0: écrivez pourquoi.")
        if a.pk == auteur.pk:
            raise RegleEnfreinte("Vous ne pouvez pas vous confier un dossier à vous-même.")
        if Candidature.objects.de_son_territoire(auteur).filter(pk=candidature.pk).exists():
            raise RegleEnfreinte(CONFIE_PAR_UN_TIERS)
    if ancien is not None and ancien.utilisateur_id == a.pk:
        raise RegleEnfreinte(f"{a} est déjà le responsable de ce dossier.")
    if not a.is_active:
        raise RegleEnfreinte(f"Le compte de {a} est fermé\u00a0: choisissez une autre personne.")
    if est_jugee_par(candidature, a):
        raise RegleEnfreinte(f"{a} intervient dans l’instruction de ce dossier\u00a0: choisissez une autre personne.")


def _annoncer_passation(
    candidature: Candidature, ancien: Participation | None, a: Utilisateur, auteur: Utilisateur, entree: EntreeJournal
) -> None:
    motif = entree.details["motif"]
    demande_le = candidature.depot_a_l_echeance_le
    ecrire(
        candidature,
        a,
        entree,
        "dossier/dossier_confie",
        auteur=auteur,
        pouvoirs=POUVOIRS[Qualite.PORTEUR],
        motif=motif,
        depot_demande_le=instant_fr(demande_le) if demande_le else "",
        depot_demande_par=candidature.depot_a_l_echeance_par,
    )
    if ancien is not None:
        ecrire(
            candidature,
            ancien.utilisateur,
            entree,
            "dossier/nouveau_porteur",
            auteur=auteur,
            nouveau=a,
            pouvoirs=POUVOIRS[Qualite.CO_PORTEUR],
            motif=motif,
        )


def _porteur(candidature: Candidature) -> Participation | None:
    return (
        Participation.objects.filter(candidature=candidature, qualite=Qualite.PORTEUR)
        .select_related("utilisateur")
        .first()
    )


def _relire(participation: Participation) -> Participation:
    """As it is now that the file is held."""
    relue = Participation.objects.select_related("utilisateur").filter(pk=participation.pk).first()
    if relue is None:
        raise RegleEnfreinte("Cette personne ne participe déjà plus au dossier.")
    return relue
