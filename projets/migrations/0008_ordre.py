from django.db import migrations, models
from django.db.models.functions.comparison import Collate


class Migration(migrations.Migration):
    dependencies = [
        ('projets', '0007_dates_et_caracteres'),
        ('socle', '0006_noms'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="industriel",
            options={
                "ordering": [
                    Collate(models.Func(models.F("nom"), function="nom_nu", output_field=models.TextField()), "C"),
                    "pk",
                ],
                "verbose_name": "industriel",
            },
        ),
    ]
