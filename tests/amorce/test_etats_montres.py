"""No page, list, form or export shows the state of a file or of a wave but through `candidatures.instruction.acces`.

What a reader may know is `etat_connu`; the real state judges acts. Where what shows things reads it all the same is
written here, with the reason why nobody learns anything from it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from candidatures.models import Candidature, Decision, Proposition, Recevabilite, Suivi, Vague
from tests.outils.listes import champs_lus, listes_declarees

RACINE = Path(__file__).resolve().parents[2]
# Rooms and layers that act, judge or keep, and the two modules that say what may be known.
JUGENT = {"actions", "cahier", "connaissance", "etats", "management", "migrations", "models", "proces_verbal"}
JUGENT |= {"recepteurs", "regles", "reprise", "tasks"}
# What shows something to somebody. Models, rules and acts judge on the real state.
MONTRENT = sorted(
    chemin
    for dossier in ("candidatures", "rebond/portail", "rebond/comptes")
    for chemin in (RACINE / dossier).rglob("*.py")
    if not JUGENT & {*chemin.relative_to(RACINE).parts, chemin.stem}
    and chemin != RACINE / "candidatures/instruction/acces.py"
)
AVANT = "a draft, a deposit or a withdrawal: nothing is instructed yet"
FIL = "from « en instruction » on, the same answer in every state"
CLOTURE = "whether the closing is recorded, or the wave suspended: both are public"
CONNU = "`DossierOuvert.etat` is what the territory knows"
AUTRE = "the state of something else"
PROPOSE = "from the proposal on, the same answer in every state"
INSTRUIT = "for those who instruct the file, and read it whole"
PERMIS = {
    "candidatures/instruction/avis/requetes.py a_relancer": "whether the letter of a request for an avis was written",
    "candidatures/calendrier/flux.py en_icalendar": CLOTURE,
    "candidatures/instruction/comptes.py _etats_gardes": "of whoever reads every file whole: it is what they know",
    "candidatures/instruction/comptes.py a_instruire_en_tout": "among files still to be instructed: no secret",
    "candidatures/instruction/ma_vague/facettes.py ": "the bits of a state, joined with those of what one reads whole",
    "candidatures/instruction/suivi/denombrement.py _feuille": "the same, of rows",
    "candidatures/instruction/suivi/suites.py ": "the narrow row, of which lists read what the reader may know",
    "candidatures/surveillance/constats.py constater": CLOTURE,
    "candidatures/dossier/liens/requetes.py lien_de": AVANT,
    "candidatures/dossier/pieces/emplacements.py en_attente": AUTRE,
    "candidatures/dossier/pieces/emplacements.py infectee": AUTRE,
    "candidatures/dossier/pieces/emplacements.py effacee": AUTRE,
    "candidatures/dossier/pieces/emplacements.py servie": AUTRE,
    "candidatures/instruction/rappels.py rappeler": "to those who instruct, of what their dashboard counts",
    **{f"candidatures/instruction/avis/requetes.py {nom}": PROPOSE for nom in ("saisines_de", "demandes_d_avis")},
    **{f"candidatures/pages/instruction/avis/reponses.py {nom}": PROPOSE for nom in ("rendre", "_empechement")},
    **{
        f"candidatures/pages/instruction/avis/demandes.py {nom}": INSTRUIT for nom in ("demander", "lever", "revoquer")
    },
    "candidatures/instruction/tenue.py instruire": "gives an act back what it made of the state",
    "candidatures/evaluation/candidats.py manquants": INSTRUIT,
    "candidatures/evaluation/requetes.py siennes": INSTRUIT,
    "candidatures/instruction/recevabilite/requetes.py _dire": INSTRUIT,
    "candidatures/instruction/recevabilite/requetes.py empechement_de_constater": INSTRUIT,
    "candidatures/instruction/requetes.py empechement_de_proposer": INSTRUIT,
    "candidatures/labellisation/requetes.py ce_qui_empeche_de_decider": "said to a valideur without interest there",
    "candidatures/labellisation/requetes.py _dossiers_qui_restent": "said to a valideur without interest there",
    "candidatures/labellisation/requetes.py _dire_l_annonce": "said only to whoever knows that the wave is decided",
    "candidatures/cloture/forms/prolongations.py __init__": AVANT,
    "candidatures/cloture/forms/prolongations.py label_from_instance": AVANT,
    "candidatures/pages/territoire/groupement.py _dans_d_autres_dossiers": AVANT,
    "candidatures/surveillance/lectures.py a_lire": AUTRE,
    "candidatures/surveillance/lectures.py _lire": AUTRE,
    "candidatures/surveillance/veille.py _portail_indisponible": AUTRE,
    "candidatures/surveillance/veille.py _proces_verbaux_en_retard": CLOTURE,
    "candidatures/pages/commun/exemplaires.py ce_qui_se_lit": AVANT,
    "candidatures/pages/administration/prolongations.py _initial": AVANT,
    "candidatures/pages/territoire/acces.py echange": FIL,
    "candidatures/pages/territoire/acces.py copiable": CONNU,
    "candidatures/pages/territoire/acces.py correction": CONNU,
    "candidatures/pages/territoire/acces.py peut_deposer": AVANT,
    "candidatures/pages/territoire/acces.py empechement_d_ecrire": AVANT,
    "candidatures/pages/territoire/acces.py empechement_de_copier": CONNU,
    "candidatures/pages/territoire/acces.py empechement_de_retirer": AVANT,
    "candidatures/pages/territoire/acces.py est_modifiable": CONNU,
    "candidatures/pages/territoire/acces.py est_un_brouillon": CONNU,
    "candidatures/pages/territoire/partage/liens.py partager": CONNU,
    "candidatures/pages/territoire/acces.py situation": CONNU,
    "candidatures/pages/administration/vagues.py calendrier": "how many were deposited",
    "candidatures/pages/administration/calendrier.py reprendre_la_serie": CLOTURE,
    "candidatures/pages/administration/calendrier.py retablir": CLOTURE,
    "candidatures/depot/requetes.py reserve_de": "withdrawn, which its territory did",
    "candidatures/dossier/requetes.py deja_ouvert": AVANT,
    "candidatures/dossier/requetes.py exiger_l_ecriture": "judges an act: beyond « déposée », one refusal for all",
    "candidatures/pages/territoire/acces.py collectivite_a_prouver": CONNU,
    "candidatures/pages/territoire/corrections.py _quand": "« correction demandée » is told to the territory",
    "candidatures/pages/territoire/corrections.py correction": FIL,
    "candidatures/pages/instruction/corrections.py demander": "for those who instruct the file, and read it whole",
    "candidatures/pages/territoire/equipe.py corriger_adresse": CONNU,
    "candidatures/pages/territoire/equipe.py equipe": CONNU,
    "candidatures/pages/territoire/equipe.py participant": CONNU,
    "candidatures/pages/territoire/equipe.py participant_retirer": CONNU,
    "candidatures/pages/territoire/equipe.py passer_la_main": CONNU,
    "candidatures/pages/instruction/messages.py du_service": FIL,
    "candidatures/pages/territoire/messages.py messages": FIL,
    "candidatures/pages/territoire/porteur.py dossier": CONNU,
    "candidatures/pages/territoire/porteur.py _ce_qui_n_est_pas_arrive": CONNU,
    "candidatures/pages/administration/prolongations.py prolongation": AUTRE,
    "candidatures/pages/territoire/atelier/saisie.py _enregistre": CONNU,
    **{f"rebond/comptes/actes_sur_un_role.py {nom}": AUTRE for nom in ("_signer", "_ecarter", "_confirmer")},
    **{f"rebond/comptes/actes_sur_un_role.py {nom}": AUTRE for nom in ("_suspendre", "_retirer")},
    **{f"rebond/comptes/requetes.py {nom}": AUTRE for nom in ("invitations_de", "a_signer_par", "a_confirmer_par")},
    **{f"rebond/portail/bureau/administration.py {nom}": AUTRE for nom in ("signer", "administrer", "auditer")},
    "rebond/portail/bureau/missions.py _avec_leurs_nombres": AUTRE,
}
# In templates: the expressions that speak of a state, and are not `etat_connu`.
EXPRESSIONS = re.compile(
    r"[\w.]*\b(?:etat|get_etat_display|labellisee_le|annoncee_le|decision|proposition|recevabilite)\b(?![\w='-])"
)
GABARITS = {
    # What specifications ask, which is no state.
    "candidatures/administration/cahier/_cahier_conditions.html": {"cahier.recevabilite"},
    "candidatures/commun/_conditions.html": {"cahier.recevabilite"},
    "candidatures/public/cahier_des_charges.html": {"cahier.recevabilite"},
    "candidatures/territoire/depot/deposer.html": {"ouvert.cahier.recevabilite"},
    "candidatures/commun/_reprise.html": {"reprise.etat"},
    "candidatures/administration/prolongation.html": {"prolongation.etat", "prolongation.get_etat_display"},
    "candidatures/administration/cellules/etat_de_la_prolongation.html": {"prolongation.etat"},
    "candidatures/administration/clotures.html": {"etat"},
    # A state of the list of states, beside how many files their reader knows to be in it.
    "candidatures/instruction/annonce.html": {"etat"},
    # Only for whoever reads the instruction whole.
    "candidatures/instruction/_decision.html": {"proposition"},
    "candidatures/instruction/archive.html": {"dossier.recevabilite", "dossier.proposition", "dossier.decision"},
    "candidatures/instruction/avis/_demandes.html": {"dossier.decision"},
    "candidatures/instruction/_instruction.html": {
        "dossier.proposition",
        "dossier.decision",
    },
    "candidatures/instruction/proposer.html": {"dossier.proposition"},
    "candidatures/instruction/resultats.html": {"vague.labellisee_le", "vague.annoncee_le"},
    "portail/_espace_du_territoire.html": {"mission.get_etat_display"},
}
MOT = re.compile(r"\b(\w+__)?(etat|labellisee_le|annoncee_le)\b")
CHAMPS = re.compile(r"(\w+__)?(etat|labellisee_le|annoncee_le)(__\w+)?")


def lectures(noeud: ast.AST, fonction: str = "") -> Iterator[str]:
    """The functions that read a state: an attribute, a filter, a column."""
    if isinstance(noeud, ast.FunctionDef):
        fonction = noeud.name
    lue = isinstance(noeud, ast.Attribute) and isinstance(noeud.ctx, ast.Load)
    if lue and noeud.attr in {"etat", "get_etat_display", "labellisee_le", "annoncee_le"}:  # type: ignore[attr-defined]
        yield fonction
    if isinstance(noeud, ast.keyword) and noeud.arg and CHAMPS.fullmatch(noeud.arg):
        yield fonction
    if isinstance(noeud, ast.Call):
        # The first word of a column is its name; what it reads is judged below.
        mots = noeud.args[1:] if isinstance(noeud.func, ast.Name) and noeud.func.id == "Colonne" else noeud.args
        textes = [a.value for a in mots if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if any(CHAMPS.fullmatch(texte.removeprefix("-")) for texte in textes):
            yield fonction
    for enfant in ast.iter_child_nodes(noeud):
        yield from lectures(enfant, fonction)


def test_le_code_qui_montre_ne_lit_que_l_etat_connu() -> None:
    lus = {
        f"{chemin.relative_to(RACINE)} {fonction}"
        for chemin in MONTRENT
        for fonction in lectures(ast.parse(chemin.read_text()))
    }
    assert lus == set(PERMIS)


# What lists read of a state all the same, or of what the instruction proposes and decides.
LISTES = {
    # The phase: whether the wave is suspended and its closing recorded; and results once they are public.
    "ListeDesVagues": {"etat"},
    "ListeDuCalendrier": {"etat"},
    # Their rows are files that one reads whole.
    "ListeDesDossiers": {"candidature__proposition__sens"},
}
DECISIONS = {Decision, Proposition, Recevabilite}


def test_les_listes_ne_lisent_ne_trient_ni_ne_filtrent_que_l_etat_connu() -> None:
    lus: dict[str, set[str]] = {}
    for liste in listes_declarees():
        for chemin, champ in champs_lus(liste).items():
            secret = champ.model in {Candidature, Suivi, Vague} and CHAMPS.fullmatch(champ.name)
            if secret or champ.model in DECISIONS:
                lus.setdefault(liste.__name__, set()).add(chemin)
        if liste.modele in {Candidature, Suivi, Vague}:
            filtres = liste.filtres.base_filters.values() if liste.filtres else ()
            ecrits = [
                *map(repr, liste.tris(liste.colonnes).values()),
                *(f"{filtre.field_name} {getattr(filtre, 'cas', '')}" for filtre in filtres),
            ]
            assert [ecrit for ecrit in ecrits if MOT.search(ecrit)] == []
    assert lus == LISTES


def test_les_gabarits_ne_montrent_que_l_etat_connu() -> None:
    racine = RACINE / "templates"
    trouves = {
        str(chemin.relative_to(racine)): set(EXPRESSIONS.findall(balises(chemin.read_text())))
        for dossier in ("candidatures", "portail", "erreurs", "documents")
        for chemin in sorted((racine / dossier).rglob("*.html"))
    }
    assert {nom: lus for nom, lus in trouves.items() if lus} == GABARITS


def balises(gabarit: str) -> str:
    """What a template computes, without its text nor its strings."""
    return re.sub(r'"[^"]*"', '""', " ".join(re.findall(r"{[{%].*?[}%]}", gabarit)))


@pytest.mark.parametrize("interdit", ["EtatCandidature", "EtatVague", "candidature__etat", "vague__etat"])
def test_les_missions_et_la_presse_ne_lisent_l_etat_d_aucun_dossier(interdit: str) -> None:
    lisent = [
        str(chemin.relative_to(RACINE))
        for chemin in (RACINE / "projets").rglob("*.py")
        if "migrations" not in chemin.parts and interdit in chemin.read_text()
    ]
    assert lisent == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(d): return d.get_etat_display()",
        "def f(d): return d.etat == 'laureate'",
        "def f(q): return q.filter(candidature__etat__in=DECIDES)",
        "def f(q): return q.order_by('-etat')",
        "def f(v): return v.labellisee_le",
    ],
)
def test_toute_autre_lecture_se_voit(code: str) -> None:
    assert list(lectures(ast.parse(code))) == ["f"]
