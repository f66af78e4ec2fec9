"""What Python and Postgres both count of an evaluation."""

import pytest

from candidatures.evaluation import regles
from candidatures.models import Suivi
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import criteres, definition_de, redefinir, rendre

pytestmark = pytest.mark.django_db
ECHELLES = ([0, 1, 2, 3], [1, 2, 3, 4, 5], [0, 2, 5], [], [0, 10])


def varier_les_echelles(monde: Monde) -> None:
    """Each criterion of the grid gets a scale of its own; one of them none."""
    definition = definition_de(monde.dossier)
    for rang, critere in enumerate(definition["criteres"]):
        valeurs = ECHELLES[rang % len(ECHELLES)]
        critere["niveaux"] = [{"valeur": valeur, "phrase": f"Niveau {valeur}."} for valeur in valeurs]
    monde.dossier = redefinir(monde.dossier, definition)


@pytest.mark.jumeau("postgres:evaluation_rendue_en_droit")
@pytest.mark.jumeau("candidatures.instruction.suivi.notes.NOTES")
def test_les_points_et_leur_synthese_sont_ceux_de_la_base(monde: Monde) -> None:
    varier_les_echelles(monde)
    rendues = [rendre(monde.dossier, monde.une, 1), rendre(monde.dossier, monde.deux, 2)]
    for place, rendue in enumerate(rendues, 1):
        notes = [(c.poids, c.echelle[place].valeur if place < len(c.echelle) else c.echelle[-1].valeur,
                  c.echelle[-1].valeur) for c in criteres(monde.dossier)]  # fmt: skip
        assert (rendue.points, rendue.sur) == regles.points(notes)
    synthese = regles.synthese([une.points for une in rendues], rendues[0].sur)
    suivi = Suivi.objects.get(pk=monde.dossier.pk)
    lue = (suivi.note, suivi.note_ecart, suivi.note_sur, suivi.desaccord)
    assert lue == (synthese.mediane, synthese.ecart, synthese.sur, synthese.desaccord)
