"""What Postgres asks of evaluations, each statement once."""

import json

from candidatures.cahier import NIVEAUX_PAR_DEFAUT
from candidatures.evaluation.regles import ETATS_EVALUES, EVALUATEURS_PAR_DOSSIER
from candidatures.instruction.suivi.notes import ouvertes
from candidatures.instruction.suivi.verite import ecrire
from candidatures.vagues.etats import NatureDePhase

EVALUES = ", ".join(f"'{etat.value}'" for etat in sorted(ETATS_EVALUES))
DEFAUT = json.dumps([{"valeur": niveau.valeur} for niveau in NIVEAUX_PAR_DEFAUT])


def refuser(phrase: str, contrainte: str) -> str:
    return f"""RAISE EXCEPTION '{phrase}'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{contrainte}';"""


def tenir(dossier: str) -> str:
    """The file is held until the end of the transaction: whoever grades it, entrusts it or leaves it comes in turn."""
    return f"PERFORM 1 FROM candidatures_candidature WHERE id = {dossier} FOR NO KEY UPDATE;"


def phase_finie(vague: str) -> str:
    """Condition: `vague` (a key in SQL) has evaluation phases, all over. Without any, nothing ends by itself."""
    return f"""(
        SELECT max(p.fin) <= clock_timestamp() FROM candidatures_phasevague p
         WHERE p.vague_id = {vague} AND p.nature = '{NatureDePhase.EVALUATION}'
    )"""  # noqa: S608


def phase_finie_du(dossier: str) -> str:
    return phase_finie(f"(SELECT d.vague_id FROM candidatures_candidature d WHERE d.id = {dossier})")  # noqa: S608


def toutes_rendues(dossier: str) -> str:
    """Condition: `dossier` has its evaluators, and each has rendered."""
    return f"""(
        SELECT count(*) >= {EVALUATEURS_PAR_DOSSIER} AND bool_and(EXISTS (
            SELECT 1 FROM candidatures_evaluation v WHERE v.evaluateur_id = e.id AND v.rendue_le IS NOT NULL))
          FROM candidatures_evaluateur e WHERE e.candidature_id = {dossier} AND e.retire_le IS NULL
    )"""  # noqa: S608


# Once all are in, all who read the file whole read them.
OUVRIR = f"""
    INSERT INTO candidatures_ouverturedesevaluations (candidature_id, toutes, ouverte_le)
    SELECT NEW.candidature_id, true, clock_timestamp()
     WHERE {toutes_rendues("NEW.candidature_id")}
        ON CONFLICT DO NOTHING;
    RETURN NULL;
"""
DUE = f"""
    IF NEW.toutes AND NOT {toutes_rendues("NEW.candidature_id")}
       OR NOT NEW.toutes AND NOT coalesce({phase_finie_du("NEW.candidature_id")}, false) THEN
        {refuser("des évaluations sont attendues", "ouverture_des_evaluations_due")}
    END IF;
    RETURN NEW;
"""
# What the phases that are over open: of each wave, the files that somebody evaluates.
OUVRIR_APRES_LA_PHASE = f"""
    INSERT INTO candidatures_ouverturedesevaluations (candidature_id, toutes, ouverte_le)
    SELECT c.id, false, clock_timestamp() FROM candidatures_candidature c
      JOIN (SELECT vague_id FROM candidatures_phasevague WHERE nature = '{NatureDePhase.EVALUATION}'
             GROUP BY vague_id HAVING max(fin) <= clock_timestamp()) finies ON finies.vague_id = c.vague_id
     WHERE EXISTS (SELECT 1 FROM candidatures_evaluateur e WHERE e.candidature_id = c.id AND e.retire_le IS NULL)
       AND NOT {ouvertes("c.id")}
     ORDER BY c.id
        ON CONFLICT DO NOTHING
"""  # noqa: S608

