"""What is typed in the search, and what is answered when nothing can be looked for."""

import pytest
from django.test import Client

from rebond.recherche import demande
from rebond.recherche.demande import TROP_COURT, TROP_LONG, VIDE, lire
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def test_ce_que_l_on_tape_devient_des_mots_sans_accent_dont_le_dernier_est_peut_etre_inacheve():
    lue = lire("  Les  Fonderies d’Écully ")
    assert (lue.saisie, lue.mots, lue.refus) == ("Les  Fonderies d’Écully", ("les", "fonderies", "d", "ecully"), "")
    # Words that every text has go; a whole word by its stem, the last one by its first letters too.
    assert lue.requete == "'fonder' & ( 'ecully' | 'ecully':* )"


def test_un_numero_colle_avec_ses_espaces_est_un_seul_mot():
    assert lire("200 068 500").mots == ("200068500",)
    assert (lire("200\u00a0068").numero, lire("usine 200").numero, lire("usine").numero) == ("200068", "", "")


def test_rien_qui_puisse_se_chercher_est_dit_sans_rien_demander_a_la_base(django_assert_num_queries):
    with django_assert_num_queries(0):
        refus = [lire(saisie).refus for saisie in ("", "   ", "a", "?", "é !", "«»", "x" * 101, "a\x00")]
    assert refus == [VIDE, VIDE, TROP_COURT, TROP_COURT, TROP_COURT, TROP_COURT, TROP_LONG, TROP_COURT]


def test_des_mots_de_tous_les_textes_ne_font_pas_une_recherche():
    assert (lire("de la").requete, lire("dans les").requete) == ("", "")


def test_une_liste_de_mots_sans_fin_est_bornee():
    assert len(lire("ab " * 33).mots) == demande.MOTS_MAX


@pytest.mark.parametrize(
    "saisie",
    [
        *("", "a", "é", "x" * 10_000, "mot " * 2_500, "'; DROP TABLE candidatures_depot; --", "\x00", "usine\x00"),
        *(
            "de la",
            "du",
            "'",
            '"',
            "\\",
            "a & b",
            "usine | !",
            "usine:*",
            "(",
            "<->",
            "%",
            "_",
            "R",
            "R1-",
            "R1-99999999",
        ),
        *(
            "R99999-1",
            "R1-99999999",
            "<script>alert(1)</script>",
            "🏭",
            "工廠",
            "\ue000usine\ue001",
            "999999999999999999999",
            "-1",
        ),
    ],
)
def test_quoi_que_l_on_tape_la_page_repond(saisie):
    client = Client()
    client.force_login(f.un_utilisateur())
    page = client.get("/recherche/", {"q": saisie})
    assert page.status_code == 200
    texte = page.content.decode()
    assert 'role="status"' in texte
    assert "<script>alert(1)" not in texte
    assert "\ue000" not in texte


def test_un_visiteur_est_invite_a_se_connecter_et_une_sorte_inconnue_n_en_est_pas_une():
    assert Client().get("/recherche/?q=usine")["Location"] == "/compte/login/?next=/recherche/%3Fq%3Dusine"
    client = Client()
    client.force_login(f.un_utilisateur())
    partout, inconnue = (client.get(f"/recherche/?q=communique{suite}") for suite in ("", "&dans=secrets"))
    assert (partout.context["seule"], inconnue.context["seule"]) == (None, None)
    assert client.post("/recherche/").status_code == 405
