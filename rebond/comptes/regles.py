"""What keeps a role from being given, signed, confirmed, suspended or withdrawn; what each role allows."""

from datetime import datetime, timedelta

from rebond.socle.bdd.jumeaux import jumeau_de
from territoires.actes import ActeDHabilitation
from territoires.etats import ROLES_A_DEUX_SIGNATURES, TRANSITIONS_HABILITATION, Role
from territoires.regles import DUREE_D_UNE_INVITATION, DUREE_MAX_D_UN_ROLE

# How long before its end, or before it must be confirmed, people are told.
RAPPELS = (timedelta(days=30), timedelta(days=7))
ADMINISTRATEURS_NECESSAIRES = 2
JAMAIS_A_SOI_MEME = (
    "Personne ne se donne un rôle, ni ne confirme le sien\u00a0: demandez-le à un autre administrateur."
)
INCOMPATIBLES = "Une même personne n’est pas administrateur et auditeur\u00a0: retirez d’abord l’autre rôle."
SEUL_UN_ADMINISTRATEUR = "Seul un administrateur donne, signe, confirme, suspend ou retire un rôle."
UN_AUTRE_SIGNE = "La seconde signature est celle d’un autre administrateur."
SON_PROPRE_ROLE = "Vous ne pouvez pas vous retirer le rôle d’administrateur\u00a0: demandez-le à un collègue."
FIN_ATTENDUE = "Ce rôle a une date de fin\u00a0: indiquez son dernier jour."
FIN_HORS_BORNES = "Un rôle a une date de fin, à venir et dans trois ans au plus."
PORTAIL_INSTALLE = (
    "Le portail a deux administrateurs en poste\u00a0: c’est à eux de donner les rôles, à la page «\u00a0Rôles\u00a0»."
)
MOTIF_DE_NOMMER_MIN = 20

# What whoever holds it may do, for the page « qui a accès à quoi ».
POUVOIRS = {
    Role.INSTRUCTEUR: "lit et instruit les dossiers déposés de son périmètre, propose leur suite",
    Role.EXPERT: "lit les dossiers qui lui sont soumis et donne son avis",
    Role.COMITE: "lit tous les dossiers déposés et leur instruction",
    Role.VALIDEUR: "lit tous les dossiers, signe les décisions, les annonces et les prolongations",
    Role.CHARGE_MISSION: "conduit les missions de son équipe\u00a0: entreprises, projets, feuille de route",
    Role.GESTIONNAIRE: "accorde les aides des enveloppes",
    Role.PRESSE: "lit les chiffres et les lauréats avant leur annonce, arrête les communiqués",
    Role.ADMINISTRATEUR: "tient le calendrier et les cahiers des charges, donne et signe les rôles, lit les e-mails",
    Role.AUDITEUR: "lit tout le journal et la liste des rôles",
}


def empechement_de_nommer(en_poste: int, motif: str) -> str | None:
    """Why an administrateur is not named from the machine, where `en_poste` are; two of them give the roles."""
    if en_poste < ADMINISTRATEURS_NECESSAIRES or len(motif.strip()) >= MOTIF_DE_NOMMER_MIN:
        return None
    return (
        f'{PORTAIL_INSTALLE} S’ils ne le peuvent plus, dites pourquoi\u00a0: --motif "…" ({MOTIF_DE_NOMMER_MIN} '
        "signes au moins, gardés au journal). Leurs rôles seront suspendus, et ils en seront prévenus."
    )


def a_deux_signatures(role: str) -> bool:
    return role in ROLES_A_DEUX_SIGNATURES


@jumeau_de("postgres:habilitation_jamais_a_soi_meme")
def empechement_de_proposer(*, adresse: str, adresse_de_l_acteur: str) -> str | None:
    """Why whoever has one address may not give a role to the other."""
    return JAMAIS_A_SOI_MEME if adresse.lower() == adresse_de_l_acteur.lower() else None


@jumeau_de("postgres:habilitation_qui_finit")
def empechement_de_finir(role: str, jusqu_au: datetime | None, propose_le: datetime) -> str | None:
    """Why a role proposed at that instant may not end then; `jusqu_au` is excluded."""
    if jusqu_au is None:
        return FIN_ATTENDUE if a_deux_signatures(role) else None
    return None if propose_le < jusqu_au <= propose_le + DUREE_MAX_D_UN_ROLE else FIN_HORS_BORNES


@jumeau_de("postgres:habilitation_signee_par_un_autre")
def empechement_de_signer(
    etat: str, *, proposee_par: int | None, acteur: int, adresse: str, adresse_de_l_acteur: str
) -> str | None:
    """Why `acteur` does not sign what `proposee_par` proposed for `adresse`; None when they do."""
    if refus := TRANSITIONS_HABILITATION.empechement(ActeDHabilitation.SIGNER, etat):
        return refus
    if proposee_par == acteur:
        return UN_AUTRE_SIGNE
    return empechement_de_proposer(adresse=adresse, adresse_de_l_acteur=adresse_de_l_acteur)


def empechement_d_ecarter(etat: str) -> str | None:
    return TRANSITIONS_HABILITATION.empechement(ActeDHabilitation.ECARTER, etat)


def empechement_de_confirmer(etat: str, *, titulaire: int | None, acteur: int) -> str | None:
    """Why `acteur` does not confirm the role of `titulaire`."""
    if refus := TRANSITIONS_HABILITATION.empechement(ActeDHabilitation.CONFIRMER, etat):
        return refus
    return JAMAIS_A_SOI_MEME if titulaire == acteur else None


def empechement_de_suspendre(etat: str, *, role: str, titulaire: int | None, acteur: int) -> str | None:
    if refus := TRANSITIONS_HABILITATION.empechement(ActeDHabilitation.SUSPENDRE, etat):
        return refus
    return _laisse_un_administrateur(role, titulaire, acteur)


def empechement_de_retirer(etat: str, *, role: str, titulaire: int | None, acteur: int) -> str | None:
    """Why `acteur` does not withdraw that role: an administrateur keeps their own, or the portal would have none."""
    if refus := TRANSITIONS_HABILITATION.empechement(ActeDHabilitation.RETIRER, etat):
        return refus
    return _laisse_un_administrateur(role, titulaire, acteur)


def _laisse_un_administrateur(role: str, titulaire: int | None, acteur: int) -> str | None:
    return SON_PROPRE_ROLE if role == Role.ADMINISTRATEUR and titulaire == acteur else None


def empechement_d_activer(offerte_le: datetime, maintenant: datetime) -> str | None:
    """An invitation is answered within thirty days."""
    if maintenant < offerte_le + DUREE_D_UNE_INVITATION:
        return None
    return "Cette invitation a plus de trente jours\u00a0: demandez-en une autre à un administrateur."
