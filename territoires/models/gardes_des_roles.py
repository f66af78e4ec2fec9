"""What Postgres refuses of roles, whoever asks: triggers on the roles, and on the addresses that prove them."""

import pgtrigger

from territoires.etats import EtatHabilitation, OrigineHabilitation, Role
from territoires.regles import DUREE_D_UNE_INVITATION

EH = EtatHabilitation

# What each act may write, by the states that it goes from and to; whatever else changes is refused.
_FINIR = ["etat", "finie_le"]
_CONFIRMER = ["etat", "confirmee_par_id", "confirmee_le", "a_confirmer_avant"]
ECRIT = {
    (EH.PROPOSEE, EH.INVITEE): ["etat", "signee_par_id", "signee_le"],
    (EH.PROPOSEE, EH.ECARTEE): _FINIR,
    (EH.INVITEE, EH.ACTIVE): ["etat", "utilisateur_id", "activee_le", "a_confirmer_avant"],
    (EH.ACTIVE, EH.ACTIVE): _CONFIRMER,
    (EH.SUSPENDUE, EH.ACTIVE): [*_CONFIRMER, "adresse", "suspension", "suspendue_le"],
    (EH.ACTIVE, EH.SUSPENDUE): ["etat", "suspension", "suspendue_le"],
    **{(etat, EH.RETIREE): _FINIR for etat in (EH.INVITEE, EH.ACTIVE, EH.SUSPENDUE)},
    **{(etat, EH.FINIE): _FINIR for etat in (EH.PROPOSEE, EH.INVITEE, EH.ACTIVE, EH.SUSPENDUE)},
}


def _refuser(texte: str, contrainte: str) -> str:
    return f"RAISE EXCEPTION '{texte}' USING ERRCODE = 'check_violation', CONSTRAINT = '{contrainte}';"


def _permis() -> str:
    cas = " ".join(
        f"WHEN '{de}>{vers}' THEN ARRAY[{', '.join(repr(colonne) for colonne in colonnes)}]"
        for (de, vers), colonnes in ECRIT.items()
    )
    return f"CASE OLD.etat || '>' || NEW.etat {cas} ELSE ARRAY[]::text[] END"


EN_VIGUEUR = f"""h.etat = '{EH.ACTIVE}' AND h.a_confirmer_avant > clock_timestamp()
    AND (h.jusqu_au IS NULL OR h.jusqu_au > clock_timestamp())"""
ADMINISTRATEURS = f"""territoires_habilitation h JOIN socle_utilisateur u ON u.id = h.utilisateur_id AND u.is_active
    WHERE h.role = '{Role.ADMINISTRATEUR}' AND {EN_VIGUEUR}"""


def _par_un_administrateur(colonne: str) -> str:
    """Their own role is held until the end of the transaction: a withdrawal under way is waited for."""
    return f"""
        IF EXISTS (SELECT 1 FROM socle_utilisateur WHERE id = NEW.{colonne} AND lower(email) = NEW.adresse) THEN
            {_refuser("un rôle donné à soi-même", "habilitation_jamais_a_soi_meme")}
        END IF;
        PERFORM 1 FROM {ADMINISTRATEURS} AND h.utilisateur_id = NEW.{colonne} FOR SHARE OF h;
        IF NOT FOUND THEN
            {_refuser("rôle signé par qui n''est pas administrateur", "habilitation_par_un_administrateur")}
        END IF;
    """


NAISSANCE = f"""
    IF NEW.etat NOT IN ('{EH.PROPOSEE}', '{EH.INVITEE}') THEN
        {_refuser("un rôle commence par une proposition ou une invitation", "habilitation_commence_sans_titulaire")}
    END IF;
    IF NEW.utilisateur_id IS NOT NULL THEN
        {_refuser("nul n''a encore prouvé son adresse", "habilitation_commence_sans_titulaire")}
    END IF;
    IF NEW.origine = '{OrigineHabilitation.INSTALLATION}' THEN
        IF (SELECT count(DISTINCT h.utilisateur_id) FROM {ADMINISTRATEURS}) >= 2 THEN
            {_refuser("le portail a deux administrateurs", "habilitation_installation_finie")}
        END IF;
        RETURN NEW;
    END IF;
    {_par_un_administrateur("proposee_par_id")}
    IF NEW.signee_par_id IS NOT NULL THEN
        {_par_un_administrateur("signee_par_id")}
    END IF;
    RETURN NEW;
"""

