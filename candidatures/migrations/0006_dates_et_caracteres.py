
import datetime
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


# What was kept before stays as it is: some of it can never change. What is written from now on is held to it.


class Migration(migrations.Migration):

    dependencies = [
        ('candidatures', '0005_proces_verbaux_en_lignes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='demandedecorrection',
            constraint=models.CheckConstraint(condition=models.Q(('echeance__lte', django.db.models.expressions.CombinedExpression(models.F('demandee_le'), '+', models.Value(datetime.timedelta(days=366))))), name='correction_d_un_an_au_plus'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('debut__gte', datetime.datetime(2020, 1, 1, 0, 0, tzinfo=datetime.UTC)), ('debut__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC)), models.Q(('fin', None), ('fin__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC)), _connector='OR')), name='incident_dans_le_siecle', violation_error_message='Vérifiez l’année de l’incident.'),
        ),
        AddConstraintNotValid(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('email__regex', '[\\U00000001-\\U00000008\\U0000000B-\\U0000001F\\U0000007F-\\U0000009F\\U000000AD-\\U000000AD\\U0000034F-\\U0000034F\\U00000600-\\U00000605\\U0000061C-\\U0000061C\\U000006DD-\\U000006DD\\U0000070F-\\U0000070F\\U00000890-\\U00000891\\U000008E2-\\U000008E2\\U0000115F-\\U00001160\\U000017B4-\\U000017B5\\U0000180B-\\U0000180F\\U0000200B-\\U0000200F\\U0000202A-\\U0000202E\\U00002060-\\U0000206F\\U00002800-\\U00002800\\U00003164-\\U00003164\\U0000E000-\\U0000F8FF\\U0000FDD0-\\U0000FDEF\\U0000FE00-\\U0000FE0F\\U0000FEFF-\\U0000FEFF\\U0000FFA0-\\U0000FFA0\\U0000FFF0-\\U0000FFFC\\U0000FFFE-\\U0000FFFF\\U000110BD-\\U000110BD\\U000110CD-\\U000110CD\\U00013430-\\U0001343F\\U0001BCA0-\\U0001BCA3\\U0001D173-\\U0001D17A\\U000E0000-\\U000E0FFF\\U000EFFFE-\\U0010FFFF\\U0001FFFE-\\U0001FFFF\\U0002FFFE-\\U0002FFFF\\U0003FFFE-\\U0003FFFF\\U0004FFFE-\\U0004FFFF\\U0005FFFE-\\U0005FFFF\\U0006FFFE-\\U0006FFFF\\U0007FFFE-\\U0007FFFF\\U0008FFFE-\\U0008FFFF\\U0009FFFE-\\U0009FFFF\\U000AFFFE-\\U000AFFFF\\U000BFFFE-\\U000BFFFF\\U000CFFFE-\\U000CFFFF\\U000DFFFE-\\U000DFFFF\\U00000009-\\U0000000D\\U0000001C-\\U00000020\\U00000085-\\U00000085\\U000000A0-\\U000000A0\\U00001680-\\U00001680\\U00002000-\\U0000200A\\U00002028-\\U00002029\\U0000202F-\\U0000202F\\U0000205F-\\U0000205F\\U00003000-\\U00003000]'), _negated=True), name='invitation_adresse_nette'),
        ),
        AddConstraintNotValid(
            model_name='prolongation',
            constraint=models.CheckConstraint(condition=models.Q(('jusqu_au__lte', django.db.models.expressions.CombinedExpression(models.F('demandee_le'), '+', models.Value(datetime.timedelta(days=366))))), name='prolongation_d_un_an_au_plus'),
        ),
        AddConstraintNotValid(
            model_name='vague',
            constraint=models.CheckConstraint(condition=models.Q(('cloture__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC)), ('ouverture__gte', datetime.datetime(2020, 1, 1, 0, 0, tzinfo=datetime.UTC))), name='vague_dans_le_siecle', violation_error_message='Vérifiez l’année de l’ouverture et celle de la clôture.'),
        ),
        AddConstraintNotValid(
            model_name='vague',
            constraint=models.CheckConstraint(condition=models.Q(('publique_a', None), ('publique_a__lte', django.db.models.expressions.CombinedExpression(models.F('annoncee_le'), '+', models.Value(datetime.timedelta(days=366)))), _connector='OR'), name='vague_embargo_d_un_an_au_plus'),
        ),
    ]
