"""PETR, as files declare them."""

from collections.abc import Callable
from typing import Any

import pytest

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.actions import declarer_petr
from territoires.models import Epci, Petr
from tests import fabriques as f

pytestmark = pytest.mark.django_db

SIREN = f.un_siren(80_000)
Declarer = Callable[..., Petr]


@pytest.fixture
def declarer() -> Declarer:
    """One person's declarations: what others declare does not exist for them."""
    une_personne = f.un_utilisateur()

    def declare(*epcis: Epci, siren: str = SIREN, nom: str = "PETR du Lin", **autres: Any) -> Petr:
        arguments = {"acteur": une_personne, "maintenant": horloge_base(), **autres}
        return declarer_petr(siren=siren, nom=nom, epcis=epcis, **arguments)

    return declare


def test_ce_qu_un_autre_a_declare_n_existe_pas(declarer: Declarer) -> None:
    un, deux, trois = f.un_epci(), f.un_epci(), f.un_epci()
    autre = declarer(un, deux, acteur=f.un_utilisateur())
    le_mien = declarer(un, trois, nom="Autre graphie")
    assert le_mien != autre
    assert [(petr.nom, set(petr.epcis.all())) for petr in (autre, le_mien)] == [
        ("PETR du Lin", {un, deux}),
        ("Autre graphie", {un, trois}),
    ]


def test_un_petr_declare_deux_fois_avec_les_memes_membres_reste_le_meme(declarer: Declarer) -> None:
    un, deux = f.un_epci(), f.un_epci()
    premier = declarer(un, deux)
    assert declarer(deux, un, un, nom="Autre graphie") == premier
    assert (Petr.objects.get().nom, set(premier.epcis.all())) == ("PETR du Lin", {un, deux})
    assert [entree.acte for entree in EntreeJournal.objects.filter(objet_type="territoires.petr")] == ["PETR déclaré"]


def test_sa_liste_ne_change_pas_sous_les_pieds_de_qui_s_appuie_dessus(declarer: Declarer) -> None:
    un, deux, trois = f.un_epci("CC du Lin"), f.un_epci("CC du Chanvre"), f.un_epci()
    petr = declarer(un, deux)
    with pytest.raises(RegleEnfreinte, match=r"d’autres membres\u00a0: CC du Chanvre, CC du Lin\."):
        declarer(un, trois)
    assert set(petr.epcis.all()) == {un, deux}


def test_sa_liste_se_corrige_quand_personne_d_autre_ne_s_appuie_dessus(declarer: Declarer) -> None:
    un, deux, trois = f.un_epci(), f.un_epci(), f.un_epci()
    petr = declarer(un, deux)
    assert declarer(un, trois, nom="PETR du Lin et du Chanvre", corrigeable=lambda trouve: trouve == petr) == petr
    assert (Petr.objects.get().nom, set(petr.epcis.all())) == ("PETR du Lin et du Chanvre", {un, trois})
    assert [entree.acte for entree in EntreeJournal.objects.filter(objet_type="territoires.petr").order_by("pk")] == [
        "PETR déclaré",
        "PETR corrigé",
    ]


def test_un_siren_faux_celui_d_un_epci_un_nom_absent_ou_un_seul_membre_sont_refuses(declarer: Declarer) -> None:
    un, deux = f.un_epci("CC du Lin"), f.un_epci()
    for arguments, message in (
        ({"siren": "123456789"}, "SIREN n’est pas valide"),
        ({"siren": un.siren}, "celui d’une intercommunalité, CC du Lin"),
        ({"nom": ""}, "le nom du PETR"),
    ):
        with pytest.raises(RegleEnfreinte, match=message):
            declarer(un, deux, **arguments)
    with pytest.raises(RegleEnfreinte, match="au moins deux"):
        declarer(un, un)
    assert not Petr.objects.exists()
