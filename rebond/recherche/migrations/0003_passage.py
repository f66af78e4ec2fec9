"""Where in a long text its passage is to be looked for: what costs a passage is the text that it is chosen in."""

from django.db import migrations

# A word of a query as the text may write it: capitals and accents count for nothing.
MOTIF = r"""
CREATE FUNCTION public.recherche_motif(mot text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN '\m' || replace(replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_replace(mot, '[^a-z0-9]', '', 'g'),
    'oe', 'œ'), 'a', '[aàâäá]'), 'c', '[cç]'), 'e', '[eéèêë]'), 'i', '[iîïí]'), 'n', '[nñ]'), 'o', '[oôöó]'),
    'u', '[uùûüú]'), 'œ', '(?:[oôöó][eéèêë]|œ)');
"""
# Around the longest of its words, where the others are nearest among its first places; the stem of a word may end
# otherwise than the word, of which its beginning is then looked for. The beginning of the text where there is none.
PASSAGE = r"""
CREATE FUNCTION public.recherche_passage(texte text, requete tsquery) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    mots text[] := ARRAY(SELECT mot[1] FROM regexp_matches(requete::text, $q$'([^']+)'$q$, 'g') AS mot
                          ORDER BY length(mot[1]) DESC, mot[1]);
    motif text;
    -- Read once from where it lies compressed.
    entier text := texte || '';
    place integer;
    depart integer;
    proches integer;
    plus_proches integer := -1;
    trouvee integer := 0;
BEGIN
    IF length(entier) <= 1800 OR cardinality(mots) = 0 THEN
        RETURN left(entier, 1800);
    END IF;
    FOREACH motif IN ARRAY ARRAY(SELECT public.recherche_motif(mot) FROM unnest(mots) WITH ORDINALITY AS m (mot, rang)
                                  ORDER BY rang)
                        || ARRAY(SELECT public.recherche_motif(left(mot, greatest(4, length(mot) - 2)))
                                   FROM unnest(mots) WITH ORDINALITY AS m (mot, rang) ORDER BY rang) LOOP
        CONTINUE WHEN motif = '\m';
        depart := 1;
        FOR tour IN 1 .. 20 LOOP
            place := regexp_instr(entier, motif, depart, 1, 0, 'i');
            EXIT WHEN place = 0;
            SELECT count(*) INTO proches FROM unnest(mots) AS mot
             WHERE regexp_like(substr(entier, greatest(1, place - 200), 400), public.recherche_motif(mot), 'i');
            IF proches > plus_proches THEN
                plus_proches := proches;
                trouvee := place;
            END IF;
            EXIT WHEN proches = cardinality(mots);
            depart := place + 1;
        END LOOP;
        EXIT WHEN trouvee > 0;
    END LOOP;
    RETURN substr(entier, greatest(1, trouvee - 600), 1800);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("recherche", "0002_vecteur_des_longs_textes")]

    operations = [
        migrations.RunSQL(MOTIF, "DROP FUNCTION public.recherche_motif(text)"),
        migrations.RunSQL(PASSAGE, "DROP FUNCTION public.recherche_passage(text, tsquery)"),
    ]
