
import datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


# What was kept before stays as it is: some of it can never change. What is written from now on is held to it.


class Migration(migrations.Migration):

    dependencies = [
        ('projets', '0006_fichiers_de_communique'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='concours',
            constraint=models.CheckConstraint(condition=models.Q(('accorde_le__gte', datetime.date(2020, 1, 1)), ('accorde_le__lte', datetime.date(2060, 12, 31))), name='concours_dans_le_programme'),
        ),
        AddConstraintNotValid(
            model_name='estimation',
            constraint=models.CheckConstraint(condition=models.Q(('au__gte', datetime.date(2020, 1, 1)), ('au__lte', datetime.date(2060, 12, 31))), name='estimation_dans_le_programme'),
        ),
    ]
