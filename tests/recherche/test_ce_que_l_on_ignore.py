"""Somebody else writes the word that one searches, where one may not see it: not a byte changes, nor a statement.

Who may see is read in the table of accesses alone (`rebond/documentation/acces.txt`): whoever opens the page of what
was written finds it, and nobody else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from candidatures.models import (
    AvisRendu,
    Candidature,
    DemandeDeCorrection,
    Depot,
    Message,
    PieceDeposee,
    Saisine,
)
from projets.models import Industriel, Mission, Projet
from rebond.documentation import acces
from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.lectures.models import Lecture
from territoires.models import Territoire
from tests import fabriques as f
from tests.acces import decor
from tests.acces.gens import COLONNES
from tests.acces.monde import Decor
from tests.acces.requetes import sql_de, un_client
from tests.acces.test_embargo import Vue, voir
from tests.outils.documents import garde
from tests.outils.roles import administrer, sans_declencheurs

pytestmark = pytest.mark.django_db
MATRICE = acces.lire(acces.FICHIER.read_text())
MOT = "zirconium"
CHERCHER = f"/recherche/?q={MOT}"
# One of each kind: what becomes of the others is the matrix's question.
GENS = (
    *("compte", "porteur", "lecteur", "voisin", "instructeur", "instructeur-loin", "instructeur-partie", "expert"),
    *("comité-conflit", "valideur", "chargé", "gestionnaire", "presse", "administrateur", "auditeur"),
)


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: Any) -> Iterator[Decor]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield decor.sous_embargo()
        transaction.set_rollback(True)


def ouvrent(adresse: str, objet: str) -> set[str]:
    """Who gets that page, by the table of accesses."""
    (ligne,) = (lue for lue in MATRICE.lignes if lue.cle == ("GET", adresse, objet))
    return {qui for qui, statut in zip(COLONNES, ligne.reponses, strict=True) if statut == "200"} & {*GENS}


@dataclass(frozen=True)
class Ecrit:
    """`lu_par`: who opens what it is written in."""

    nom: str
    ecrire: Callable[[Decor], None]
    lu_par: set[str]


def au_brouillon(monde: Decor) -> None:
    f.reecrire(monde.dossiers["ouvert"], f"Une usine de {MOT} ferme.")


def dans_un_depot(nom: str) -> Callable[[Decor], None]:
    def ecrire(monde: Decor) -> None:
        cle = monde.dossiers[nom].pk
        ecrit = f'{{"choc": {{"description": "Une usine de {MOT} ferme."}}}}'
        with sans_declencheurs():
            administrer(
                f"UPDATE candidatures_depot SET contenu = jsonb_set(contenu, '{{sections}}', '{ecrit}') "
                f"WHERE candidature_id = {cle}",
                f"UPDATE candidatures_textedudossier SET vecteur = recherche_vecteur(candidatures_texte_lu({cle})) "
                f"WHERE candidature_id = {cle} AND origine = 'reponses'",
            )

    return ecrire


def dans_une_piece(monde: Decor) -> None:
    """Once a worker has read it. It says more than the answers: they are what is shown, where they say it too."""
    document = garde(b"%PDF, d'un seul dossier")
    depot = Depot.objects.qui_comptent().get(candidature=monde.dossiers["instruit"])
    PieceDeposee.objects.create(depot=depot, document=document, nature="autre", intitule="Étude", nom="étude.pdf")
    texte = f"Une usine de {MOT} ferme, dans une étude qui dit bien d’autres choses du territoire et de ses emplois."
    Lecture.objects.create(document=document, etat=EtatLecture.LUE, texte=texte)


def dans_un_nom(nom: str) -> Callable[[Decor], None]:
    def ecrire(monde: Decor) -> None:
        Territoire.objects.filter(candidatures=monde.dossiers[nom].pk).update(nom=f"Val du {MOT} {nom}")

    return ecrire


def dans_une_mission(objet: str) -> Callable[[Decor], None]:
    def ecrire(monde: Decor) -> None:
        mission = monde.objets[objet]["mission_id"]
        assert Mission.objects.filter(pk=mission).update(contexte=f"Du {MOT}")
        assert Projet.objects.filter(mission=mission).update(description=f"Du {MOT}")
        assert Industriel.objects.filter(mission=mission).update(activite=f"Du {MOT}")

    return ecrire


def dans_une_correction(monde: Decor) -> None:
    """Being written: the territory has not given it back."""
    demandes = DemandeDeCorrection.objects.filter(candidature=monde.dossiers["à corriger"], rendue_le=None)
    assert demandes.update(reponses={"choc": {"description": MOT}})


IMMUABLES = ("candidatures_avisrendu", "candidatures_message")


def dans_ce_que_rien_ne_cherche(monde: Decor) -> None:
    """What was said of a file, which has pages of its own."""
    with sans_declencheurs():
        assert Saisine.objects.update(question=MOT)
        administrer(*(f"UPDATE {table} SET texte = '{MOT}'" for table in IMMUABLES))
        assert AvisRendu.objects.filter(texte=MOT).exists()
        assert Message.objects.filter(texte=MOT).exists()


def dans_un_communique(monde: Decor) -> None:
    with sans_declencheurs():
        administrer(
            "UPDATE projets_communique SET contenu = jsonb_set(contenu, '{blocs}', "
            f"""'[["paragraphe", ["Du {MOT}."]]]')"""
        )


def dans_un_compte(_monde: Decor) -> None:
    f.un_utilisateur("quelqu-un@example.fr", nom=MOT.capitalize())


def ecrits() -> list[Ecrit]:
    instruits = {nom: ouvrent("instruction:dossier", f"dossier-{nom}") for nom in ("instruit", "secret")}
    siens = {nom: ouvrent("candidatures:dossier", f"dossier-{nom}") for nom in ("ouvert", "secret")}
    missions = {nom: ouvrent("projets:mission", f"mission-{nom}") for nom in ("publique", "secrète")}
    personne: set[str] = set()
    return [
        Ecrit("dans un avis, un message", dans_ce_que_rien_ne_cherche, personne),
        Ecrit("dans une correction en cours", dans_une_correction, personne),
        Ecrit("au brouillon", au_brouillon, siens["ouvert"]),
        Ecrit("dans une pièce", dans_une_piece, ouvrent("instruction:piece", "dossier-instruit")),
        Ecrit("dans un dépôt", dans_un_depot("instruit"), instruits["instruit"]),
        Ecrit("dans un dépôt sous embargo", dans_un_depot("secret"), instruits["secret"]),
        Ecrit("dans un nom", dans_un_nom("secret"), instruits["secret"] | siens["secret"]),
        *(Ecrit(f"mission {nom}", dans_une_mission(f"mission-{nom}"), lus) for nom, lus in missions.items()),
        Ecrit("dans un communiqué", dans_un_communique, ouvrent("presse:communique", "communiqué")),
        Ecrit("dans un compte", dans_un_compte, ouvrent("administration:compte", "compte-porteur")),
    ]


def vues(clients: dict[str, Client]) -> dict[str, tuple[Vue, int]]:
    lues = {}
    for qui, client in clients.items():
        with sql_de() as sql:
            page = client.get(CHERCHER)
        assert page.status_code == 200, qui
        lues[qui] = (voir(page), len(sql))
    return lues


def test_chacun_trouve_ce_qu_il_ouvre_et_rien_d_autre_ne_change_un_octet(monde: Decor) -> None:
    clients = {qui: un_client(monde.gens[qui]) for qui in GENS}
    avant = vues(clients)
    for ecrit in ecrits():
        ecrit.ecrire(monde)
        apres = vues(clients)
        changent = {qui for qui in GENS if apres[qui] != avant[qui]}
        assert changent == ecrit.lu_par, ecrit.nom
        avant = apres


def test_une_correction_rendue_se_trouve_et_pas_avant(monde: Decor) -> None:
    demande = DemandeDeCorrection.objects.get(candidature=monde.dossiers["à corriger"], rendue_le=None)
    instructeur = un_client(monde["instructeur"])
    DemandeDeCorrection.objects.filter(pk=demande.pk).update(reponses={"choc": {"description": "Du molybdène."}})
    avant = instructeur.get("/recherche/?q=molybdene").content.decode()
    DemandeDeCorrection.objects.filter(pk=demande.pk).update(
        rendue_le=demande.demandee_le, rendue_par=monde["porteur"]
    )
    apres = instructeur.get("/recherche/?q=molybdene").content.decode()
    reference = Candidature.objects.select_related("vague").get(pk=demande.candidature_id).reference
    assert (reference in avant, reference in apres, "<mark>molybdène</mark>" in apres) == (False, True, True)
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM candidatures_textedudossier GROUP BY candidature_id, origine")
        assert {nombre for (nombre,) in curseur.fetchall()} == {1}


def test_chacun_ouvre_tout_ce_qu_il_trouve(monde: Decor) -> None:
    """A result that opens nothing would say that something is there."""
    for modele, champ in ((Mission, "contexte"), (Projet, "description"), (Industriel, "activite")):
        assert modele._default_manager.update(**{champ: f"Du {MOT}"})
    fermees, genres = set(), set()
    for qui in GENS:
        client = un_client(monde.gens[qui])
        for saisie in (MOT, "Val", "vague", "R"):
            for groupe, _ in client.get("/recherche/", {"q": saisie}).context["groupes"]:
                genres.add(groupe.source.genre)
                adresse = groupe.resultats[0].adresse
                if client.get(adresse).status_code != 200:
                    fermees.add((qui, groupe.source.genre))
    assert fermees == set()
    assert genres >= {"mes-dossiers", "dossiers", "missions", "projets", "entreprises", "vagues"}
