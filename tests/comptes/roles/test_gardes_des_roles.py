"""What Postgres refuses of roles, by the application's own connection, beside every rule of the application."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from rebond.comptes import regles
from rebond.comptes.actions import roles
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, OrigineHabilitation, Role
from territoires.models import Habilitation, PreuveDAdresse
from territoires.regles import DUREE_MAX_D_UN_ROLE, UN_AN
from tests import fabriques as f
from tests.comptes.roles.outils import AGENT, activer, proposer, signer
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrateurs() -> tuple[Utilisateur, Utilisateur]:
    return f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)


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
        assert refus(partial(activer, offert, inconnu)) == "habilitation_adresse_prouvee"
        PreuveDAdresse.objects.create(user=inconnu, email=AGENT, verified=False, primary=True)
        assert refus(partial(activer, offert, inconnu)) == "habilitation_adresse_prouvee"
        assert refus(partial(activer, offert, f.un_utilisateur())) == "habilitation_adresse_prouvee"
        PreuveDAdresse.objects.filter(user=inconnu).update(verified=True)
        assert refus(partial(activer, offert, inconnu)) is None

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
        with pytest.raises(Exception, match="permission denied"), f.dans_un_point_de_reprise():
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
