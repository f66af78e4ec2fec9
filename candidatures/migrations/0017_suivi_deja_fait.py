"""The files in instruction before the portal kept their follow-up."""

from django.db import migrations

SUIVIS = """
INSERT INTO candidatures_suivi (candidature_id, vague_id, territoire_id, etat, nom, region, recu_le, avis_demandes, avis_rendus, filieres)
SELECT candidature_id, vague_id, territoire_id, etat, nom, region, recu_le, avis_demandes, avis_rendus, filieres FROM (
SELECT c.id AS candidature_id, c.vague_id, c.territoire_id, c.etat, nom_nu(t.nom) AS nom, nom_nu(r.nom) AS region,
       (SELECT max(d.recu_le) FROM candidatures_depot d WHERE d.candidature_id = c.id) AS recu_le,
       (SELECT count(*) FROM candidatures_avis a
         WHERE a.candidature_id = c.id AND a.revoque_le IS NULL) AS avis_demandes,
       (SELECT count(*) FROM candidatures_avis a
         WHERE a.candidature_id = c.id AND a.rendu_le IS NOT NULL) AS avis_rendus,
       ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(depose.filieres) WHEN 'array' THEN depose.filieres
                                                                             ELSE '[]' END)
               FROM (SELECT d.contenu #> '{sections,choc,filieres}' AS filieres FROM candidatures_depot d
                      WHERE d.candidature_id = c.id ORDER BY d.rang DESC LIMIT 1) depose) AS filieres
  FROM candidatures_candidature c
  JOIN territoires_territoire t ON t.id = c.territoire_id
  JOIN territoires_region r ON r.id = t.region_pilote_id
 WHERE c.etat IN ('ajournee', 'correction_demandee', 'en_instruction', 'instruite', 'irrecevable', 'laureate', 'non_retenue')
) v
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0016_suivi_des_dossiers")]

    operations = [migrations.RunSQL(SUIVIS, "DELETE FROM candidatures_suivi")]
