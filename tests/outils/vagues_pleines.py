"""Closed waves of thousands of files, written by Postgres itself, with what agents' lists show of them."""

from datetime import datetime

from django.db import connection
from django.db.models import Model

from candidatures.instruction.suivi import bits
from candidatures.instruction.suivi.verite import COLONNES, VERITE
from candidatures.models import Candidature, Depot, Vague
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.roles import administrer, sans_declencheurs

REGIONS = 18
FILIERES = "ARRAY['textile', 'naval', 'chimie']"


def une_vague_pleine(dossiers: int, *, cloture: datetime | None = None, instruits: bool = False) -> Vague:
    """A closed wave of so many files, beside the one that they are copied from: their answers are left out.

    They lie in `REGIONS` régions by turns, the order of their names is not that of their keys, two thirds have an
    opinion, given or awaited, a quarter a label, and a third are instructed; all of them, with a proposal, when
    `instruits`.
    """
    vague, (modele,) = une_vague_close(None, cloture=cloture)
    for rang in range(1, REGIONS + 1):
        f.un_epci(departement=f.un_departement(f"{rang:02d}", f"{rang:02d}"))
    depot = Depot.objects.get(candidature=modele)
    agents = [f.un_utilisateur() for _ in range(2)]
    parametres = {"n": dossiers, "modele": modele.pk, "tous": instruits} | {
        nom: agent.pk for nom, agent in zip(("auteur", "expert"), agents, strict=True)
    }
    parametres["organisme"] = f.un_service().pk
    suite = (
        SEMIS,
        _copier(Territoire, modele.territoire_id, TERRITOIRES, EPCIS),
        MEMBRES,
        _copier(Utilisateur, f.porteur_de(modele).pk, UTILISATEURS),
        _copier(Candidature, modele.pk, DOSSIERS),
        PORTEURS,
        _copier(Depot, depot.pk, DEPOTS),
        *INSTRUCTION,
        SUIVI,
        BITS,
        *(f"ANALYZE {table}" for table in TABLES),
    )
    with sans_declencheurs():
        administrer(*(connection.ops.compose_sql(instruction, parametres) for instruction in suite))
    return vague


def _copier(modele: type[Model], cle: int, valeurs: dict[str, str], avec: str = "") -> str:
    """As many copies of one row as there are in `semis`, but for these columns."""
    colonnes = [champ.column for champ in modele._meta.local_concrete_fields if not champ.generated]
    lues = ", ".join(valeurs.get(colonne, f"m.{colonne}") for colonne in colonnes)
    table = modele._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(colonnes)}) SELECT {lues} FROM {table} m, semis s {avec} WHERE m.id = {cle}"
    )


