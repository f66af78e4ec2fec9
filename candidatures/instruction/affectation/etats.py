"""Which files somebody holds, and why they hold one no more."""

from django.db import models

from candidatures.dossier.etats import EtatCandidature

#: What still awaits something of its instructeur.
ETATS_CONFIES = (EtatCandidature.EN_INSTRUCTION, EtatCandidature.CORRECTION_DEMANDEE, EtatCandidature.INSTRUITE)


class FinDAffectation(models.TextChoices):
    CONFIEE = "confiee", "Confié à quelqu’un d’autre"
    RENDUE = "rendue", "Rendu, à prendre"
    CONFLIT = "conflit", "Conflit d’intérêts déclaré"
    PARTICIPATION = "participation", "Participation au dossier"
    ROLE = "role", "Fin du rôle sur ce territoire"


# What Postgres records by itself: nobody closes these.
CLOSES_PAR_LA_BASE = (FinDAffectation.CONFLIT, FinDAffectation.PARTICIPATION, FinDAffectation.ROLE)
