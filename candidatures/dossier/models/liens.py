"""Secret links: what somebody without an account may do with a file."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.regles_de_liens import (
    DUREE_MAX,
    EN_COURS_MAX,
    ENVOIS_MAX,
    PAR_JOUR_MAX,
    PAR_MEMBRE_ET_JOUR_MAX,
)
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT

# The authorities of the file `NEW.candidature_id`, by their number.
MEMBRE_DU_DOSSIER = """EXISTS (
        SELECT 1 FROM candidatures_membre m LEFT JOIN territoires_epci e ON e.id = m.epci_id
          LEFT JOIN territoires_petr p ON p.id = m.petr_id
         WHERE m.candidature_id = NEW.candidature_id AND COALESCE(p.siren, e.siren) = NEW.siren
    )"""
FAIT_PAR_UN_REDACTEUR = f"""
    PERFORM pg_advisory_xact_lock(hashtext('candidatures_lien'), NEW.candidature_id::int);
    NEW.fait_le := clock_timestamp();
    IF NOT EXISTS (
        SELECT 1 FROM candidatures_participation
         WHERE candidature_id = NEW.candidature_id AND utilisateur_id = NEW.fait_par_id
           AND qualite IN ('porteur', 'co_porteur')
    ) OR NEW.siren <> '' AND NOT {MEMBRE_DU_DOSSIER} THEN
        RAISE EXCEPTION 'lien que personne ne peut donner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lien_fait_par_un_redacteur';
    END IF;
    IF NEW.expire_le <= NEW.fait_le OR NEW.expire_le > NEW.fait_le + interval '{DUREE_MAX.days + 1} days' THEN
        RAISE EXCEPTION 'lien sans fin'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lien_qui_finit';
    END IF;
    IF (SELECT count(*) FROM candidatures_lien WHERE candidature_id = NEW.candidature_id AND revoque_le IS NULL
           AND expire_le > clock_timestamp()) >= {EN_COURS_MAX}
       OR (SELECT count(*) FROM candidatures_lien WHERE candidature_id = NEW.candidature_id
           AND fait_le > clock_timestamp() - interval '24 hours') >= {PAR_JOUR_MAX}
       OR NEW.siren <> '' AND (
           SELECT count(*) FROM candidatures_lien WHERE candidature_id = NEW.candidature_id AND siren = NEW.siren
              AND genre = NEW.genre AND fait_le > clock_timestamp() - interval '24 hours'
          ) >= {PAR_MEMBRE_ET_JOUR_MAX} THEN
        RAISE EXCEPTION 'trop de liens'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'liens_comptes';
    END IF;
    IF NEW.genre = 'accord' AND EXISTS (
        SELECT 1 FROM socle_utilisateur u LEFT JOIN candidatures_participation p
            ON p.utilisateur_id = u.id AND p.candidature_id = NEW.candidature_id
         WHERE lower(u.email) = lower(NEW.email) AND (u.id = NEW.fait_par_id OR p.qualite = 'porteur')
    ) THEN
        RAISE EXCEPTION 'bon pour dépôt demandé à soi-même'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lien_d_accord_a_un_autre';
    END IF;
    RETURN NEW;
"""
# It only ends; what it brings is counted upwards; the address of somebody who has gone goes with them.
NE_CHANGE_PAS = """
    IF (NEW.candidature_id, NEW.genre, NEW.siren, NEW.nom, NEW.pour, NEW.empreinte, NEW.fait_par_id, NEW.fait_le,
        NEW.expire_le) IS DISTINCT FROM (OLD.candidature_id, OLD.genre, OLD.siren, OLD.nom, OLD.pour, OLD.empreinte,
        OLD.fait_par_id, OLD.fait_le, OLD.expire_le)
       OR NEW.email NOT IN (OLD.email, '')
       OR OLD.revoque_le IS NOT NULL AND (NEW.revoque_le, NEW.envois) IS DISTINCT FROM (OLD.revoque_le, OLD.envois)
       OR NEW.envois < OLD.envois THEN
        RAISE EXCEPTION 'un lien ne change pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lien_ne_change_pas';
    END IF;
    RETURN NEW;
"""


class Lien(models.Model):
    """A link that opens one thing of one file (`genre`) to whoever holds it, until it expires or is revoked.

    Only the SHA-256 of its secret is kept (`empreinte`). `siren` and `nom` are those of the authority that it was made
    for, empty for reading; `pour` says whom, in the words of whoever made it (`fait_par`): it is worth what they may
    do themselves, and nothing once they write in the file no more. `envois` counts the files that it brought; `recus`
    are the marks of the requests that brought them, so that a double click counts once.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="liens")
    genre = models.CharField("genre", max_length=20, choices=GenreDeLien.choices)
    siren = models.CharField("numéro SIREN", max_length=9, blank=True)
    nom = models.CharField("collectivité", max_length=160, blank=True)
    pour = models.CharField("pour", max_length=160, blank=True)
    email = models.EmailField("adresse e-mail", max_length=254, blank=True)
    empreinte = models.CharField(max_length=64, unique=True)
    fait_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fait_le = models.DateTimeField("fait le", db_default=HorlogeBase())
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("annulé le", null=True, blank=True)
    envois = models.PositiveSmallIntegerField("fichiers reçus", default=0)
    recus = ArrayField(models.CharField(max_length=64), default=list, db_default=[], editable=False)

    class Meta:
        verbose_name = "lien sans compte"
        verbose_name_plural = "liens sans compte"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="lien_empreinte", condition=Q(empreinte__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="lien_d_un_membre",
                condition=Q(genre=GenreDeLien.LECTURE, siren="", nom="", email="")
                | Q(genre__in=[GenreDeLien.PIECE, GenreDeLien.ACCORD])
                & ~Q(siren="")
                & (~Q(email="") | Q(revoque_le__isnull=False)),
            ),
            models.CheckConstraint(name="lien_adresse_nette", condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT)),
            models.CheckConstraint(
                name="lien_envois_comptes",
                condition=Q(envois=0) | Q(genre=GenreDeLien.PIECE, envois__lte=ENVOIS_MAX),
            ),
            models.UniqueConstraint(
                fields=["candidature", "genre", "siren"],
                name="lien_un_seul_par_membre",
                condition=Q(revoque_le=None) & ~Q(genre=GenreDeLien.LECTURE),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lien_fait_par_un_redacteur",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=FAIT_PAR_UN_REDACTEUR,
            ),
            pgtrigger.Trigger(
                name="lien_ne_change_pas",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NE_CHANGE_PAS,
            ),
            pgtrigger.Protect(name="lien_ne_s_efface_pas", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} – {self.nom or self.pour}"

    @property
    def cle_de_la_lettre(self) -> str:
        """What names the letter that carried it; a link to read has none."""
        return f"lien-{self.pk}"
