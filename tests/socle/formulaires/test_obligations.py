"""A question left without an answer says what to do, in words of its own, whatever the form."""

import copy
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver
from django.utils.html import strip_tags

from candidatures.cahier import Question, Type
from candidatures.cahier.forms.champs import FABRIQUES, champ_de
from rebond.socle.formulaires.champs_de_temps import ChampDeTemps, ChampInstant
from rebond.socle.formulaires.champs_de_texte import ChampTelephone
from rebond.socle.formulaires.champs_nombres import ChampNombre
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.formulaires.obligations import PAR_DEFAUT, PHRASES, phrase
from territoires.forms import ChampSiren

DEBUT = datetime(2026, 1, 1, tzinfo=UTC)
COMMENT = r"par exemple|neuf chiffres|en chiffres|\d"
VERBES = r"(Saisissez|Choisissez|Écrivez|Donnez|Cochez|Décrivez|Dites|Répondez|Relisez) "


def sortes(mere: type = EntreesNettes) -> Iterator[type[forms.BaseForm]]:
    for fille in mere.__subclasses__():
        yield fille
        yield from sortes(fille)


def champs() -> dict[str, forms.Field]:
    """Every field of a form of the product, and those that questions of a call may be."""
    assert get_resolver().url_patterns
    du_produit = {
        f"{sorte.__module__}.{sorte.__name__}.{nom}": champ
        for sorte in sortes()
        if sorte.__module__.startswith(("candidatures.", "projets.", "rebond."))
        for nom, champ in getattr(sorte, "base_fields", {}).items()
    }
    cles = {"libelle": "Essai", "longueur_max": 40, "unite": ""}
    a_choisir = {Type.CHOIX, Type.CHOIX_MULTIPLE, Type.BLOC}
    posables = {genre: Question(cle="essai", type=genre, **cles) for genre in Type if genre not in a_choisir}
    return du_produit | {
        f"question.{genre}": champ_de(question) for genre, question in posables.items() if genre in FABRIQUES
    }


def questions() -> dict[str, forms.Field]:
    """Every obligatory question that a form of the product shows, by its form and its name."""
    assert get_resolver().url_patterns
    return {
        f"{sorte.__module__}.{sorte.__name__}.{nom}": champ
        for sorte in sortes()
        if sorte.__module__.startswith(("candidatures.", "projets.", "rebond."))
        for nom, champ in getattr(sorte, "base_fields", {}).items()
        if champ.required and champ.label and not champ.widget.is_hidden
    }


def test_chaque_question_obligatoire_dit_quoi_faire() -> None:
    trouvees = questions()
    assert len(trouvees) > 100
    for nom, champ in trouvees.items():
        propre = str(champ.error_messages["required"])
        dite = phrase(champ, strip_tags(str(champ.label))) if propre == PAR_DEFAUT else propre
        assert re.match(VERBES, dite), (nom, dite)
        assert dite.endswith(".")


def test_une_reponse_mal_ecrite_dit_comment_l_ecrire() -> None:
    """An example or what is expected, for every field that has a format (RGAA 11.11)."""
    a_format = (forms.EmailField, ChampTelephone, ChampSiren, ChampNombre, ChampDeTemps)
    vues = set()
    for nom, champ in champs().items():
        if not isinstance(champ, a_format) or champ.widget.is_hidden:
            continue
        propre = copy.deepcopy(champ)
        if isinstance(propre, ChampInstant):
            propre.borner(minimum=DEBUT, maximum=DEBUT + timedelta(days=9))
        formulaire = type("UnChamp", (EntreesNettes, forms.Form), {"reponse": propre})
        saisi = {"reponse": "zz?", "reponse_0": "zz?", "reponse_1": "zz?"}
        (dit,) = formulaire(saisi).errors["reponse"].as_data()[:1]
        assert re.search(COMMENT, str(dit.message)), (nom, dit.message)
        vues |= {genre for genre in a_format if isinstance(champ, genre)}
    assert vues == set(a_format)


def test_une_phrase_ne_vaut_pas_pour_deux_questions_d_un_meme_formulaire() -> None:
    for sorte in sortes():
        if sorte is EssaiForm:
            continue
        dites = [
            phrase(champ, str(champ.label))
            for champ in getattr(sorte, "base_fields", {}).values()
            if champ.required and champ.label
        ]
        assert len(dites) == len(set(dites)), sorte


class EssaiForm(EntreesNettes, forms.Form):
    prenom = forms.CharField(label="Prénom")
    courriel = forms.EmailField(label="E-mail de secours")
    accord = forms.BooleanField(label="J’ai lu")
    choix = forms.ChoiceField(label="Que voulez-vous\u00a0?", choices=[("a", "A")])
    propre = forms.CharField(label="Prénom", error_messages={"required": "Dites-le-nous."})


def test_un_formulaire_vide_repond_dans_les_mots_de_ses_questions() -> None:
    assert EssaiForm({}).errors == {
        "prenom": ["Saisissez votre prénom."],
        "courriel": ["Saisissez une adresse e-mail pour «\u00a0E-mail de secours\u00a0»."],
        "accord": ["Cochez la case «\u00a0J’ai lu\u00a0»."],
        "choix": ["Choisissez une réponse à «\u00a0Que voulez-vous\u00a0?\u00a0»."],
        "propre": ["Dites-le-nous."],
    }
    assert EssaiForm({"courriel": "mairie@"}).errors["courriel"] == [
        "Écrivez l’adresse e-mail en entier, par exemple prenom.nom@mairie.fr."
    ]


@pytest.mark.django_db
def test_l_inscription_le_dit_aussi(client: Client) -> None:
    page = client.post("/compte/signup/", {}).content.decode()
    assert "Saisissez votre prénom." in page
    assert PAR_DEFAUT not in page
    assert "<title>Erreur\u00a0: " in page


def test_les_phrases_communes_ne_parlent_pas_de_champ() -> None:
    assert not [dite for dite in PHRASES.values() if "champ" in dite.lower()]
