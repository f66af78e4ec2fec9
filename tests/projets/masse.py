"""Portfolios of thousands of projects, written by Postgres itself: one by one they would take an hour."""

from django.db import connection

from projets.models import Industriel, Mission
from rebond.socle.faits.suivre import rattraper
from territoires.regles import siren_fictif
from tests.outils.roles import administrer, sans_declencheurs

# Per project: its company (a SIREN each, met or not), its nature, what it is worth, whether it was sent to the
# envelope and has an aid, whether it was estimated again, given up or entered by mistake: all of it by its rank.
SEMIS = (
    """
    INSERT INTO projets_industriel (mission_id, siren, nom, epci_id, activite, rencontre_le, annulation)
    SELECT %(mission)s, u.siren, 'Usine ' || u.n, epci.id, '',
           CASE WHEN u.n %% 7 > 0 THEN DATE '2023-04-10' + (u.n %% 60)::int END, ''
      FROM unnest(%(sirens)s::text[]) WITH ORDINALITY AS u (siren, n),
           (SELECT epci_id AS id FROM projets_industriel WHERE mission_id = %(mission)s ORDER BY id LIMIT 1) epci
    """,
    """
    INSERT INTO projets_projet (mission_id, industriel_id, epci_id, intitule, description, nature, structurant, etat,
                                recense_le, voie, oriente_le, enveloppe_id, abandon, annulation)
    SELECT i.mission_id, i.id, i.epci_id, 'Projet ' || i.nom, '',
           (ARRAY['capacite', 'modernisation', 'diversification', 'transition', 'numerique'])[1 + i.id %% 5],
           i.id %% 3 = 0, CASE WHEN i.id %% 4 = 0 THEN 'oriente' ELSE 'detecte' END,
           DATE '2023-05-01' + (i.id %% 90)::int,
           CASE WHEN i.id %% 4 = 0 THEN 'enveloppe' ELSE '' END,
           CASE WHEN i.id %% 4 = 0 THEN DATE '2023-08-01' END,
           CASE WHEN i.id %% 4 = 0 THEN
               (SELECT id FROM projets_enveloppe WHERE mission_id = %(mission)s ORDER BY id LIMIT 1) END,
           '', ''
      FROM projets_industriel i WHERE i.mission_id = %(mission)s AND i.siren = ANY (%(sirens)s)
    """,
    """
    INSERT INTO projets_estimation
        (projet_id, au, investissement, emplois_potentiels, emplois_previsionnels, auteur_id)
    SELECT p.id, p.recense_le + 20 * tour, 1000 * (p.id %% 977) + tour, p.id %% 13 + tour,
           CASE WHEN p.id %% 8 = 0 THEN p.id %% 5 END, (SELECT max(id) FROM socle_utilisateur)
      FROM projets_projet p, generate_series(0, 1) tour
     WHERE p.mission_id = %(mission)s AND p.id %% 11 > 0 AND (tour = 0 OR p.id %% 3 = 0)
       AND NOT EXISTS (SELECT 1 FROM projets_estimation e WHERE e.projet_id = p.id)
    """,
    """
    INSERT INTO projets_concours (enveloppe_id, projet_id, montant, accorde_le, accorde_par_id)
    SELECT p.enveloppe_id, p.id, 10, DATE '2023-08-10', (SELECT max(id) FROM socle_utilisateur)
      FROM projets_projet p WHERE p.mission_id = %(mission)s AND p.enveloppe_id IS NOT NULL AND p.id %% 16 = 0
       AND NOT EXISTS (SELECT 1 FROM projets_concours c WHERE c.projet_id = p.id)
    """,
)


def grossir(mission: Mission, projets: int) -> None:
    """Add so many projects to a mission that has a company already, each of a company of its own."""
    deja = Industriel.objects.count()
    parametres = {"mission": mission.pk, "sirens": [siren_fictif(deja + n) for n in range(projets)]}
    with sans_declencheurs(), connection.cursor() as curseur:
        for instruction in SEMIS:
            curseur.execute(instruction, parametres)
        rattraper()
    administrer("ANALYZE projets_industriel", "ANALYZE projets_projet", "ANALYZE projets_estimation")
