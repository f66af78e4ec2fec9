"""How many statements each page of the portal takes, when each thing is there a few times and when it is thirty."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client

from candidatures.cahier.models import _lus
from rebond.documentation import acces
from tests.acces import decor
from tests.acces.adresses import adresses
from tests.acces.gens import COLONNES, PUBLIC
from tests.acces.monde import Decor
from tests.acces.requetes import est_sorti, sql_de, un_client
from tests.requetes.croissance import UNIQUES, effectifs, multiplier
from tests.requetes.plafonds import EXCEPTIONS, PLAFOND
from tests.requetes.semis import OUVERTES_D_ICI, VIDES, semer

pytestmark = pytest.mark.django_db
MATRICE = acces.lire(acces.FICHIER.read_text())
ADRESSES = adresses()
SANS_COMPTER = re.compile(r"(?:RELEASE |ROLLBACK TO )?SAVEPOINT ")
# What its reader sees there is of their role: each of them opens it.
DE_CHACUN = {"tableau_de_bord"}
# Addresses of which nobody of the decor gets a page, and why.
SANS_PAGE = {
    **dict.fromkeys(
        ("mfa_authenticate", "mfa_reauthenticate", "mfa_login_webauthn", "mfa_deactivate_totp", "proconnect_lier"),
        "le second temps d’une connexion",
    ),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_download_recovery_codes"), "des codes montrés une fois"),
    **dict.fromkeys(
        ("account_email_verification_sent", "account_confirm_login_code", "account_confirm_password_reset_code"),
        "un code que l’on vient de demander",
    ),
    **dict.fromkeys(("account_complete_password_reset", "account_set_password"), "un mot de passe que l’on choisit"),
    **dict.fromkeys(("proconnect_login", "proconnect_callback", "socialaccount_signup"), "ProConnect n’est pas réglé"),
    "socialaccount_login_error": "une erreur, dite sans rien lire",
    "commencer": "une adresse qui mène ailleurs",
    "candidatures:copier": "un dossier d’une vague passée, quand une autre est ouverte au même territoire",
    "candidatures:invitation_recue": "une invitation que personne d’autre ne lit",
    "candidatures:donner_accord": "un agent prouvé d’un autre membre du groupement, qui participe au dossier",
    **dict.fromkeys(
        ("candidatures:dossier_relie", "instruction:dossier_relie"), "un fichier, quand le dépôt est relié"
    ),
    "instruction:annonce": "une vague décidée et pas encore annoncée : celle des décisions, sans ses dossiers",
    **dict.fromkeys(
        (
            "instruction:piece_de_correction",
            "instruction:page_de_correction",
            "instruction:apercu_de_piece_de_correction",
        ),
        "un fichier, quand la correction est rendue",
    ),
    "administration:retablir": "une confirmation, d’une vague suspendue",
    "administration:reprendre_la_serie": "une confirmation, de la série finie",
    "administration:cahier_version": "une version passée du cahier, tel que la page de l’actuelle",
    "administration:cahier_restaurer": "une confirmation, d’une version passée du cahier",
    "rapports:fichier": "un fichier, quand le rapport est fait",
    "rendre_anonyme": "une confirmation, d’un compte fermé",
}

# Address, object and person.
Page = tuple[str, str, str]


def pages() -> Iterator[Page]:
    """Each page of the table of accesses, opened by the first of those who may, and by a visitor if they may too."""
    for ligne in MATRICE.lignes:
        servis = [qui for qui, statut in zip(COLONNES, ligne.reponses, strict=True) if statut == "200"]
        comptes = [qui for qui in servis if qui != PUBLIC]
        if ligne.methode == "GET":
            for qui in [*(comptes if ligne.adresse in DE_CHACUN else comptes[:1]), *({PUBLIC} & {*servis})]:
                yield ligne.adresse, ligne.objet, qui
    yield from ((adresse, objet, qui) for adresse, (objet, qui) in OUVERTES_D_ICI.items())


def compter(monde: Decor, clients: dict[str, Client]) -> dict[Page, int]:
    """Nothing is remembered from one page to the next: what is counted is what the first visitor costs."""
    comptes = {}
    for adresse, objet, qui in pages():
        if qui not in clients or est_sorti(clients[qui]):
            clients[qui] = un_client(monde.gens.get(qui))
        cache.clear()
        _lus.clear()
        with sql_de() as sql:
            lue = _lire(clients[qui].get(ADRESSES[adresse].pour(monde.objets[objet])))
        assert lue == 200, (adresse, objet, qui)
        comptes[adresse, objet, qui] = sum(1 for requete in sql if not SANS_COMPTER.match(requete))
    return comptes


def _lire(reponse: HttpResponseBase) -> int:
    if reponse.streaming:
        b"".join(reponse.streaming_content)  # type: ignore[attr-defined]
    return reponse.status_code


def de_trop(comptes: Mapping[Page, int]) -> dict[str, int]:
    """The dearest of each address, above the ceiling."""
    pires: dict[str, int] = {}
    for (adresse, *_), nombre in comptes.items():
        pires[adresse] = max(nombre, pires.get(adresse, 0))
    return {adresse: nombre for adresse, nombre in pires.items() if nombre > PLAFOND}


@pytest.fixture
def contact_de_securite(settings: Any) -> None:
    """As in production: there is something to read at `/.well-known/security.txt`."""
    settings.SECURITE_CONTACT = "mailto:securite@exemple.fr"
    settings.SECURITE_EXPIRE = (datetime.now(UTC) + timedelta(days=100)).strftime("%d/%m/%Y")


def test_aucune_page_ne_coute_plus_de_requetes_quand_tout_est_plus_nombreux(
    contact_de_securite: None, seances_de_l_instant: None
) -> None:
    """Every page that somebody may open, on three to five of each thing, then on thirty: no more statements, and no
    more than the ceiling. A table of the portal that stays empty, or that does not grow, fails too."""
    monde = decor.sous_embargo()
    semer(monde)
    d_origine = effectifs()
    assert {table for table, nombre in d_origine.items() if not nombre} == set(VIDES)

    clients: dict[str, Client] = {}
    multiplier(1, 1)
    peu = effectifs()
    petits = compter(monde, clients)
    multiplier(2, 8)
    beaucoup = effectifs()
    grands = compter(monde, clients)

    figees = {table for table, nombre in peu.items() if nombre < 2 * d_origine[table] or beaucoup[table] < 4 * nombre}
    grandissent = {page: (petits[page], grands[page]) for page in petits if grands[page] > petits[page]}
    chers = de_trop(grands)
    permis = {adresse: nombre for adresse, (nombre, _) in EXCEPTIONS.items()}
    assert (figees, grandissent, chers) == (set(), {}, permis)


def test_chaque_adresse_a_une_page_ouverte_par_quelqu_un_ou_n_en_est_pas_une() -> None:
    """A new address that nobody of the decor opens fails here: its count would be nobody's business."""
    lues = {ligne.adresse for ligne in MATRICE.lignes if ligne.methode == "GET"}
    assert lues - {adresse for adresse, *_ in pages()} == set(SANS_PAGE)


def test_ce_qui_depasse_le_plafond_le_dit_avec_sa_raison() -> None:
    assert EXCEPTIONS.keys() <= ADRESSES.keys()
    assert all(nombre > PLAFOND and raison for nombre, raison in EXCEPTIONS.values())
    assert not UNIQUES.keys() & VIDES.keys()
