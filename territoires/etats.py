"""Closed lists of the reference data and of the rights; the states of a role and how it passes from one to another."""

from datetime import date

from django.db.models import TextChoices

from rebond.socle.etats.table import Table, Transition
from territoires.actes import ActeDHabilitation


class Nature(TextChoices):
    """Legal nature of an EPCI à fiscalité propre (CGCT art. L5210-1-1), and Grand Paris' EPT (art. L5219-2)."""

    CC = "CC", "communauté de communes"
    CA = "CA", "communauté d’agglomération"
    CU = "CU", "communauté urbaine"
    METROPOLE = "METRO", "métropole"
    METROPOLE_LYON = "MET69", "métropole de Lyon"
    EPT = "EPT", "établissement public territorial"


class TypeOrganisme(TextChoices):
    """What a person acts for. A PETR groups EPCI and may carry a file, without being an EPCI itself."""

    EPCI = "EPCI", "intercommunalité"
    PETR = "PETR", "pôle d’équilibre territorial et rural"
    COMMUNE = "COMMUNE", "commune"
    DEPARTEMENT = "DEPARTEMENT", "conseil départemental"
    REGION = "REGION", "conseil régional"
    PREFECTURE = "PREFECTURE", "préfecture"
    DREETS = "DREETS", "DREETS"
    ANCT = "ANCT", "Agence nationale de la cohésion des territoires"
    DGE = "DGE", "Direction générale des Entreprises"
    SGPI = "SGPI", "Secrétariat général pour l’investissement"
    BANQUE_DES_TERRITOIRES = "BDT", "Banque des Territoires"
    BPIFRANCE = "BPIFRANCE", "Bpifrance"
    MINISTERE = "MINISTERE", "ministère"
    BUREAU_ETUDES = "BUREAU_ETUDES", "bureau d’études"


class Role(TextChoices):
    """What an habilitation allows. Porteur, co-porteur and lecteur are not roles: they are held file by file."""

    INSTRUCTEUR = "INSTRUCTEUR", "instructeur"
    EXPERT = "EXPERT", "expert"
    COMITE = "COMITE", "membre du comité de sélection"
    VALIDEUR = "VALIDEUR", "valideur"
    CHARGE_MISSION = "CHARGE_MISSION", "chargé de mission"
    GESTIONNAIRE = "GESTIONNAIRE", "gestionnaire d’enveloppe"
    PRESSE = "PRESSE", "service de presse"
    ADMINISTRATEUR = "ADMINISTRATEUR", "administrateur"
    AUDITEUR = "AUDITEUR", "auditeur"


class MoyenDePreuve(TextChoices):
    """How it is known that a person works for an authority."""

    SIRET = "siret", "numéro SIRET transmis par ProConnect"
    LETTRE = "lettre", "code reçu à l’adresse officielle de la collectivité"
    PAROLE = "parole", "parole d’un agent de l’État"


# Roles that choose (instructeur, comité, gestionnaire), sign (valideur, presse, administrateur) or audit: two
# administrateurs sign them, and they end (design, invariant 13).
ROLES_A_DEUX_SIGNATURES = (
    *(Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR, Role.GESTIONNAIRE),
    *(Role.PRESSE, Role.ADMINISTRATEUR, Role.AUDITEUR),
)
# Nobody holds both: who gives the roles does not audit how they are used.
ROLES_INCOMPATIBLES = (Role.ADMINISTRATEUR, Role.AUDITEUR)


class EtatHabilitation(TextChoices):
    """Where a role is on its way from one person to another. What it allows depends on the clock too."""

    PROPOSEE = "proposee", "attend une seconde signature"
    INVITEE = "invitee", "attend que la personne confirme son adresse"
    ACTIVE = "active", "en vigueur"
    SUSPENDUE = "suspendue", "suspendu"
    ECARTEE = "ecartee", "écarté"
    RETIREE = "retiree", "retiré"
    FINIE = "finie", "arrivé à sa fin"


class RaisonDeSuspension(TextChoices):
    ADRESSE = "adresse_changee", "la personne a changé d’adresse e-mail"
    CONFIRMATION = "annee_passee", "le rôle n’a pas été confirmé depuis un an"
    ADMINISTRATEUR = "par_decision", "un administrateur l’a décidé"
    SERVEUR = "depuis_le_serveur", "un autre administrateur a été nommé depuis le serveur du portail"


class OrigineHabilitation(TextChoices):
    """Who gave the role: administrateurs, or whoever installs the portal, as long as it has no two of them."""

    SIGNEE = "par_signature", "donné par les administrateurs"
    INSTALLATION = "installation", "donné à l’installation du portail"


_E = EtatHabilitation
ETATS_VIVANTS = (_E.PROPOSEE, _E.INVITEE, _E.ACTIVE, _E.SUSPENDUE)
ETATS_TENUS = (_E.ACTIVE, _E.SUSPENDUE)
ETATS_EN_ATTENTE = (_E.PROPOSEE, _E.INVITEE)


def _passage(acte: ActeDHabilitation, *sources: EtatHabilitation, cible: EtatHabilitation, refus: str) -> Transition:
    return Transition(acte, frozenset(sources), cible, refus)


TRANSITIONS_HABILITATION = Table(
    _passage(ActeDHabilitation.SIGNER, _E.PROPOSEE, cible=_E.INVITEE, refus="Ce rôle n’attend plus de signature."),
    _passage(ActeDHabilitation.ECARTER, _E.PROPOSEE, cible=_E.ECARTEE, refus="Ce rôle n’attend plus de signature."),
    _passage(ActeDHabilitation.ACTIVER, _E.INVITEE, cible=_E.ACTIVE, refus="Ce rôle n’attend plus son titulaire."),
    _passage(
        ActeDHabilitation.CONFIRMER,
        *ETATS_TENUS,
        cible=_E.ACTIVE,
        refus="Seul un rôle en vigueur ou suspendu se confirme.",
    ),
    _passage(ActeDHabilitation.SUSPENDRE, _E.ACTIVE, cible=_E.SUSPENDUE, refus="Seul un rôle en vigueur se suspend."),
    _passage(
        ActeDHabilitation.RETIRER,
        *(_E.INVITEE, _E.ACTIVE, _E.SUSPENDUE),
        cible=_E.RETIREE,
        refus="Ce rôle n’est plus tenu\u00a0: il n’y a rien à retirer.",
    ),
    _passage(ActeDHabilitation.FINIR, *ETATS_VIVANTS, cible=_E.FINIE, refus="Ce rôle a déjà pris fin."),
)


class Programme(TextChoices):
    """Vintages of « Territoires d’industrie ». The identifiers `ti-…` mean different territories in each of them."""

    PREMIER = "2018-2023", "Territoires d’industrie 2018-2023"
    SECOND = "2023-2027", "Territoires d’industrie 2023-2027"


# First and last days in force. Launched on 22 November 2018; the 183 territories of the second programme were named
# on 9 November 2023, until 2027 (gouvernement.fr, « 183 nouveaux territoires d’industrie », 13 November 2023).
VALIDITES = {
    Programme.PREMIER: (date(2018, 11, 22), date(2023, 11, 8)),
    Programme.SECOND: (date(2023, 11, 9), date(2027, 12, 31)),
}


class NatureMembre(TextChoices):
    """Kinds of members that the official list of the Territoires d’industrie names."""

    EPCI = "EPCI", "intercommunalité"
    EPT = "EPT", "établissement public territorial"
    COMMUNE = "COM", "commune"
