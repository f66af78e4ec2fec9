"""Controls are written as Django's own templates write them, byte for byte."""

from datetime import date
from itertools import product

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.utils.functional import lazystr
from django.utils.safestring import SafeString

from rebond.socle.formulaires.rendu import LIGNES, LISTE, ZONE, RenduDesSaisies

CHOIX = [
    ("", "Choisir"),
    ("a", "L’un & l’autre <b>"),
    ("Un groupe \"'<", [("b", lazystr("Second")), (3, SafeString("<i>trois</i>"))]),
    (1234, 1234),
    (None, "Rien"),
    (True, "Oui"),
]
SAISIES = (
    *(forms.TextInput(), forms.NumberInput(), forms.HiddenInput(), forms.EmailInput(), forms.URLInput()),
    *(forms.TelInput(), forms.SearchInput(), forms.PasswordInput(render_value=True), forms.Textarea()),
    *(forms.Select(choices=CHOIX), forms.SelectMultiple(choices=CHOIX), forms.NullBooleanSelect()),
    *(forms.CheckboxInput(), forms.RadioSelect(choices=CHOIX), forms.DateInput(), forms.FileInput()),
)
VALEURS = (
    *(None, "", "a", "b", 0, 3, 1234, 12345678, 1.5, True, False, date(2026, 11, 27)),
    *("\"'<&>\n é\u00a0\x07", SafeString("<b>&amp;</b>"), lazystr("a"), ("a", "b"), ["a", "3"]),
)
ATTRIBUTS = (
    {},
    {"class": "fr-input", "maxlength": 1000, "required": True, "disabled": False, "data-x": "\"<'&", "step": 0.5},
    {"aria-describedby": SafeString("&quot;"), "placeholder": lazystr("<é>"), "min": None},
)


@pytest.mark.parametrize("saisie", SAISIES, ids=lambda saisie: type(saisie).__name__)
def test_une_saisie_s_ecrit_comme_par_les_gabarits_de_django(saisie):
    for valeur, attributs in product(VALEURS, ATTRIBUTS):
        ecrits = []
        for rendu in (TemplatesSetting(), RenduDesSaisies()):
            try:
                ecrits.append(saisie.render("un_nom", valeur, {"id": "id_x", **attributs}, rendu))
            except (TypeError, ValueError) as erreur:
                ecrits.append(type(erreur))
        assert ecrits[0] == ecrits[1], (valeur, attributs)


def test_les_saisies_communes_se_passent_de_gabarit(monkeypatch):
    assert type(get_default_renderer()) is RenduDesSaisies
    monkeypatch.setattr(TemplatesSetting, "render", lambda *_, **__: pytest.fail("un gabarit"))
    communes = [saisie for saisie in SAISIES if saisie.template_name in {*LIGNES, ZONE}]
    assert len(communes) == 9
    assert [saisie.render("nom", "a", {"id": "x"}) for saisie in communes]
    assert forms.Select(choices=[("a", "A"), ("Groupe", [("b", "B")])]).template_name == LISTE
    assert 'value="b" selected' in forms.Select(choices=[("a", "A"), ("Groupe", [("b", "B")])]).render("nom", "b")
