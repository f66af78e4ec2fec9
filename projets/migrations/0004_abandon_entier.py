from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('projets', '0003_abandons_passes')]

    operations = [
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('abandonne_le__isnull', False), ('etat', 'abandonne'), models.Q(('abandon', ''), _negated=True)), models.Q(models.Q(('etat', 'abandonne'), _negated=True), ('abandon', ''), ('abandonne_le', None)), _connector='OR'), name='projet_abandon_entier', violation_error_message='Un abandon porte sa date et sa raison.'),
        ),
    ]
