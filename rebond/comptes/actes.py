"""What is done on roles and organismes."""

from rebond.socle.journal.actes import Acte


class ActeDeCompte(
    Acte,
    sur=(
        "territoires.habilitation",
        "territoires.organisme",
    ),
):
    """What is done on roles and organismes."""

    HABILITATION_DONNEE = "habilitation donnée", "Habilitation donnée"
    HABILITATION_RETIREE = "habilitation retirée", "Habilitation retirée"
    ORGANISME_CREE = "organisme créé", "Organisme créé"
    ADMINISTRATEUR_NOMME = "administrateur nommé", "Administrateur nommé depuis la machine du portail"
