"""The second factor: asked of the roles that choose, sign, publish or audit, and of nobody else."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction
from django.test import Client

from rebond.comptes.habilitations import a_le_role
from rebond.comptes.second_facteur.adaptateur import ILLISIBLE, AdaptateurDeSecondFacteur
from rebond.comptes.securite.preuves import ROLES_A_SECOND_FACTEUR
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db

MOT_DE_PASSE = "tulipe-canal-violon"
PAGES = {
    Role.ADMINISTRATEUR: "/administration/roles/",
    Role.VALIDEUR: "/instruction/",
    Role.PRESSE: "/presse/",
    Role.AUDITEUR: "/journal/",
}


@pytest.fixture(autouse=True)
def exige(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """allauth tells of a factor once its transaction is over, within the request; that of a test never is."""
    settings.SECOND_FACTEUR_EXIGE = True
    # The half minute of a code may end between its reading and its answer.
    settings.MFA_TOTP_TOLERANCE = 1
    monkeypatch.setattr(transaction, "on_commit", lambda suite, **_: suite())


def agent(role: Role) -> Utilisateur:
    personne = f.un_agent(role)
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    return personne


def entrer(personne: Utilisateur) -> Client:
    client = Client()
    client.post("/compte/login/", {"login": personne.email, "password": MOT_DE_PASSE})
    return client


def code_de(cle: str, *, suivant: bool = False) -> str:
    """That of now, or the next one: that of now has served to set the application up."""
    return format_hotp_value(hotp_value(cle, int(time.time()) // 30 + suivant))


def cle_de(personne: Utilisateur) -> str:
    facteur = Authenticator.objects.get(user=personne, type="totp")
    return AdaptateurDeSecondFacteur().decrypt(facteur.data["secret"])


def activer(client: Client) -> str:
    """Set up an application, as a person does; return its key."""
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    page = client.get("/compte/second-facteur/application/activate/").content.decode()
    cle = re.search(r'<code class="rebond-cle-totp">(\w+)</code>', page)
    assert cle is not None
    reponse = client.post("/compte/second-facteur/application/activate/", {"code": code_de(cle[1])})
    assert reponse.headers["Location"] == "/compte/second-facteur/codes-de-secours/"
    return cle[1]


def actes(personne: Utilisateur) -> list[tuple[str, dict[str, Any]]]:
    lus = EntreeJournal.objects.filter(objet_type="socle.utilisateur", objet_id=str(personne.pk)).order_by("pk")
    return [(entree.acte, entree.details) for entree in lus]


def test_chaque_role_qui_le_demande_a_sa_page() -> None:
    assert set(PAGES) == ROLES_A_SECOND_FACTEUR


@pytest.mark.parametrize("role", PAGES)
def test_sans_second_facteur_les_pages_du_role_menent_a_son_choix(role: Role) -> None:
    client = entrer(agent(role))
    reponse = client.get(PAGES[role])
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/compte/second-facteur/")
    page = client.get("/compte/second-facteur/").content.decode()
    assert f"Pour agir comme {role.label}, protégez d’abord votre compte" in page
    assert "Utiliser une application" in page
    assert "Ajouter une clé d’accès" in page


@pytest.mark.parametrize("role", PAGES)
def test_avec_l_application_les_pages_du_role_s_ouvrent(role: Role) -> None:
    personne = agent(role)
    client = entrer(personne)
    client.get(PAGES[role])
    activer(client)
    codes = client.get("/compte/second-facteur/codes-de-secours/").content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes)) == 10
    assert f'<a class="fr-btn" href="{PAGES[role]}">Continuer</a>' in codes
    assert client.get(PAGES[role]).status_code == 200
    assert [(acte, details["moyen"]) for acte, details in actes(personne)] == [
        ("second facteur ajouté", "application"),
        ("second facteur ajouté", "codes de secours"),
    ]


def test_qui_n_instruit_que_des_dossiers_n_en_a_pas_besoin() -> None:
    client = entrer(agent(Role.INSTRUCTEUR))
    assert client.get("/instruction/").status_code == 200
    assert "second facteur</a>." not in client.get("/tableau-de-bord/").content.decode()


def test_les_autres_droits_de_la_meme_personne_restent() -> None:
    personne = agent(Role.VALIDEUR)
    f.un_role(personne, Role.EXPERT)
    dossier = f.une_candidature()
    dossier.participations.create(utilisateur=personne, qualite="lecteur")
    client = entrer(personne)
    assert client.get("/instruction/avis/").status_code == 200
    assert client.get(f"/candidatures/{dossier.pk}/").status_code == 200
    tableau = client.get("/tableau-de-bord/").content.decode()
    assert "Pour agir comme valideur, <a href=" in tableau


def test_rien_ne_distingue_ce_qui_existe_de_ce_qui_n_existe_pas() -> None:
    client = entrer(agent(Role.VALIDEUR))
    dossier = f.une_candidature()
    ici = client.get(f"/instruction/dossiers/{dossier.pk}/")
    ailleurs = client.get("/instruction/dossiers/987654/")
    assert (ici.status_code, ici.headers["Location"]) == (ailleurs.status_code, ailleurs.headers["Location"])


def test_une_session_ouverte_avant_doit_se_prouver_aussi() -> None:
    personne = agent(Role.AUDITEUR)
    premiere, seconde = entrer(personne), entrer(personne)
    cle = activer(premiere)
    assert premiere.get("/journal/").status_code == 200
    reponse = seconde.get("/journal/")
    assert reponse.headers["Location"] == "/compte/second-facteur/confirmer/?next=%2Fjournal%2F"
    page = seconde.get(reponse.headers["Location"]).content.decode()
    assert "confirmez votre identité avec votre second facteur" in page
    reponse = seconde.post(
        "/compte/second-facteur/confirmer/", {"code": code_de(cle, suivant=True), "next": "/journal/"}
    )
    assert reponse.headers["Location"] == "/journal/"
    assert seconde.get("/journal/").status_code == 200


def test_se_connecter_demande_le_code_et_un_code_ne_sert_qu_une_fois() -> None:
    personne = agent(Role.AUDITEUR)
    cle = activer(entrer(personne))
    client = entrer(personne)
    assert "_auth_user_id" not in client.session
    page = client.get("/compte/second-facteur/connexion/").content.decode()
    assert "Confirmer avec votre second facteur" in page
    refus = client.post("/compte/second-facteur/connexion/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert "Un point est à corriger" in refus.content.decode()
    code = code_de(cle, suivant=True)
    client.post("/compte/second-facteur/connexion/", {"code": code})
    assert client.get("/journal/").status_code == 200
    rejoue = entrer(personne)
    rejoue.post("/compte/second-facteur/connexion/", {"code": code})
    assert "_auth_user_id" not in rejoue.session


def test_le_code_de_la_mise_en_place_ne_sert_plus(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same half minute for both: what refuses is that it has served."""
    instant = time.time()
    monkeypatch.setattr(time, "time", lambda: instant)
    personne = agent(Role.AUDITEUR)
    cle = activer(entrer(personne))
    for code, entre in ((code_de(cle), False), (code_de(cle, suivant=True), True)):
        client = entrer(personne)
        client.post("/compte/second-facteur/connexion/", {"code": code})
        assert ("_auth_user_id" in client.session) is entre


