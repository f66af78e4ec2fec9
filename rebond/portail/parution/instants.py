"""Until when a public page says what is true, as long as nothing is written: embargoes, openings, closings, days."""

from datetime import datetime

from django.db import connection

from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.durees import change_dans

# All at once, whichever page it is for: a page made once more than it had to be says the same thing.
SUIVANT = """
    SELECT min(instant) FROM (
        SELECT unnest(ARRAY[ouverture, cloture, prolongee_au, publique_a]) FROM candidatures_vague
        UNION ALL SELECT publique_a FROM candidatures_labellisation
        UNION ALL SELECT (resume ->> 'publique_a')::timestamptz FROM projets_communique
    ) instants (instant) WHERE instant > %s
"""


def vrai_jusqu_a(maintenant: datetime) -> datetime:
    """The first instant after `maintenant` at which a public page may say something else. Two queries."""
    with connection.cursor() as curseur:
        curseur.execute(SUIVANT, [maintenant])
        suivant: datetime | None = curseur.fetchone()[0]
    # Pages name the day.
    instants = [fin_de_journee(jour_de_paris(maintenant)), *([suivant] if suivant else [])]
    # A countdown is written in words.
    ouverte = Vague.objects.ouvertes(maintenant).values_list("cloture", flat=True).first()
    if ouverte is not None:
        instants.append(maintenant + change_dans(ouverte - maintenant))
    return min(instants)
