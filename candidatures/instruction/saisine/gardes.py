"""What Postgres holds of an avis: triggers that several of its tables bear."""

import pgtrigger

from candidatures.dossier.etats import ETATS_EN_COURS

EN_COURS = ", ".join(f"'{etat.value}'" for etat in sorted(ETATS_EN_COURS))
DE_LA_SAISINE = "(SELECT s.candidature_id FROM candidatures_saisine s WHERE s.id = NEW.saisine_id)"
DE_L_AVIS = """(SELECT s.candidature_id FROM candidatures_avisrendu a
                   JOIN candidatures_saisine s ON s.id = a.saisine_id WHERE a.id = NEW.avis_id)"""


def refuser(nom: str, message: str) -> str:
    """The statement that refuses, under the name by which the refusal is worded."""
    return f"""RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{nom}';"""


def fige_a_la_proposition(dossier: str = "NEW.candidature_id") -> pgtrigger.Trigger:
    """Trigger: nothing of the avis moves but while the file (`dossier`: its key, in SQL) is being instructed.

    The file is held: a proposal made at that instant comes before, or after."""
    return pgtrigger.Trigger(
        name="fige_a_la_proposition",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("connu", "TEXT")],
        func=f"""
            SELECT c.etat INTO connu FROM candidatures_candidature c WHERE c.id = {dossier} FOR SHARE;
            IF connu IS NULL OR connu NOT IN ({EN_COURS}) THEN
                {refuser("fige_a_la_proposition", "les avis sont figés")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (constants alone)
    )


# What was asked is asked with its day, of the service to come: rows older than this rule have none.
SAISINE_DATEE = f"""
    IF NEW.a_rendre_avant IS NULL
       OR NEW.a_rendre_avant <= (NEW.demande_le AT TIME ZONE 'Europe/Paris')::date
       OR NEW.a_rendre_avant > (NEW.demande_le AT TIME ZONE 'Europe/Paris')::date + 366 THEN
        {refuser("saisine_datee", "un avis se demande pour une date, dans l''année")}
    END IF;
    RETURN NEW;
"""
# One for this trigger, one for that of the answer which makes the change.
RENDUE_PAR_SON_AVIS = f"""
    IF NEW.rendu_le IS DISTINCT FROM OLD.rendu_le AND pg_trigger_depth() < 2 THEN
        {refuser("saisine_rendue_par_son_avis", "une demande est rendue par son avis")}
    END IF;
    RETURN NEW;
"""
AVIS_SUR_CE_QUI_EST_LU = f"""
    SELECT * INTO demande FROM candidatures_saisine s WHERE s.id = NEW.saisine_id FOR UPDATE;
    IF demande.expert_id IS DISTINCT FROM NEW.auteur_id OR demande.close_le IS NOT NULL THEN
        {refuser("avis_de_son_titulaire", "l''avis est rendu par qui tient la demande")}
    END IF;
    IF NEW.depot_id IS DISTINCT FROM (
        SELECT d.id FROM candidatures_depot d WHERE d.candidature_id = demande.candidature_id
         ORDER BY d.rang DESC LIMIT 1
    ) OR NEW.correction_id IS DISTINCT FROM (
        SELECT c.id FROM candidatures_demandedecorrection c
         WHERE c.candidature_id = demande.candidature_id AND c.rendue_le IS NOT NULL
         ORDER BY c.rendue_le DESC, c.id DESC LIMIT 1
    ) THEN
        {refuser("avis_sur_ce_qui_est_lu", "le dossier a changé depuis")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
NOTER_SUR_LA_SAISINE = """
    UPDATE candidatures_saisine SET rendu_le = NEW.rendu_le WHERE id = NEW.saisine_id;
    RETURN NULL;
"""
RESERVE_DE_CET_AVIS = f"""
    IF NOT EXISTS (SELECT 1 FROM candidatures_avisrendu a
                    WHERE a.id = NEW.avis_id AND NEW.rang BETWEEN 1 AND cardinality(a.reserves)) THEN
        {refuser("reserve_de_cet_avis", "cet avis n''a pas cette réserve")}
    END IF;
    RETURN NEW;
"""  # noqa: S608 (constants alone)
UNE_REVISION_APRES_L_AUTRE = f"""
    IF NEW.revision <> OLD.revision + 1 OR NEW.saisine_id <> OLD.saisine_id THEN
        {refuser("brouillon_d_avis_revise_un_a_un", "le brouillon a changé depuis")}
    END IF;
    RETURN NEW;
"""


def _avant(
    nom: str, func: str, operation: pgtrigger.Operation, declare: list[tuple[str, str]] | None = None
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=nom, when=pgtrigger.Before, operation=operation, func=func, declare=declare)


def saisine_datee() -> pgtrigger.Trigger:
    """A request is asked for a day."""
    return _avant("saisine_datee", SAISINE_DATEE, pgtrigger.Insert)


def saisine_rendue_par_son_avis() -> pgtrigger.Trigger:
    """A request is answered by an avis, and nothing else says that it is."""
    return _avant("saisine_rendue_par_son_avis", RENDUE_PAR_SON_AVIS, pgtrigger.Update)


def avis_sur_ce_qui_est_lu() -> pgtrigger.Trigger:
    """An avis is given by the holder of its request, on the deposit that counts and the last correction given back."""
    return _avant(
        "avis_sur_ce_qui_est_lu",
        AVIS_SUR_CE_QUI_EST_LU,
        pgtrigger.Insert,
        [("demande", "candidatures_saisine%ROWTYPE")],
    )


def avis_note_sur_sa_saisine() -> pgtrigger.Trigger:
    """The request knows when it was answered."""
    return pgtrigger.Trigger(
        name="avis_note_sur_sa_saisine", when=pgtrigger.After, operation=pgtrigger.Insert, func=NOTER_SUR_LA_SAISINE
    )


def reserve_de_cet_avis() -> pgtrigger.Trigger:
    """What is lifted is one of the lines of the avis."""
    return _avant("reserve_de_cet_avis", RESERVE_DE_CET_AVIS, pgtrigger.Insert)


def brouillon_revise_un_a_un() -> pgtrigger.Trigger:
    """Nobody replaces a draft that they have not read."""
    return _avant("brouillon_d_avis_revise_un_a_un", UNE_REVISION_APRES_L_AUTRE, pgtrigger.Update)
