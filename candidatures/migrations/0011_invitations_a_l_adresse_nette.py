from django.db import migrations

from rebond.socle.texte.caracteres import identifiant


def nettoyer(apps, _editeur):
    """An invitation to an address that held something invisible could not be accepted: it now can.

    One whose address is then invited twice to the same file is left as it is: the other one does.
    """
    invitations = apps.get_model("candidatures", "Invitation").objects.filter(acceptee_le=None, revoquee_le=None)
    for invitation in invitations.order_by("pk"):
        adresse = identifiant(invitation.email)
        memes = invitations.filter(candidature=invitation.candidature_id, email__iexact=adresse)
        if adresse != invitation.email and not memes.exists():
            invitations.filter(pk=invitation.pk).update(email=adresse)


class Migration(migrations.Migration):

    dependencies = [
        ('candidatures', '0010_empreinte_du_brouillon'),
    ]

    operations = [
        migrations.RunPython(nettoyer, migrations.RunPython.noop, elidable=True),
    ]
