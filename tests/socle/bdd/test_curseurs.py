"""No cursor stays in the server between two statements outside a transaction: a pooler would give it to another."""

import pytest
from django import forms
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from territoires.models import Region
from tests.fabriques import un_departement

pytestmark = pytest.mark.django_db(transaction=True)


def curseurs_ouverts() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django%'")
        return int(curseur.fetchone()[0])


class ChoixDeRegion(forms.Form):
    region = forms.ModelChoiceField(Region.objects.order_by("pk"))


@pytest.fixture
def region() -> Region:
    region: Region = un_departement("59", "32").region
    return region


def test_hors_transaction_une_lecture_par_lots_ne_laisse_rien_dans_le_serveur(region: Region) -> None:
    lus = Region.objects.order_by("pk").iterator(chunk_size=1)
    assert next(lus) == region
    assert curseurs_ouverts() == 0
    assert list(lus) == list(Region.objects.order_by("pk"))[1:]


def test_dans_une_transaction_elle_lit_par_lots(region: Region) -> None:
    with transaction.atomic():
        lus = Region.objects.order_by("pk").iterator(chunk_size=1)
        assert next(lus) == region
        assert curseurs_ouverts() == 1
        list(lus)
        assert curseurs_ouverts() == 0


def test_les_choix_d_un_formulaire_se_lisent_d_une_seule_instruction(region: Region) -> None:
    """Django's own list of choices asks for a cursor of the server, for eighteen régions."""
    with CaptureQueriesContext(connection) as requetes:
        page = str(ChoixDeRegion()["region"])
    assert f">{region}</option>" in page
    assert [r["sql"] for r in requetes if "DECLARE" in r["sql"]] == []
    assert len(requetes) == 1
