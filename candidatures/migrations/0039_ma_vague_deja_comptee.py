"""The files in instruction before the portal kept their stage and their départements, and how many there are."""

from django.db import migrations

LUES = """
UPDATE candidatures_suivi s
   SET departements = ARRAY(SELECT DISTINCT ed.departement_id FROM territoires_territoire_epcis te
                              JOIN territoires_epci_departements ed ON ed.epci_id = te.epci_id
                             WHERE te.territoire_id = s.territoire_id ORDER BY 1),
       recevable = (SELECT k.recevable FROM candidatures_recevabilite k WHERE k.candidature_id = s.candidature_id)
"""
COMPTES = """
DELETE FROM candidatures_comptedesuivis;
INSERT INTO candidatures_comptedesuivis (vague_id, etat, etape, cas_avis, region, filiere, nombre)
SELECT vague_id, etat, etape, cas_avis, r.region, f.filiere, count(*)
  FROM candidatures_suivi s,
       LATERAL (SELECT 0::bigint AS region UNION SELECT unnest(s.regions)) r,
       LATERAL (SELECT ''::text AS filiere UNION SELECT unnest(s.filieres)) f
 GROUP BY vague_id, etat, etape, cas_avis, r.region, f.filiere
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0038_ma_vague")]

    operations = [
        migrations.RunSQL(LUES, migrations.RunSQL.noop),
        migrations.RunSQL(COMPTES, "DELETE FROM candidatures_comptedesuivis"),
    ]
