from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from rebond.comptes.actions import habiliter
from rebond.comptes.habilitations import (
    a_le_role,
    habilitations_de,
    perimetre,
    role_requis,
)
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import territoire_pour
from territoires.etats import Role, TypeOrganisme
from territoires.models import Departement, Epci, Organisme, Region, Territoire
from territoires.regles import Perimetre
from tests.fabriques import un_utilisateur


@pytest.fixture
def organisme(charge: None) -> Organisme:
    return Organisme.objects.create(nom="DREETS", type=TypeOrganisme.DREETS)


def territoire(siren: str) -> Territoire:
    epci = Epci.objects.get(siren=siren)
    return territoire_pour(epcis=[epci], chef_de_file=epci)


def test_les_droits_se_lisent_une_fois_par_requete(
    organisme: Organisme, django_assert_num_queries: Callable[[int], Any]
) -> None:
    agent = un_utilisateur()
    habiliter(utilisateur=agent, role=Role.EXPERT, organisme=organisme)
    with django_assert_num_queries(1):
        assert a_le_role(agent, Role.EXPERT)
        assert not a_le_role(agent, Role.VALIDEUR, Role.PRESSE)
        assert [h.organisme.nom for h in habilitations_de(agent)] == ["DREETS"]
        assert perimetre(agent, Role.EXPERT).national


def test_un_droit_donne_vaut_tout_de_suite(organisme: Organisme) -> None:
    agent = un_utilisateur()
    assert not a_le_role(agent, Role.EXPERT)
    habiliter(utilisateur=agent, role=Role.EXPERT, organisme=organisme)
    assert a_le_role(agent, Role.EXPERT)


def test_ni_visiteur_ni_compte_ferme_n_a_de_droit(organisme: Organisme) -> None:
    agent = un_utilisateur(is_active=False)
    habiliter(utilisateur=agent, role=Role.EXPERT, organisme=organisme)
    assert habilitations_de(agent) == habilitations_de(AnonymousUser()) == ()


def test_le_perimetre_reunit_les_lieux_d_un_role_et_de_lui_seul(organisme: Organisme) -> None:
    agent = un_utilisateur()
    nord, hauts_de_france = Departement.objects.get(code="59"), Region.objects.get(code="32")
    habiliter(utilisateur=agent, role=Role.INSTRUCTEUR, organisme=organisme, region=hauts_de_france)
    habiliter(utilisateur=agent, role=Role.INSTRUCTEUR, organisme=organisme, departement=nord)
    habiliter(utilisateur=agent, role=Role.PRESSE, organisme=organisme)
    assert perimetre(agent, Role.INSTRUCTEUR) == Perimetre(
        regions=frozenset({hauts_de_france.pk}), departements=frozenset({nord.pk})
    )
    assert perimetre(agent, Role.PRESSE).national
    assert not perimetre(agent, Role.VALIDEUR)


def test_un_perimetre_atteint_les_territoires_dont_un_membre_s_y_trouve(charge: None) -> None:
    cambrai, dreux, ales = (territoire(siren) for siren in ("200068500", "200040277", "200066918"))
    normandie = Region.objects.get(code="28")
    atteints = Territoire.objects.dans(Perimetre(regions=frozenset({normandie.pk}), territoires=frozenset({ales.pk})))
    assert set(atteints) == {dreux, ales}
    assert set(Territoire.objects.en_region(normandie)) == {dreux}
    nord = Departement.objects.get(code="59")
    assert set(Territoire.objects.dans(Perimetre(departements=frozenset({nord.pk})))) == {cambrai}
    assert Territoire.objects.dans(Perimetre(national=True)).count() == 3
    assert not Territoire.objects.dans(Perimetre()).exists()


@role_requis(Role.VALIDEUR, Role.PRESSE)
def page(request: HttpRequest, numero: int) -> HttpResponse:
    return HttpResponse(f"page {numero}")


def demander(utilisateur: Utilisateur | AnonymousUser) -> HttpResponseBase:
    request = RequestFactory().get("/page/?q=1")
    request.user = utilisateur
    return page(request, 3)


def test_une_page_gardee_s_ouvre_a_l_un_des_roles_et_n_existe_pas_pour_les_autres(organisme: Organisme) -> None:
    agent = un_utilisateur()
    habiliter(utilisateur=agent, role=Role.PRESSE, organisme=organisme)
    reponse = demander(agent)
    assert isinstance(reponse, HttpResponse)
    assert reponse.content == b"page 3"
    with pytest.raises(Http404):
        demander(un_utilisateur())


def test_un_visiteur_est_invite_a_se_connecter() -> None:
    reponse = demander(AnonymousUser())
    assert reponse.status_code == 302
    assert reponse.headers["Location"].endswith("?next=/page/%3Fq%3D1")
