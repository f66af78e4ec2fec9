"""Signs of life, observations and alarms."""

from django.db import models
from django.db.models import Q


class Disponibilite(models.TextChoices):
    """What a probe finds. A degraded portal serves pages and takes deposits; something behind them waits."""

    DISPONIBLE = "disponible", "Disponible"
    DEGRADE = "degrade", "Dégradé"
    INDISPONIBLE = "indisponible", "Indisponible"


class Alarme(models.Model):
    """Something that an administrateur must look at, told once by letter, in force until it is put out.

    `cle` says what it is about (« proces-verbal-3 »): one alarm in force for each.
    """

    cle = models.CharField("clef", max_length=100)
    objet = models.CharField(max_length=200)
    texte = models.TextField()
    sonnee_le = models.DateTimeField("sonnée le")
    eteinte_le = models.DateTimeField("éteinte le", null=True, blank=True)

    class Meta:
        verbose_name = "alarme"
        ordering = ["-sonnee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(name="alarme_une_en_vigueur", fields=["cle"], condition=Q(eteinte_le=None)),
            models.CheckConstraint(
                name="alarme_eteinte_apres", condition=Q(eteinte_le=None) | Q(eteinte_le__gte=models.F("sonnee_le"))
            ),
        ]

    def __str__(self) -> str:
        return self.objet


class Observation(models.Model):
    """What the portal's own probe found from `debut` to `fin`, without change and without a silence.

    Rows follow each other without a gap, save where nobody watched: see `rebond.surveillance.disponibilite`.
    """

    etat = models.CharField("état", max_length=12, choices=Disponibilite)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    detail = models.CharField("détail", max_length=200, blank=True)

    class Meta:
        verbose_name = "observation"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(name="observation_dans_l_ordre", condition=Q(debut__lte=models.F("fin")))
        ]
        indexes = [models.Index(fields=["fin"], name="observation_par_fin")]

    def __str__(self) -> str:
        return f"{self.get_etat_display()} du {self.debut} au {self.fin}"


class Battement(models.Model):
    """Last sign of life of a part of the portal (beat and worker), written by the worker that the beat wakes."""

    nom = models.CharField(max_length=50, primary_key=True)
    instant = models.DateTimeField()

    class Meta:
        verbose_name = "battement"

    def __str__(self) -> str:
        return self.nom
