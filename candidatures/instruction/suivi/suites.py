"""What makes the narrow row of a file be written again: the triggers of whatever it is made from."""

from typing import TYPE_CHECKING, Any, cast

import pgtrigger

from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_INSTRUITS
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.conditions.models import PropositionDIrrecevabilite
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.saisine.models import Saisine
from candidatures.instruction.suivi.verite import EN_SQL, ecrire, oublier
from territoires.models import (
    Epci,
    MembreTerritoireIndustrie,
    ProgrammeIndustrie,
    Region,
    Territoire,
    TerritoireIndustrie,
)

if TYPE_CHECKING:
    from django.db import models

CE_DOSSIER = "ARRAY[NEW.candidature_id]"
# What has the same key is the same grouping: its later files say whether it came before.
DU_TERRITOIRE = """ARRAY(
    SELECT c.id FROM candidatures_candidature c JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE t.id = NEW.id OR t.cle IN (NEW.cle, OLD.cle))
"""
DU_GROUPEMENT = """ARRAY(
    SELECT c.id FROM candidatures_candidature c JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE t.cle = (SELECT cle FROM territoires_territoire WHERE id = NEW.territoire_id))
"""
DE_LA_REGION = """ARRAY(
    SELECT c.id FROM candidatures_candidature c JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE t.region_pilote_id = NEW.id)
"""
SUITES = """
    SELECT array_agg(n.id) INTO suivis FROM nouveaux n JOIN anciens a ON a.id = n.id
     WHERE (n.etat, n.vague_id, n.territoire_id) IS DISTINCT FROM (a.etat, a.vague_id, a.territoire_id)
"""
_ENTREES_OU_SORTIES = f"""
    nouveaux n JOIN anciens a ON a.id = n.id
         AND ((n.etat IN ({EN_SQL})) <> (a.etat IN ({EN_SQL}))
              OR (n.vague_id, n.territoire_id) IS DISTINCT FROM (a.vague_id, a.territoire_id))
"""
# The later files of the same grouping, of those that began or ended to be in instruction.
SUITES_DES_GROUPEMENTS = f"""
    IF EXISTS (SELECT 1 FROM {_ENTREES_OU_SORTIES}) THEN
        suivis := suivis || ARRAY(
            SELECT s.candidature_id FROM {_ENTREES_OU_SORTIES}
              JOIN territoires_territoire t ON t.id IN (n.territoire_id, a.territoire_id)
              JOIN territoires_territoire m ON m.cle = t.cle
              JOIN candidatures_suivi s ON s.territoire_id = m.id
              JOIN candidatures_vague apres ON apres.id = s.vague_id
              JOIN candidatures_vague avant ON avant.id IN (n.vague_id, a.vague_id)
             WHERE apres.ouverture > avant.ouverture);
    END IF;
"""  # noqa: S608


def _suivre(
    modele: Any, nom: str, dossiers: str, operation: Any, condition: pgtrigger.Condition | None = None
) -> None:
    func = f"{ecrire(dossiers)} RETURN NULL;"
    pgtrigger.Trigger(name=nom, when=pgtrigger.After, operation=operation, condition=condition, func=func).register(
        modele
    )


_suivre(Depot, "suivi_du_depot", CE_DOSSIER, pgtrigger.Insert)
# An avis that is given changes its request too.
_suivre(Saisine, "suivi_de_la_saisine", CE_DOSSIER, pgtrigger.Insert | pgtrigger.Update)
_suivre(Recevabilite, "suivi_de_la_recevabilite", CE_DOSSIER, pgtrigger.Insert)
_suivre(PropositionDIrrecevabilite, "suivi_de_l_irrecevabilite", CE_DOSSIER, pgtrigger.Insert | pgtrigger.Update)
_suivre(
    Candidature,
    "suivi_du_dossier",
    DU_GROUPEMENT,
    pgtrigger.Insert,
    pgtrigger.Q(new__etat__in=sorted(ETATS_INSTRUITS)),
)
_suivre(
    Territoire,
    "suivi_du_territoire",
    DU_TERRITOIRE,
    pgtrigger.Update,
    pgtrigger.AnyChange("nom", "region_pilote", "cle"),
)
_suivre(Region, "suivi_de_la_region", DE_LA_REGION, pgtrigger.Update, pgtrigger.AnyChange("nom"))


