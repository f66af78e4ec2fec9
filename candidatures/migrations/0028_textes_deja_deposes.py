"""What was deposited before the portal kept it searchable."""

from django.db import migrations

ECRIRE = """
INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
SELECT candidature_id, 'reponses', recherche_vecteur(coalesce(candidatures_texte_lu(candidature_id), ''))
  FROM (SELECT DISTINCT candidature_id FROM candidatures_depot) deposes
"""


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0027_texte_des_dossiers")]

    operations = [migrations.RunSQL(ECRIRE, "DELETE FROM candidatures_textedudossier")]