def test_un_code_de_secours_remplace_l_application_une_seule_fois() -> None:
    personne = agent(Role.AUDITEUR)
    activer(entrer(personne))
    code = Authenticator.objects.get(user=personne, type="recovery_codes").wrap().get_unused_codes()[0]
    client, encore = entrer(personne), entrer(personne)
    client.post("/compte/second-facteur/connexion/", {"code": code})
    assert client.get("/journal/").status_code == 200
    encore.post("/compte/second-facteur/connexion/", {"code": code})
    assert "_auth_user_id" not in encore.session
    assert actes(personne)[-1] == ("code de secours utilisé", {"restants": 9})


def test_les_codes_de_secours_se_telechargent_et_se_remplacent() -> None:
    personne = agent(Role.AUDITEUR)
    client = entrer(personne)
    assert client.get("/compte/second-facteur/codes-de-secours/").status_code in {302, 404}
    activer(client)
    fichier = client.get("/compte/second-facteur/codes-de-secours/fichier/")
    assert fichier["Content-Disposition"] == 'attachment; filename="codes-de-secours-rebond.txt"'
    avant = re.findall(r"^\d{8}$", fichier.content.decode(), re.MULTILINE)
    client.post("/compte/second-facteur/codes-de-secours/renouveler/")
    apres = client.get("/compte/second-facteur/codes-de-secours/fichier/").content.decode()
    assert len(avant) == 10
    assert not any(code in apres for code in avant)


