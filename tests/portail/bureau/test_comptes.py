"""What is counted is what the list behind it shows, for each role, when there is little and when there is much."""

import functools
import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from django.test import Client

from rebond.portail.bureau.formes import Bureau
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests.acces import decor
from tests.acces.gens import GENS
from tests.acces.monde import Decor
from tests.acces.requetes import un_client
from tests.portail.bureau.outils import Contenu, en_nombre, lignes_de, sans_dessiner
from tests.requetes.croissance import multiplier
from tests.requetes.semis import semer

pytestmark = pytest.mark.django_db
# How many rows a person finds where a link leads them.
Lignes = Callable[[Client, str], int]
TABLEAU = "/tableau-de-bord/"
# Leads to the rows of one case, on the same page or another.
CHOISIT = re.compile(r"[?&](?:etat|etape|onglet|attente|situation|proposition)=|#(?:aides|attente)-")


def agents(monde: Decor) -> dict[str, Utilisateur]:
    """One of each role at least, and whoever has an interest."""
    return {nom: monde[nom] for nom, qui in GENS.items() if qui.role}


def comptes_de(bureau: Bureau) -> dict[str, int]:
    """By link, what the dashboard says that there is."""
    comptes = {chose.lien: chose.nombre for chose in bureau.a_faire if chose.nombre is not None}
    return comptes | {compte.lien: compte.nombre for rubrique in bureau.rubriques for compte in rubrique.comptes}


def ecarts(client: Client, lignes: Lignes) -> Iterator[tuple[str, int, int]]:
    cache.clear()
    with sans_dessiner():
        bureau = client.get(TABLEAU).context["bureau"]
    for lien, nombre in comptes_de(bureau).items():
        if (vrai := lignes(client, lien)) != nombre:
            yield lien, nombre, vrai


def comptes_des_pages(client: Client, adresses: list[str], lignes: Lignes) -> Iterator[tuple[str, str, int, int]]:
    """Each link of these pages whose words say one number and that leads to a list chosen by it, and what it says.
    The name that somebody gave to a view of their own counts nothing."""
    for adresse in adresses:
        page = client.get(adresse)
        nommes = {vue.nom for vue in page.context.get("vues") or ()}
        for vers, texte in Contenu(page.content.decode()).liens:
            nombre = en_nombre(texte)
            if nombre is not None and CHOISIT.search(vers) and texte not in nommes:
                yield adresse, texte, nombre, lignes(client, urljoin(adresse, vers))


def pages_a_compter(monde: Decor) -> dict[str, list[str]]:
    vagues = [f"/instruction/vagues/{v.numero}/" for v in (monde.en_cours, monde.secrete)]
    mission = monde.objets["mission-publique"]["pk"]
    return {
        "instructeur": ["/instruction/", *vagues],
        "comité": ["/instruction/", *vagues],
        "valideur": ["/instruction/", *vagues],
        "gestionnaire": [f"/missions/{mission}/enveloppe/"],
        "administrateur": ["/administration/clotures/", "/courriers/"],
    }


def test_chaque_compte_est_celui_de_la_liste_ou_il_mene_a_deux_tailles() -> None:
    monde = decor.sous_embargo()
    semer(monde)
    Courrier.objects.create(
        cle="un-echec", destinataire="a@exemple.fr", objet="Un échec", texte="Un texte.", abandonne_le=horloge_base()
    )
    clients = {nom: un_client(agent) for nom, agent in agents(monde).items()}
    assert {GENS[nom].role for nom in clients} == set(Role)
    tailles = []
    for copies in ((1, 1), (2, 4)):
        multiplier(*copies)
        # Many links lead the same person to the same list.
        lignes = functools.cache(lignes_de)
        assert {nom: faux for nom, client in clients.items() if (faux := list(ecarts(client, lignes)))} == {}
        lus = [
            compte
            for nom, adresses in pages_a_compter(monde).items()
            for compte in comptes_des_pages(clients[nom], adresses, lignes)
        ]
        assert [compte for compte in lus if compte[2] != compte[3]] == []
        tailles.append(sum(compte[2] for compte in lus))
        assert {adresse for adresse, *_ in lus} == {a for liste in pages_a_compter(monde).values() for a in liste}
    assert 0 < tailles[0] < tailles[1]
