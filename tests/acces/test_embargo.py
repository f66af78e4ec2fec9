"""Two portals that differ by the decisions of a wave under embargo, and are one for whoever may not know them."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from projets.models import Mission
from rebond.documentation import acces
from tests.acces import decor
from tests.acces.adresses import adresses
from tests.acces.gens import COLONNES
from tests.acces.monde import Decor
from tests.acces.requetes import formes, sans_trace, sql_de, un_client
from tests.candidatures.instruction.connaissance.test_reponses import Vue, reduire
from tests.decors import partage
from tests.outils.pages import Page

pytestmark = pytest.mark.django_db
MATRICE = acces.lire(acces.FICHIER.read_text())
ADRESSES = adresses()
# Everybody but those who read one of these files whole, and the auditeur, who reads what was done.
IGNORENT = (
    *("public", "porteur", "collègue", "voisin", "instructeur-partie", "expert"),
    *("comité-partie", "comité-parti", "comité-conflit", "valideur-partie"),
    *("chargé", "gestionnaire", "presse", "administrateur"),
)
# What tells the time, or whether the portal is well; codes and keys that are drawn anew each time.
DE_L_INSTANT = ("heure", "sante", "mfa_", "account_", "seances", "socialaccount_")
# Who reads the pages of the territory: their own; and whoever's role would tell them more elsewhere.
DU_TERRITOIRE = {"porteur", "comité-partie"}
# The press office prepares its release before the announcement: its own pages may tell.
DE_LA_PRESSE = "presse:"
DE_LA_SECONDE = re.compile(
    rb"data-maintenant=.\d+|\d+\xc2\xa0\w+\xc2\xa0\d{4} \xc3\xa0 \d\d:\d\d:\d\d|\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"
    # How long a session has.
    rb"|\"reste\": \d+"
    # Of the secret link that a form makes: its secret, its key and its own instants.
    rb"|/liens/[\w-]{43}/|/\d+/annuler/|ouv(?:re|ert) jusqu\xe2\x80\x99au [^(<]+"
    rb"|</strong> \xe2\x80\x93 cr\xc3\xa9\xc3\xa9 le [^<]+? par "
)
OBJETS = {"-", "dossier-secret", "vague-secrète", "mission-publique", "communiqué"}
# Of a list that is given in three formats, one is read.
AUTRES_FORMATS = ("_xlsx", "_ods")
# Files whose bytes were made before the decisions; who gets them is the matrix's question.
FICHIERS = ("piece", "accuse", "modele", "apercu", "contenu", "proces_verbal_", "rapports:", "televersement")


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Decor]:
    """Nothing is decided yet in the wave that will be kept secret."""
    with partage(django_db_blocker, decor.dresser) as monde:
        yield monde


def pages_de(qui: str, monde: Decor) -> list[str]:
    """Every page that this person opens and that may speak of the wave or of what comes out of it."""
    rang = COLONNES.index(qui)
    return [
        ADRESSES[ligne.adresse].pour(monde.objets[ligne.objet])
        for ligne in MATRICE.lignes
        if (ligne.methode, ligne.reponses[rang]) in {("GET", "200"), ("GET", "409")}
        and ligne.objet in OBJETS
        and not ligne.adresse.startswith(DE_L_INSTANT)
        and (qui in DU_TERRITOIRE or not (ligne.adresse.startswith("candidatures:") and ligne.objet != "-"))
        and not ligne.adresse.startswith(DE_LA_PRESSE)
        and not ligne.adresse.endswith(AUTRES_FORMATS)
        and not ligne.adresse.rpartition(":")[2].startswith(FICHIERS)
    ]


def voir(reponse: HttpResponseBase) -> Vue:
    """Without what comes anew with each second."""
    statut, entetes, corps = reduire(reponse)
    entetes.pop("Expires", None)
    return statut, entetes, DE_LA_SECONDE.sub(b"", corps)


def vues(client: Client, cibles: list[str], ouvertes: set[tuple[str, ...]]) -> dict[str, Vue]:
    """Each page; each order, each filter and each file that the lists of these pages propose; and what each of their
    forms answers once it is filled in.

    Two people whose page was made by the same statements, but for their values, and is the same to the byte, have the
    same rows under the same rule: the orders, filters and files of its list are `ouvertes` by the first of them.
    """
    lues: dict[str, Vue] = {}
    attendent = list(cibles)
    while attendent:
        cible = attendent.pop(0)
        if cible in lues:
            continue
        with sql_de() as sql:
            lues[cible] = voir(client.get(cible))
        statut, entetes, corps = lues[cible]
        if statut == 200 and entetes["Content-Type"].startswith("text/html") and cible in cibles:
            page = Page(cible, corps.decode())
            lue = (cible, *formes(sql), corps.partition(b"<main")[2].decode())
            lues |= actes(client, page)
            if lue in ouvertes:
                continue
            ouvertes.add(lue)
            listes = [tri for f in page.formulaires if f.methode == "GET" for tri in f.tris]
            ordres = [lien for lien in page.liens if lien.startswith(f"{cible}?") or lien.endswith(".csv")]
            attendent += [*listes, *ordres]
    return lues


def actes(client: Client, page: Page) -> dict[str, Vue]:
    """What is refused, and how, tells as much as what is shown."""
    faits = {}
    for rang, formulaire in enumerate(page.formulaires):
        if formulaire.methode == "POST" and not formulaire.adresse.startswith("/compte/"):
            with sans_trace():
                faits[f"{page.adresse} {rang} {formulaire.adresse}"] = voir(
                    client.post(formulaire.adresse, formulaire.rempli)
                )
    return faits


def portail(monde: Decor, ecartes: tuple[str, ...]) -> dict[str, dict[str, Vue]]:
    """What those who do not know read, once it is decided, announced under embargo, and read by those who know; all
    undone."""
    with transaction.atomic():
        maintenant = decor.horloge_base()
        decor.decider(monde, monde.secrete, annonce=maintenant, embargo=decor.EMBARGO, ecartes=ecartes)
        secretes = Mission.objects.filter(labellisations__candidature=monde.dossiers["secret"])
        assert secretes.exists() != bool(ecartes)
        for mission in secretes:
            assert un_client(monde["valideur"]).get(f"/missions/{mission.pk}/projets.csv").status_code == 200
        ouvertes: set[tuple[str, ...]] = set()
        lues = {qui: vues(un_client(monde.gens.get(qui)), pages_de(qui, monde), ouvertes) for qui in IGNORENT}
        transaction.set_rollback(True)
    return lues


def test_une_decision_secrete_ne_change_pas_un_octet(monde: Decor) -> None:
    tous_laureats = portail(monde, ())
    ecartes = portail(monde, ("secret", "secret bis"))
    assert sum(len(pages) for pages in tous_laureats.values()) > 150
    differentes = {
        qui: [page for page, vue in tous_laureats[qui].items() if ecartes[qui].get(page) != vue] for qui in IGNORENT
    }
    assert not any(differentes.values()), differentes
    assert {qui: set(ecartes[qui]) for qui in IGNORENT} == {qui: set(tous_laureats[qui]) for qui in IGNORENT}
