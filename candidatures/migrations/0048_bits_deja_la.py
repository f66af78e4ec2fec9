"""The files in instruction before the portal kept what makes them stand out, and the bits that they are counted by."""

from django.db import migrations

EN_INSTRUCTION = """
    'correction_demandee', 'en_instruction', 'instruite', 'irrecevable', 'laureate', 'non_retenue'
"""
LUES = f"""
UPDATE candidatures_suivi s
   SET corrigee = EXISTS (SELECT 1 FROM candidatures_demandedecorrection k
                           WHERE k.candidature_id = s.candidature_id AND k.rendue_le IS NOT NULL),
       interroge = EXISTS (SELECT 1 FROM candidatures_message m
                            WHERE m.candidature_id = s.candidature_id AND NOT m.du_service),
       industrie = EXISTS (SELECT 1 FROM territoires_territoire_epcis te
                             JOIN territoires_membreterritoireindustrie mi ON mi.epci_id = te.epci_id
                             JOIN territoires_territoireindustrie ti ON ti.id = mi.territoire_industrie_id
                             JOIN territoires_programmeindustrie p ON p.programme = ti.programme
                             JOIN candidatures_vague v ON v.id = s.vague_id
                            WHERE te.territoire_id = s.territoire_id
                              AND (v.cloture AT TIME ZONE 'Europe/Paris')::date BETWEEN p.debut AND p.fin),
       deja_candidat = EXISTS (SELECT 1 FROM territoires_territoire t
                                 JOIN territoires_territoire ta ON ta.cle = t.cle
                                 JOIN candidatures_candidature ca ON ca.territoire_id = ta.id
                                      AND ca.etat IN ({EN_INSTRUCTION})
                                 JOIN candidatures_vague v ON v.id = s.vague_id
                                 JOIN candidatures_vague va ON va.id = ca.vague_id AND va.ouverture < v.ouverture
                                WHERE t.id = s.territoire_id)
"""
BITS = """
DELETE FROM candidatures_bitsdesuivis;
INSERT INTO candidatures_bitsdesuivis (vague_id, colonne, valeur, bloc, bits)
SELECT s.vague_id, v.colonne, v.valeur, s.candidature_id / 8192,
       bit_or(set_bit(0::bit(8192), mod(s.candidature_id, 8192)::integer, 1))
  FROM candidatures_suivi s, LATERAL (
       VALUES ('', ''), ('etat', s.etat), ('etape', s.etape), ('cas_avis', s.cas_avis),
              ('responsable_id', coalesce(s.responsable_id::text, ''))
        UNION ALL SELECT 'regions', unnest(s.regions)::text
        UNION ALL SELECT 'departements', unnest(s.departements)::text
        UNION ALL SELECT 'filieres', unnest(s.filieres)
        UNION ALL SELECT c, 'true' FROM (VALUES
              ('evaluations_ouvertes', s.evaluations_ouvertes), ('desaccord', s.desaccord), ('corrigee', s.corrigee),
              ('interroge', s.interroge), ('industrie', s.industrie), ('deja_candidat', s.deja_candidat)
              ) o (c, vraie) WHERE vraie
       ) v (colonne, valeur)
 GROUP BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0047_bits"), ("territoires", "0023_bits")]

    operations = [
        migrations.RunSQL([LUES, BITS], "DELETE FROM candidatures_bitsdesuivis"),
    ]
