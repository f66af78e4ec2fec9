"""What Postgres adds up, and the rows that make it: the same, whatever the history and the number of rows."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projets.chiffres import Chiffres, Ligne, calculer, de_la_mission, ecarts
from projets.chiffres.lignes import Justificatif, sceau, total
from projets.communique import editions
from projets.communique.figees import chiffres_figes
from projets.models import Enveloppe, Industriel, Mission, Projet
from projets.portefeuille.etats import NatureProjet
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.fabriques import midi_a_paris, un_utilisateur
from tests.projets import decor, masse

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
_rangs = count(2_000)


def une_histoire(mission: Mission, alea: random.Random, auteur: Utilisateur) -> None:
    """Companies met or not, projects listed, estimated again, sent, cancelled: on days around `AU`."""

    def un_jour() -> date:
        return AU + timedelta(days=alea.randint(-60, 20))

    enveloppe = Enveloppe.objects.create(mission=mission, nom="Autre", montant=10**9, ouverte_le=un_jour())
    for _ in range(alea.randint(3, 8)):
        jour = alea.choice([None, un_jour()])
        industriel = decor.un_industriel(mission, next(_rangs), rencontre_le=jour)
        for _ in range(alea.randint(0, 3)):
            if alea.random() < 0.2:
                decor.un_projet_sans_estimation(industriel, recense_le=un_jour())
                continue
            recense_le = un_jour()
            projet = decor.un_projet(
                industriel,
                auteur,
                investissement=alea.choice([0, 1, 10**12, 3 * 10**12]),
                previsionnels=alea.choice([None, 0, 7]),
                recense_le=recense_le,
                enveloppe=alea.choice([None, enveloppe]),
                oriente_le=recense_le + timedelta(days=alea.randint(0, 30)),
                nature=alea.choice(list(NatureProjet)),
            )
            for _ in range(alea.randint(0, 2)):
                decor.estimer(projet, auteur, un_jour(), alea.randint(0, 10**6), alea.randint(0, 9), None)


@pytest.mark.parametrize("graine", range(6))
def test_la_somme_de_postgres_est_celle_des_lignes(graine: int) -> None:
    alea, auteur = random.Random(graine), un_utilisateur()  # noqa: S311
    mission = decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(
        decor.un_laureat(vague, midi_a_paris(AU)), restituee_le=alea.choice([AU, AU - timedelta(days=9)])
    )
    for une in (mission, autre):
        une_histoire(une, alea, auteur)
    annule = alea.choice(list(Projet.objects.filter(concours=None)))
    annule.annule_le, annule.annule_par, annule.annulation = horloge_base(), auteur, "Saisi par erreur"
    annule.save()
    for chiffres in (calculer(au=AU), de_la_mission(autre, au=AU)):
        for cle, chiffre in chiffres.items():
            lignes = tuple(chiffre.lignes)
            assert (len(lignes), chiffre.couverture) == (len(chiffre.lignes), chiffre.lu().couverture), cle
            assert chiffre.demonstration == chiffre.lu().demonstration, cle
            assert chiffre.jour or chiffre.valeur == total(lignes), cle
            if isinstance(chiffre.lignes, Justificatif) and chiffre.compte.sceau:
                assert chiffre.compte.sceau == sceau(lignes), cle
    assert calculer(au=AU).sommaire() == calculer(au=AU).lus().sommaire()


def test_postgres_resume_ce_qui_est_fige_comme_le_portail_ce_qui_se_compte() -> None:
    mission = decor.une_annonce()
    decor.un_projet_sans_estimation(mission.industriels.earliest("pk"))
    comptes = calculer(au=AU)
    fige = decor.un_communique(maintenant=horloge_base())
    fige.refresh_from_db()
    assert fige.sommaire == comptes.sommaire()
    figes = chiffres_figes(fige)
    assert figes == comptes
    assert figes.lus() == Chiffres.depuis_json(fige.chiffres)
    assert ecarts(figes, comptes) == []
    assert {cle: tuple(chiffre.lignes[1:3]) for cle, chiffre in figes.items()} == {
        cle: tuple(chiffre.lignes)[1:3] for cle, chiffre in comptes.items()
    }


CHANGEMENTS: dict[str, Callable[[Mission], object]] = {
    "une valeur": lambda mission: decor.estimer(mission.projets.earliest("pk"), un_utilisateur(), AU, 5, 11, None),
    "une ligne de plus": lambda mission: decor.un_projet_sans_estimation(mission.industriels.earliest("pk")),
    "un nom": lambda mission: mission.projets.filter(pk=mission.projets.earliest("pk").pk).update(nature="numerique"),
    "des valeurs qui se compensent": lambda mission: [
        decor.estimer(projet, un_utilisateur(), AU, 1_210_000 + ecart, 11, None)
        for projet, ecart in zip(mission.projets.order_by("pk")[:2], (7, -7), strict=True)
    ],
    "une donnée inventée": lambda mission: Mission.objects.filter(pk=mission.pk).update(demonstration=True),
    "une rencontre de moins": lambda mission: Industriel.objects.filter(
        pk=mission.industriels.earliest("pk").pk
    ).update(rencontre_le=None),
}


@pytest.mark.parametrize("changement", CHANGEMENTS)
def test_ce_qui_change_change_le_sceau_du_projet(changement: str) -> None:
    mission = decor.une_annonce()
    avant = editions.projet(au=AU, maintenant=horloge_base())
    seau, empreinte = avant.sceau, avant.empreinte
    assert editions.projet(au=AU, maintenant=horloge_base()).sceau == seau
    CHANGEMENTS[changement](mission)
    apres = editions.projet(au=AU, maintenant=horloge_base())
    assert apres.sceau != seau
    assert apres.empreinte != empreinte


def test_le_sceau_ne_depend_pas_de_l_ordre_et_distingue_rien_de_zero() -> None:
    un, deux = Ligne(1, "Un", 5), Ligne(2, "Deux", None)
    assert sceau([un, deux]) == sceau([deux, un])
    seaux = {
        sceau(lignes)
        for lignes in (
            [],
            [un],
            [deux],
            [Ligne(2, "Deux", 0)],
            [Ligne(2, "Deux", None, demonstration=True)],
            [Ligne(3, "Deux", None)],
            [Ligne(2, "Trois", None)],
            [Ligne(1, "Un", 6), Ligne(2, "Deux", 4)],
            [Ligne(1, "Un", 4), Ligne(2, "Deux", 6)],
        )
    }
    assert len(seaux) == 9


def test_une_page_de_lignes_se_lit_en_une_requete() -> None:
    mission = decor.une_annonce()
    masse.grossir(mission, 300)
    for cle, chiffre in calculer(au=AU).items():
        with CaptureQueriesContext(connection) as requetes:
            lues = chiffre.lignes[10:60]
        assert len(requetes) == (isinstance(chiffre.lignes, Justificatif) and len(chiffre.lignes) > 10), cle
        assert lues == tuple(chiffre.lignes)[10:60], cle


def test_compter_ne_lit_aucune_ligne_quel_qu_en_soit_le_nombre() -> None:
    """88 projects and 4,000: as many statements, and as many rows come from the database."""
    mission = decor.une_annonce()
    lus = []
    for projets in (82, 4_000):
        masse.grossir(mission, projets)
        with CaptureQueriesContext(connection) as requetes:
            nationaux, seuls = calculer(au=AU), de_la_mission(mission, au=AU)
        recompte = mission.projets.recenses(AU).count()
        assert (nationaux["projets_recenses"].valeur, seuls["projets_recenses"].valeur) == (recompte, recompte)
        lus.append(len(requetes))
    assert lus[0] == lus[1]
