"""The specifications that each wave carries, version by version."""

from datetime import datetime
from functools import cached_property
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models

from candidatures.cahier import Cahier, depuis_json
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.parution.models import fait_paraitre


class CahierDesCharges(models.Model):
    """One version of a wave's specifications: never changed, only followed by another one.

    The last version counts. Once the wave has opened, the database accepts no other: a file is judged by what its
    authors read.
    """

    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="cahiers")
    version = models.PositiveSmallIntegerField("version")
    definition = models.JSONField("définition")
    commentaire = models.CharField("ce qui change", max_length=300, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    etabli_le = models.DateTimeField("établi le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "cahier des charges"
        verbose_name_plural = "cahiers des charges"
        ordering = ["vague", "version"]
        constraints = [models.UniqueConstraint(fields=["vague", "version"], name="cahier_version_unique")]
        triggers = [
            pgtrigger.Protect(name="cahier_immuable", operation=pgtrigger.Update | pgtrigger.Delete),
            fait_paraitre(pgtrigger.Insert),
            pgtrigger.Trigger(
                name="cahier_fige_a_l_ouverture",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM candidatures_vague WHERE id = NEW.vague_id AND ouverture <= clock_timestamp()
                    ) AND EXISTS (
                        SELECT 1 FROM candidatures_cahierdescharges WHERE vague_id = NEW.vague_id
                    ) THEN
                        RAISE EXCEPTION 'la vague est ouverte'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'cahier_fige_a_l_ouverture';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Scores are made from it: what `verification` says in words, for every way in.
            pgtrigger.Trigger(
                name="grille_coherente",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF (
                        jsonb_array_length(NEW.definition -> 'criteres') > 0 AND (
                            SELECT sum((critere ->> 'poids')::int)
                            FROM jsonb_array_elements(NEW.definition -> 'criteres') AS critere
                        ) <> 100
                    ) OR EXISTS (
                        SELECT FROM jsonb_array_elements(NEW.definition -> 'criteres') AS critere,
                            LATERAL (
                                SELECT array_agg((niveau ->> 'valeur')::int ORDER BY rang) AS notes
                                FROM jsonb_array_elements(critere -> 'niveaux') WITH ORDINALITY AS n (niveau, rang)
                            ) AS echelle
                        WHERE cardinality(notes) > 0 AND (
                            notes <> ARRAY(SELECT DISTINCT unnest(notes) ORDER BY 1)
                            OR (critere ->> 'plancher')::int <> ALL (notes[2:])
                        )
                    ) THEN
                        RAISE EXCEPTION 'la grille ne permet pas de noter'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grille_coherente';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Cahier des charges de la vague {self.vague.numero}, version {self.version}"

    @cached_property
    def cahier(self) -> Cahier:
        """Read once in a process: a version never changes. The queries of one file leave `definition` behind."""
        if self.pk is None or self.etabli_le is None:
            return depuis_json(self.definition)
        cle = (self.pk, self.etabli_le)
        if cle not in _lus:
            if len(_lus) >= RETENUS:
                _lus.clear()
            _lus[cle] = depuis_json(self._definition())
        return _lus[cle]

    def _definition(self) -> Any:
        if "definition" in self.__dict__:
            return self.definition
        return CahierDesCharges.objects.values_list("definition", flat=True).get(pk=self.pk)


# What is kept of them, a few hundred kilobytes each: the waves that people write in, and a few that they read.
RETENUS = 16
_lus: dict[tuple[int, datetime], Cahier] = {}
