"""Two people compose groupings at the same instant, each on their own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from candidatures.depot.actions import depots
from candidatures.dossier.etats import Qualite
from candidatures.dossier.groupement import actions as groupements
from candidatures.models import Candidature, Membre, Participation
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.models import Epci, Petr
from tests import fabriques as f
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.concurrence.test_dossiers import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def ajouter(candidature: Candidature, epci: Epci, auteur: Any) -> Callable[[], Candidature]:
    return lambda: groupements.ajouter_membre(
        candidature=candidature, collectivite=epci, auteur=auteur, maintenant=horloge_base()
    )


def test_deux_personnes_ajoutent_chacune_un_membre_et_les_deux_restent() -> None:
    candidature = f.une_candidature(complete=False)
    collegue = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
    chef, un, deux = candidature.territoire.epcis.get(), f.un_epci(), f.un_epci()
    ensemble(ajouter(candidature, un, f.porteur_de(candidature)), ajouter(candidature, deux, collegue))
    candidature.refresh_from_db()
    assert {membre.epci for membre in candidature.membres.all()} == {chef, un, deux}
    assert set(candidature.territoire.epcis.all()) == {chef, un, deux}
    assert candidature.revision == 2


def test_le_meme_membre_ajoute_deux_fois_a_la_fois_ne_l_est_qu_une() -> None:
    candidature = f.une_candidature(complete=False)
    epci, auteur = f.un_epci(), f.porteur_de(candidature)
    issues = ensemble(*[ajouter(candidature, epci, auteur)] * 2)
    assert sorted(type(issue).__name__ for issue in issues) == ["Candidature", "RegleEnfreinte"]
    assert candidature.membres.count() == 2


def test_deux_dossiers_composent_le_meme_territoire_a_la_fois_sans_se_voir() -> None:
    premier = f.une_candidature(complete=False)
    second = f.une_candidature(vague=premier.vague, complete=False)
    (un,), (deux,) = premier.territoire.epcis.all(), second.territoire.epcis.all()
    issues = ensemble(
        ajouter(premier, deux, f.porteur_de(premier)),
        ajouter(second, un, f.porteur_de(second)),
    )
    assert [type(issue).__name__ for issue in issues] == ["Candidature", "Candidature"]
    for dossier in (premier, second):
        dossier.refresh_from_db()
    assert premier.territoire.cle == second.territoire.cle
    assert premier.territoire != second.territoire


def test_un_depot_attend_la_fin_d_une_composition_et_juge_le_groupement_qui_en_sort() -> None:
    candidature, epci = f.une_candidature(), f.un_epci()
    porteur = f.porteur_de(candidature)

    def deposer() -> Any:
        try:
            return depots.deposer(candidature=candidature, auteur=porteur, recu_le=horloge_base(), cle=uuid4())
        except RegleEnfreinte as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as fil:
        with transaction.atomic():
            ajouter(candidature, epci, porteur)()
            issue = fil.submit(deposer)
            attendre(attend_un_verrou)
        refus = issue.result(timeout=DELAI)
    assert refus.message == "Votre dossier n’est pas complet : il manque 1\u00a0réponse ou pièce."


def test_la_liste_d_un_petr_ne_change_pas_pendant_qu_un_autre_dossier_l_adopte() -> None:
    """Two files of one person: what others declare is theirs, and does not meet."""
    premier = f.une_candidature(complete=False)
    second = f.une_candidature(vague=premier.vague, porteur=f.porteur_de(premier), complete=False)
    un, deux, trois = f.un_epci(), f.un_epci(), f.un_epci()

    def declarer(dossier: Candidature, *epcis: Epci) -> Callable[[], Candidature]:
        return lambda: groupements.declarer_membre_petr(
            candidature=dossier,
            siren=f.un_siren(80_000),
            nom_du_petr="PETR du Lin",
            epcis=epcis,
            auteur=f.porteur_de(dossier),
            maintenant=horloge_base(),
        )

    issues = ensemble(declarer(premier, un, deux), declarer(second, un, trois))
    assert sorted(type(issue).__name__ for issue in issues) == ["Candidature", "RegleEnfreinte"]
    petr = Petr.objects.get()
    membre = Membre.objects.get(petr=petr)
    assert set(petr.epcis.all()) < set(membre.candidature.territoire.epcis.all())
