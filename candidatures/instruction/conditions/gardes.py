"""What Postgres holds of the admissibility of a file: the statements of its triggers."""

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.conditions.etats import Constat, Issue
from candidatures.instruction.etats import ACTES_D_INSTRUCTION
from territoires.etats import Role
from territoires.models.gardes_des_roles import EN_VIGUEUR

ACTES_EN_SQL = ", ".join(f"'{acte.value}'" for acte in ACTES_D_INSTRUCTION)


def _refuser(nom: str, message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{nom}';"


def _en_attente(dossier: str) -> str:
    """Condition: an inadmissibility waits for a signature on `dossier`, a key in SQL."""
    return f"""EXISTS (SELECT 1 FROM candidatures_propositiondirrecevabilite i
                        WHERE i.candidature_id = {dossier} AND i.issue = '')"""  # noqa: S608


# The conditions (`c.cle`) of the specifications that the file `NEW.candidature_id` is written under.
CONDITIONS = """
    FROM candidatures_candidature d
    JOIN candidatures_cahierdescharges k ON k.id = d.cahier_id
   CROSS JOIN LATERAL (SELECT une ->> 'cle' AS cle
                         FROM jsonb_array_elements(coalesce(k.definition -> 'recevabilite', '[]')) une) c
   WHERE d.id = NEW.candidature_id
"""
CONSTAT = "NEW.constats -> c.cle ->> 'constat'"
RECEVABLE_PAR_SES_CONDITIONS = f"""
    IF NEW.recevable THEN
        IF EXISTS (SELECT 1 {CONDITIONS} AND {CONSTAT} IS DISTINCT FROM '{Constat.REMPLIE}') THEN
            {_refuser("recevable_par_ses_conditions", "une condition n''est pas remplie")}
        END IF;
        IF {_en_attente("NEW.candidature_id")} THEN
            {_refuser("irrecevabilite_a_signer", "une irrecevabilité est proposée")}
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM candidatures_propositiondirrecevabilite i
                       WHERE i.id = NEW.irrecevabilite_id AND i.candidature_id = NEW.candidature_id
                         AND i.issue = '{Issue.SIGNEE}') THEN
        {_refuser("irrecevabilite_signee", "une irrecevabilité est signée par un valideur")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
# The file is held: what would change its state at that instant comes before, or after.
PROPOSEE_EN_INSTRUCTION = f"""
    PERFORM 1 FROM candidatures_candidature c
      WHERE c.id = NEW.candidature_id AND c.etat = '{EtatCandidature.EN_INSTRUCTION}' FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT 1 FROM candidatures_recevabilite r
                             WHERE r.candidature_id = NEW.candidature_id) THEN
        {_refuser("irrecevabilite_en_instruction", "la recevabilité n''est plus à vérifier")}
    END IF;
    IF EXISTS (SELECT 1 {CONDITIONS})
       AND NOT EXISTS (SELECT 1 {CONDITIONS} AND {CONSTAT} = '{Constat.NON_REMPLIE}'
                          AND btrim(coalesce(NEW.constats -> c.cle ->> 'mot', '')) <> '') THEN
        {_refuser("irrecevabilite_par_une_condition", "aucune condition n''est dite non remplie")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
# Whoever took part in the instruction of the file neither signs nor sends back what was proposed on it.
PAR_UN_AUTRE = f"""
    IF NEW.issue = '' THEN
        RETURN NEW;
    END IF;
    IF NEW.close_par_id = NEW.auteur_id
       OR EXISTS (SELECT 1 FROM candidatures_propositiondirrecevabilite i
                   WHERE i.candidature_id = NEW.candidature_id AND i.auteur_id = NEW.close_par_id)
       OR EXISTS (SELECT 1 FROM candidatures_saisine a
                   WHERE a.candidature_id = NEW.candidature_id
                     AND NEW.close_par_id IN (a.expert_id, a.demande_par_id))
       OR EXISTS (SELECT 1 FROM candidatures_evaluateur e
                   WHERE e.candidature_id = NEW.candidature_id AND e.personne_id = NEW.close_par_id
                     AND (e.retire_le IS NULL OR EXISTS (SELECT 1 FROM candidatures_evaluation v
                                                          WHERE v.evaluateur_id = e.id AND v.rendue_le IS NOT NULL)))
       OR EXISTS (SELECT 1 FROM socle_entreejournal e
                   WHERE e.objet_type = 'candidatures.candidature' AND e.objet_id = NEW.candidature_id::text
                     AND e.acteur_id_copie = NEW.close_par_id AND e.acte IN ({ACTES_EN_SQL})) THEN
        {_refuser("irrecevabilite_close_par_un_autre", "qui a instruit le dossier ne signe pas")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM territoires_habilitation h
                     JOIN socle_utilisateur u ON u.id = h.utilisateur_id AND u.is_active
                    WHERE h.utilisateur_id = NEW.close_par_id AND h.role = '{Role.VALIDEUR}' AND {EN_VIGUEUR}) THEN
        {_refuser("irrecevabilite_close_par_un_valideur", "seul un valideur signe")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
# From being instructed on, a file becomes inadmissible by a signature alone, and nothing else while one is awaited.
ETAT_PAR_UNE_SIGNATURE = f"""
    IF {_en_attente("NEW.id")} THEN
        {_refuser("irrecevabilite_a_signer", "une irrecevabilité est proposée")}
    END IF;
    IF NEW.etat = '{EtatCandidature.IRRECEVABLE}' AND NOT EXISTS (
        SELECT 1 FROM candidatures_recevabilite r WHERE r.candidature_id = NEW.id AND NOT r.recevable
    ) THEN
        {_refuser("irrecevabilite_signee", "une irrecevabilité est signée par un valideur")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
EXAMEN_EN_COURS = f"""
    IF TG_OP = 'UPDATE' THEN
        IF NEW.revision <> OLD.revision + 1 OR NEW.candidature_id <> OLD.candidature_id THEN
            {_refuser("examen_revise_un_a_un", "le brouillon a changé depuis")}
        END IF;
    END IF;
    IF {_en_attente("NEW.candidature_id")}
       OR EXISTS (SELECT 1 FROM candidatures_recevabilite r WHERE r.candidature_id = NEW.candidature_id) THEN
        {_refuser("examen_en_cours", "la recevabilité n''est plus à vérifier")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
