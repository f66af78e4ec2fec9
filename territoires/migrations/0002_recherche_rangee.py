"""What follows a loading, and belongs to the owner of the tables: the portal's role may ask for this alone."""

from django.db import migrations

CREER = """
CREATE FUNCTION public.territoires_ranger_la_recherche() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM gin_clean_pending_list('public.commune_ressemblance');
    ANALYZE public.territoires_epci, public.territoires_commune;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("territoires", "0001_initial")]

    operations = [migrations.RunSQL(CREER, "DROP FUNCTION public.territoires_ranger_la_recherche()")]
