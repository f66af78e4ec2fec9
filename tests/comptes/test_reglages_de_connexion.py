"""What an installation may set of sign-in, and what production refuses at its start."""

from typing import Any

import pytest
from allauth.account import app_settings as account

from rebond.comptes.courriels import VALIDITE
from rebond.comptes.proconnect import liaison
from rebond.environnement import Environnement, ReglageInvalide
from rebond.reglages_de_connexion import reglages

HTTPS, LOCAL = "https://rebond.example.fr", "http://localhost:8000"
PROCONNECT = {
    "REBOND_PROCONNECT_ADRESSE": "https://proconnect.example/api/v2/",
    "REBOND_PROCONNECT_CLIENT": "rebond",
    "REBOND_PROCONNECT_SECRET": "secret",
}


def lus(adresse: str, *, demonstration: bool = False, csp: dict[str, Any] | None = None, **environ: str) -> Any:
    return reglages(
        Environnement(environ),
        adresse=adresse,
        demonstration=demonstration,
        cle="une-clef",
        csp=csp or {"DIRECTIVES": {"form-action": ["'self'"]}},
    )


@pytest.mark.parametrize(
    ("adresse", "demonstration", "environ", "exige"),
    [
        (LOCAL, True, {}, False),
        (LOCAL, True, {"REBOND_SECOND_FACTEUR": "exige"}, True),
        (LOCAL, False, {}, True),
        (LOCAL, False, {"REBOND_SECOND_FACTEUR": "facultatif"}, False),
        (HTTPS, False, {}, True),
        (HTTPS, True, {}, True),
    ],
)
def test_le_second_facteur_n_est_facultatif_que_sur_un_poste(
    adresse: str, demonstration: bool, environ: dict[str, str], exige: bool
) -> None:
    assert lus(adresse, demonstration=demonstration, **environ)["SECOND_FACTEUR_EXIGE"] is exige


@pytest.mark.parametrize("demonstration", [True, False])
def test_un_portail_en_https_refuse_un_second_facteur_facultatif(demonstration: bool) -> None:
    with pytest.raises(ReglageInvalide, match="REBOND_SECOND_FACTEUR vaut « facultatif »"):
        lus(HTTPS, demonstration=demonstration, REBOND_SECOND_FACTEUR="facultatif")


def test_un_mot_inconnu_est_refuse() -> None:
    with pytest.raises(ReglageInvalide, match="écrivez exige ou facultatif"):
        lus(LOCAL, REBOND_SECOND_FACTEUR="non")


def test_sans_adresse_il_n_y_a_pas_de_proconnect() -> None:
    reglages_lus = lus(HTTPS)
    assert reglages_lus["PROCONNECT_ADRESSE"] == ""
    assert "SOCIALACCOUNT_PROVIDERS" not in reglages_lus


@pytest.mark.parametrize("absent", ["REBOND_PROCONNECT_CLIENT", "REBOND_PROCONNECT_SECRET"])
def test_proconnect_se_regle_en_entier(absent: str) -> None:
    environ = {nom: valeur for nom, valeur in PROCONNECT.items() if nom != absent}
    with pytest.raises(ReglageInvalide, match=absent):
        lus(HTTPS, **environ)


def test_proconnect_en_clair_est_refuse_en_production() -> None:
    with pytest.raises(ReglageInvalide, match="une adresse en https: est attendue"):
        lus(HTTPS, **PROCONNECT | {"REBOND_PROCONNECT_ADRESSE": "http://proconnect.example"})


def test_le_navigateur_laisse_partir_vers_proconnect_et_vers_lui_seul() -> None:
    csp = {"DIRECTIVES": {"form-action": ["'self'"]}}
    lus(HTTPS, csp=csp, **PROCONNECT)
    assert csp["DIRECTIVES"]["form-action"] == ["'self'", "https://proconnect.example"]


def test_fermer_le_courriel_aux_agents_demande_proconnect() -> None:
    with pytest.raises(ReglageInvalide, match="REBOND_AGENTS_PAR_PROCONNECT demande"):
        lus(HTTPS, REBOND_AGENTS_PAR_PROCONNECT="oui")
    assert lus(HTTPS, REBOND_AGENTS_PAR_PROCONNECT="oui", **PROCONNECT)["AGENTS_PAR_PROCONNECT"] is True


@pytest.mark.parametrize("environ", [{"REBOND_INACTIVITE": "0"}, {"REBOND_INACTIVITE": "90", "REBOND_SESSION": "60"}])
def test_une_duree_de_session_insensee_est_refusee(environ: dict[str, str]) -> None:
    with pytest.raises(ReglageInvalide, match="REBOND_INACTIVITE"):
        lus(HTTPS, **environ)


def test_un_code_envoye_vaut_dix_minutes_au_plus_ou_qu_il_serve() -> None:
    """ASVS 5.0, 6.5.5; the letters and the pages say ten."""
    durees = {
        account.LOGIN_BY_CODE_TIMEOUT,
        account.PASSWORD_RESET_BY_CODE_TIMEOUT,
        account.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        liaison.DUREE,
        VALIDITE.total_seconds(),
    }
    assert durees == {600}
