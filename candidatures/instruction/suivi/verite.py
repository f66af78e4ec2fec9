"""What each file in instruction is filtered and sorted by, read where it is written: the one statement of it.

Triggers copy it into `Suivi`; `manage.py verifier_suivi` compares both.
"""

from candidatures.dossier.etats import ETATS_EN_COURS, ETATS_INSTRUITS
from candidatures.instruction.suivi import notes
from rebond.socle.horloge.temps import PARIS

EN_SQL = ", ".join(f"'{etat.value}'" for etat in sorted(ETATS_INSTRUITS))
# As long as an avis may still come.
EN_COURS_SQL = ", ".join(f"'{etat.value}'" for etat in sorted(ETATS_EN_COURS))
COLONNES = (
    *("candidature_id", "vague_id", "territoire_id", "etat", "nom", "region", "recu_le"),
    *("avis_demandes", "avis_rendus", "avis_defavorables", "avis_attendu_avant", "filieres", "regions"),
    *("responsable_id", "departements", "recevable", "irrecevabilite_proposee", "etiquettes"),
    *notes.COLONNES,
    *("corrigee", "interroge", "industrie", "deja_candidat"),
)
VERITE = f"""
SELECT c.id AS candidature_id, c.vague_id, c.territoire_id, c.etat, nom_nu(t.nom) AS nom, nom_nu(r.nom) AS region,
       (SELECT max(d.recu_le) FROM candidatures_depot d WHERE d.candidature_id = c.id) AS recu_le,
       (SELECT count(*) FROM candidatures_saisine a
         WHERE a.candidature_id = c.id AND a.close_le IS NULL) AS avis_demandes,
       (SELECT count(*) FROM candidatures_saisine a
         WHERE a.candidature_id = c.id AND a.rendu_le IS NOT NULL) AS avis_rendus,
       (SELECT count(*) FROM (
           SELECT DISTINCT ON (a.organisme_id) rendu.sens
             FROM candidatures_saisine a JOIN candidatures_avisrendu rendu ON rendu.saisine_id = a.id
            WHERE a.candidature_id = c.id ORDER BY a.organisme_id, rendu.rendu_le DESC, rendu.id DESC
       ) derniers WHERE derniers.sens = 'defavorable') AS avis_defavorables,
       CASE WHEN c.etat IN ({EN_COURS_SQL}) THEN
           (SELECT min(a.a_rendre_avant) FROM candidatures_saisine a
             WHERE a.candidature_id = c.id AND a.rendu_le IS NULL AND a.close_le IS NULL)
       END AS avis_attendu_avant,
       ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(depose.filieres) WHEN 'array' THEN depose.filieres
                                                                             ELSE '[]' END)
               FROM (SELECT d.contenu #> '{{sections,choc,filieres}}' AS filieres FROM candidatures_depot d
                      WHERE d.candidature_id = c.id ORDER BY d.rang DESC LIMIT 1) depose) AS filieres,
       ARRAY(SELECT DISTINCT er.region_id FROM territoires_territoire_epcis te
               JOIN territoires_epci_regions er ON er.epci_id = te.epci_id
              WHERE te.territoire_id = t.id ORDER BY 1) AS regions,
       (SELECT f.instructeur_id FROM candidatures_affectation f
         WHERE f.candidature_id = c.id AND f.close_le IS NULL) AS responsable_id,
       ARRAY(SELECT DISTINCT ed.departement_id FROM territoires_territoire_epcis te
               JOIN territoires_epci_departements ed ON ed.epci_id = te.epci_id
              WHERE te.territoire_id = t.id ORDER BY 1) AS departements,
       (SELECT k.recevable FROM candidatures_recevabilite k WHERE k.candidature_id = c.id) AS recevable,
       EXISTS (SELECT 1 FROM candidatures_propositiondirrecevabilite i
                WHERE i.candidature_id = c.id AND i.issue = '') AS irrecevabilite_proposee,
       ARRAY(SELECT q.nom::text FROM candidatures_etiquette q
              WHERE q.candidature_id = c.id ORDER BY nom_nu(q.nom) COLLATE "C") AS etiquettes,
       {notes.ouvertes("c.id")} AS evaluations_ouvertes, {", ".join(notes.COLONNES[1:])},
       EXISTS (SELECT 1 FROM candidatures_demandedecorrection k
                WHERE k.candidature_id = c.id AND k.rendue_le IS NOT NULL) AS corrigee,
       EXISTS (SELECT 1 FROM candidatures_message m WHERE m.candidature_id = c.id AND NOT m.du_service) AS interroge,
       EXISTS (SELECT 1 FROM territoires_territoire_epcis te
                 JOIN territoires_membreterritoireindustrie mi ON mi.epci_id = te.epci_id
                 JOIN territoires_territoireindustrie ti ON ti.id = mi.territoire_industrie_id
                 JOIN territoires_programmeindustrie p ON p.programme = ti.programme
                WHERE te.territoire_id = t.id
                  AND (v.cloture AT TIME ZONE '{PARIS.key}')::date BETWEEN p.debut AND p.fin) AS industrie,
       EXISTS (SELECT 1 FROM territoires_territoire ta
                 JOIN candidatures_candidature ca ON ca.territoire_id = ta.id AND ca.etat IN ({EN_SQL})
                 JOIN candidatures_vague va ON va.id = ca.vague_id AND va.ouverture < v.ouverture
                WHERE ta.cle = t.cle) AS deja_candidat
  FROM candidatures_candidature c
  JOIN candidatures_vague v ON v.id = c.vague_id
  JOIN territoires_territoire t ON t.id = c.territoire_id
  JOIN territoires_region r ON r.id = t.region_pilote_id
 CROSS JOIN {notes.NOTES}
 WHERE c.etat IN ({EN_SQL})
"""  # noqa: S608


def ecrire(dossiers: str) -> str:
    """The statements that make the rows of `dossiers` (an array of keys of files) what the truth says.

    The rows are held first, in the order of their keys: whoever changes something else of the same file at that
    instant is waited for, and what they wrote is then read.
    """
    suite = ", ".join(f"{colonne} = EXCLUDED.{colonne}" for colonne in COLONNES[1:])
    return f"""
        PERFORM 1 FROM candidatures_suivi WHERE candidature_id = ANY ({dossiers}) ORDER BY candidature_id FOR UPDATE;
        INSERT INTO candidatures_suivi ({", ".join(COLONNES)})
        SELECT {", ".join(COLONNES)} FROM ({VERITE}) v WHERE v.candidature_id = ANY ({dossiers})
            ON CONFLICT (candidature_id) DO UPDATE SET {suite};
    """  # noqa: S608


def oublier(dossiers: str) -> str:
    """The statement that drops the rows of those of `dossiers` that are in instruction no more."""
    return f"""
        DELETE FROM candidatures_suivi s USING candidatures_candidature c
         WHERE c.id = s.candidature_id AND c.etat NOT IN ({EN_SQL}) AND s.candidature_id = ANY ({dossiers});
    """  # noqa: S608
