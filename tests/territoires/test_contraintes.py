"""Each constraint of the reference data goes red when the rule is broken in the database itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from rebond.socle.horloge.temps import horloge_base
from territoires.actions import territoire_pour
from territoires.etats import EtatHabilitation, OrigineHabilitation, Role, TypeOrganisme
from territoires.models import (
    Departement,
    Epci,
    Habilitation,
    MembreTerritoireIndustrie,
    Organisme,
    Region,
    Territoire,
    TerritoireIndustrie,
)
from territoires.regles import siren_fictif
from tests.outils.refus import refus


def refuse(contrainte: str, requete: str, *parametres: Any) -> None:
    """The statement is refused by that very constraint."""
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete, parametres)


@pytest.mark.parametrize(
    ("contrainte", "changement"),
    [
        ("epci_siren_valide", "siren = '200068501'"),
        ("epci_nature_connue", "nature = 'SIVOM'"),
        ("epci_millesime_plausible", "millesime = 1789"),
        ("epci_fictif_reconnaissable", "fictif = true"),
        ("territoires_epci_siren_key", "siren = '200030633'"),
    ],
)
def test_epci(cambrai: Epci, contrainte: str, changement: str) -> None:
    refuse(contrainte, f"UPDATE territoires_epci SET {changement} WHERE id = %s", cambrai.pk)


def test_un_siren_invente_dit_qu_il_l_est(cambrai: Epci) -> None:
    refuse(
        "epci_fictif_reconnaissable",
        "UPDATE territoires_epci SET siren = %s WHERE id = %s",
        siren_fictif(1),
        cambrai.pk,
    )


@pytest.mark.parametrize(
    ("contrainte", "changement"),
    [
        ("territoire_cle_bien_formee", "cle = ''"),
        ("territoire_cle_bien_formee", "cle = '1-2'"),
        ("territoire_nomme", "nom = ''"),
    ],
)
def test_territoire(cambrai: Epci, contrainte: str, changement: str) -> None:
    territoire = territoire_pour(epcis=[cambrai], chef_de_file=cambrai)
    refuse(contrainte, f"UPDATE territoires_territoire SET {changement} WHERE id = %s", territoire.pk)


def test_deux_territoires_ne_reunissent_pas_les_memes_epci(cambrai: Epci) -> None:
    territoire = territoire_pour(epcis=[cambrai], chef_de_file=cambrai)
    with pytest.raises(IntegrityError, match="cle"), transaction.atomic():
        Territoire.objects.create(
            nom="Le même", chef_de_file=cambrai, region_pilote=cambrai.region, cle=territoire.cle
        )


@pytest.mark.parametrize(
    ("contrainte", "changement"),
    [
        ("organisme_siren_valide", "siren = '123456789'"),
        ("organisme_epci_coherent", "type = 'DREETS'"),
    ],
)
def test_organisme(cambrai: Epci, contrainte: str, changement: str) -> None:
    organisme = Organisme.objects.create(nom="CA de Cambrai", type=TypeOrganisme.EPCI, epci=cambrai)
    refuse(contrainte, f"UPDATE territoires_organisme SET {changement} WHERE id = %s", organisme.pk)


def test_un_organisme_n_existe_qu_une_fois(db: None) -> None:
    Organisme.objects.create(nom="DGE", type=TypeOrganisme.DGE)
    with pytest.raises(IntegrityError, match="organisme_unique"), transaction.atomic():
        Organisme.objects.create(nom="DGE", type=TypeOrganisme.DGE)


@pytest.fixture
def habilitation(charge: None) -> Habilitation:
    """A role as it begins: columns that no act writes can only be wrong from the first."""
    return Habilitation(
        adresse="agent@example.fr",
        role=Role.INSTRUCTEUR,
        organisme=Organisme.objects.create(nom="DREETS", type=TypeOrganisme.DREETS),
        region=Region.objects.get(code="32"),
        etat=EtatHabilitation.INVITEE,
        origine=OrigineHabilitation.INSTALLATION,
        proposee_le=horloge_base(),
        jusqu_au=horloge_base() + timedelta(days=30),
    )


def test_une_habilitation_a_un_seul_perimetre(habilitation: Habilitation) -> None:
    habilitation.departement = Departement.objects.get(code="59")
    assert refus(habilitation.save) == "habilitation_un_seul_perimetre"


def test_une_habilitation_a_un_role_connu(habilitation: Habilitation) -> None:
    habilitation.role = "ROI"
    assert refus(habilitation.save) == "habilitation_role_connu"


def test_une_habilitation_nationale_ne_se_donne_qu_une_fois(habilitation: Habilitation) -> None:
    """NULL equals NULL here: without that, a national right could be given again and again."""
    habilitation.region = None
    habilitation.save()
    habilitation.pk = None
    assert refus(habilitation.save) == "habilitation_proposee_une_fois"


@pytest.fixture
def membre(charge: None) -> MembreTerritoireIndustrie:
    territoire = TerritoireIndustrie.objects.create(programme="2018-2023", id_ti="ti-3201", nom="Cambrésis")
    return MembreTerritoireIndustrie.objects.create(
        territoire_industrie=territoire, nature="EPCI", siren="200068500", libelle="CA de Cambrai"
    )


def test_le_meme_identifiant_sert_dans_deux_programmes_mais_pas_deux_fois_dans_un(
    membre: MembreTerritoireIndustrie,
) -> None:
    TerritoireIndustrie.objects.create(programme="2023-2027", id_ti="ti-3201", nom="Autre chose")
    with pytest.raises(IntegrityError, match="territoire_industrie_unique"), transaction.atomic():
        TerritoireIndustrie.objects.create(programme="2018-2023", id_ti="ti-3201", nom="Cambrésis")
    with pytest.raises(IntegrityError, match="territoire_industrie_programme_connu"), transaction.atomic():
        TerritoireIndustrie.objects.create(programme="1997", id_ti="ti-3201", nom="Cambrésis")


@pytest.mark.parametrize(
    ("contrainte", "changement"),
    [("membre_industrie_identifie", "siren = ''"), ("membre_industrie_siren_valide", "siren = '123456789'")],
)
def test_membre_industrie(membre: MembreTerritoireIndustrie, contrainte: str, changement: str) -> None:
    refuse(contrainte, f"UPDATE territoires_membreterritoireindustrie SET {changement} WHERE id = %s", membre.pk)


def test_un_siren_faux_s_explique_en_francais(cambrai: Epci) -> None:
    cambrai.siren = "200068501"
    with pytest.raises(ValidationError) as erreur:
        cambrai.full_clean()
    assert erreur.value.messages == ["Ce numéro SIREN n’est pas valide\u00a0: vérifiez ses neuf chiffres."]
