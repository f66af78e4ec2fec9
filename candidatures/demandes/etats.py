"""Why an intercommunalité is not found, and where its request stands."""

from django.db.models import TextChoices


class Situation(TextChoices):
    NOUVELLE = "nouvelle", "Elle vient d’être créée, ou elle vient de changer"
    ILE = "ile", "Notre commune est une île sans intercommunalité"
    OUTRE_MER = "outre_mer", "Nous sommes à Saint-Pierre-et-Miquelon, en Polynésie française ou ailleurs outre-mer"
    AUTRE = "autre", "Je ne sais pas, ou c’est autre chose"
