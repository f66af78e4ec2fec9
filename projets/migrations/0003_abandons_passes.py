from django.db import migrations

# Abandonments were noted without a date or a reason: the journal knows when, nobody knows why.
DATER = """
    UPDATE projets_projet p
       SET abandonne_le = GREATEST(p.recense_le, COALESCE(
               (SELECT (COALESCE(e.fait_le, e.ecrit_le) AT TIME ZONE 'Europe/Paris')::date
                  FROM socle_entreejournal e
                 WHERE e.objet_type = 'projets.projet' AND e.objet_id = p.id::text AND e.acte = 'abandonner'
                 ORDER BY e.id DESC LIMIT 1),
               (now() AT TIME ZONE 'Europe/Paris')::date)),
           abandon = 'Raison non demandée à l’époque'
     WHERE p.etat = 'abandonne'
"""


class Migration(migrations.Migration):

    dependencies = [('projets', '0002_annulations_et_abandons')]

    operations = [migrations.RunSQL(DATER, migrations.RunSQL.noop)]
