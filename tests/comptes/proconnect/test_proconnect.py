"""Signing in with ProConnect: what it proves, what it opens, and how one leaves it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client

from rebond.comptes.habilitations import a_le_role
from rebond.comptes.securite.signaux import siret_prouve
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.comptes.proconnect.fournisseur import CLIENT, SIRET, Fournisseur

pytestmark = pytest.mark.django_db

ADRESSE = "dominique@exemple.fr"
MOT_DE_PASSE = "tulipe-canal-violon"


def partir(client: Client, **envoi: str) -> str:
    """Press the button; return the address of ProConnect where the browser is sent."""
    reponse = client.post("/compte/proconnect/", envoi)
    assert reponse.status_code == 302, reponse.content.decode()
    return reponse.headers["Location"]


def revenir(client: Client, recu: dict[str, str]) -> Any:
    return client.post(f"/compte/proconnect/retour/?code={recu['code']}&state={recu['state']}")


def entrer(client: Client, proconnect: Fournisseur, **envoi: str) -> Any:
    return revenir(client, proconnect.autoriser(partir(client, **envoi)))


def connecte(client: Client) -> int | None:
    pk = client.session.get("_auth_user_id")
    return int(pk) if pk else None


def un_compte(**champs: Any) -> Utilisateur:
    return f.un_utilisateur(ADRESSE, mot_de_passe=MOT_DE_PASSE, **champs)


def code_recu() -> str:
    code = re.search(r"^([A-Z0-9]{3,5}-?[A-Z0-9]{2,5})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None, mail.outbox[-1].body
    return code[1]


def test_sans_reglage_ni_bouton_ni_adresse(client: Client) -> None:
    assert "ProConnect" not in client.get("/compte/login/").content.decode()
    assert client.post("/compte/proconnect/").status_code == 404
    assert client.get("/compte/proconnect/retour/?code=a&state=b").status_code == 404


def test_la_demande_porte_pkce_etat_et_nonce_tires_pour_elle(client: Client, proconnect: Fournisseur) -> None:
    assert "ProConnect" in client.get("/compte/login/").content.decode()
    demandes = [parse_qs(urlsplit(partir(client)).query) for _ in range(2)]
    for demande in demandes:
        assert demande["response_type"] == ["code"]
        assert demande["client_id"] == [CLIENT]
        assert demande["redirect_uri"] == ["http://localhost:8000/compte/proconnect/retour/"]
        assert set(demande["scope"][0].split()) == {"openid", "given_name", "usual_name", "email", "siret", "uid"}
        assert demande["code_challenge_method"] == ["S256"]
        assert '"amr"' in demande["claims"][0]
    for nom in ("state", "nonce", "code_challenge"):
        premier, second = (demande[nom][0] for demande in demandes)
        assert premier != second
        assert len(premier) >= 16


def test_un_lien_vers_la_page_ne_change_rien_a_la_demande(client: Client, proconnect: Fournisseur) -> None:
    reponse = client.post("/compte/proconnect/?scope=phone&auth_params=nonce%3Dconnu%26prompt%3Dnone")
    demande = parse_qs(urlsplit(reponse.headers["Location"]).query)
    assert "phone" not in demande["scope"][0]
    assert demande["nonce"] != ["connu"]
    assert "prompt" not in demande


def test_partir_demande_un_envoi(client: Client, proconnect: Fournisseur) -> None:
    page = client.get("/compte/proconnect/")
    assert page.status_code == 200
    assert "S’identifier avec" in page.content.decode()


def test_le_retour_n_ecrit_rien_avant_l_envoi_de_sa_page(client: Client, proconnect: Fournisseur) -> None:
    recu = proconnect.autoriser(partir(client))
    adresse = f"/compte/proconnect/retour/?code={recu['code']}&state={recu['state']}"
    page = client.get(adresse)
    assert page.status_code == 200
    assert f'action="{adresse.replace("&", "&amp;")}"' in page.content.decode()
    assert (connecte(client), proconnect.echanges) == (None, [])
    assert client.post(adresse).headers["Location"] == "/tableau-de-bord/"
    assert connecte(client) is not None


def test_une_personne_nouvelle_a_un_compte_a_son_nom(client: Client, proconnect: Fournisseur) -> None:
    reponse = entrer(client, proconnect)
    assert reponse.headers["Location"] == "/tableau-de-bord/"
    personne = Utilisateur.objects.get(email=ADRESSE)
    assert (personne.prenom, personne.nom, connecte(client)) == ("Dominique", "Exemple", personne.pk)
    assert not personne.has_usable_password()
    assert EmailAddress.objects.get(user=personne).verified
    compte = SocialAccount.objects.get(user=personne)
    assert (compte.provider, compte.uid) == ("proconnect", "personne-1")
    assert compte.extra_data == {**proconnect.claims, "amr": [], "acr": ""}
    assert not SocialToken.objects.exists()


def test_une_adresse_que_proconnect_n_a_pas_verifiee_se_verifie_ici(client: Client, proconnect: Fournisseur) -> None:
    del proconnect.claims["email_verified"]
    reponse = entrer(client, proconnect)
    assert reponse.headers["Location"] == "/compte/confirm-email/"
    assert connecte(client) is None
    client.post("/compte/confirm-email/", {"code": code_recu()})
    assert connecte(client) == Utilisateur.objects.get(email=ADRESSE).pk


def test_la_meme_identite_retrouve_son_compte_meme_si_l_adresse_a_change(
    client: Client, proconnect: Fournisseur
) -> None:
    entrer(client, proconnect)
    premier = connecte(client)
    proconnect.claims["email"] = "autre@exemple.fr"
    client = Client()
    entrer(client, proconnect)
    assert connecte(client) == premier
    assert Utilisateur.objects.get(pk=premier).email == ADRESSE


def test_la_page_demandee_s_ouvre_et_jamais_un_autre_site(client: Client, proconnect: Fournisseur) -> None:
    assert entrer(client, proconnect, next="/candidatures/").headers["Location"] == "/candidatures/"
    client.post("/compte/logout/", {"next": "/"})
    reponse = entrer(client, proconnect, next="https://ailleurs.example/")
    assert reponse.headers["Location"] == "/tableau-de-bord/"


def test_le_siret_prouve_est_dit_a_qui_ecoute(client: Client, proconnect: Fournisseur) -> None:
    dits: list[tuple[str, str, str]] = []

    def ecouter(utilisateur: Utilisateur, siret: str, uid: str, **_: Any) -> None:
        dits.append((utilisateur.email, siret, uid))

    siret_prouve.connect(ecouter)
    try:
        entrer(client, proconnect)
    finally:
        siret_prouve.disconnect(ecouter)
    assert dits == [(ADRESSE, SIRET, "1234")]


class TestCompteExistant:
    def test_sans_role_et_verifie_des_deux_cotes_il_s_ouvre_et_son_titulaire_est_prevenu(
        self, client: Client, proconnect: Fournisseur
    ) -> None:
        compte = un_compte()
        entrer(client, proconnect)
        assert connecte(client) == compte.pk
        assert mail.outbox[-1].subject == "[Rebond industriel] ProConnect est relié à votre compte"
        assert EntreeJournal.objects.get(acte="proconnect relié").details == {"siret": SIRET}
        compte.refresh_from_db()
        assert compte.check_password(MOT_DE_PASSE)

    def test_avec_un_role_de_l_etat_rien_ne_se_relie_en_silence(self, client: Client, proconnect: Fournisseur) -> None:
        compte = un_compte()
        _donner(compte, Role.INSTRUCTEUR)
        reponse = entrer(client, proconnect)
        assert reponse.headers["Location"] == "/compte/proconnect/relier/"
        assert (connecte(client), SocialAccount.objects.count(), mail.outbox) == (None, 0, [])
        client.post("/compte/proconnect/relier/", {"action": "envoyer"})
        assert mail.outbox[-1].to == [ADRESSE]
        assert mail.outbox[-1].subject == "[Rebond industriel] Votre code pour relier ProConnect"
        client.post("/compte/proconnect/relier/", {"action": "verifier", "code": code_recu()})
        assert connecte(client) == compte.pk
        assert SocialAccount.objects.get().user == compte
        # From now on the identity is known.
        encore = Client()
        entrer(encore, proconnect)
        assert connecte(encore) == compte.pk

    def test_une_adresse_non_verifiee_par_proconnect_ne_relie_rien_en_silence(
        self, client: Client, proconnect: Fournisseur
    ) -> None:
        un_compte()
        proconnect.claims["email_verified"] = False
        assert entrer(client, proconnect).headers["Location"] == "/compte/proconnect/relier/"
        assert (connecte(client), SocialAccount.objects.count()) == (None, 0)

    def test_qui_avait_pris_l_adresse_d_autrui_sans_la_prouver_perd_son_mot_de_passe(
        self, client: Client, proconnect: Fournisseur
    ) -> None:
        squatte = un_compte()
        EmailAddress.objects.filter(user=squatte).update(verified=False)
        assert entrer(client, proconnect).headers["Location"] == "/compte/proconnect/relier/"
        client.post("/compte/proconnect/relier/", {"action": "envoyer"})
        client.post("/compte/proconnect/relier/", {"action": "verifier", "code": code_recu()})
        squatte.refresh_from_db()
        assert not squatte.has_usable_password()

    def test_trois_codes_faux_et_tout_est_a_refaire(self, client: Client, proconnect: Fournisseur) -> None:
        un_compte()
        proconnect.claims["email_verified"] = False
        entrer(client, proconnect)
        client.post("/compte/proconnect/relier/", {"action": "envoyer"})
        juste = code_recu()
        for _ in range(3):
            reponse = client.post("/compte/proconnect/relier/", {"action": "verifier", "code": "AAAA-AAAA"})
        assert "recommencez depuis ProConnect" in reponse.content.decode()
        client.post("/compte/proconnect/relier/", {"action": "verifier", "code": juste})
        assert (connecte(client), SocialAccount.objects.count()) == (None, 0)

    def test_les_codes_pour_relier_se_comptent_par_compte(self, client: Client, proconnect: Fournisseur) -> None:
        """Each code would otherwise give three tries more, and a mailbox be filled."""
        un_compte()
        proconnect.claims["email_verified"] = False
        entrer(client, proconnect)
        demandes = [client.post("/compte/proconnect/relier/", {"action": "envoyer"}).status_code for _ in range(7)]
        assert (demandes, len(mail.outbox)) == ([200] * 5 + [429] * 2, 5)

    def test_sans_demander_de_code_aucun_code_ne_relie(self, client: Client, proconnect: Fournisseur) -> None:
        un_compte()
        proconnect.claims["email_verified"] = False
        entrer(client, proconnect)
        reponse = client.post("/compte/proconnect/relier/", {"action": "verifier", "code": ""})
        assert reponse.status_code == 200
        client.post("/compte/proconnect/relier/", {"action": "verifier", "code": "-"})
        assert (connecte(client), SocialAccount.objects.count()) == (None, 0)

    def test_un_compte_ferme_reste_ferme(self, client: Client, proconnect: Fournisseur) -> None:
        un_compte(is_active=False)
        assert entrer(client, proconnect).headers["Location"] == "/compte/inactive/"
        assert (connecte(client), SocialAccount.objects.count()) == (None, 0)

    def test_son_titulaire_connecte_peut_relier_une_identite_d_une_autre_adresse(
        self, client: Client, proconnect: Fournisseur
    ) -> None:
        compte = un_compte()
        _donner(compte, Role.INSTRUCTEUR)
        proconnect.claims["email"] = "dominique@ministere.exemple.fr"
        client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
        client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
        entrer(client, proconnect, process="connect")
        assert SocialAccount.objects.get().user == compte
        page = client.get("/compte/proconnect/relies/").content.decode()
        assert "ProConnect est relié à votre compte" in page
        client.post("/compte/proconnect/relies/", {"account": SocialAccount.objects.get().pk})
        assert not SocialAccount.objects.exists()
        assert [e.acte for e in EntreeJournal.objects.filter(acte__startswith="proconnect").order_by("pk")] == [
            "proconnect relié",
            "proconnect délié",
        ]


class TestAgentsParProConnect:
    @pytest.fixture(autouse=True)
    def seuls(self, proconnect: Fournisseur, settings: Any) -> None:
        settings.AGENTS_PAR_PROCONNECT = True

    def test_le_mot_de_passe_juste_d_un_agent_n_ouvre_plus_rien_et_la_page_dit_pourquoi(self, client: Client) -> None:
        _donner(un_compte(), Role.INSTRUCTEUR)
        reponse = client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
        assert reponse.status_code == 403
        assert "Votre compte tient un rôle de l’État" in reponse.content.decode()
        assert connecte(client) is None

    def test_le_code_juste_d_un_agent_non_plus(self, client: Client) -> None:
        _donner(un_compte(), Role.INSTRUCTEUR)
        client.post("/compte/login/code/", {"email": ADRESSE})
        reponse = client.post("/compte/login/code/confirm/", {"code": code_recu()})
        assert reponse.status_code == 403
        assert connecte(client) is None

    def test_qui_ne_connait_pas_le_mot_de_passe_n_apprend_pas_qui_est_agent(self, client: Client) -> None:
        _donner(un_compte(), Role.INSTRUCTEUR)
        f.un_utilisateur("sans-role@exemple.fr", mot_de_passe=MOT_DE_PASSE)
        pages = [
            Client().post("/compte/login/", {"login": adresse, "password": "faux"}).content.decode()
            for adresse in (ADRESSE, "sans-role@exemple.fr")
        ]
        nues = [re.sub(r'name="(csrfmiddlewaretoken|cle_d_envoi)" value="[^"]+"', "", page) for page in pages]
        assert nues[0].replace(ADRESSE, "X") == nues[1].replace("sans-role@exemple.fr", "X")

    def test_un_agent_de_collectivite_se_connecte_comme_avant(self, client: Client) -> None:
        compte = un_compte()
        client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
        assert connecte(client) == compte.pk

    def test_un_agent_entre_par_proconnect_et_agit(self, client: Client, proconnect: Fournisseur) -> None:
        entrer(client, proconnect)
        personne = Utilisateur.objects.get(email=ADRESSE)
        _donner(personne, Role.INSTRUCTEUR)
        assert client.get("/instruction/").status_code == 200

    def test_un_role_donne_pendant_une_session_par_courriel_la_ferme(self, client: Client) -> None:
        compte = un_compte()
        client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
        assert client.get("/tableau-de-bord/").status_code == 200
        _donner(compte, Role.INSTRUCTEUR)
        reponse = client.get("/tableau-de-bord/", follow=True)
        assert connecte(client) is None
        assert "connectez-vous désormais avec ProConnect" in reponse.content.decode()


class TestSecondFacteurDeLAdministration:
    @pytest.fixture(autouse=True)
    def exige(self, proconnect: Fournisseur, settings: Any) -> None:
        settings.SECOND_FACTEUR_EXIGE = True

    def test_celui_que_l_administration_a_demande_suffit(self, client: Client, proconnect: Fournisseur) -> None:
        proconnect.id_token = {"amr": ["pwd", "mfa"]}
        entrer(client, proconnect)
        _donner(Utilisateur.objects.get(email=ADRESSE), Role.AUDITEUR)
        assert client.get("/journal/").status_code == 200

    def test_un_seul_facteur_de_l_administration_ne_suffit_pas(self, client: Client, proconnect: Fournisseur) -> None:
        proconnect.id_token = {"amr": ["pwd"]}
        entrer(client, proconnect)
        _donner(Utilisateur.objects.get(email=ADRESSE), Role.AUDITEUR)
        assert client.get("/journal/").headers["Location"] == "/compte/second-facteur/"


def test_sortir_sort_aussi_de_proconnect(client: Client, proconnect: Fournisseur) -> None:
    entrer(client, proconnect)
    sortie = urlsplit(client.post("/compte/logout/").headers["Location"])
    demande = {nom: valeurs[0] for nom, valeurs in parse_qs(sortie.query).items()}
    assert f"{sortie.scheme}://{sortie.netloc}{sortie.path}" == f"{proconnect.adresse}/logout"
    assert demande.pop("id_token_hint").count(".") == 2
    assert len(demande.pop("state")) > 16
    assert demande == {"post_logout_redirect_uri": "http://localhost:8000/"}
    assert connecte(client) is None


def test_qui_est_entre_autrement_sort_comme_avant(client: Client, proconnect: Fournisseur) -> None:
    un_compte()
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert client.post("/compte/logout/").headers["Location"] == "/"


def _donner(personne: Utilisateur, role: Role) -> None:
    modele = f.un_agent(role)
    f.un_role(personne, role, organisme=modele.habilitations.get().organisme)
    assert a_le_role(Utilisateur.objects.get(pk=personne.pk), role)
