"""What Postgres asks of a file before it holds its territory, and of whoever opens one."""

from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.dossier.regles import OUVERTURES_PAR_JOUR

# A file holds nothing before it is deposited, nor once it is out of the wave.
SANS_TENUE = (EtatCandidature.BROUILLON, EtatCandidature.RETIREE, EtatCandidature.IRRECEVABLE)

# The key of the grouping that deposit `d` was made for, and its lead.
CLE_DEPOSEE = """(SELECT string_agg(e ->> 'siren', '-' ORDER BY (e ->> 'siren') COLLATE "C")
                 FROM jsonb_array_elements(d.contenu -> 'territoire' -> 'epcis') e)"""
CHEF_DEPOSE = "COALESCE(d.contenu -> 'membres' -> 0 ->> 'siren', d.contenu -> 'territoire' ->> 'chef_de_file')"
# Whether the porteur of the file of deposit `d` is known to work for that lead.
PORTEUR_PROUVE = f"""EXISTS (
               SELECT 1 FROM candidatures_participation p
                 JOIN territoires_rattachement r ON r.utilisateur_id = p.utilisateur_id
                WHERE p.candidature_id = d.candidature_id AND p.qualite = 'porteur'
                  AND r.prouve_le IS NOT NULL AND r.fini_le IS NULL AND r.siren = {CHEF_DEPOSE}
           )"""
# « Ce dossier n’est pas de nous », not judged yet or found right.
CONTESTE = """EXISTS (
        SELECT 1 FROM candidatures_contestation k
         WHERE k.candidature_id = {dossier} AND (k.tranchee_le IS NULL OR k.fondee)
    )"""

# What is held is what was deposited, whatever the draft has become; the lead is the first of its members. A deposit
# that another system received was judged there.
TENUE_PROUVEE = f"""
    IF NEW.territoire_tenu = '' OR TG_OP = 'UPDATE' AND NEW.territoire_tenu = OLD.territoire_tenu THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM candidatures_depot d
         WHERE d.candidature_id = NEW.id
           AND d.rang = (SELECT max(rang) FROM candidatures_depot WHERE candidature_id = NEW.id)
           AND NEW.territoire_tenu = {CLE_DEPOSEE}
           AND (d.source = '{Source.REPRISE}' OR {PORTEUR_PROUVE})
    ) THEN
        RAISE EXCEPTION 'territoire tenu sans preuve'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'territoire_tenu_prouve';
    END IF;
    IF {CONTESTE.format(dossier="NEW.id")} THEN
        RAISE EXCEPTION 'territoire tenu par un dossier contesté'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'territoire_tenu_non_conteste';
    END IF;
    RETURN NEW;
"""

ETATS_SANS_TENUE = ", ".join(f"'{etat}'" for etat in SANS_TENUE)
# Of the files `%s`, those that can hold what was deposited do: proven, not contested, held by no other; of several the
# first received. What they held before, for another grouping, they hold no more.
TENIR = f"""
    WITH derniers AS (
        SELECT DISTINCT ON (d.candidature_id) d.candidature_id, d.recu_le, c.vague_id, {CLE_DEPOSEE} AS cle,
               (d.source = '{Source.REPRISE}' OR {PORTEUR_PROUVE})
               AND NOT {CONTESTE.format(dossier="d.candidature_id")} AS prouve
          FROM candidatures_depot d JOIN candidatures_candidature c ON c.id = d.candidature_id
         WHERE d.candidature_id = ANY(%s) AND c.etat NOT IN ({ETATS_SANS_TENUE})
         ORDER BY d.candidature_id, d.rang DESC
    ), choisis AS (
        SELECT DISTINCT ON (vague_id, cle) candidature_id, cle FROM derniers
         WHERE prouve AND NOT EXISTS (
               SELECT 1 FROM candidatures_candidature a
                WHERE a.vague_id = derniers.vague_id AND a.territoire_tenu = derniers.cle
                  AND a.etat NOT IN ({ETATS_SANS_TENUE}) AND a.id <> derniers.candidature_id
         )
         ORDER BY vague_id, cle, recu_le, candidature_id
    )
    UPDATE candidatures_candidature c SET territoire_tenu = COALESCE(choisis.cle, '')
      FROM derniers LEFT JOIN choisis USING (candidature_id)
     WHERE c.id = derniers.candidature_id AND c.territoire_tenu <> COALESCE(choisis.cle, '')
       AND (choisis.cle IS NOT NULL OR c.territoire_tenu <> derniers.cle)
    RETURNING c.id, c.territoire_tenu
"""

# In waves that are not over: what the past brings is not opened by anybody.
OUVERTURES_COMPTEES = f"""
    IF NEW.ouverte_par_id IS NOT NULL AND NEW.source = '{Source.PORTAIL}' AND EXISTS (
        SELECT 1 FROM candidatures_vague WHERE id = NEW.vague_id AND cloture > clock_timestamp()
    ) THEN
        PERFORM pg_advisory_xact_lock(hashtext('dossiers_ouverts_par_jour'), NEW.ouverte_par_id::int);
        NEW.creee_le := clock_timestamp();
        IF (SELECT count(*) FROM candidatures_candidature c JOIN candidatures_vague v ON v.id = c.vague_id
             WHERE c.ouverte_par_id = NEW.ouverte_par_id AND v.cloture > clock_timestamp()
               AND c.creee_le > clock_timestamp() - interval '24 hours') >= {OUVERTURES_PAR_JOUR} THEN
            RAISE EXCEPTION 'trop de dossiers ouverts en un jour'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'dossiers_ouverts_par_jour';
        END IF;
    END IF;
    RETURN NEW;
"""
