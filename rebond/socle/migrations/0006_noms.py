from django.db import migrations

# The twin of `rebond.socle.noms.nom_nu`. Only ASCII is made small (collation "C"), whatever the database's own one.
NOM_NU = r"""
CREATE FUNCTION nom_nu(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    lower(
        translate(
            replace(replace(replace(replace(replace(replace(replace(replace(
                regexp_replace(normalize(texte, NFKD), '[\u0300-\u036f]', '', 'g'),
                'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'), 'ß', 'ss'), 'ẞ', 'ss'), 'þ', 'th'), 'Þ', 'th'),
            'øØłŁđĐðÐħĦıŋŊ‘’‚‛“”„«»‹›‐‒–—―•', 'oollddddhhinn                  '
        ) COLLATE "C"
    ),
    '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g'
))
"""


class Migration(migrations.Migration):
    dependencies = [('socle', '0005_lisibilite')]

    operations = [migrations.RunSQL(NOM_NU, "DROP FUNCTION nom_nu(text)")]
