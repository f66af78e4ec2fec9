"""What the journal of accesses keeps."""

from django.db.models import TextChoices


class NatureAcces(TextChoices):
    CONNEXION = "connexion", "Connexion"
    ECHEC = "echec", "Connexion refusée"
    DECONNEXION = "deconnexion", "Déconnexion"
    ADRESSE = "adresse", "Changement d’adresse e-mail"
    MOT_DE_PASSE = "mot_de_passe", "Changement de mot de passe"
    DOCUMENT = "document", "Document ouvert"
    EXPORT = "export", "Tableau téléchargé"
    LIEN = "lien", "Lien sans compte ouvert"
    CONSULTATION = "consultation", "Journal des accès consulté"