def _suivre_les_liens(modele: Any, evenement: str, operation: Any, tables: dict[str, str], territoires: str) -> Any:
    """A territory that gains or loses a member, an authority that changes région: one statement for any number."""
    return pgtrigger.Trigger(
        name=f"suivi_{modele}_{evenement}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        declare=[("suivis", "BIGINT[]")],
        func=f"""
            SELECT array_agg(s.candidature_id) INTO suivis
              FROM candidatures_suivi s WHERE s.territoire_id IN ({territoires});
            IF suivis IS NOT NULL THEN
                {ecrire("suivis")}
            END IF;
            RETURN NULL;
        """,  # noqa: S608
    )


def _des_liens(nom: str, territoires: str) -> list[Any]:
    return [
        _suivre_les_liens(nom, "ajoute", pgtrigger.Insert, {"new": "liens"}, territoires),
        _suivre_les_liens(nom, "ote", pgtrigger.Delete, {"old": "liens"}, territoires),
    ]


class MembreDeTerritoire(Territoire.epcis.through):  # type: ignore[name-defined]
    """Bears what keeps `Suivi.regions` true when the members of a territory change."""

    class Meta:
        proxy = True
        verbose_name = "membre d’un territoire"
        triggers = _des_liens("du_membre", "SELECT territoire_id FROM liens")


class RegionDEpci(Epci.regions.through):  # type: ignore[name-defined]
    """Bears what keeps `Suivi.regions` true when an intercommunality changes région."""

    class Meta:
        proxy = True
        verbose_name = "région d’une intercommunalité"
        triggers = _des_liens(
            "de_la_region_d_epci",
            "SELECT te.territoire_id FROM territoires_territoire_epcis te JOIN liens USING (epci_id)",
        )


class DepartementDEpci(Epci.departements.through):  # type: ignore[name-defined]
    """Bears what keeps `Suivi.departements` true when an intercommunality changes département."""

    class Meta:
        proxy = True
        verbose_name = "département d’une intercommunalité"
        triggers = _des_liens(
            "du_departement_d_epci",
            "SELECT te.territoire_id FROM territoires_territoire_epcis te JOIN liens USING (epci_id)",
        )


def _suivre_l_industrie(modele: Any, nom: str, membres: str) -> None:
    """A list of Territoires d’industrie that is imported, or dated: `membres` of which it tells something else."""
    territoires = f"SELECT te.territoire_id FROM territoires_territoire_epcis te JOIN ({membres}) m USING (epci_id)"  # noqa: S608
    for evenement, operation, tables in (
        ("ajoute", pgtrigger.Insert, {"new": "liens"}),
        ("ote", pgtrigger.Delete, {"old": "liens"}),
        ("change", pgtrigger.Update, {"old": "avant", "new": "apres"}),
    ):
        lus = "(TABLE avant UNION ALL TABLE apres)" if evenement == "change" else "liens"
        _suivre_les_liens(nom, evenement, operation, tables, territoires.replace("LIENS", lus)).register(modele)


_suivre_l_industrie(MembreTerritoireIndustrie, "du_membre_industriel", "SELECT l.epci_id FROM LIENS l")
_suivre_l_industrie(
    TerritoireIndustrie,
    "du_territoire_industriel",
    "SELECT i.epci_id FROM territoires_membreterritoireindustrie i JOIN LIENS l ON l.id = i.territoire_industrie_id",
)
_suivre_l_industrie(
    ProgrammeIndustrie,
    "du_programme_industriel",
    """SELECT i.epci_id FROM territoires_membreterritoireindustrie i
         JOIN territoires_territoireindustrie ti ON ti.id = i.territoire_industrie_id
         JOIN LIENS l ON l.programme = ti.programme""",
)


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
            {SUITES_DES_GROUPEMENTS}
            {ecrire("suivis")}
            {oublier("suivis")}
        END IF;
        RETURN NULL;
    """,
).register(cast("models.Model", Candidature))
