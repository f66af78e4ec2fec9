"""The passage that a result quotes, of a text of any length; which files come first, whatever is attached to them."""

import pytest
from django.db import connection

from rebond.recherche.expressions import DEBUT, FIN
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.fichiers import un_pdf
from tests.outils.roles import administrer
from tests.recherche.test_ce_que_l_on_trouve import un_dossier_lu
from tests.recherche.test_dans_les_pieces import MOT, page_de, trouves, un_dossier

pytestmark = pytest.mark.django_db
REMPLI = "Un autre mot de plus. " * 3_000
#: More than this is never laid before Postgres for it to choose a passage in.
LONGUEUR_MAX = 1_800


def passage(texte: str, *mots: str) -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT recherche_passage(%s, recherche_requete(%s))", [texte, list(mots)])
        return curseur.fetchone()[0]


def extrait(texte: str, *mots: str) -> str:
    """What a page quotes, the words that were found between brackets."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT ts_headline('public.recherche_racines', recherche_passage(%(texte)s, q), q, %(options)s)"
            " FROM recherche_requete(%(mots)s) q",
            {
                "texte": texte,
                "mots": list(mots),
                "options": f"StartSel={DEBUT}, StopSel={FIN}, MaxFragments=1, MaxWords=30, MinWords=14",
            },
        )
        return curseur.fetchone()[0].replace(DEBUT, "[").replace(FIN, "]")


@pytest.mark.parametrize(
    ("ecrit", "mots", "trouve"),
    [
        ("La tuilerie ferme", ["tuilerie"], "[tuilerie]"),
        ("Trois TUILERIES ferment", ["tuileries"], "[TUILERIES]"),
        ("La résilience du bassin", ["resiliences", "du", "bass"], "[résilience] du [bassin]"),
        ("Le cœur du chœur", ["choeur"], "[chœur]"),
        ("L’hôpital où l’œuvre naît", ["oeuv"], "[œuvre]"),
        ("À la fréquence dite", ["frequences", "dite"], "[fréquence] [dite]"),
        ("Le SIREN 200068500", ["200068500"], "[200068500]"),
    ],
)
def test_le_passage_d_un_long_texte_se_trouve_ou_que_soit_le_mot(ecrit: str, mots: list[str], trouve: str):
    for texte in (f"{REMPLI}{ecrit}.", f"{ecrit}. {REMPLI}", f"{REMPLI}{ecrit}. {REMPLI}"):
        assert trouve in extrait(texte, *mots)
        assert len(passage(texte, *mots)) <= LONGUEUR_MAX


def test_un_passage_est_pris_la_ou_les_mots_sont_ensemble():
    seuls = "La fonderie tient bon. " + REMPLI
    lu = extrait(f"{seuls * 3}La fonderie ferme et la scierie embauche. {seuls}", "fonderie", "scierie")
    assert "[fonderie] ferme et la [scierie]" in lu


def test_un_texte_court_est_lu_entier_et_celui_qui_ne_dit_rien_depuis_son_debut():
    assert passage("Une tuilerie ferme.", "tuilerie") == "Une tuilerie ferme."
    assert REMPLI.startswith(passage(REMPLI, "introuvable"))
    assert passage(REMPLI, "le", "de") == REMPLI[:LONGUEUR_MAX]


def test_un_mot_a_la_fin_d_une_longue_piece_est_cite():
    un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT} ferme")))
    administrer(
        f"UPDATE socle_lecture SET texte = repeat('Un autre mot. ', 10000) || 'La {MOT} ferme.'"
        f" WHERE texte LIKE '%{MOT}%'"
    )
    moi = f.un_agent(Role.INSTRUCTEUR)
    assert f"La <mark>{MOT}</mark> ferme" in page_de(moi).text


def test_ce_qu_un_dossier_dit_lui_meme_vient_avant_ce_que_disent_ses_pieces():
    """However much an attachment says it, and however late it came."""
    ecrit = un_dossier_lu("Val Écrit", f"La {MOT} ferme.")
    joint = un_dossier(("étude.pdf", un_pdf(marque=" ".join([f"Une {MOT}"] * 20))), nom="Val Joint")
    assert joint.pk > ecrit.pk
    assert [titre for titre, _ in trouves(f.un_agent(Role.COMITE))] == ["Val Écrit", "Val Joint"]


def test_de_plusieurs_dossiers_que_leurs_pieces_seules_trouvent_le_dernier_vient_d_abord():
    """What their attachments weigh is not read: there may be thousands of pages."""
    un_dossier(("étude.pdf", un_pdf(marque=" ".join([f"Une {MOT}"] * 20))), nom="Val Premier")
    un_dossier(("étude.pdf", un_pdf(marque=f"Une seule {MOT}")), nom="Val Second")
    assert [titre for titre, _ in trouves(f.un_agent(Role.COMITE))] == ["Val Second", "Val Premier"]
