"""What is done around a deposit."""

from rebond.socle.journal.actes import Acte, Lecteurs


class ActeDeDepot(Acte, sur=("candidatures.candidature",)):
    """What is done around a deposit."""

    REDEPOSER_SANS_CHANGEMENT = (
        "redeposer_sans_changement",
        "Dépôt demandé de nouveau, sans changement",
        Lecteurs.TERRITOIRE,
    )
    RECTIFIER_ACCUSE = "rectifier_accuse", "Accusé de réception rectifié", Lecteurs.TERRITOIRE
    DEMANDER_DEPOT_A_L_ECHEANCE = (
        "demander_depot_a_l_echeance",
        "Dépôt par le portail à l’échéance demandé",
        Lecteurs.TERRITOIRE,
    )
    RENONCER_AU_DEPOT_A_L_ECHEANCE = (
        "renoncer_au_depot_a_l_echeance",
        "Dépôt par le portail à l’échéance annulé",
        Lecteurs.TERRITOIRE,
    )
    REPRENDRE_VERSION = "reprendre_version", "Version plus récente reprise"
    RECEVOIR_SOUS_RESERVE = "recevoir_sous_reserve", "Dépôt reçu sous réserve", Lecteurs.TERRITOIRE
    LEVER_LA_RESERVE = "lever_la_reserve", "Réserve levée", Lecteurs.TERRITOIRE
    LEVER_SANS_LE_DIRE = "lever_sans_le_dire", "Réserve levée, sans le dire avant l’annonce"
    CONTESTER = "contester", "Signalé par une collectivité\u00a0: «\u00a0ce dossier n’est pas de nous\u00a0»"
    TRANCHER = "trancher_contestation", "Réponse à la collectivité qui avait signalé le dossier"
