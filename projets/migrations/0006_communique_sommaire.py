"""What a frozen release says, without its rows: their count and their seal, made by Postgres from what was frozen."""

from django.db import migrations, models

# Of each row: 64 bits of MD5 of what it is; the seal is their sum, and those of either half times what the row brings
# (projets.chiffres.lignes). The portal adds up the rows of today in the same way.
SOMMAIRE = """
CREATE FUNCTION sommaire_des_chiffres(chiffres jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (chiffres - 'chiffres') || jsonb_build_object('chiffres', (
        SELECT COALESCE(jsonb_object_agg(chiffre.key, (chiffre.value - 'lignes') || jsonb_build_object('compte', (
            SELECT jsonb_build_object(
                'nombre', count(*),
                'renseignees', count(valeur),
                'demonstration', COALESCE(bool_or(demonstration), false),
                'sceau', COALESCE(sum(poids), 0)::text || ':'
                      || COALESCE(sum((poids & 2147483647) * COALESCE(mod(valeur + 2, 2147483647), 1)), 0)::text || ':'
                      || COALESCE(sum(((poids >> 31) & 2147483647) * COALESCE(mod(valeur + 2, 2147483647), 1)), 0)::text)
              FROM (
                SELECT valeur, demonstration,
                       ('x' || left(md5(pk::text || '|' || demonstration::text || '|' || libelle), 16))::bit(64)::bigint
                           AS poids
                  FROM jsonb_to_recordset(chiffre.value -> 'lignes')
                    AS lue (pk bigint, libelle text, valeur bigint, demonstration boolean)
              ) lignes
        ))), '{}')
          FROM jsonb_each(chiffres -> 'chiffres') AS chiffre
    ))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("projets", "0005_fait_paraitre")]

    operations = [
        migrations.RunSQL(SOMMAIRE, "DROP FUNCTION sommaire_des_chiffres(jsonb)"),
        migrations.AddField(
            "communique",
            "sommaire",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("chiffres"), function="sommaire_des_chiffres", output_field=models.JSONField()
                ),
                output_field=models.JSONField(),
            ),
        ),
    ]
