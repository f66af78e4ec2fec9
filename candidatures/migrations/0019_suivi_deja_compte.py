"""The files in instruction before the portal kept their régions, and how many there are."""

from django.db import migrations

REGIONS = """
UPDATE candidatures_suivi s
   SET regions = ARRAY(SELECT DISTINCT er.region_id FROM territoires_territoire_epcis te
                         JOIN territoires_epci_regions er ON er.epci_id = te.epci_id
                        WHERE te.territoire_id = s.territoire_id ORDER BY 1)
"""
COMPTES = """
DELETE FROM candidatures_comptedesuivis;
INSERT INTO candidatures_comptedesuivis (vague_id, etat, cas_avis, region, filiere, nombre)
SELECT vague_id, etat, cas_avis, r.region, f.filiere, count(*)
  FROM candidatures_suivi s,
       LATERAL (SELECT 0::bigint AS region UNION SELECT unnest(s.regions)) r,
       LATERAL (SELECT ''::text AS filiere UNION SELECT unnest(s.filieres)) f
 GROUP BY vague_id, etat, cas_avis, r.region, f.filiere
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0018_suivi_decompte")]

    operations = [
        migrations.RunSQL(REGIONS, migrations.RunSQL.noop),
        migrations.RunSQL(COMPTES, "DELETE FROM candidatures_comptedesuivis"),
    ]
