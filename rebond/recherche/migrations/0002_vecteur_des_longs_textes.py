"""How the text of a whole attachment is made searchable: by slices, of which the first alone says where its words are."""

from django.db import migrations

# One vector holds a megabyte: a text whose words are all different would be refused, and its beginning is then enough.
VECTEUR = """
CREATE FUNCTION public.recherche_vecteur_long(texte text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    vecteur tsvector := public.recherche_vecteur(texte);
    tranche integer;
BEGIN
    FOR tranche IN 1 .. 3 LOOP
        EXIT WHEN length(texte) <= 100000 * tranche;
        vecteur := vecteur || strip(public.recherche_vecteur(substr(texte, 100000 * tranche + 1, 100000)));
    END LOOP;
    RETURN vecteur;
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN public.recherche_vecteur(texte);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("recherche", "0001_texte_cherchable")]

    operations = [migrations.RunSQL(VECTEUR, "DROP FUNCTION public.recherche_vecteur_long(text)")]