def test_retirer_le_dernier_facteur_suspend_le_role() -> None:
    personne = agent(Role.AUDITEUR)
    client = entrer(personne)
    activer(client)
    client.post("/compte/second-facteur/application/deactivate/")
    assert not Authenticator.objects.filter(user=personne).exists()
    assert client.get("/journal/").headers["Location"] == "/compte/second-facteur/"


def test_les_secrets_sont_chiffres_dans_la_base() -> None:
    personne = agent(Role.AUDITEUR)
    cle = activer(entrer(personne))
    gardes = {facteur.type: str(facteur.data) for facteur in Authenticator.objects.filter(user=personne)}
    assert cle not in gardes["totp"]
    assert cle_de(personne) == cle
    assert "gAAAA" in gardes["totp"]
    assert "'seed': 'gAAAA" in gardes["recovery_codes"]


def test_une_cle_remplacee_lit_encore_et_une_cle_perdue_ne_laisse_entrer_personne(settings: Any) -> None:
    personne = agent(Role.AUDITEUR)
    cle = activer(entrer(personne))
    settings.CLES_DES_SECONDS_FACTEURS = ["une-clef-neuve", *settings.CLES_DES_SECONDS_FACTEURS]
    client = entrer(personne)
    client.post("/compte/second-facteur/connexion/", {"code": code_de(cle, suivant=True)})
    assert client.get("/journal/").status_code == 200
    settings.CLES_DES_SECONDS_FACTEURS = ["une-clef-neuve"]
    perdu = entrer(personne)
    # The code that an empty secret would make.
    reponse = perdu.post("/compte/second-facteur/connexion/", {"code": code_de("")})
    assert reponse.status_code == 409
    assert ILLISIBLE in reponse.content.decode()
    assert "_auth_user_id" not in perdu.session


def test_la_preuve_d_une_personne_n_est_pas_celle_d_une_autre() -> None:
    """Somebody who begins to sign in proves it for themselves alone, on a machine that others use next."""
    premiere, seconde = agent(Role.AUDITEUR), agent(Role.AUDITEUR)
    client = entrer(premiere)
    activer(client)
    client.force_login(seconde)
    assert client.get("/journal/").headers["Location"] == "/compte/second-facteur/"


def test_qui_n_est_personne_d_une_requete_garde_ses_droits() -> None:
    """Letters and tasks ask who holds a role; nobody is there to prove anything."""
    assert a_le_role(agent(Role.ADMINISTRATEUR), Role.ADMINISTRATEUR)


def test_la_page_qui_suit_un_changement_mene_a_ses_sessions() -> None:
    """ASVS 5.0, 7.4.3; after a change of password, the others end by themselves."""
    client = entrer(agent(Role.AUDITEUR))
    activer(client)
    assert 'href="/compte/sessions/"' in client.get("/compte/second-facteur/").content.decode()
    client.post("/compte/second-facteur/application/deactivate/")
    assert 'href="/compte/sessions/"' in client.get("/compte/second-facteur/").content.decode()


def test_facultatif_personne_n_attend(settings: Any) -> None:
    settings.SECOND_FACTEUR_EXIGE = False
    client = entrer(agent(Role.ADMINISTRATEUR))
    assert client.get("/administration/roles/").status_code == 200
