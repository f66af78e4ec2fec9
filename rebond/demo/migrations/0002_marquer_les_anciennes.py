from django.db import migrations

# The demonstration used to leave no mark but its accounts.
MARQUER = """
INSERT INTO demo_basededemonstration (seule)
SELECT true WHERE EXISTS (SELECT 1 FROM socle_utilisateur WHERE email LIKE '%%@demonstration.example')
"""


class Migration(migrations.Migration):

    dependencies = [
        ("demo", "0001_base_de_demonstration"),
        ("socle", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MARQUER, migrations.RunSQL.noop),
    ]