ACTES = f"""
    permis := {_permis()};
    IF (to_jsonb(NEW) - permis) IS DISTINCT FROM (to_jsonb(OLD) - permis) THEN
        {_refuser("un rôle ne change que par ses actes", "habilitation_change_par_ses_actes")}
    END IF;
    IF NEW.signee_par_id IS DISTINCT FROM OLD.signee_par_id THEN
        {_par_un_administrateur("signee_par_id")}
    END IF;
    IF NEW.confirmee_le IS DISTINCT FROM OLD.confirmee_le THEN
        {_par_un_administrateur("confirmee_par_id")}
    ELSIF OLD.etat IN ('{EH.ACTIVE}', '{EH.SUSPENDUE}') AND NEW.etat = '{EH.ACTIVE}' AND (
        OLD.etat <> NEW.etat OR NEW.a_confirmer_avant IS DISTINCT FROM OLD.a_confirmer_avant
        OR NEW.confirmee_par_id IS DISTINCT FROM OLD.confirmee_par_id
    ) THEN
        {_refuser("un rôle se confirme par un acte", "habilitation_change_par_ses_actes")}
    END IF;
    IF OLD.etat = '{EH.INVITEE}' AND NEW.etat = '{EH.ACTIVE}' AND COALESCE(OLD.signee_le, OLD.proposee_le)
       + interval '{DUREE_D_UNE_INVITATION.days} days' <= clock_timestamp() THEN
        {_refuser("l''invitation est périmée", "habilitation_invitation_perimee")}
    END IF;
    IF NEW.etat = '{EH.ACTIVE}' THEN
        PERFORM 1 FROM socle_utilisateur u JOIN account_emailaddress e
            ON e.user_id = u.id AND e.verified AND lower(e.email) = NEW.adresse
         WHERE u.id = NEW.utilisateur_id AND lower(u.email) = NEW.adresse FOR SHARE OF u, e;
        IF NOT FOUND THEN
            {_refuser("le titulaire n''a pas prouvé l''adresse invitée", "habilitation_adresse_prouvee")}
        END IF;
    END IF;
    RETURN NEW;
"""

SUR_LES_HABILITATIONS = [
    pgtrigger.Trigger(name="habilitation_commence", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NAISSANCE),
    pgtrigger.Trigger(
        name="habilitation_par_ses_actes",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("permis", "TEXT[]")],
        func=ACTES,
    ),
    pgtrigger.Protect(name="habilitation_conservee", operation=pgtrigger.Delete),
]

ADRESSE_D_UN_TITULAIRE = pgtrigger.Trigger(
    name="adresse_d_un_titulaire",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__email__df=pgtrigger.F("new__email")),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM territoires_habilitation
             WHERE utilisateur_id = OLD.id AND etat = '{EH.ACTIVE}' AND adresse <> lower(NEW.email)
        ) THEN
            {_refuser("l''adresse d''un titulaire change sous son rôle", "adresse_d_un_titulaire")}
        END IF;
        RETURN NEW;
    """,
)

PREUVE_D_UN_TITULAIRE = pgtrigger.Trigger(
    name="preuve_d_un_titulaire",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=f"""
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.user_id, lower(NEW.email), NEW.verified) = (OLD.user_id, lower(OLD.email), OLD.verified) THEN
                RETURN NEW;
            END IF;
        END IF;
        IF OLD.verified AND EXISTS (
            SELECT 1 FROM territoires_habilitation
             WHERE utilisateur_id = OLD.user_id AND etat = '{EH.ACTIVE}' AND adresse = lower(OLD.email)
        ) THEN
            {_refuser("une adresse prouvée porte encore un rôle", "preuve_d_un_titulaire")}
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    """,
)
