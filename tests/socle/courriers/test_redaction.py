"""A letter is one template: its subject on one line, its body between greeting and signature, nothing undefined."""

from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.moteur import ValeurManquante
from rebond.socle.courriers.redaction import Lettre, Redaction, rediger, rediger_en_sql, selon
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

SIMPLE = """{% extends "courriers/lettre.txt" %}
{% block objet %}Dossier {{ reference }}{% endblock %}
{% block texte %}
Territoire {{ territoire }}.
{% endblock %}
"""


# A value that would be taken for the place of another one.
FIXE = "R:territoire; {territoire} {{ territoire }}"


@pytest.fixture
def gabarits(settings, tmp_path: Path) -> Path:
    """A folder of letters of our own, beside those of the portal."""
    dossier = tmp_path / "courriers" / "essai"
    dossier.mkdir(parents=True)
    pages, lettres = reglages.TEMPLATES
    settings.TEMPLATES = [pages, {**lettres, "DIRS": [*lettres["DIRS"], tmp_path]}]
    return dossier


@pytest.fixture
def simple(gabarits: Path) -> str:
    (gabarits / "simple.txt").write_text(SIMPLE)
    return "essai/simple"


def test_l_objet_et_le_texte_viennent_d_un_seul_gabarit(simple):
    assert rediger(simple, {"reference": "R3-0012", "territoire": "Cambrai"}) == Redaction(
        objet="Dossier R3-0012", texte="Bonjour,\n\nTerritoire Cambrai.\n\nL’équipe Rebond industriel\n"
    )


def test_rien_n_est_echappe_dans_un_texte(simple):
    nom = "L’Écluse & <b>d'« amont »</b> {{ reference }}"
    assert f"Territoire {nom}.\n" in rediger(simple, {"reference": "R", "territoire": nom}).texte


def test_un_nombre_s_imprime_comme_il_est_donne(simple):
    assert rediger(simple, {"reference": 12345, "territoire": ""}).objet == "Dossier 12345"


@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_l_objet_tient_sur_une_ligne(simple, fin):
    objet = rediger(simple, {"reference": f"R{fin}Bcc: tous@example.fr", "territoire": ""}).objet
    assert objet == "Dossier R Bcc: tous@example.fr"


def test_une_espace_insecable_de_l_objet_y_reste(simple):
    assert rediger(simple, {"reference": "n°\u00a03", "territoire": ""}).objet == "Dossier n°\u00a03"


@pytest.mark.parametrize(
    "texte",
    [
        "{{ absente }}",
        '{{ absente|default:"rien" }}',
        "{{ dossier.absente }}",
        "{% if absente %}{% endif %}",
        "{% if not absente and dossier %}{% endif %}",
        "{% for x in absente %}{% endfor %}",
        '{% include "courriers/essai/autre.txt" %}',
        '{% adresse "candidatures:dossier" absente %}',
    ],
)
def test_une_valeur_qui_manque_empeche_d_ecrire(gabarits, texte):
    (gabarits / "autre.txt").write_text("{{ absente }}")
    (gabarits / "bancale.txt").write_text(SIMPLE.replace("Territoire {{ territoire }}.", texte))
    with pytest.raises(ValeurManquante, match="absente"):
        rediger("essai/bancale", {"reference": "R", "dossier": {"pk": 1}})


def test_une_valeur_vide_n_est_pas_une_valeur_qui_manque(gabarits):
    (gabarits / "vide.txt").write_text(SIMPLE.replace("Territoire", "{% if motif %}Motif{% endif %}"))
    assert "\n\n .\n\n" in rediger("essai/vide", {"reference": "R", "territoire": "", "motif": None}).texte


def test_une_page_qui_n_existe_pas_ou_plus_empeche_d_ecrire(gabarits):
    (gabarits / "perdue.txt").write_text(SIMPLE.replace("Territoire", '{% adresse "candidatures:nulle_part" %}'))
    with pytest.raises(NoReverseMatch):
        rediger("essai/perdue", {"reference": "R", "territoire": "T"})
    with pytest.raises(TemplateDoesNotExist):
        rediger("essai/jamais_ecrite", {})


def test_une_adresse_est_entiere_et_vient_du_nom_de_la_page(gabarits, settings):
    settings.ADRESSE_PUBLIQUE = "https://rebond.example"
    (gabarits / "page.txt").write_text(SIMPLE.replace("Territoire", '{% adresse "candidatures:dossier" pk %}'))
    texte = rediger("essai/page", {"reference": "R", "territoire": "T", "pk": 12345}).texte
    assert "https://rebond.example/candidatures/12345/ T." in texte


@pytest.mark.django_db
class TestEnSql:
    """The same letter, written by Postgres for each row."""

    def ecrire(self, redaction) -> dict[str, tuple[str, str]]:
        courriers.mettre_en_file_selection(
            Utilisateur.objects.order_by("pk"),
            cle=Cast("pk", TextField()),
            destinataire=F("email"),
            redaction=redaction,
        )
        return {lettre.destinataire: (lettre.objet, lettre.texte) for lettre in Courrier.objects.all()}

    @pytest.mark.jumeau("rebond.socle.courriers.redaction.rediger_en_sql")
    def test_postgres_ecrit_ce_que_python_aurait_ecrit(self, simple):
        # What would be a placeholder, a parameter or an expression to something else is plain text here.
        noms = ["Cambrai", "", "{reference} {{ territoire }}", "100 % %s %(x)s", 'd\'\\n"$1"', "É\nè\u00a0«"]
        personnes = [f.un_utilisateur(nom=nom) for nom in noms]
        redaction = rediger_en_sql(simple, {"reference": FIXE, "territoire": F("nom")}, demonstration=Q(pk__lt=0))
        attendu = {
            personne.email: (lettre.objet, lettre.texte)
            for personne in personnes
            for lettre in [rediger(simple, {"reference": FIXE, "territoire": personne.nom})]
        }
        assert self.ecrire(redaction) == attendu

    def test_chaque_ligne_a_la_lettre_de_la_premiere_condition_qu_elle_remplit(self, gabarits, simple):
        (gabarits / "autre.txt").write_text(SIMPLE.replace("Territoire", "Autre").replace("Dossier", "Sujet"))
        un, deux = f.un_utilisateur(nom="Un"), f.un_utilisateur(nom="Deux")
        valeurs = {"reference": Value("R", TextField()), "territoire": F("nom")}
        fictive = Q(pk=deux.pk)
        redaction = selon(
            [(Q(pk=un.pk), rediger_en_sql(simple, valeurs, demonstration=fictive))],
            rediger_en_sql("essai/autre", valeurs, demonstration=fictive),
        )
        assert self.ecrire(redaction) == {
            un.email: ("Dossier R", "Bonjour,\n\nTerritoire Un.\n\nL’équipe Rebond industriel\n"),
            deux.email: (
                "[Données de démonstration] Sujet R",
                "Bonjour,\n\nAutre Deux.\n\nL’équipe Rebond industriel\n",
            ),
        }


@pytest.mark.django_db
def test_la_mention_de_demonstration_ouvre_l_objet_qui_tient_en_deux_cents_signes(simple):
    lettre = Lettre(
        gabarit=simple,
        valeurs={"reference": "R" * 300, "territoire": ""},
        cle="a",
        destinataire="mairie@example.fr",
        demonstration=True,
    )
    objet = courriers.mettre_en_file(lettre).objet
    assert objet == f"[Données de démonstration] Dossier {'R' * 300}"[:200]
