"""Who may hold a file, as Postgres asks it: the one statement of it."""

from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.suivi.verite import ecrire
from territoires.etats import Role
from territoires.models.gardes_des_roles import EN_VIGUEUR

CONFIES = ", ".join(f"'{etat.value}'" for etat in ETATS_CONFIES)


def roles_sur(dossier: str, personne: str) -> str:
    """FROM and WHERE of the roles (`h`) by which `personne` instructs the territory of `dossier`, both keys in SQL."""
    return f"""
        FROM territoires_habilitation h
        JOIN socle_utilisateur u ON u.id = h.utilisateur_id AND u.is_active
        JOIN candidatures_candidature c ON c.id = {dossier}
       WHERE h.utilisateur_id = {personne} AND h.role = '{Role.INSTRUCTEUR}' AND {EN_VIGUEUR}
         AND (num_nonnulls(h.region_id, h.departement_id, h.territoire_id) = 0
              OR h.territoire_id = c.territoire_id
              OR EXISTS (SELECT 1 FROM territoires_territoire_epcis te
                           LEFT JOIN territoires_epci_regions er ON er.epci_id = te.epci_id
                           LEFT JOIN territoires_epci_departements ed ON ed.epci_id = te.epci_id
                          WHERE te.territoire_id = c.territoire_id
                            AND (er.region_id = h.region_id OR ed.departement_id = h.departement_id)))
    """  # noqa: S608


ENCORE = roles_sur("a.candidature_id", "a.instructeur_id")


def fermer(raison: str, ou: str) -> str:
    """The statement that gives back the files that `ou`, a condition on `candidatures_affectation a`, tells."""
    return f"""
        UPDATE candidatures_affectation a SET close_le = clock_timestamp(), fin = '{raison}'
         WHERE a.close_le IS NULL AND {ou};
    """  # noqa: S608


def sans_titre(personne: str) -> str:
    """Condition: what `personne` (a key in SQL) holds without a role for it any more."""
    return f"a.instructeur_id = {personne} AND NOT EXISTS (SELECT 1 {ENCORE})"


SUIVRE = f"""
    {ecrire("ARRAY(SELECT candidature_id FROM changees)")}
    RETURN NULL;
"""  # noqa: S608
# Whatever ended without a trigger seeing it: the clock, a territory that changed.
REPRENDRE = fermer("role", f"NOT EXISTS (SELECT 1 {ENCORE})")
