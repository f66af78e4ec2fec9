"""What Python and Postgres both say of a deposit."""

from datetime import datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from candidatures.depot.entreprises import entreprises_citees, entreprises_en_sql
from candidatures.depot.models import a_redeposer
from candidatures.depot.regles import recu_a_temps
from candidatures.dossier.etats import Source
from candidatures.models import Candidature, Depot, Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.jumeaux import autour
from tests.outils.refus import refus
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
HEURE = timedelta(hours=1)


def un_depot(candidature: Candidature, recu_le: datetime) -> Depot:
    """Not written yet, and never judged by any clock: taken over from another system."""
    return Depot(
        candidature=candidature,
        rang=1,
        numero="essai",
        recu_le=recu_le,
        source=Source.REPRISE,
        contenu={},
        empreinte="0" * 64,
        cle=uuid4(),
        auteur=f.porteur_de(candidature),
    )


@pytest.mark.jumeau("postgres:depot_recu_dans_la_vague")
def test_un_depot_est_recu_a_temps() -> None:
    candidature = f.une_candidature(vague=f.une_vague(cloture=horloge_base() - 90 * HEURE), complete=False)
    reponses = set()
    for de_la_vague, propre in product((None, 2 * HEURE), (None, HEURE, 3 * HEURE)):
        cloture = candidature.vague.cloture
        with ignorer():
            Vague.objects.update(prolongee_au=cloture + de_la_vague if de_la_vague else None)
            Candidature.objects.update(prolongee_au=cloture + propre if propre else None)
        lue = Candidature.objects.select_related("vague").get()
        for instant in autour((lue.vague.ouverture, cloture, lue.vague.prolongee_au, lue.prolongee_au)):
            a_temps = recu_a_temps(instant, lue.vague.ouverture, lue.echeance)
            attendu = None if a_temps else "depot_recu_dans_la_vague"
            assert refus(un_depot(lue, instant).save) == attendu, instant
            reponses.add(a_temps)
    assert reponses == {True, False}


@pytest.mark.jumeau("candidatures.depot.models.a_redeposer")
def test_un_brouillon_a_change_depuis_le_dernier_depot() -> None:
    candidature = f.une_candidature()
    premier = f.un_depot(candidature)
    f.reecrire(candidature)
    dernier = f.un_depot(candidature)
    reponses = []
    for empreinte in ("", premier.empreinte, dernier.empreinte, "f" * 64):
        Candidature.objects.update(empreinte=empreinte)
        candidature.refresh_from_db()
        reponses.append(candidature.a_change_depuis(dernier.empreinte))
        assert Candidature.objects.filter(a_redeposer()).exists() is reponses[-1]
    assert reponses == [False, True, False, True]


@pytest.mark.jumeau("candidatures.depot.entreprises.entreprises_en_sql")
@pytest.mark.parametrize(
    ("sections", "citees"),
    [
        ({}, set()),
        ({"entreprises": {}}, set()),
        ({"entreprises": {"liste": [], "emplois": 12, "texte": "552100554", "rien": None}}, set()),
        ({"entreprises": {"liste": [{"nom": "Sans SIREN"}, {"siren": ""}], "mots": ["552100554"]}}, set()),
        (
            {
                "entreprises": {"liste": [{"siren": "552100554"}, {"siren": "130025265"}, {"siren": "552100554"}]},
                "projets": {"menes": [{"nom": "Four", "siren": "356000000"}], "autres": [{"siren": "130025265"}]},
            },
            {"552100554", "130025265", "356000000"},
        ),
    ],
)
def test_les_entreprises_qu_un_depot_cite(sections: dict, citees: set) -> None:
    """Postgres leaves in what is empty, and what is written twice: nobody looks for it."""
    candidature = f.une_candidature()
    depot = un_depot(candidature, horloge_base())
    depot.contenu = {"sections": sections}
    depot.save()
    lu = Depot.objects.annotate(citees=entreprises_en_sql("contenu")).get()
    assert {siren for siren in lu.citees if siren} == set(entreprises_citees(lu.contenu)) == citees
    assert len(entreprises_citees(lu.contenu)) == len(citees)
    cherches = [siren for siren in ("552100554", "130025265", "356000000", "200068500") if siren in citees]
    trouves = Depot.objects.alias(citees=entreprises_en_sql("contenu")).filter(citees__has_any_keys=cherches)
    assert trouves.exists() is bool(citees)
