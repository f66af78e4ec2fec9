from django.db import migrations

# Projects given up before an abandonment freed the aid kept theirs, and nobody could free it any more.
LIBERER = """
    INSERT INTO projets_liberation (concours_id, libere_le, libere_par_id)
    SELECT c.id, GREATEST(p.abandonne_le, c.accorde_le), COALESCE(
               (SELECT u.id
                  FROM socle_entreejournal e JOIN socle_utilisateur u ON u.id = e.acteur_id_copie
                 WHERE e.objet_type = 'projets.projet' AND e.objet_id = p.id::text AND e.acte = 'abandonner'
                 ORDER BY e.id DESC LIMIT 1),
               c.accorde_par_id)
      FROM projets_projet p JOIN projets_concours c ON c.projet_id = p.id
     WHERE p.etat = 'abandonne'
       AND NOT EXISTS (SELECT 1 FROM projets_liberation l WHERE l.concours_id = c.id)
"""


class Migration(migrations.Migration):

    dependencies = [('projets', '0009_abandons_et_concours_a_leur_date')]

    operations = [migrations.RunSQL(LIBERER, migrations.RunSQL.noop)]
