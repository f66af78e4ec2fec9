"""The order of the kept views is that of their readers, by names laid bare: nothing changes in Postgres."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0043_suivi_reuni")]

    operations = [
        migrations.AlterModelOptions(
            name="vueenregistree",
            options={"verbose_name": "vue enregistrée", "verbose_name_plural": "vues enregistrées"},
        ),
    ]
