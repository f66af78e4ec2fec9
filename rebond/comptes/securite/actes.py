"""What happens to the account of a person: proofs, sessions, closing. The journal of accesses (sign-ins) is apart."""

from rebond.socle.journal.actes import Acte


class ActeDeSecurite(Acte, sur=("socle.utilisateur",)):
    SECOND_FACTEUR_AJOUTE = "second facteur ajouté", "Second facteur ajouté"
    SECOND_FACTEUR_RETIRE = "second facteur retiré", "Second facteur retiré"
    SECOND_FACTEUR_REINITIALISE = (
        "second facteur réinitialisé",
        "Seconds facteurs retirés par un administrateur",
    )
    CODE_DE_SECOURS_UTILISE = "code de secours utilisé", "Code de secours utilisé"
    PROCONNECT_RELIE = "proconnect relié", "ProConnect relié"
    PROCONNECT_DELIE = "proconnect délié", "ProConnect délié"
    SESSIONS_FERMEES = "sessions fermées", "Sessions fermées à distance"
    APPAREIL_NOUVEAU = "appareil nouveau", "Connexion depuis un nouvel appareil"
    COMPTE_DESACTIVE = "compte désactivé", "Compte désactivé"
    COMPTE_REACTIVE = "compte réactivé", "Compte réactivé"
    COMPTE_FERME = "compte fermé", "Compte fermé par son titulaire"
