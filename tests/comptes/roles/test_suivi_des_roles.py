"""What time does to roles: reminders, suspension, end; recorded once, told once, whoever asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from rebond.cadences import CADENCES
from rebond.comptes.actions import roles
from rebond.comptes.actions.suivi import suivre_les_roles
from rebond.comptes.tasks import suivre
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import EtatHabilitation, RaisonDeSuspension, Role
from territoires.models import Habilitation
from territoires.regles import UN_AN
from tests import fabriques as f

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


@pytest.fixture
def tenu() -> Habilitation:
    """A role of one signature, without an end, in a portal with two administrateurs."""
    f.un_agent(Role.ADMINISTRATEUR)
    f.un_agent(Role.ADMINISTRATEUR)
    return f.un_role(f.un_utilisateur(), Role.EXPERT, jusqu_au=None)


def lettres(debut: str) -> list[str]:
    return sorted(Courrier.objects.filter(objet__startswith=debut).values_list("destinataire", flat=True))


def deux_fois(maintenant: datetime) -> None:
    suivre_les_roles(maintenant=maintenant)
    suivre_les_roles(maintenant=maintenant + timedelta(minutes=10))


def relu(habilitation: Habilitation) -> Habilitation:
    return Habilitation.objects.get(pk=habilitation.pk)


def administrateurs() -> list[str]:
    return list(
        Habilitation.objects.filter(role=Role.ADMINISTRATEUR).order_by("adresse").values_list("adresse", flat=True)
    )


@pytest.mark.parametrize(
    ("reste", "rappels"), [(31 * JOUR, 0), (30 * JOUR, 1), (8 * JOUR, 1), (7 * JOUR, 1), (timedelta(hours=1), 1)]
)
def test_un_rappel_part_trente_puis_sept_jours_avant_et_une_seule_fois(
    tenu: Habilitation, reste: timedelta, rappels: int
) -> None:
    deux_fois(tenu.a_confirmer_avant - reste)
    assert lettres("Rôle à confirmer\u00a0: expert") == sorted([tenu.adresse, *administrateurs()] * rappels)
    assert relu(tenu).etat == EtatHabilitation.ACTIVE


def test_le_second_rappel_part_aussi(tenu: Habilitation) -> None:
    for reste in (30 * JOUR, 7 * JOUR):
        suivre_les_roles(maintenant=tenu.a_confirmer_avant - reste)
    assert lettres("Rôle à confirmer\u00a0: expert").count(tenu.adresse) == 2


def test_un_role_que_personne_n_a_confirme_en_un_an_est_suspendu_et_son_titulaire_prevenu(tenu: Habilitation) -> None:
    deux_fois(tenu.a_confirmer_avant)
    lu = relu(tenu)
    assert (lu.etat, lu.suspension) == (EtatHabilitation.SUSPENDUE, RaisonDeSuspension.CONFIRMATION)
    assert lettres("Votre rôle est suspendu\u00a0: expert") == [tenu.adresse]
    assert [(e.acte, e.acteur) for e in entrees_sur(tenu)] == [("habilitation suspendue", "Portail")]


def test_un_role_confirme_vaut_un_an_de_plus(tenu: Habilitation) -> None:
    confirme = roles.confirmer(
        habilitation=tenu,
        acteur=f.Utilisateur.objects.get(email=administrateurs()[0]),
        maintenant=horloge_base(),
    )
    suivre_les_roles(maintenant=confirme.a_confirmer_avant - timedelta(seconds=1))
    assert relu(tenu).etat == EtatHabilitation.ACTIVE


def test_un_role_finit_a_son_terme_apres_en_avoir_prevenu() -> None:
    f.un_agent(Role.ADMINISTRATEUR)
    f.un_agent(Role.ADMINISTRATEUR)
    tenu = f.un_role(f.un_utilisateur(), Role.VALIDEUR, jusqu_au=horloge_base() + 60 * JOUR)
    fin = tenu.jusqu_au
    assert fin is not None
    suivre_les_roles(maintenant=fin - 7 * JOUR)
    assert lettres("Un rôle prend bientôt fin\u00a0: valideur") == sorted([tenu.adresse, *administrateurs()])
    deux_fois(fin)
    assert relu(tenu).etat == EtatHabilitation.FINIE
    assert lettres("Fin d’un rôle\u00a0: valideur") == [tenu.adresse]


@pytest.mark.parametrize("role", [Role.EXPERT, Role.VALIDEUR])
def test_une_proposition_ou_une_invitation_sans_reponse_tombe_apres_trente_jours(role: Role) -> None:
    acteur, maintenant = f.un_agent(Role.ADMINISTRATEUR), horloge_base()
    propose = roles.proposer(
        adresse="agent@exemple.fr",
        role=role,
        organisme=f.un_service(),
        jusqu_au=maintenant + UN_AN,
        acteur=acteur,
        maintenant=maintenant,
    )
    suivre_les_roles(maintenant=maintenant + 30 * JOUR - timedelta(seconds=1))
    assert relu(propose).etat == propose.etat
    deux_fois(maintenant + 30 * JOUR)
    assert relu(propose).etat == EtatHabilitation.FINIE


def test_le_suivi_est_une_tache_que_beat_demande(tenu: Habilitation) -> None:
    agent = f.un_utilisateur()
    echu = f.un_role(agent, Role.EXPERT, a_confirmer_avant=horloge_base() - JOUR)
    assert "rebond.comptes.tasks.suivre" in {tache for tache, _ in CADENCES.values()}
    suivre()
    assert (relu(echu).etat, relu(tenu).etat) == (EtatHabilitation.SUSPENDUE, EtatHabilitation.ACTIVE)


def test_les_pages_d_un_administrateur_disent_ce_qui_attend(client: Client) -> None:
    premier, second = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)
    f.un_role(f.un_utilisateur(), Role.EXPERT, a_confirmer_avant=horloge_base() + 3 * JOUR)
    champs: dict[str, Any] = {"organisme": f.un_service(), "jusqu_au": horloge_base() + UN_AN}
    roles.proposer(adresse="agent@exemple.fr", role=Role.VALIDEUR, acteur=premier, maintenant=horloge_base(), **champs)
    for personne, texte in ((premier, "Donner ou retirer un rôle."), (second, "1\u00a0rôle attend votre signature.")):
        client.force_login(personne)
        page = client.get("/tableau-de-bord/").content.decode()
        assert texte in page
        assert "1\u00a0rôle est à confirmer." in page
