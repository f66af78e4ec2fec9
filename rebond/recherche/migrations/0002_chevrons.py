"""« < » hides nothing: Postgres takes what follows for a tag, and of « <script> » the whole text until it is closed."""

from django.db import migrations

VECTEUR = r"""
CREATE OR REPLACE FUNCTION public.recherche_vecteur(texte text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('public.recherche_racines'::regconfig,
                   translate(left(texte, 100000), '/\@._-+:&=?#~<>', '               '))
    || strip(to_tsvector('public.recherche_mots'::regconfig,
                         translate(left(texte, 100000), '/\@._-+:&=?#~<>', '               ')));
"""
COMME_AVANT = VECTEUR.replace("<>", "").replace(" " * 15, " " * 13)
# Whatever is indexed by it so far.
REINDEXER = """
DO $$
DECLARE
    nom text;
BEGIN
    FOR nom IN SELECT format('%I.%I', schemaname, indexname) FROM pg_indexes WHERE indexdef LIKE '%recherche_vecteur(%'
    LOOP
        EXECUTE 'REINDEX INDEX ' || nom;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("recherche", "0001_texte_cherchable")]

    operations = [
        migrations.RunSQL(VECTEUR, COMME_AVANT),
        migrations.RunSQL(REINDEXER, REINDEXER),
    ]
