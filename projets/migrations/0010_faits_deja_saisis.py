"""What figures were made from before facts were kept is known from now on, and not from before."""

from typing import Any

from django.db import migrations

SAUF = {
    "projets_mission": ["contexte"],
    "projets_missionlabellisation": [],
    "projets_industriel": ["nom", "activite", "effectif", "annulation", "annule_par_id"],
    "projets_projet": ["intitule", "description", "abandon", "annulation", "annule_par_id"],
    "projets_estimation": ["auteur_id"],
    "projets_enveloppe": [],
    "projets_cofinancement": [],
    "projets_concours": ["accorde_par_id"],
    "projets_liberation": ["libere_par_id"],
    "projets_feuillederoute": [],
    "projets_axe": ["description"],
    "projets_axe_epcis": [],
    "candidatures_labellisation": [],
    "candidatures_vague": ["grace", "silence", "motif_suspension", "labellisee_par_id", "annoncee_par_id"],
    "territoires_territoire_epcis": [],
    "territoires_programmeindustrie": [],
    "territoires_membreterritoireindustrie": [],
}


def saisir(apps: Any, schema_editor: Any) -> None:
    for table, sauf in SAUF.items():
        schema_editor.execute(
            f"INSERT INTO socle_fait (nom, cle, ligne) SELECT '{table}', id, to_jsonb(t) - %s::text[] FROM {table} t",
            [sauf],
        )
    schema_editor.execute(
        "INSERT INTO socle_fait (nom, cle, ligne) "
        "SELECT 'territoires_territoire', id, to_jsonb(t) FROM territoires_territoire t WHERE NOT prive"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projets", "0009_faits"),
        ("candidatures", "0050_faits"),
        ("socle", "0021_faits"),
        ("territoires", "0024_faits"),
    ]

    operations = [migrations.RunPython(saisir, migrations.RunPython.noop)]