RENDUE_EN_DROIT = f"""
    {tenir("NEW.candidature_id")}
    IF NOT EXISTS (SELECT 1 FROM candidatures_evaluateur e
                    WHERE e.id = NEW.evaluateur_id AND e.retire_le IS NULL) THEN
        {refuser("dossier qui n''est pas confié", "evaluation_par_un_evaluateur")}
    END IF;
    IF EXISTS (SELECT 1 FROM candidatures_decision d WHERE d.candidature_id = NEW.candidature_id) THEN
        {refuser("la décision est prise", "evaluation_avant_la_decision")}
    END IF;
    IF NEW.rang = 1 AND ({ouvertes("NEW.candidature_id")} OR {phase_finie_du("NEW.candidature_id")}) THEN
        {refuser("les évaluations sont lues", "evaluation_dans_la_phase")}
    END IF;
    IF NEW.rang > 1 AND NEW.motif = '' THEN
        {refuser("remplacement sans raison", "evaluation_remplacee_pour_une_raison")}
    END IF;
    IF (NEW.depot_id, NEW.correction_id) IS DISTINCT FROM (
        (SELECT d.id FROM candidatures_depot d WHERE d.candidature_id = NEW.candidature_id
          ORDER BY d.rang DESC LIMIT 1),
        (SELECT r.id FROM candidatures_demandedecorrection r
          WHERE r.candidature_id = NEW.candidature_id AND r.rendue_le IS NOT NULL
          ORDER BY r.rendue_le DESC, r.id DESC LIMIT 1)
    ) THEN
        {refuser("ce n''est plus ce qui est déposé", "evaluation_de_ce_qui_est_depose")}
    END IF;
"""  # noqa: S608
# Only what all read already changes a narrow row.
SUIVRE = f"""
    IF {ouvertes("NEW.candidature_id")} THEN
        {ecrire("ARRAY[NEW.candidature_id]")}
    END IF;
    RETURN NULL;
"""
# `regles.points`, for Postgres, once every criterion of the grid has a note that it may have.
COMPTER = f"""
    NEW.points := NULL; NEW.sur := NULL;
    IF NEW.abstention <> '' THEN
        RETURN NEW;
    END IF;
    commun := 1; total := 0; poids := 0; combien := 0;
    FOR ligne IN
        SELECT grille.critere FROM candidatures_candidature c
          JOIN candidatures_cahierdescharges d ON d.id = c.cahier_id,
               jsonb_array_elements(d.definition -> 'criteres') AS grille(critere)
         WHERE c.id = NEW.candidature_id
    LOOP
        niveaux := ligne -> 'niveaux';
        IF coalesce(jsonb_array_length(niveaux), 0) = 0 THEN
            niveaux := '{DEFAUT}';
        END IF;
        valeurs := ARRAY(SELECT (n ->> 'valeur')::integer FROM jsonb_array_elements(niveaux) n);
        SELECT n.valeur, n.motif INTO valeur, raison FROM candidatures_note n
         WHERE n.evaluation_id = NEW.id AND n.critere = ligne ->> 'cle';
        IF valeur IS NULL OR valeur <> ALL (valeurs) THEN
            {refuser("un critère sans note", "evaluation_de_tous_les_criteres")}
        END IF;
        haut := greatest(valeurs[cardinality(valeurs)], 1);
        IF raison = '' AND (valeur IN (valeurs[1], valeurs[cardinality(valeurs)])
                            OR valeur < coalesce((ligne ->> 'plancher')::integer, valeur)) THEN
            {refuser("une note extrême sans raison", "note_extreme_motivee")}
        END IF;
        total := total * (lcm(commun, haut) / commun)
               + (ligne ->> 'poids')::bigint * valeur * (lcm(commun, haut) / haut);
        commun := lcm(commun, haut);
        poids := poids + (ligne ->> 'poids')::bigint;
        combien := combien + 1;
    END LOOP;
    IF combien = 0 OR combien <> (SELECT count(*) FROM candidatures_note n WHERE n.evaluation_id = NEW.id) THEN
        {refuser("des notes hors de la grille", "evaluation_de_tous_les_criteres")}
    END IF;
    NEW.points := 2 * total; NEW.sur := 2 * poids * commun;
    RETURN NEW;
"""  # noqa: S608
VARIABLES = [
    ("ligne", "JSONB"),
    ("niveaux", "JSONB"),
    ("valeurs", "INTEGER[]"),
    ("valeur", "INTEGER"),
    ("raison", "TEXT"),
    ("haut", "BIGINT"),
    ("commun", "BIGINT"),
    ("total", "BIGINT"),
    ("poids", "BIGINT"),
    ("combien", "INTEGER"),
]
