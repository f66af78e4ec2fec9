"""Numbers that people type go through one reader: nothing else in the product makes a number out of a text."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms

RACINE = Path(__file__).parents[2]
PAQUETS = ("rebond", "territoires", "candidatures", "projets")
CHAMPS = frozenset({"IntegerField", "FloatField", "DecimalField", "NumberInput"})
CONVERTISSEURS = frozenset({"int", "float", "Decimal", "Fraction", "complex", "literal_eval", "atof", "atoi"})
# The readers: of numbers, and of days, whose digits make no quantity.
LECTEURS = frozenset(
    {"rebond/socle/texte/nombres.py", "rebond/socle/formulaires/champs_nombres.py", "rebond/socle/texte/jours.py"}
)
# What a page writes itself and no person sees.
CACHES = {
    "candidatures.cahier.forms.cahiers": {"version"},
    "candidatures.evaluation.forms": {"revision"},
    "candidatures.instruction.affectation.forms": {"vue"},
    "candidatures.instruction.avis.forms": {"revision", "tenue_par"},
    "candidatures.instruction.correction.forms": {"revision"},
    "candidatures.dossier.forms.dossiers": {"revision", "tranchee"},
    "candidatures.instruction.forms": {"revision"},
    "candidatures.instruction.recevabilite.forms": {"lue", "revision"},
    "candidatures.labellisation.forms": set(),  # `revision_<file>`, made in `__init__`
    "candidatures.instruction.echanges.forms": {"jusqu_a"},
    "candidatures.dossier.pieces.forms": {"membre", "taille"},
    "candidatures.dossier.pieces.photos": {"membre"},
    "candidatures.dossier.forms.versions": {"autre"},
    "candidatures.pages.instruction.lecture.actes": {"vu"},
    "candidatures.pages.instruction.lecture.parcours": {"vu"},
    "rebond.portail.textes.forms": {"reprendre", "version"},
}
# What a program wrote: a protocol, a clock, a server, a setting, a key, or a number that is one already.
DE_MACHINE = {
    "rebond/comptes/seances/duree.py": {"reste"},
    "rebond/socle/documents/lectures/dessinateur.py": {""},
    "rebond/socle/documents/lectures/reconnaisseur.py": {""},
    "rebond/socle/documents/photos/photographe.py": {""},
    "rebond/socle/listes/cartes.py": {"ecrire"},
    "candidatures/depot/reliure/pdf.py": {"relie", "_preparer"},
    "candidatures/depot/reliure/relieur.py": {"_coin"},
    "candidatures/dossier/forms/liens.py": {"LienDeLectureForm", "LienDeMembreForm"},
    "candidatures/dossier/papier/comprehension.py": {"_designee"},
    "candidatures/dossier/papier/tables.py": {"_signe_odf"},
    "candidatures/dossier/pieces/photos.py": {"_par_nombres"},
    "candidatures/evaluation/forms.py": {"_ajouter", "_lire_lu", "ConfierForm", "clean_choix"},
    "candidatures/evaluation/rapport.py": {"_critere", "_paire"},
    "candidatures/evaluation/regles.py": {"points", "sur_cent", "synthese"},
    "candidatures/instruction/affectation/actions.py": {"rendre_ce_que_personne_ne_tient_plus"},
    "candidatures/instruction/affectation/forms.py": {"__init__", "_lus"},
    "candidatures/instruction/annotations/forms.py": {"LecturesForm"},
    "candidatures/instruction/fiche/fiche.py": {"_emplois", "pieces_obligatoires_absentes"},
    "candidatures/instruction/presences.py": {"partir", "signaler"},
    "candidatures/instruction/echanges/requetes.py": {"agents_de"},
    "candidatures/pages/administration/tableau_des_clotures.py": {"_courriers_des_clotures"},
    "candidatures/instruction/correction/forms.py": {"numero"},
    "candidatures/dossier/forms/dossiers.py": {"numero"},
    "candidatures/dossier/forms/equipe.py": {"PassationForm"},
    "candidatures/instruction/filtres.py": {"_lire_la_recherche"},
    "candidatures/management/commands/verifier_pv.py": {"add_arguments"},
    "candidatures/cloture/proces_verbal/entete.py": {"entete"},
    "candidatures/cloture/proces_verbal/verification.py": {"_verifier_l_entete"},
    "candidatures/reprise/conversion.py": {"jour_saisi"},
    "candidatures/reprise/correspondance.py": {"_annonce"},
    "candidatures/reprise/lecture.py": {"_entier"},
    "candidatures/reprise/pieces.py": {"_taille"},
    "rebond/socle/texte/durees.py": {"temps_restant"},
    "projets/pages/mission/enveloppes.py": {"accorde"},
    "rebond/cadences.py": {"programme"},
    "rebond/environnement.py": {"entier"},
    "rebond/gunicorn.py": {""},
    "rebond/surveillance/antivirus.py": {"_connexion"},
    "rebond/surveillance/derives.py": {"_sonner"},
    "rebond/socle/horloge/estampille.py": {"_lire"},
    "rebond/socle/horloge/horloges.py": {"_annonce"},
    "rebond/portail/textes/rendu.py": {"_titre"},
    "rebond/socle/documents/a_part/borneur.py": {""},
    "rebond/socle/documents/menage.py": {"_est_de_l_heure"},
    "rebond/socle/documents/parties/assembleur.py": {"_ajouter"},
    "rebond/socle/documents/parties/imprimeur.py": {"_imprimer_une_partie"},
    "projets/chiffres/portefeuille.py": {"_chiffre"},
    "territoires/appellations.py": {"sigles"},
    "rebond/surveillance/ouvriers.py": {"messages_en_attente"},
    "rebond/socle/journal/details.py": {"_valeur"},
    "rebond/socle/management/commands/verifier_journal.py": {"_temoin"},
    "rebond/socle/templatetags/francais.py": {"octets"},
    "rebond/socle/texte/typographie.py": {"decimal_fr", "euros", "millions", "nombre", "part_fr", "pourcentage"},
    "territoires/referentiel.py": {"histoire"},
    "territoires/regles.py": {"siren_valide", "siret_valide"},
}
# They know nothing of the product, and nobody types anything into them.
HORS_PRODUIT = ("rebond/amorce/", "rebond/embarque/")


class _Conversions(ast.NodeVisitor):
    """The functions (or classes) in which a text might become a number, or a Django number field is made."""

    def __init__(self) -> None:
        self.trouvees: list[tuple[str, str]] = []
        self._pile = [""]

    def visit_FunctionDef(self, noeud: ast.FunctionDef | ast.ClassDef) -> None:
        self._pile.append(noeud.name)
        self.generic_visit(noeud)
        self._pile.pop()

    visit_ClassDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_Call(self, noeud: ast.Call) -> None:
        nom = _nom(noeud.func)
        applique = noeud.args if nom in {"map", "partial"} else []
        nommes = {_nom(argument) for argument in (*applique, *(mot.value for mot in noeud.keywords))}
        litteral = bool(noeud.args) and isinstance(noeud.args[0], ast.Constant)
        if (nom in CONVERTISSEURS and noeud.args and not litteral) or nommes & CONVERTISSEURS:
            self.trouvees.append((self._pile[-1], ast.unparse(noeud)))
        self.generic_visit(noeud)


def _nom(noeud: ast.AST) -> str:
    return noeud.attr if isinstance(noeud, ast.Attribute) else noeud.id if isinstance(noeud, ast.Name) else ""


def conversions(source: str) -> list[tuple[str, str]]:
    visite = _Conversions()
    visite.visit(ast.parse(source))
    return visite.trouvees


def champs_de_django(source: str) -> list[str]:
    if not any(champ in source for champ in CHAMPS):
        return []
    appels = (noeud for noeud in ast.walk(ast.parse(source)) if isinstance(noeud, ast.Attribute))
    return [ast.unparse(a) for a in appels if a.attr in CHAMPS and _nom(a.value) in {"forms", "widgets", "fields"}]


def modules() -> Iterator[tuple[str, str]]:
    for paquet in PAQUETS:
        for chemin in sorted((RACINE / paquet).rglob("*.py")):
            relatif = chemin.relative_to(RACINE).as_posix()
            if "/migrations/" not in relatif and not relatif.startswith(HORS_PRODUIT):
                yield relatif, chemin.read_text()


def formulaires() -> Iterator[type[forms.BaseForm]]:
    for paquet in PAQUETS:
        for module in pkgutil.walk_packages([str(RACINE / paquet)], f"{paquet}."):
            if ".forms" in module.name and ".migrations" not in module.name:
                importlib.import_module(module.name)
    a_voir = list(forms.BaseForm.__subclasses__())
    while a_voir:
        classe = a_voir.pop()
        a_voir += classe.__subclasses__()
        if classe.__module__.startswith(PAQUETS):
            yield classe


def test_aucun_texte_ne_devient_un_nombre_hors_du_lecteur() -> None:
    fautes = [
        f"{fichier}, {ou}: {appel}"
        for fichier, source in modules()
        if fichier not in LECTEURS
        for ou, appel in conversions(source)
        if ou not in DE_MACHINE.get(fichier, ())
    ]
    assert fautes == []


def test_les_champs_de_nombres_de_django_ne_servent_qu_a_ce_que_personne_ne_voit() -> None:
    permis = {f"{module.replace('.', '/')}.py" for module in CACHES}
    nus = [fichier for fichier, source in modules() if champs_de_django(source) and fichier not in permis]
    assert nus == []
    vus = {
        f"{classe.__module__}.{classe.__name__}.{nom}"
        for classe in formulaires()
        for nom, champ in getattr(classe, "base_fields", {}).items()
        if isinstance(champ, forms.IntegerField) and nom not in CACHES.get(classe.__module__, ())
    }
    assert vus == set()


def test_aucun_gabarit_ne_demande_un_nombre_au_navigateur() -> None:
    """`<input type=number>` gives the empty text for whatever it does not understand."""
    gabarits = (RACINE / "templates").rglob("*.html")
    assert [chemin.name for chemin in gabarits if 'type="number"' in chemin.read_text()] == []


@pytest.mark.parametrize(
    "faute",
    [
        "def f(texte):\n    return int(texte)",
        "def f(texte):\n    return decimal.Decimal(texte)",
        "def f(textes):\n    return list(map(int, textes))",
        "class F:\n    rang = forms.TypedChoiceField(coerce=int)",
    ],
)
def test_la_garde_voit_chaque_facon_de_convertir(faute: str) -> None:
    assert len(conversions(faute)) == 1


@pytest.mark.parametrize("faute", ["forms.IntegerField()", "forms.DecimalField(max_digits=3)", "forms.NumberInput()"])
def test_la_garde_voit_chaque_champ_de_django(faute: str) -> None:
    assert len(champs_de_django(faute)) == 1
