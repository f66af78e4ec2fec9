"""Fingerprints of documents in the demonstration: wherever one lies, it is known why."""

import pytest
from django.apps import apps
from django.db import connection, models

# The document is cited: it stays as long as the row (`rebond.socle.documents.models.cite_ses_documents`).
CITES = {"candidatures_versioncomplete.contenu", "projets_communique.contenu"}
# A copy of what a key of a row beside holds, or of what the journal tells of one that may be gone.
COPIES = {
    "socle_document.sha256",
    "socle_entreejournal.details",
    "candidatures_depot.contenu",
    "candidatures_ligneprocesverbal.texte",
}
TEXTES = (models.CharField, models.TextField, models.JSONField)


def colonnes() -> list[tuple[str, str]]:
    return [
        (modele._meta.db_table, champ.column)
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.concrete_fields
        if isinstance(champ, TEXTES)
    ]


@pytest.mark.usefixtures("demonstration")
def test_une_empreinte_de_document_n_est_nulle_part_sans_que_l_on_sache_qui_le_garde(db: None) -> None:
    """A new column that names documents either cites them, or says here what else keeps them."""
    trouvees = set()
    with connection.cursor() as curseur:
        for table, colonne in colonnes():
            curseur.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{table}" t, '
                f"regexp_matches(t.\"{colonne}\"::text, '[0-9a-f]{{64}}', 'g') m"
                " JOIN socle_document d ON d.sha256 = m[1])"
            )
            if curseur.fetchone()[0]:
                trouvees.add(f"{table}.{colonne}")
    assert trouvees - COPIES == CITES
