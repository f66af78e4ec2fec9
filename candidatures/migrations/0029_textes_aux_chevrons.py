"""Texts that are kept searchable, read again: what follows « < » was lost."""

from django.db import migrations

RELIRE = """
UPDATE candidatures_textedudossier
   SET vecteur = recherche_vecteur(coalesce(candidatures_texte_lu(candidature_id), ''))
 WHERE origine = 'reponses';
"""


class Migration(migrations.Migration):

    dependencies = [
        ("candidatures", "0028_textes_deja_deposes"),
        ("recherche", "0002_chevrons"),
    ]

    operations = [migrations.RunSQL(RELIRE, migrations.RunSQL.noop)]
