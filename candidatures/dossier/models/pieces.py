"""Attachments of a file, and those that are on their way."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q

from candidatures.dossier.etats import GenreDeLien, Qualite
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document

# Kept as read (`FOR SHARE`): nobody takes the link back meanwhile. A large file may take minutes between the instant
# of the act and this one.
PAR_UN_LIEN_VIVANT = f"""
    PERFORM 1 FROM candidatures_lien l
      JOIN candidatures_participation p ON p.candidature_id = l.candidature_id AND p.utilisateur_id = l.fait_par_id
     WHERE l.id = NEW.lien_id AND l.candidature_id = NEW.candidature_id AND l.fait_par_id = NEW.ajoutee_par_id
       AND l.genre = '{GenreDeLien.PIECE}' AND p.qualite IN ('{Qualite.PORTEUR}', '{Qualite.CO_PORTEUR}')
       AND l.revoque_le IS NULL AND NEW.ajoutee_le >= l.fait_le AND NEW.ajoutee_le < l.expire_le
       AND NEW.ajoutee_le > clock_timestamp() - interval '15 minutes' AND NEW.ajoutee_le <= clock_timestamp()
       AND EXISTS (
           SELECT 1 FROM candidatures_membre m LEFT JOIN territoires_epci e ON e.id = m.epci_id
             LEFT JOIN territoires_petr t ON t.id = m.petr_id
            WHERE m.id = NEW.membre_id AND m.candidature_id = l.candidature_id AND COALESCE(t.siren, e.siren) = l.siren
       )
       FOR SHARE OF l;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'pièce venue par un lien qui n''ouvre rien'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'piece_par_un_lien_vivant';
    END IF;
    RETURN NEW;
"""


class PieceJointe(models.Model):
    """An attachment of the draft. Removing it from the draft leaves deposited versions whole.

    `nature` is a kind of the file's specifications, `intitule` its label as people read it. `lien`: it came by that
    secret link, which `ajoutee_par` had made.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="pieces")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField("nature de la pièce", max_length=60)
    intitule = models.CharField("intitulé", max_length=300)
    # By name: the authorities of a grouping stand above this module.
    membre = models.ForeignKey(
        "candidatures.Membre", on_delete=models.SET_NULL, null=True, blank=True, related_name="pieces"
    )
    nom = models.CharField("nom du fichier", max_length=200, validators=[MinLengthValidator(1)])
    ajoutee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ajoutee_le = models.DateTimeField(db_default=HorlogeBase())
    lien = models.ForeignKey(
        "candidatures.Lien", on_delete=models.PROTECT, null=True, blank=True, related_name="pieces"
    )

    class Meta:
        verbose_name = "pièce jointe"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "document"],
                name="piece_jointe_une_seule_fois",
                violation_error_message="Ce fichier est déjà joint au dossier.",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="piece_par_un_lien_vivant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__lien__isnull=False),
                func=PAR_UN_LIEN_VIVANT,
            ),
            pgtrigger.Protect(
                name="piece_garde_son_lien",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("lien"),
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Televersement(models.Model):
    """A file that is being sent piece by piece (tus 1.0), and what became of it.

    `recus` counts the bytes that lie in the incoming folder, of the `taille` announced. Once whole and checked it is a
    `piece` of the draft; otherwise `refus` says why in a sentence.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="televersements")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nom = models.CharField("nom du fichier", max_length=200)
    nature = models.CharField("nature de la pièce", max_length=60)
    membre = models.ForeignKey(Membre, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    remplace = models.ForeignKey(PieceJointe, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    taille = models.PositiveBigIntegerField()
    recus = models.PositiveBigIntegerField(default=0)
    commence_le = models.DateTimeField(db_default=HorlogeBase())
    touche_le = models.DateTimeField(db_default=HorlogeBase())
    piece = models.ForeignKey(PieceJointe, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    refus = models.CharField(max_length=900, blank=True)

    class Meta:
        verbose_name = "téléversement"
        constraints = [
            models.CheckConstraint(name="televersement_pas_plus_que_la_taille", condition=Q(recus__lte=F("taille")))
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.recus}/{self.taille})"
