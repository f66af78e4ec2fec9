"""Roles that choose, sign or audit have two signatures and an end; Postgres refuses the rest, whoever writes it."""

from datetime import timedelta
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest
from django.test import Client

from rebond.comptes import regles
from rebond.comptes.actions import habiliter, roles
from rebond.comptes.habilitations import a_le_role, titulaires
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import ROLES_A_DEUX_SIGNATURES, ROLES_INCOMPATIBLES, EtatHabilitation, Role
from territoires.models import Habilitation, PreuveDAdresse
from territoires.regles import UN_AN
from tests import fabriques as f
from tests.comptes.roles.outils import AGENT, activer, proposer, signer
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrateurs() -> tuple[Utilisateur, Utilisateur]:
    return f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)


def relu(personne: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.get(pk=personne.pk)


def entre(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def envoyer(client: Client, habilitation: Habilitation, acte: str) -> int:
    return client.post(f"/administration/roles/{habilitation.pk}/{acte}/", f.d_une_autre_page()).status_code


@pytest.mark.parametrize("role", ROLES_A_DEUX_SIGNATURES)
def test_un_administrateur_seul_ne_donne_pas_un_role_qui_choisit_signe_ou_controle(role: Role) -> None:
    administrateur, agent = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur(AGENT)
    propose = proposer(administrateur, role=role)
    client = entre(administrateur)
    assert envoyer(client, propose, "signer") == 409
    propose.refresh_from_db()
    assert (propose.etat, a_le_role(agent, role)) == (EtatHabilitation.PROPOSEE, False)


@pytest.mark.parametrize("role", Role)
def test_personne_ne_se_donne_un_role(administrateurs: tuple[Utilisateur, Utilisateur], role: Role) -> None:
    premier, second = administrateurs
    with pytest.raises(RegleEnfreinte, match="Personne ne se donne un rôle"):
        proposer(premier, adresse=premier.email.upper(), role=role)
    if role in ROLES_A_DEUX_SIGNATURES and role != Role.AUDITEUR:
        propose = proposer(premier, adresse=second.email, role=role)
        with pytest.raises(RegleEnfreinte, match="Personne ne se donne un rôle"):
            signer(propose, second)


def test_le_second_administrateur_signe_et_le_role_vaut_aussitot_pour_une_adresse_prouvee(
    administrateurs: tuple[Utilisateur, Utilisateur],
) -> None:
    agent = f.un_utilisateur(AGENT)
    propose = proposer(administrateurs[0])
    assert envoyer(entre(administrateurs[1]), propose, "signer") == 302
    assert a_le_role(relu(agent), Role.VALIDEUR)
    actes = EntreeJournal.objects.filter(objet_type="territoires.habilitation", objet_id=str(propose.pk))
    assert list(actes.order_by("pk").values_list("acte", "acteur")) == [
        ("habilitation proposée", str(administrateurs[0])),
        ("habilitation signée", str(administrateurs[1])),
        ("habilitation activée", str(agent)),
    ]


def test_un_role_qui_choisit_signe_ou_controle_a_une_fin(administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
    client = entre(administrateurs[0])
    saisie = {"adresse": AGENT, "role": Role.VALIDEUR, "organisme": f.un_service().pk}
    reponse = client.post("/administration/roles/donner/", saisie)
    assert reponse.context["formulaire"].errors == {"jusqu_au": [regles.FIN_ATTENDUE]}
    trop_loin = {**saisie, "jusqu_au": (horloge_base() + timedelta(days=2000)).date().isoformat()}
    reponse = client.post("/administration/roles/donner/", trop_loin)
    assert reponse.context["formulaire"].errors == {"jusqu_au": [regles.FIN_HORS_BORNES]}
    assert not Habilitation.objects.filter(adresse=AGENT).exists()


@pytest.mark.parametrize(("tenu", "voulu"), [*permutations(ROLES_INCOMPATIBLES)])
def test_la_meme_personne_n_administre_pas_et_ne_controle_pas(
    administrateurs: tuple[Utilisateur, Utilisateur], tenu: Role, voulu: Role
) -> None:
    agent = f.un_agent(tenu)
    with pytest.raises(RegleEnfreinte, match="Une même personne n’est pas administrateur et auditeur"):
        proposer(administrateurs[0], adresse=agent.email, role=voulu)


def test_une_personne_ne_devient_pas_auditrice_par_une_seconde_adresse(
    administrateurs: tuple[Utilisateur, Utilisateur],
) -> None:
    """The role waits for the other address; taking it to the account that administers is refused by Postgres."""
    troisieme = f.un_agent(Role.ADMINISTRATEUR)
    offert = signer(proposer(administrateurs[0], role=Role.AUDITEUR), administrateurs[1])
    assert offert.etat == EtatHabilitation.INVITEE
    PreuveDAdresse.objects.create(user=troisieme, email=AGENT, verified=True)
    troisieme.email = AGENT
    troisieme.save(update_fields=["email"])
    entre(troisieme)
    offert.refresh_from_db()
    assert (offert.etat, a_le_role(relu(troisieme), Role.AUDITEUR)) == (EtatHabilitation.INVITEE, False)


def test_le_role_se_confirme_chaque_annee_et_jamais_par_son_titulaire(
    administrateurs: tuple[Utilisateur, Utilisateur],
) -> None:
    premier, second = administrateurs
    siennes = Habilitation.objects.get(utilisateur=premier)
    assert envoyer(entre(premier), siennes, "confirmer") == 409
    assert envoyer(entre(second), siennes, "confirmer") == 302
    siennes.refresh_from_db()
    assert siennes.confirmee_par == second
    assert siennes.confirmee_le is not None
    assert siennes.a_confirmer_avant == siennes.confirmee_le + UN_AN


@pytest.mark.parametrize(
    "depuis",
    [{"a_confirmer_avant": timedelta(seconds=-1)}, {"jusqu_au": timedelta(seconds=-1), "proposee_le": timedelta(-9)}],
)
def test_un_role_qui_a_passe_son_terme_ne_permet_plus_rien_meme_si_rien_ne_l_a_encore_enregistre(
    depuis: dict[str, timedelta],
) -> None:
    maintenant = horloge_base()
    agent = f.un_utilisateur()
    f.un_role(agent, Role.AUDITEUR, **{nom: maintenant + duree for nom, duree in depuis.items()})
    assert not a_le_role(agent, Role.AUDITEUR)
    assert not titulaires(Role.AUDITEUR).exists()
    client = entre(agent)
    assert client.get("/journal/").status_code == 404


def test_un_role_suspendu_ne_permet_rien_jusqu_a_ce_qu_on_le_confirme(
    administrateurs: tuple[Utilisateur, Utilisateur],
) -> None:
    agent = f.un_agent(Role.AUDITEUR)
    tenu, client = agent.habilitations.get(), entre(administrateurs[0])
    assert envoyer(client, tenu, "suspendre") == 302
    assert entre(agent).get("/journal/").status_code == 404
    assert envoyer(client, tenu, "confirmer") == 302
    assert entre(agent).get("/journal/").status_code == 200


def test_apres_un_changement_d_adresse_l_administrateur_lit_les_deux_et_confirme_la_nouvelle(
    administrateurs: tuple[Utilisateur, Utilisateur],
) -> None:
    agent = f.un_agent(Role.AUDITEUR)
    ancienne, tenu = agent.email, agent.habilitations.get()
    agent.email = "nouvelle@exemple.fr"
    agent.save()
    client = entre(administrateurs[0])
    page = client.get(f"/administration/roles/{tenu.pk}/confirmer/").content.decode()
    assert f"Ce rôle avait été donné à l’adresse {ancienne}" in page
    assert "nouvelle@exemple.fr" in page
    # Nobody has proven that one yet.
    assert envoyer(client, tenu, "confirmer") == 409
    PreuveDAdresse.objects.filter(user=agent).update(email="nouvelle@exemple.fr")
    assert envoyer(client, tenu, "confirmer") == 302
    tenu.refresh_from_db()
    assert (tenu.etat, tenu.adresse) == (EtatHabilitation.ACTIVE, "nouvelle@exemple.fr")
    assert a_le_role(relu(agent), Role.AUDITEUR)


def test_une_invitation_perimee_ne_se_prend_plus(administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
    avant = horloge_base() - timedelta(days=31)
    offert = roles.proposer(
        adresse=AGENT,
        role=Role.EXPERT,
        organisme=f.un_service(),
        jusqu_au=None,
        acteur=administrateurs[0],
        maintenant=avant,
    )
    agent = f.un_utilisateur(AGENT)
    entre(agent)
    assert not a_le_role(relu(agent), Role.EXPERT)
    assert refus(partial(activer, offert, agent)) == "habilitation_invitation_perimee"


def test_a_l_installation_les_roles_se_donnent_tant_que_le_portail_n_a_pas_deux_administrateurs() -> None:
    un, deux, trois = (f.un_utilisateur() for _ in range(3))
    for personne in (un, deux):
        habiliter(utilisateur=personne, role=Role.ADMINISTRATEUR, organisme=f.un_service())
    with pytest.raises(RegleEnfreinte, match="Le portail a deux administrateurs en poste"):
        habiliter(utilisateur=trois, role=Role.ADMINISTRATEUR, organisme=f.un_service())


def test_un_compte_qui_n_a_pas_prouve_son_adresse_attend_son_role() -> None:
    compte = Utilisateur.objects.create_user(AGENT)
    donne = habiliter(utilisateur=compte, role=Role.ADMINISTRATEUR, organisme=f.un_service())
    assert (donne.etat, a_le_role(compte, Role.ADMINISTRATEUR)) == (EtatHabilitation.INVITEE, False)
    PreuveDAdresse.objects.create(user=compte, email=AGENT, verified=True, primary=True)
    entre(compte)
    assert a_le_role(relu(compte), Role.ADMINISTRATEUR)


def test_nul_autre_ne_lit_qui_tient_un_role() -> None:
    """Two readers of what is in force would end up apart: only `comptes.habilitations` and the model filter by it."""
    racine = Path(__file__).resolve().parents[3]
    fautes = [
        str(module.relative_to(racine))
        for paquet in ("candidatures", "projets", "rebond", "territoires")
        for module in (racine / paquet).rglob("*.py")
        if "migrations" not in module.parts and "habilitations__" in module.read_text()
    ]
    assert fautes == []
