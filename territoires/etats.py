"""Closed lists of the reference data and of the rights; none of them has transitions."""

from datetime import date

from django.db.models import TextChoices


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
