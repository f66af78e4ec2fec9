"""What is done on the link between a person and an authority."""

from rebond.socle.journal.actes import Acte


class ActeDeRattachement(Acte, sur=("territoires.rattachement",)):
    """What is done on the link between a person and an authority."""

    DEMANDER = "demander_rattachement", "Vérification demandée pour une collectivité"
    ENVOYER_LE_CODE = "envoyer_le_code", "Code envoyé à l’adresse officielle de la collectivité"
    PROUVER = "prouver_rattachement", "Lien avec la collectivité prouvé"
    TERMINER = "terminer_rattachement", "Lien avec la collectivité terminé"


class ActeDAdresseOfficielle(Acte, sur=("territoires.adresseofficielle",)):
    """What is done on the official address of an authority."""

    VALIDER = "valider_adresse", "Adresse officielle vérifiée"
