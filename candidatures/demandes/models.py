"""The requests of those who do not find their intercommunalité."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.demandes.etats import Situation
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT
from territoires.models import Epci
from territoires.models.contraintes import siren_correct

# Nobody chooses when it came; what was asked stays as it was asked, and an answer is the last word. Whoever asked may
# go, at once from all that names them.
RECUE_PAR_LA_BASE = """
    IF TG_OP = 'INSERT' THEN
        NEW.recue_le := clock_timestamp();
        RETURN NEW;
    END IF;
    IF OLD.repondue_le IS NOT NULL AND (NEW.repondue_le, NEW.repondue_par_id, NEW.reponse, NEW.epci_id)
           IS DISTINCT FROM (OLD.repondue_le, OLD.repondue_par_id, OLD.reponse, OLD.epci_id)
       OR (NEW.recue_le, NEW.vague_id, NEW.situation, NEW.collectivite, NEW.commune, NEW.siren)
           IS DISTINCT FROM (OLD.recue_le, OLD.vague_id, OLD.situation, OLD.collectivite, OLD.commune, OLD.siren)
       OR (NEW.message, NEW.nom, NEW.email, NEW.telephone)
           IS DISTINCT FROM (OLD.message, OLD.nom, OLD.email, OLD.telephone)
          AND NOT (NEW.message = '' AND NEW.nom = '' AND NEW.email = '' AND NEW.telephone = '') THEN
        RAISE EXCEPTION 'une demande reçue ne change pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'demande_recue_immuable';
    END IF;
    RETURN NEW;
"""


class DemandeDEpciQuerySet(models.QuerySet["DemandeDEpci"]):
    def a_traiter(self) -> "DemandeDEpciQuerySet":
        return self.filter(repondue_le=None)

    def oublier_qui_demande(self) -> int:
        """Of each, what was asked and when stays, and nothing of the person; return how many."""
        return self.update(nom="", email="", telephone="", message="")


class DemandeDEpci(models.Model):
    """« Je ne trouve pas mon intercommunalité »: asked without an account, answered by a person.

    `recue_le` is the clock of the database; `vague` the wave that was open then. `epci`: the one to which the answer
    leads, be it entered for the occasion (`Epci.saisie`). Without an address: whoever asked is forgotten.
    """

    recue_le = models.DateTimeField("reçue le", db_default=HorlogeBase())
    vague = models.ForeignKey(Vague, models.PROTECT, null=True, blank=True, related_name="+")
    situation = models.CharField(max_length=10, choices=Situation)
    collectivite = models.CharField("intercommunalité cherchée", max_length=160)
    commune = models.CharField(max_length=120, blank=True)
    siren = models.CharField("numéro SIREN", max_length=9, blank=True)
    message = models.TextField(blank=True)
    nom = models.CharField("nom de la personne", max_length=120)
    email = models.EmailField("adresse e-mail", max_length=254)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="répondue par"
    )
    reponse = models.TextField("réponse", blank=True)
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DemandeDEpciQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’intercommunalité"
        verbose_name_plural = "demandes d’intercommunalité"
        ordering = ["-pk"]
        constraints = [
            siren_correct("demande_epci_siren_valide", vide_permis=True),
            models.CheckConstraint(condition=Q(situation__in=Situation.values), name="demande_epci_situation_connue"),
            models.CheckConstraint(
                name="demande_epci_repondue_par_quelqu_un",
                condition=Q(repondue_le=None, repondue_par=None, reponse="", epci=None)
                | (Q(repondue_le__isnull=False, repondue_par__isnull=False) & ~Q(reponse="")),
            ),
            models.CheckConstraint(
                name="demande_epci_adresse_nette", condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT)
            ),
        ]
        indexes = [models.Index(fields=["recue_le"], name="demande_epci_recue", condition=Q(repondue_le=None))]
        triggers = [
            pgtrigger.Trigger(
                name="demande_recue_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=RECUE_PAR_LA_BASE,
            )
        ]

    def __str__(self) -> str:
        return self.collectivite

    @property
    def cle_de_la_lettre(self) -> str:
        """What names the letter that says that it came."""
        return f"demande-epci-{self.pk}"

    @property
    def cle_de_la_reponse(self) -> str:
        return f"{self.cle_de_la_lettre}-reponse"
