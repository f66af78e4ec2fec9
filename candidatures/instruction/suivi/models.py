"""The narrow row of each file in instruction, and the triggers that keep it."""

from typing import Any, cast

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_A_INSTRUIRE, EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import Avis
from candidatures.instruction.suivi.verite import ecrire, oublier
from candidatures.vagues.models.vagues import Vague
from rebond.socle.listes import rang
from territoires.models import Region, Territoire

# Sorts that many files share a value of: the key settles the rest, ascending in both directions, and an index read
# backwards would have it descending. What is empty is last in both.
A_DEUX_SENS = ("rang", "recu_le", "avis_rendus")


def _index_des_tris() -> list[models.Index]:
    uniques = {"reference": ("candidature",), "territoire": ("nom", "candidature"), "region": ("region", "nom")}
    suite = [models.Index(fields=["vague", *champs], name=f"suivi_par_{nom}") for nom, champs in uniques.items()]
    for champ in A_DEUX_SENS:
        descendant = F(champ).desc(nulls_last=True) if champ == "recu_le" else F(champ).desc()
        suite += [
            models.Index(fields=["vague", champ, "candidature"], name=f"suivi_par_{champ}"),
            models.Index("vague", descendant, "candidature", name=f"suivi_par_{champ}_inverse"),
        ]
    return suite


class SuiviQuerySet(models.QuerySet["Suivi"]):
    def a_instruire(self) -> "SuiviQuerySet":
        """`CandidatureQuerySet.a_instruire`, of the narrow rows."""
        return self.filter(etat__in=ETATS_A_INSTRUIRE)


class Suivi(models.Model):
    """What a file in instruction is filtered and sorted by, in one row of a hundred bytes.

    Postgres writes it, in the transaction of whatever changes it, and nobody else: it is what `verite.VERITE` says.
    There is no row for a draft, nor for a file that is only deposited. `nom` and `region` are bare names (`nom_nu`),
    `filieres` are those of the deposit that counts.
    """

    candidature = models.OneToOneField(Candidature, models.CASCADE, primary_key=True, related_name="suivi")
    vague = models.ForeignKey(Vague, models.CASCADE, related_name="+", db_index=False)
    territoire = models.ForeignKey(Territoire, models.CASCADE, related_name="+")
    etat = models.CharField("état", max_length=20, choices=EtatCandidature.choices)
    rang = models.GeneratedField(
        expression=rang("etat", EtatCandidature), output_field=models.SmallIntegerField(), db_persist=True
    )
    nom = models.TextField("nom nu du territoire", db_collation="C")
    region = models.TextField("nom nu de la région pilote", db_collation="C")
    recu_le = models.DateTimeField("reçu le", null=True)
    avis_demandes = models.PositiveSmallIntegerField("avis demandés", default=0)
    avis_rendus = models.PositiveSmallIntegerField("avis rendus", default=0)
    filieres = ArrayField(models.TextField(), verbose_name="filières", default=list)

    objects = SuiviQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi d’un dossier"
        verbose_name_plural = "suivis des dossiers"
        indexes = [
            *_index_des_tris(),
            models.Index(fields=["vague", "etat", "nom", "candidature"], name="suivi_par_etat_et_nom"),
            GinIndex(fields=["filieres"], name="suivi_par_filiere"),
        ]

    def __str__(self) -> str:
        return str(self.candidature)


CE_DOSSIER = "ARRAY[NEW.candidature_id]"
DU_TERRITOIRE = "ARRAY(SELECT c.id FROM candidatures_candidature c WHERE c.territoire_id = NEW.id)"
DE_LA_REGION = """ARRAY(
    SELECT c.id FROM candidatures_candidature c JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE t.region_pilote_id = NEW.id)
"""
SUITES = """
    SELECT array_agg(n.id) INTO suivis FROM nouveaux n JOIN anciens a ON a.id = n.id
     WHERE (n.etat, n.vague_id, n.territoire_id) IS DISTINCT FROM (a.etat, a.vague_id, a.territoire_id)
"""


def _suivre(
    modele: Any, nom: str, dossiers: str, operation: Any, condition: pgtrigger.Condition | None = None
) -> None:
    func = f"{ecrire(dossiers)} RETURN NULL;"
    pgtrigger.Trigger(name=nom, when=pgtrigger.After, operation=operation, condition=condition, func=func).register(
        modele
    )


_suivre(Depot, "suivi_du_depot", CE_DOSSIER, pgtrigger.Insert)
_suivre(Avis, "suivi_de_l_avis", CE_DOSSIER, pgtrigger.Insert | pgtrigger.Update)
_suivre(Candidature, "suivi_du_dossier", "ARRAY[NEW.id]", pgtrigger.Insert)
_suivre(
    Territoire, "suivi_du_territoire", DU_TERRITOIRE, pgtrigger.Update, pgtrigger.AnyChange("nom", "region_pilote")
)
_suivre(Region, "suivi_de_la_region", DE_LA_REGION, pgtrigger.Update, pgtrigger.AnyChange("nom"))
# A closing changes ten thousand states at once: one statement for all of them.
pgtrigger.Trigger(
    name="suivi_des_dossiers",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    referencing=pgtrigger.Referencing(old="anciens", new="nouveaux"),  # type: ignore[no-untyped-call]
    declare=[("suivis", "BIGINT[]")],
    func=f"""
        {SUITES};
        IF suivis IS NOT NULL THEN
            {ecrire("suivis")}
            {oublier("suivis")}
        END IF;
        RETURN NULL;
    """,
).register(cast("models.Model", Candidature))
