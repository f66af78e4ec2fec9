from django.db import migrations

# As before, but for the bytes that were erased: they weigh nothing any more.
CORPS = """
CREATE OR REPLACE FUNCTION octets_du_dossier(dossier bigint) RETURNS bigint LANGUAGE sql VOLATILE
RETURN (
    SELECT COALESCE(sum(taille), 0) FROM socle_document WHERE id IN (
        SELECT document_id FROM candidatures_piecejointe WHERE candidature_id = dossier
        UNION SELECT p.document_id FROM candidatures_piecedeposee p
                JOIN candidatures_depot d ON d.id = p.depot_id WHERE d.candidature_id = dossier
        UNION SELECT p.document_id FROM candidatures_piecedemessage p
                JOIN candidatures_message m ON m.id = p.message_id WHERE m.candidature_id = dossier
        UNION SELECT p.document_id FROM candidatures_piecedecorrection p
                JOIN candidatures_demandedecorrection c ON c.id = p.demande_id WHERE c.candidature_id = dossier
    ) {sans}
) + (
    SELECT COALESCE(sum(octets), 0) FROM candidatures_reserve WHERE candidature_id = dossier AND NOT consommee
)
"""
SANS_LES_EFFACES = "AND id NOT IN (SELECT document_id FROM socle_effacementdedocument WHERE signe_le IS NOT NULL)"


class Migration(migrations.Migration):

    dependencies = [
        ('candidatures', '0011_contestation_par_un_tiers'),
        ('socle', '0010_effacement_de_documents'),
    ]

    operations = [
        migrations.RunSQL(CORPS.format(sans=SANS_LES_EFFACES), CORPS.format(sans="")),
    ]
