import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

# Luhn: from the left, every second digit is doubled, and 9 taken off what then passes 9.
SIREN_VALIDE = """
CREATE FUNCTION siren_valide(siren text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN siren ~ '^[0-9]{9}$' THEN (
    SELECT sum(CASE WHEN rang % 2 = 1 THEN chiffre WHEN chiffre > 4 THEN 2 * chiffre - 9 ELSE 2 * chiffre END) % 10 = 0
    FROM (SELECT rang, substr(siren, rang, 1)::integer AS chiffre FROM generate_series(1, 9) AS rang) AS chiffres
) ELSE false END
"""

# `unaccent` is only STABLE because its dictionary may be edited; ours is not, so a generated column may rest on it.
NORMALISER = """
CREATE FUNCTION normaliser(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(unaccent('unaccent', texte)), '[^a-z0-9]+', ' ', 'g')
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(SIREN_VALIDE, "DROP FUNCTION siren_valide(text)"),
        migrations.RunSQL(NORMALISER, "DROP FUNCTION normaliser(text)"),
        migrations.CreateModel(
            name="Departement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=3, unique=True)),
                ("nom", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "département",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=3, unique=True)),
                ("nom", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "région",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Epci",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("siren", models.CharField(max_length=9, unique=True, verbose_name="numéro SIREN")),
                ("nom", models.CharField(max_length=160)),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("CC", "communauté de communes"),
                            ("CA", "communauté d’agglomération"),
                            ("CU", "communauté urbaine"),
                            ("METRO", "métropole"),
                            ("MET69", "métropole de Lyon"),
                            ("EPT", "établissement public territorial"),
                        ],
                        max_length=5,
                    ),
                ),
                ("population", models.PositiveIntegerField()),
                ("millesime", models.PositiveSmallIntegerField(verbose_name="millésime")),
                ("fictif", models.BooleanField(default=False, verbose_name="inventé pour la démonstration")),
                (
                    "recherche",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("nom"), function="normaliser", output_field=models.TextField()
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "departements",
                    models.ManyToManyField(
                        related_name="epcis", to="territoires.departement", verbose_name="départements"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="epcis_principaux",
                        to="territoires.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(related_name="epcis", to="territoires.region", verbose_name="régions"),
                ),
            ],
            options={
                "verbose_name": "intercommunalité",
                "ordering": ["recherche", "siren"],
            },
        ),
        migrations.CreateModel(
            name="Organisme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=160)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("EPCI", "intercommunalité"),
                            ("PETR", "pôle d’équilibre territorial et rural"),
                            ("COMMUNE", "commune"),
                            ("DEPARTEMENT", "conseil départemental"),
                            ("REGION", "conseil régional"),
                            ("PREFECTURE", "préfecture"),
                            ("DREETS", "DREETS"),
                            ("ANCT", "Agence nationale de la cohésion des territoires"),
                            ("DGE", "Direction générale des Entreprises"),
                            ("SGPI", "Secrétariat général pour l’investissement"),
                            ("BDT", "Banque des Territoires"),
                            ("BPIFRANCE", "Bpifrance"),
                            ("MINISTERE", "ministère"),
                            ("BUREAU_ETUDES", "bureau d’études"),
                        ],
                        max_length=14,
                    ),
                ),
                ("siren", models.CharField(blank=True, max_length=9, verbose_name="numéro SIREN")),
                (
                    "epci",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organismes",
                        to="territoires.epci",
                        verbose_name="intercommunalité",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisme",
                "ordering": ["nom", "pk"],
            },
        ),
        migrations.AddField(
            model_name="departement",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departements",
                to="territoires.region",
                verbose_name="région",
            ),
        ),
        migrations.CreateModel(
            name="Territoire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=160)),
                ("cle", models.CharField(max_length=1000, unique=True, verbose_name="clé")),
                (
                    "pilote_france_relance",
                    models.BooleanField(default=False, verbose_name="territoire pilote France Relance"),
                ),
                ("demonstration", models.BooleanField(default=False, verbose_name="données de démonstration")),
                (
                    "chef_de_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territoires_menes",
                        to="territoires.epci",
                    ),
                ),
                (
                    "epcis",
                    models.ManyToManyField(
                        related_name="territoires", to="territoires.epci", verbose_name="intercommunalités"
                    ),
                ),
                (
                    "region_pilote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territoires_pilotes",
                        to="territoires.region",
                        verbose_name="région pilote",
                    ),
                ),
            ],
            options={
                "verbose_name": "territoire",
                "ordering": ["nom", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Habilitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("INSTRUCTEUR", "instructeur"),
                            ("EXPERT", "expert"),
                            ("COMITE", "membre du comité de sélection"),
                            ("VALIDEUR", "valideur"),
                            ("CHARGE_MISSION", "chargé de mission"),
                            ("GESTIONNAIRE", "gestionnaire d’enveloppe"),
                            ("PRESSE", "service de presse"),
                            ("ADMINISTRATEUR", "administrateur"),
                            ("AUDITEUR", "auditeur"),
                        ],
                        max_length=14,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territoires.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="habilitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="habilitations",
                        to="territoires.organisme",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territoires.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="territoires.territoire"
                    ),
                ),
            ],
            options={
                "verbose_name": "habilitation",
                "ordering": ["utilisateur", "role", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TerritoireIndustrie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.CharField(
                        choices=[
                            ("2018-2023", "Territoires d’industrie 2018-2023"),
                            ("2023-2027", "Territoires d’industrie 2023-2027"),
                        ],
                        max_length=9,
                    ),
                ),
                ("id_ti", models.CharField(max_length=20, verbose_name="identifiant")),
                ("nom", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "territoire d’industrie",
                "verbose_name_plural": "territoires d’industrie",
                "ordering": ["programme", "id_ti"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "id_ti"),
                        name="territoire_industrie_unique",
                        violation_error_message="Ce territoire d’industrie existe déjà dans ce programme.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("programme__in", ["2018-2023", "2023-2027"])),
                        name="territoire_industrie_programme_connu",
                        violation_error_message="Ce programme n’est pas connu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembreTerritoireIndustrie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("EPCI", "intercommunalité"),
                            ("EPT", "établissement public territorial"),
                            ("COM", "commune"),
                        ],
                        max_length=4,
                    ),
                ),
                ("siren", models.CharField(blank=True, max_length=9, verbose_name="numéro SIREN")),
                ("code_commune", models.CharField(blank=True, max_length=5, verbose_name="code INSEE de la commune")),
                ("libelle", models.CharField(max_length=200, verbose_name="libellé")),
                (
                    "epci",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appartenances_industrie",
                        to="territoires.epci",
                        verbose_name="intercommunalité",
                    ),
                ),
                (
                    "territoire_industrie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="membres",
                        to="territoires.territoireindustrie",
                    ),
                ),
            ],
            options={
                "verbose_name": "membre d’un territoire d’industrie",
                "verbose_name_plural": "membres d’un territoire d’industrie",
                "ordering": ["territoire_industrie", "libelle"],
            },
        ),
        migrations.AddConstraint(
            model_name="organisme",
            constraint=models.UniqueConstraint(
                fields=("type", "nom"), name="organisme_unique", violation_error_message="Cet organisme existe déjà."
            ),
        ),
        migrations.AddConstraint(
            model_name="organisme",
            constraint=models.CheckConstraint(
                condition=models.Q(("epci", None), ("type", "EPCI"), _connector="OR"),
                name="organisme_epci_coherent",
                violation_error_message="Seul un organisme de type intercommunalité est lié à une intercommunalité.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("siren", ""),
                    models.Func(models.F("siren"), function="siren_valide", output_field=models.BooleanField()),
                    _connector="OR",
                ),
                name="organisme_siren_valide",
                violation_error_message="Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres.",
            ),
        ),
        migrations.AddIndex(
            model_name="epci",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["recherche"], name="epci_recherche", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="epci",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Func(models.F("siren"), function="siren_valide", output_field=models.BooleanField())
                ),
                name="epci_siren_valide",
                violation_error_message="Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epci",
            constraint=models.CheckConstraint(
                condition=models.Q(("nature__in", ["CC", "CA", "CU", "METRO", "MET69", "EPT"])),
                name="epci_nature_connue",
                violation_error_message="Cette nature juridique n’est pas celle d’une intercommunalité.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epci",
            constraint=models.CheckConstraint(
                condition=models.Q(("millesime__range", (2017, 2100))),
                name="epci_millesime_plausible",
                violation_error_message="Le millésime est une année à partir de 2017.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epci",
            constraint=models.CheckConstraint(
                condition=models.Q(("fictif", models.Q(("siren__startswith", "999")))),
                name="epci_fictif_reconnaissable",
                violation_error_message="Le numéro SIREN d’une intercommunalité inventée, et d’elle seule, commence par 999.",
            ),
        ),
        migrations.AddConstraint(
            model_name="territoire",
            constraint=models.CheckConstraint(
                condition=models.Q(("cle__regex", "^[0-9]{9}(-[0-9]{9})*$")),
                name="territoire_cle_bien_formee",
                violation_error_message="Un territoire réunit au moins une intercommunalité.",
            ),
        ),
        migrations.AddConstraint(
            model_name="territoire",
            constraint=models.CheckConstraint(
                condition=models.Q(("nom", ""), _negated=True),
                name="territoire_nomme",
                violation_error_message="Donnez un nom au territoire.",
            ),
        ),
        migrations.AddConstraint(
            model_name="habilitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("departement", None), ("region", None)),
                    models.Q(("region", None), ("territoire", None)),
                    models.Q(("departement", None), ("territoire", None)),
                    _connector="OR",
                ),
                name="habilitation_un_seul_perimetre",
                violation_error_message="Choisissez une région, un département ou un territoire, pas plusieurs.",
            ),
        ),
        migrations.AddConstraint(
            model_name="habilitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "INSTRUCTEUR",
                            "EXPERT",
                            "COMITE",
                            "VALIDEUR",
                            "CHARGE_MISSION",
                            "GESTIONNAIRE",
                            "PRESSE",
                            "ADMINISTRATEUR",
                            "AUDITEUR",
                        ],
                    )
                ),
                name="habilitation_role_connu",
                violation_error_message="Ce rôle n’existe pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="habilitation",
            constraint=models.UniqueConstraint(
                fields=("utilisateur", "role", "organisme", "region", "departement", "territoire"),
                name="habilitation_unique",
                nulls_distinct=False,
                violation_error_message="Cette personne a déjà ce rôle, pour cet organisme et ce périmètre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membreterritoireindustrie",
            constraint=models.UniqueConstraint(
                fields=("territoire_industrie", "siren", "code_commune"),
                name="membre_industrie_unique",
                violation_error_message="Ce membre figure déjà dans ce territoire d’industrie.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membreterritoireindustrie",
            constraint=models.CheckConstraint(
                condition=models.Q(("code_commune", ""), ("siren", ""), _negated=True),
                name="membre_industrie_identifie",
                violation_error_message="Un membre est désigné par son numéro SIREN ou par son code INSEE.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membreterritoireindustrie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("siren", ""),
                    models.Func(models.F("siren"), function="siren_valide", output_field=models.BooleanField()),
                    _connector="OR",
                ),
                name="membre_industrie_siren_valide",
                violation_error_message="Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres.",
            ),
        ),
        migrations.CreateModel(
            name="Petr",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("siren", models.CharField(max_length=9, unique=True, verbose_name="numéro SIREN")),
                ("nom", models.CharField(max_length=160)),
                (
                    "epcis",
                    models.ManyToManyField(
                        related_name="petrs", to="territoires.epci", verbose_name="intercommunalités membres"
                    ),
                ),
            ],
            options={
                "verbose_name": "pôle d’équilibre territorial et rural",
                "verbose_name_plural": "pôles d’équilibre territorial et rural",
                "ordering": ["nom", "siren"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Func(models.F("siren"), function="siren_valide", output_field=models.BooleanField())
                        ),
                        name="petr_siren_valide",
                        violation_error_message="Ce numéro SIREN n’est pas valide\xa0: vérifiez ses neuf chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nom", ""), _negated=True),
                        name="petr_nomme",
                        violation_error_message="Donnez le nom du PETR.",
                    ),
                ],
            },
        ),
    ]
