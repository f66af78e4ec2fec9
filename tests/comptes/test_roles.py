"""Roles that choose, sign or audit have two signatures and an end; Postgres refuses the rest, whoever writes it."""

from datetime import timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rebond.comptes import regles
from rebond.comptes.actions import habiliter, roles
from rebond.comptes.habilitations import a_le_role, titulaires
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import ROLES_A_DEUX_SIGNATURES, ROLES_INCOMPATIBLES, EtatHabilitation, OrigineHabilitation, Role
from territoires.models import Habilitation, PreuveDAdresse
from territoires.regles import DUREE_MAX_D_UN_ROLE, UN_AN
from tests import fabriques as f
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db
AGENT = "agent@exemple.fr"


@pytest.fixture
def administrateurs() -> tuple[Utilisateur, Utilisateur]:
    return f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)


def relu(personne: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.get(pk=personne.pk)


def proposer(acteur: Utilisateur, adresse: str = AGENT, role: Role = Role.VALIDEUR, **champs: Any) -> Habilitation:
    maintenant = horloge_base()
    champs = {"jusqu_au": maintenant + timedelta(days=300), "organisme": f.un_service()} | champs
    return roles.proposer(adresse=adresse, role=role, acteur=acteur, maintenant=maintenant, **champs)


def signer(habilitation: Habilitation, acteur: Utilisateur) -> Habilitation:
    return roles.signer(habilitation=habilitation, acteur=acteur, maintenant=horloge_base())


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
    assert refus(partial(_activer, offert, agent)) == "habilitation_invitation_perimee"


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


def _activer(habilitation: Habilitation, utilisateur: Utilisateur) -> None:
    maintenant = horloge_base()
    Habilitation.objects.filter(pk=habilitation.pk).update(
        etat=EtatHabilitation.ACTIVE,
        utilisateur=utilisateur,
        activee_le=maintenant,
        a_confirmer_avant=maintenant + UN_AN,
    )


def _sans_regle(acteur: Utilisateur, **champs: Any) -> Habilitation:
    """Written beside every rule of the application."""
    maintenant = horloge_base()
    valeurs = {
        "adresse": AGENT,
        "role": Role.VALIDEUR,
        "organisme": f.un_service(),
        "etat": EtatHabilitation.INVITEE,
        "proposee_par": acteur,
        "proposee_le": maintenant,
        "signee_le": maintenant,
        "jusqu_au": maintenant + timedelta(days=30),
    }
    return Habilitation.objects.create(**{**valeurs, **champs})


class TestPostgresRefuse:
    """Each by the application's own connection, without the application's rules."""

    def test_un_role_sans_adresse_prouvee(self, administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
        offert = signer(proposer(administrateurs[0]), administrateurs[1])
        inconnu = Utilisateur.objects.create_user(AGENT)
        assert refus(partial(_activer, offert, inconnu)) == "habilitation_adresse_prouvee"
        PreuveDAdresse.objects.create(user=inconnu, email=AGENT, verified=False, primary=True)
        assert refus(partial(_activer, offert, inconnu)) == "habilitation_adresse_prouvee"
        assert refus(partial(_activer, offert, f.un_utilisateur())) == "habilitation_adresse_prouvee"
        PreuveDAdresse.objects.filter(user=inconnu).update(verified=True)
        assert refus(partial(_activer, offert, inconnu)) is None

    def test_un_role_qui_naitrait_tenu(self, administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
        ecrire = partial(_sans_regle, administrateurs[0], signee_par=administrateurs[1])
        assert refus(partial(ecrire, etat=EtatHabilitation.ACTIVE)) == "habilitation_commence_sans_titulaire"
        assert refus(partial(ecrire, utilisateur=f.un_utilisateur())) == "habilitation_commence_sans_titulaire"
        assert refus(ecrire) is None

    def test_une_signature_qui_manque_ou_qui_est_la_meme(
        self, administrateurs: tuple[Utilisateur, Utilisateur]
    ) -> None:
        premier, second = administrateurs
        assert refus(partial(_sans_regle, premier)) == "habilitation_deux_signatures"
        assert refus(partial(_sans_regle, premier, signee_par=premier)) == "habilitation_signee_par_un_autre"
        assert refus(partial(_sans_regle, None, signee_par=second)) == "habilitation_par_un_administrateur"

    def test_une_signature_de_qui_n_est_pas_administrateur(
        self, administrateurs: tuple[Utilisateur, Utilisateur]
    ) -> None:
        autre, premier = f.un_agent(Role.VALIDEUR), administrateurs[0]
        assert refus(partial(_sans_regle, premier, signee_par=autre)) == "habilitation_par_un_administrateur"
        assert refus(partial(_sans_regle, autre, signee_par=premier)) == "habilitation_par_un_administrateur"

    @pytest.mark.parametrize("manque", ["passe", "suspendu", "ferme"])
    def test_la_signature_d_un_administrateur_qui_n_est_plus_en_poste(
        self, administrateurs: tuple[Utilisateur, Utilisateur], manque: str
    ) -> None:
        """What the application reads of who is in force, Postgres reads the same."""
        absent, maintenant = f.un_utilisateur(), horloge_base()
        echeance = maintenant - timedelta(minutes=1) if manque == "passe" else maintenant + UN_AN
        tenu = f.un_role(absent, Role.ADMINISTRATEUR, a_confirmer_avant=echeance)
        if manque == "suspendu":
            roles.suspendre(habilitation=tenu, acteur=administrateurs[0], maintenant=maintenant)
        elif manque == "ferme":
            Utilisateur.objects.filter(pk=absent.pk).update(is_active=False)
        ecrire = partial(_sans_regle, administrateurs[0], signee_par=absent)
        assert refus(ecrire) == "habilitation_par_un_administrateur"

    def test_un_role_donne_a_sa_propre_adresse(self, administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
        premier, second = administrateurs
        for adresse in (premier.email, second.email):
            ecrire = partial(_sans_regle, premier, signee_par=second, adresse=adresse)
            assert refus(ecrire) == "habilitation_jamais_a_soi_meme"

    def test_une_installation_quand_le_portail_a_deux_administrateurs(
        self, administrateurs: tuple[Utilisateur, Utilisateur]
    ) -> None:
        ecrire = partial(_sans_regle, None, origine=OrigineHabilitation.INSTALLATION, signee_le=None)
        assert refus(ecrire) == "habilitation_installation_finie"

    def test_un_role_qui_change_hors_de_ses_actes(self, administrateurs: tuple[Utilisateur, Utilisateur]) -> None:
        tenu = f.un_agent(Role.EXPERT).habilitations.get()
        lignes = Habilitation.objects.filter(pk=tenu.pk)
        loin = horloge_base() + 2 * UN_AN
        for champs in (
            {"role": Role.CHARGE_MISSION},
            {"utilisateur": f.un_utilisateur()},
            {"adresse": AGENT},
            {"jusqu_au": loin},
            {"proposee_par": f.un_utilisateur()},
            {"etat": EtatHabilitation.SUSPENDUE, "suspension": "par_decision", "suspendue_le": loin, "jusqu_au": loin},
        ):
            ecrire = partial(lignes.update, **champs)
            assert refus(ecrire) == "habilitation_change_par_ses_actes", champs
        assert refus(lambda: lignes.update(etat=EtatHabilitation.RETIREE, finie_le=loin)) is None

    def test_une_confirmation_sans_administrateur_ou_pour_plus_d_un_an(
        self, administrateurs: tuple[Utilisateur, Utilisateur]
    ) -> None:
        agent, maintenant = f.un_agent(Role.EXPERT), horloge_base()
        tenues = Habilitation.objects.filter(utilisateur=agent)
        confirmer = partial(tenues.update, confirmee_le=maintenant, a_confirmer_avant=maintenant + UN_AN)
        assert refus(confirmer) == "habilitation_par_un_administrateur"
        assert refus(partial(confirmer, confirmee_par=f.un_utilisateur())) == "habilitation_par_un_administrateur"
        assert refus(partial(confirmer, confirmee_par=administrateurs[0])) is None
        trop = partial(confirmer, confirmee_par=administrateurs[0], a_confirmer_avant=maintenant + 2 * UN_AN)
        assert refus(trop) == "habilitation_tenue_un_an"
        assert refus(partial(tenues.update, a_confirmer_avant=maintenant + UN_AN / 2)) is not None

    def test_qu_un_role_soit_efface(self) -> None:
        tenu = f.un_agent(Role.EXPERT).habilitations.get()
        with pytest.raises(Exception, match="Cannot delete"), f.dans_un_point_de_reprise():
            Habilitation.objects.filter(pk=tenu.pk)._raw_delete("default")

    def test_qu_une_adresse_change_sous_un_role(self) -> None:
        agent = f.un_agent(Role.EXPERT)
        changer = partial(Utilisateur.objects.filter(pk=agent.pk).update, email="ailleurs@exemple.fr")
        assert refus(changer) == "adresse_d_un_titulaire"
        assert refus(partial(Utilisateur.objects.filter(pk=agent.pk).update, email=agent.email.upper())) is None

    def test_qu_une_preuve_disparaisse_sous_un_role(self) -> None:
        preuves = PreuveDAdresse.objects.filter(user=f.un_agent(Role.EXPERT))
        assert refus(lambda: preuves.update(verified=False)) == "preuve_d_un_titulaire"
        assert refus(lambda: preuves.update(email="ailleurs@exemple.fr")) == "preuve_d_un_titulaire"
        assert refus(lambda: preuves.update(user=f.un_utilisateur())) == "preuve_d_un_titulaire"
        assert refus(preuves.delete) == "preuve_d_un_titulaire"
        assert refus(lambda: preuves.update(primary=False)) is None

    @pytest.mark.parametrize("tenu", [True, False])
    def test_un_administrateur_qui_serait_auditeur(
        self, administrateurs: tuple[Utilisateur, Utilisateur], tenu: bool
    ) -> None:
        premier, second = administrateurs
        adresse = f.un_agent(Role.ADMINISTRATEUR).email if tenu else AGENT
        if not tenu:
            proposer(premier, role=Role.ADMINISTRATEUR)
        ecrire = partial(_sans_regle, premier, signee_par=second, adresse=adresse, role=Role.AUDITEUR)
        assert refus(ecrire) == "habilitation_roles_incompatibles"


class TestJumeaux:
    @pytest.mark.jumeau("postgres:habilitation_qui_finit")
    @pytest.mark.parametrize("role", [Role.VALIDEUR, Role.EXPERT])
    @pytest.mark.parametrize(
        "duree",
        [
            None,
            timedelta(0),
            timedelta(microseconds=1),
            DUREE_MAX_D_UN_ROLE,
            DUREE_MAX_D_UN_ROLE + timedelta.resolution,
        ],
    )
    def test_la_fin_d_un_role(
        self, administrateurs: tuple[Utilisateur, Utilisateur], role: Role, duree: timedelta | None
    ) -> None:
        maintenant = horloge_base()
        fin = None if duree is None else maintenant + duree
        champs = {"role": role, "jusqu_au": fin, "proposee_le": maintenant, "signee_par": administrateurs[1]}
        refuse = refus(partial(_sans_regle, administrateurs[0], **champs))
        dit = regles.empechement_de_finir(role, fin, maintenant)
        assert refuse == ("habilitation_qui_finit" if dit else None)

    @pytest.mark.jumeau("postgres:habilitation_signee_par_un_autre")
    @pytest.mark.parametrize("meme", [True, False])
    def test_la_seconde_signature(self, administrateurs: tuple[Utilisateur, Utilisateur], meme: bool) -> None:
        premier = administrateurs[0]
        signataire = premier if meme else administrateurs[1]
        dit = regles.empechement_de_signer(
            EtatHabilitation.PROPOSEE,
            proposee_par=premier.pk,
            acteur=signataire.pk,
            adresse=AGENT,
            adresse_de_l_acteur=signataire.email,
        )
        refuse = refus(partial(_sans_regle, premier, signee_par=signataire))
        assert (dit, refuse) == ((regles.UN_AUTRE_SIGNE, "habilitation_signee_par_un_autre") if meme else (None, None))

    @pytest.mark.jumeau("postgres:habilitation_jamais_a_soi_meme")
    @pytest.mark.parametrize("soi", [True, False])
    def test_jamais_a_soi_meme(self, administrateurs: tuple[Utilisateur, Utilisateur], soi: bool) -> None:
        premier, second = administrateurs
        adresse = premier.email if soi else AGENT
        dit = regles.empechement_de_proposer(adresse=adresse, adresse_de_l_acteur=premier.email)
        refuse = refus(partial(_sans_regle, premier, signee_par=second, adresse=adresse))
        assert (dit is not None, refuse) == (soi, "habilitation_jamais_a_soi_meme" if soi else None)

    @pytest.mark.jumeau("postgres:habilitation_par_un_administrateur")
    @pytest.mark.parametrize(
        ("champs", "vaut"),
        [
            ({}, True),
            ({"a_confirmer_avant": timedelta(hours=1)}, True),
            ({"a_confirmer_avant": timedelta(microseconds=-1)}, False),
            ({"jusqu_au": timedelta(microseconds=-1), "proposee_le": timedelta(days=-2)}, False),
        ],
    )
    def test_un_role_en_vigueur(
        self, administrateurs: tuple[Utilisateur, Utilisateur], champs: dict[str, timedelta], vaut: bool
    ) -> None:
        maintenant = horloge_base()
        tenu = f.un_role(
            f.un_utilisateur(), Role.ADMINISTRATEUR, **{nom: maintenant + duree for nom, duree in champs.items()}
        )
        lu = Habilitation.objects.en_vigueur().filter(pk=tenu.pk).exists()
        refuse = refus(partial(_sans_regle, administrateurs[0], signee_par=tenu.utilisateur))
        assert (lu, refuse) == (vaut, None if vaut else "habilitation_par_un_administrateur")


def test_nul_autre_ne_lit_qui_tient_un_role() -> None:
    """Two readers of what is in force would end up apart: only `comptes.habilitations` and the model filter by it."""
    racine = Path(__file__).resolve().parents[2]
    fautes = [
        str(module.relative_to(racine))
        for paquet in ("candidatures", "projets", "rebond", "territoires")
        for module in (racine / paquet).rglob("*.py")
        if "migrations" not in module.parts and "habilitations__" in module.read_text()
    ]
    assert fautes == []
