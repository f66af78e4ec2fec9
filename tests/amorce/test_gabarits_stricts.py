"""The suite's own net: a misspelt variable of our templates fails the test that renders it."""

import re
from types import SimpleNamespace

import pytest
from django.template import Context, Origin, Template, TemplateSyntaxError, engines

from tests.outils.gabarits import RACINE, VariableInconnue

#: Whole numbers are written as they are read, digits in groups: « 12 345 » is no key.
CLE_NUE = re.compile(r"\{\{ *[\w.]*\bpk *\}\}")
OBJET = SimpleNamespace(titre="Cambrai", mission=None)


def rendre(texte: str, *, chez_nous: bool = True) -> str:
    nom = str(RACINE / "templates" / "essai.html") if chez_nous else "/ailleurs/essai.html"
    return Template(texte, origin=Origin(nom)).render(Context({"objet": OBJET}))


@pytest.mark.parametrize(
    "texte",
    ["{{ absent }}", "{{ objet.titer }}", "{% if objet.titer %}{% endif %}", "{% for x in absents %}{% endfor %}"],
)
def test_une_variable_inconnue_fait_echouer(texte: str) -> None:
    with pytest.raises(VariableInconnue):
        rendre(texte)
    assert rendre(texte, chez_nous=False) == ""


@pytest.mark.parametrize(
    "texte", ["{{ objet.titre }}", '{{ absent|default:"Cambrai" }}', "{% if absent %}{% else %}Cambrai{% endif %}"]
)
def test_ce_qui_peut_manquer_le_peut(texte: str) -> None:
    assert rendre(texte) == "Cambrai"


def test_ce_qui_suit_none_est_absent_dans_une_condition() -> None:
    assert rendre("{% if objet.mission.titre %}oui{% else %}non{% endif %}") == "non"


def test_aucune_cle_ne_s_ecrit_comme_un_nombre() -> None:
    gabarits = {gabarit: gabarit.read_text() for gabarit in (RACINE / "templates").rglob("*.html")}
    assert CLE_NUE.search('value="{{ personne.pk }}"')
    nues = {str(gabarit.relative_to(RACINE)): CLE_NUE.findall(lu) for gabarit, lu in gabarits.items()}
    assert {gabarit: trouvees for gabarit, trouvees in nues.items() if trouvees} == {}


def test_chaque_gabarit_se_compile() -> None:
    """A page that forgot to load a tag would answer 500 to whoever first opens it."""
    dossier, illisibles = RACINE / "templates", {}
    noms = [str(chemin.relative_to(dossier)) for chemin in dossier.rglob("*.*")]
    for nom in noms:
        try:
            engines["lettres" if nom.startswith("courriers/") else "django"].engine.get_template(nom)
        except TemplateSyntaxError as erreur:
            illisibles[nom] = str(erreur)
    assert len(noms) > 500
    assert illisibles == {}
