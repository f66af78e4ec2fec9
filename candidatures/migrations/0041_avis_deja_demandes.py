"""What was asked, and given, before an avis was asked of an organisme.

The organisme is that for which the expert held the role that they answered under. Nobody knows what these avis read, nor
in which quality they were given: nothing is said of it.
"""

from django.db import migrations

ALLER = """
UPDATE candidatures_saisine SET prise_le = demande_le, annoncee_le = demande_le;
UPDATE candidatures_saisine s SET organisme_id = coalesce(
    (SELECT h.organisme_id FROM territoires_habilitation h
      WHERE h.utilisateur_id = s.expert_id
        AND h.role = CASE WHEN s.expert_id = s.demande_par_id THEN 'INSTRUCTEUR' ELSE 'EXPERT' END
      ORDER BY h.id LIMIT 1),
    (SELECT h.organisme_id FROM territoires_habilitation h WHERE h.utilisateur_id = s.expert_id ORDER BY h.id LIMIT 1));
INSERT INTO territoires_organisme (nom, type, siren)
SELECT 'Organisme inconnu', 'MINISTERE', '' WHERE EXISTS (SELECT 1 FROM candidatures_saisine WHERE organisme_id IS NULL)
    ON CONFLICT DO NOTHING;
UPDATE candidatures_saisine
   SET organisme_id = (SELECT id FROM territoires_organisme WHERE nom = 'Organisme inconnu' AND type = 'MINISTERE')
 WHERE organisme_id IS NULL;
UPDATE candidatures_saisine SET fin = 'conflit', close_par_id = expert_id WHERE close_le IS NOT NULL;
INSERT INTO candidatures_avisrendu (saisine_id, auteur_id, qualite, sens, texte, reserves, rendu_le, nom)
SELECT id, expert_id, '', sens, texte, '{}', rendu_le, '' FROM candidatures_saisine WHERE rendu_le IS NOT NULL;
UPDATE candidatures_suivi v SET avis_defavorables = defavorables.nombre
  FROM (SELECT candidature_id, count(*) FILTER (WHERE sens = 'defavorable') AS nombre
          FROM (SELECT DISTINCT ON (s.candidature_id, s.organisme_id) s.candidature_id, a.sens
                  FROM candidatures_saisine s JOIN candidatures_avisrendu a ON a.saisine_id = s.id
                 ORDER BY s.candidature_id, s.organisme_id, a.rendu_le DESC, a.id DESC) derniers
         GROUP BY candidature_id) defavorables
 WHERE defavorables.candidature_id = v.candidature_id AND defavorables.nombre > 0;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# What is asked of an organisme and that nobody took has no place there: it stops here.
RETOUR = """
UPDATE candidatures_saisine s SET sens = a.sens, texte = a.texte
  FROM candidatures_avisrendu a WHERE a.saisine_id = s.id;
DELETE FROM candidatures_avisrendu;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0040_saisines")]

    operations = [migrations.RunSQL(ALLER, RETOUR)]
