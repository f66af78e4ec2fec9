"""Lists imported before programmes had dates get the official ones."""

from datetime import date

from django.db import migrations

VALIDITES = {
    "2018-2023": (date(2018, 11, 22), date(2023, 11, 8)),
    "2023-2027": (date(2023, 11, 9), date(2027, 12, 31)),
}


def dater(apps, schema_editor):
    importes = apps.get_model("territoires", "TerritoireIndustrie").objects.values_list("programme", flat=True)
    programmes = apps.get_model("territoires", "ProgrammeIndustrie").objects
    for programme in sorted(set(importes)):
        debut, fin = VALIDITES[programme]
        programmes.get_or_create(programme=programme, defaults={"debut": debut, "fin": fin})


class Migration(migrations.Migration):
    dependencies = [("territoires", "0002_chiffres_programmes")]

    operations = [migrations.RunPython(dater, migrations.RunPython.noop)]
