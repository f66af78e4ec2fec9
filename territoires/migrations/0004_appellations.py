import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

# The twin of `territoires.appellations.cle_de_nom`. Each word is held between two spaces of its own; without a
# subquery, Postgres inlines it: a fifth of the time over the communes.
CLE_DE_NOM = """
CREATE FUNCTION cle_de_nom(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        regexp_replace(
            ' ' || replace(nom_nu(texte), ' ', '  ') || ' ',
            ' (?:a|au|aux|d|de|des|du|en|et|l|la|le|les|agglo|agglomeration|ca|cc|communaute|communes|cu|ept|metropole|urbaine) ',
            '', 'g'),
        ' saint ', ' st '), ' sainte ', ' ste '), ' saints ', ' sts '), ' saintes ', ' stes '), ' deux ', ' 2 '),
        ' trois ', ' 3 '), ' quatre ', ' 4 '), ' cinq ', ' 5 '), ' six ', ' 6 '), ' sept ', ' 7 '),
    '  ', ' '
))
"""

# Every word of a name, as it is written and as it tells the name apart.
MOTS_DE_NOM = """
CREATE FUNCTION mots_de_nom(texte text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('simple'::regconfig, nom_nu(texte) || ' ' || cle_de_nom(texte))
"""

NORMALISER = """
CREATE FUNCTION normaliser(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(unaccent('unaccent', texte)), '[^a-z0-9]+', ' ', 'g')
"""


def cle() -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True,
        expression=models.Func(models.F("nom"), function="cle_de_nom", output_field=models.TextField()),
        output_field=models.TextField(db_collation="C"),
    )


def alphabetique(champ: str) -> models.functions.Collate:
    return django.db.models.functions.comparison.Collate(
        models.Func(models.F(champ), function="nom_nu", output_field=models.TextField()), "C"
    )


class Migration(migrations.Migration):
    dependencies = [
        ('socle', '0006_noms'),
        ('territoires', '0003_chiffres_programmes_dates'),
    ]

    operations = [
        migrations.RunSQL(CLE_DE_NOM, "DROP FUNCTION cle_de_nom(text)"),
        migrations.RunSQL(MOTS_DE_NOM, "DROP FUNCTION mots_de_nom(text)"),
        migrations.AlterModelOptions(
            name="membreterritoireindustrie",
            options={
                "ordering": ["territoire_industrie", alphabetique("libelle"), "pk"],
                "verbose_name": "membre d’un territoire d’industrie",
                "verbose_name_plural": "membres d’un territoire d’industrie",
            },
        ),
        migrations.AlterModelOptions(
            name="organisme",
            options={"ordering": [alphabetique("nom"), "pk"], "verbose_name": "organisme"},
        ),
        migrations.AlterModelOptions(
            name="petr",
            options={
                "ordering": [alphabetique("nom"), "siren"],
                "verbose_name": "pôle d’équilibre territorial et rural",
                "verbose_name_plural": "pôles d’équilibre territorial et rural",
            },
        ),
        migrations.AlterModelOptions(
            name="region",
            options={"ordering": [alphabetique("nom")], "verbose_name": "région"},
        ),
        migrations.AlterModelOptions(
            name="territoire",
            options={"ordering": [alphabetique("nom"), "pk"], "verbose_name": "territoire"},
        ),
        # A generated column changes its expression by being made anew.
        migrations.RemoveIndex(model_name="epci", name="epci_recherche"),
        migrations.AlterModelOptions(name="epci", options={"verbose_name": "intercommunalité"}),
        migrations.RemoveField(model_name="epci", name="recherche"),
        migrations.RunSQL("DROP FUNCTION normaliser(text)", NORMALISER),
        migrations.AddField(
            model_name="epci",
            name="recherche",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("nom"), function="nom_nu", output_field=models.TextField()),
                output_field=models.TextField(db_collation="C"),
            ),
        ),
        migrations.AlterModelOptions(
            name="epci", options={"ordering": ["recherche", "siren"], "verbose_name": "intercommunalité"}
        ),
        migrations.AddField(model_name="departement", name="cle", field=cle()),
        migrations.AddField(model_name="epci", name="cle", field=cle()),
        migrations.AddField(
            model_name="epci",
            name="mots",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("nom"),
                    function="mots_de_nom",
                    output_field=django.contrib.postgres.search.SearchVectorField(),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(model_name="epci", index=models.Index(fields=["recherche"], name="epci_recherche")),
        migrations.AddIndex(model_name="epci", index=models.Index(fields=["cle"], name="epci_cle")),
        migrations.AddIndex(
            model_name="epci",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["mots"], fastupdate=False, name="epci_mots"
            ),
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5, verbose_name="code INSEE")),
                ("nom", models.CharField(max_length=60)),
                ("ancienne", models.BooleanField(default=False, verbose_name="commune déléguée ou associée")),
                ("siren", models.CharField(blank=True, max_length=9, verbose_name="numéro SIREN")),
                (
                    "codes_postaux",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), size=None, verbose_name="codes postaux"
                    ),
                ),
                ("population", models.PositiveIntegerField()),
                ("cle", cle()),
                (
                    "departement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="territoires.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "epci",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="communes",
                        to="territoires.epci",
                        verbose_name="intercommunalité",
                    ),
                ),
                (
                    "ept",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="communes_d_ept",
                        to="territoires.epci",
                        verbose_name="établissement public territorial",
                    ),
                ),
            ],
            options={
                "verbose_name": "commune",
                "ordering": [alphabetique("nom"), "code"],
                "indexes": [
                    models.Index(fields=["cle"], name="commune_cle"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["codes_postaux"], fastupdate=False, name="commune_codes_postaux"
                    ),
                    models.Index(fields=["siren"], name="commune_siren"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["cle"], name="commune_ressemblance", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "ancienne"),
                        name="commune_unique",
                        violation_error_message="Cette commune existe déjà.",
                    ),
                ],
            },
        ),
    ]
