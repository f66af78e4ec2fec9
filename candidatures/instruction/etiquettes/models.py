"""The labels of files, and what copies them into the row by which a file is listed."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, TextField

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etiquettes.regles import LONGUEUR_MAX, PAR_DOSSIER
from candidatures.instruction.models import refuse_en_conflit
from candidatures.instruction.suivi.verite import ecrire
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.texte.noms import alphabetique

DEJA = "Ce dossier porte déjà cette étiquette."


def _suivre(nom: str, operation: Any, **table: str) -> pgtrigger.Trigger:
    """One statement for any number of labels."""
    return pgtrigger.Trigger(
        name=nom,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**table),  # type: ignore[no-untyped-call]
        func=f"""
            {ecrire("ARRAY(SELECT candidature_id FROM changees)")}
            RETURN NULL;
        """,
    )


class Etiquette(models.Model):
    """`nom` is on the file, put there by `par`; it is the same whatever its capitals and accents. It is taken off by
    whoever instructs the file. The journal keeps both acts."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="etiquettes")
    nom = models.CharField("étiquette", max_length=LONGUEUR_MAX)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posee_le = models.DateTimeField("posée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "étiquette d’un dossier"
        verbose_name_plural = "étiquettes des dossiers"
        ordering = ["candidature", alphabetique("nom")]
        constraints = [
            models.CheckConstraint(
                name="etiquette_nette",
                condition=Q(nom__regex=r"^[^\s](?:[^\n\r\t]*[^\s])?$"),
                violation_error_message="Écrivez un mot, ou quelques-uns.",
            ),
            models.UniqueConstraint(
                F("candidature"),
                Func(F("nom"), function="nom_nu", output_field=TextField()),
                name="etiquette_une_fois_par_dossier",
                violation_error_message=DEJA,
            ),
        ]
        triggers = [
            refuse_en_conflit("par_id", pgtrigger.Insert),
            # The file is held: two that come at once are counted one after the other.
            pgtrigger.Trigger(
                name="etiquettes_en_petit_nombre",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM 1 FROM candidatures_candidature WHERE id = NEW.candidature_id FOR NO KEY UPDATE;
                    IF (SELECT count(*) FROM candidatures_etiquette e WHERE e.candidature_id = NEW.candidature_id)
                       >= {PAR_DOSSIER} THEN
                        RAISE EXCEPTION 'trop d''étiquettes'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'etiquettes_en_petit_nombre';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="etiquette_ne_change_pas", operation=pgtrigger.Update),
            _suivre("suivi_de_l_etiquette_posee", pgtrigger.Insert, new="changees"),
            _suivre("suivi_de_l_etiquette_otee", pgtrigger.Delete, old="changees"),
        ]

    def __str__(self) -> str:
        return self.nom