TABLES = (
    *("territoires_territoire", "territoires_territoire_epcis", "socle_utilisateur", "candidatures_candidature"),
    *("candidatures_participation", "candidatures_depot", "candidatures_saisine"),
    *("candidatures_avisrendu", "candidatures_proposition", "candidatures_etiquette"),
    *("candidatures_suivi", "candidatures_bitsdesuivis"),
)
SEMIS = """
    DROP TABLE IF EXISTS semis;
    CREATE TEMPORARY TABLE semis AS
    SELECT n, nextval('territoires_territoire_id_seq') AS territoire,
           nextval('socle_utilisateur_id_seq') AS utilisateur,
           nextval('candidatures_candidature_id_seq') AS candidature, nextval('candidatures_depot_id_seq') AS depot
      FROM generate_series(1, %(n)s) n
"""
MEMBRES = """
    INSERT INTO territoires_territoire_epcis (territoire_id, epci_id)
    SELECT id, chef_de_file_id FROM territoires_territoire JOIN semis ON territoire = id
"""
PORTEURS = """
    INSERT INTO candidatures_participation (candidature_id, utilisateur_id, qualite)
    SELECT candidature, utilisateur, 'porteur' FROM semis
"""
EPCIS = "JOIN (SELECT id, region_id, row_number() OVER (ORDER BY id DESC) AS rang FROM territoires_epci) e"
EPCIS += f" ON e.rang = 1 + s.n %% {REGIONS}"
TERRITOIRES = {
    "id": "s.territoire",
    "nom": "initcap(substr(md5(s.n::text), 1, 6)) || ' ' || s.n",
    "cle": "lpad(s.territoire::text, 9, '0')",
    "chef_de_file_id": "e.id",
    "region_pilote_id": "e.region_id",
}
UTILISATEURS = {"id": "s.utilisateur", "email": "'plein-' || s.utilisateur || '@example.org'"}
DOSSIERS = {
    "id": "s.candidature",
    "territoire_id": "s.territoire",
    "territoire_tenu": "lpad(s.territoire::text, 9, '0')",
    "contenu": "'{}'",
    "etat": "CASE WHEN %(tous)s OR s.n %% 3 = 0 THEN 'instruite' ELSE m.etat END",
}
DEPOTS = {
    "id": "s.depot",
    "candidature_id": "s.candidature",
    "numero": "'P-' || s.depot",
    "cle": "gen_random_uuid()",
    "auteur_id": "s.utilisateur",
    "recu_le": "m.recu_le - s.n * interval '1 second'",
    "contenu": "jsonb_build_object('territoire', m.contenu -> 'territoire', 'sections', jsonb_build_object('choc', "
    f"jsonb_build_object('filieres', ({FILIERES})[1 + s.n %% 3:])))",
}
INSTRUCTION = (
    """
    INSERT INTO candidatures_saisine
           (candidature_id, organisme_id, expert_id, prise_le, demande_par_id, demande_le, a_rendre_avant, question,
            rendu_le, fin, motif)
    SELECT s.candidature, %(organisme)s, %(expert)s, now(), %(auteur)s, now(),
           current_date + 14, '', CASE WHEN s.n %% 3 = 1 THEN now() END, '', ''
      FROM semis s WHERE s.n %% 3 > 0
    """,
    """
    INSERT INTO candidatures_avisrendu (saisine_id, auteur_id, qualite, sens, texte, reserves, rendu_le, nom)
    SELECT a.id, a.expert_id, '', 'favorable', 'Oui.', '{}', a.rendu_le, ''
      FROM candidatures_saisine a JOIN semis s ON s.candidature = a.candidature_id WHERE a.rendu_le IS NOT NULL
    """,
    """
    INSERT INTO candidatures_recevabilite (candidature_id, recevable, motif, auteur_id, constatee_le, constats)
    SELECT candidature, true, '', %(auteur)s, now(), '{}' FROM semis WHERE %(tous)s OR n %% 3 = 0
    """,
    """
    INSERT INTO candidatures_proposition (candidature_id, sens, motif, auteur_id, faite_le, revision)
    SELECT candidature, CASE WHEN n %% 2 = 0 THEN 'labelliser' ELSE 'ne_pas_retenir' END, 'Prêt.', %(auteur)s, now(), 1
      FROM semis WHERE %(tous)s OR n %% 3 = 0
    """,
    """
    INSERT INTO candidatures_etiquette (candidature_id, nom, par_id, posee_le)
    SELECT candidature, 'À revoir', %(auteur)s, now() FROM semis WHERE n %% 4 = 0
    """,
)
SUIVI = f"""
    INSERT INTO candidatures_suivi ({", ".join(COLONNES)}) SELECT {", ".join(COLONNES)} FROM ({VERITE}) v
     WHERE candidature_id IN (SELECT candidature FROM semis)
"""
# Beside those of the file that is copied.
BITS = f"""
    INSERT INTO candidatures_bitsdesuivis ({", ".join(bits.CASE)}, bits)
    {bits.blocs(bits.COMPTEES + " WHERE candidature_id IN (SELECT candidature FROM semis)")}
"""
