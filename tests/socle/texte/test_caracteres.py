"""What is cleaned at the door: texts, identifiers, query strings, addresses; and what documents cannot print."""

import re
import unicodedata

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from rebond.comptes import connexion as comptes
from rebond.socle.documents import impression
from rebond.socle.formulaires.formulaire import EntierFr, FormulaireDsfr
from rebond.socle.requete.middleware import AdresseNetteMiddleware
from rebond.socle.texte import caracteres, polices
from rebond.socle.texte.caracteres import en_une_ligne, identifiant, nettoyer, sans_invisibles
from rebond.socle.utilisateur import Utilisateur

# Written with escapes: a test whose inputs cannot be seen cannot be read.
INVISIBLES = [
    "\u200b", "\ufeff", "\u2060", "\u00ad", "\u202e", "\u2066", "\u0007", "\x00", "\ue000", "\u200d", "\ufe0f",
]  # fmt: skip
TOUS = [chr(point) for point in range(0x110000)]


def test_tout_ce_qui_ne_se_voit_pas_est_dans_la_liste():
    attendus = {signe for signe in TOUS if unicodedata.category(signe) in {"Cc", "Cf", "Co", "Cs"}} - {"\n", "\t"}
    assert attendus - {signe for signe in TOUS if not sans_invisibles(signe)} == set()
    non_caracteres = {chr(plan * 0x10000 + fin) for plan in range(17) for fin in (0xFFFE, 0xFFFF)}
    assert sans_invisibles("".join(non_caracteres | {chr(point) for point in range(0xFDD0, 0xFDF0)})) == ""


def test_ce_qui_se_lit_reste():
    lisible = "L’École « Œuvre » : 1\u202f250\u00a0000\u00a0€ – ½ ≤ ∑ → ✓ ☑ Łódź Αθήνα Москва 😀🏭"
    assert nettoyer(lisible) == lisible
    assert nettoyer("e\u0301") == "é"
    assert nettoyer("👩\u200d🏭") == "👩🏭"


@pytest.mark.parametrize("signe", INVISIBLES)
def test_un_invisible_ne_laisse_rien(signe):
    assert nettoyer(f"{signe}mai{signe}rie{signe}") == "mairie"
    assert identifiant(f"{signe} x@mairie{signe}.example\u00a0") == "x@mairie.example"


def test_les_fins_de_ligne_sont_toutes_la_meme():
    assert nettoyer("a\r\nb\rc\u000bd\u000ce\u2028f\u2029g\th") == "a\nb\nc\nd\ne\nf\ng\th"
    assert en_une_ligne("a \r\n\r\n b\tc\u000bd") == "a b c d"


def test_le_windows_1252_egare_retrouve_ses_lettres():
    assert nettoyer("l\u0092usine, 3\u0080\u0085") == "l’usine, 3€…"


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_nettoyer_deux_fois_n_enleve_rien_de_plus(texte):
    for fonction in (nettoyer, en_une_ligne, identifiant):
        net = fonction(texte)
        assert fonction(net) == net
        assert unicodedata.is_normalized("NFC", net)


@pytest.mark.django_db
def test_postgres_refuse_dans_une_adresse_ce_que_python_en_enleve():
    signes = [signe for signe in TOUS if signe != "\x00" and not "\ud800" <= signe <= "\udfff"]
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT signe FROM unnest(%s::text[]) signe WHERE signe ~ %s",
            [signes, caracteres.INTERDIT_DANS_UN_IDENTIFIANT],
        )
        refuses = {signe for (signe,) in curseur.fetchall()}
    egares = {chr(point) for point in range(0x80, 0xA0)}
    assert refuses - egares == {signe for signe in signes if not identifiant(signe)} - egares
    assert egares <= refuses


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["x@mairie.example\u200b", "\ufeffx@mairie.example", "x@ mairie.example"])
def test_une_adresse_de_compte_est_nette_quel_que_soit_son_auteur(adresse):
    assert Utilisateur.objects.create_user(adresse).email == "x@mairie.example"
    with pytest.raises(IntegrityError, match="utilisateur_email_net"), transaction.atomic():
        Utilisateur.objects.update(email=adresse)
    with pytest.raises(ValidationError, match="ni espace ni caractère invisible"):
        Utilisateur(email=adresse).validate_constraints()


class PorteForm(FormulaireDsfr, forms.Form):
    nom = forms.CharField(max_length=6)
    recit = forms.CharField(widget=forms.Textarea, required=False)
    adresse = forms.EmailField(required=False)
    nombre = EntierFr(required=False)
    choix = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)


def test_la_porte_des_formulaires_nettoie_tout_et_montre_ce_qu_elle_garde():
    formulaire = PorteForm(
        {
            "nom": "\u202eMai\x00rie\u200b\n",
            "recit": "Fermeture\u0000 annoncée\u000b«\u00ad…\u2009»\r\nfin",
            "adresse": "\u200bx@mairie.example\u2060 ",
            "nombre": "1\u2060 250",
            "choix": ["a\u200b", "b"],
            "secret": "un\u200bsecret ",
        }
    )
    assert formulaire.is_valid(), formulaire.errors
    assert formulaire.cleaned_data == {
        "nom": "Mairie",
        "recit": "Fermeture annoncée\n«…\u2009»\nfin",
        "adresse": "x@mairie.example",
        "nombre": 1250,
        "choix": ["a", "b"],
        "secret": "un\u200bsecret",
    }
    assert formulaire["nom"].value() == "Mairie "


def test_un_nombre_montre_a_l_envers_est_refuse_et_non_nettoye():
    """« 0521 » that shows as « 1250 » on the screen of whoever pasted it."""
    formulaire = PorteForm({"nom": "Mairie", "nombre": "\u202e0521\u2060\x07"})
    [dit] = formulaire.errors["nombre"]
    assert dit.startswith("Un caractère invisible inverse l’ordre des chiffres")
    assert formulaire["nombre"].value() == "\u202e0521"


@pytest.mark.django_db
def test_on_se_connecte_avec_une_adresse_collee_d_ailleurs(client):
    assert all(issubclass(classe, FormulaireDsfr) for classe in comptes.FormulaireCompte.__subclasses__())
    camille = Utilisateur.objects.create_user("camille@exemple.fr")
    EmailAddress.objects.create(user=camille, email=camille.email, verified=True, primary=True)
    client.post("/compte/login/code/", {"email": "\ufeffcamille@exemple.fr\u200b"})
    code = re.search(r"^[A-Z0-9-]{6,9}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None, mail.outbox[-1].body
    client.post("/compte/login/code/confirm/", {"code": f" {code[0]}\u2060"})
    assert client.session["_auth_user_id"] == str(camille.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "adresse",
    ["/compte/login/?next=%00", "/territoires/epci/?q=%00Cambrai", "/journal/?objet=%00&page=%00", "/%00/",
     "/?%00=%00", "/verifier/?numero=%00&empreinte=%00", "/presse/2023-08-2%00/"],
)  # fmt: skip
def test_un_nul_dans_une_adresse_n_est_jamais_une_panne(client, adresse):
    assert client.get(adresse).status_code in {200, 302, 404}


def test_toute_vue_lit_une_adresse_nette(rf):
    lues = []
    vue = AdresseNetteMiddleware(lambda requete: lues.append(requete.GET) or HttpResponse())
    vue(rf.get("/", {"q": "\u200bCam\x00brai", "page\x00": ["1\u2060", "2"]}))
    vue(rf.get("/?q=Cambrai&vide=&q=Caudry"))
    assert [dict(lue.lists()) for lue in lues] == [
        {"q": ["Cambrai"], "page": ["1", "2"]},
        {"q": ["Cambrai", "Caudry"], "vide": [""]},
    ]


@pytest.mark.django_db
def test_un_nul_dans_un_formulaire_de_compte_n_est_jamais_une_panne(client):
    for adresse, saisie in (
        ("/compte/login/", {"login": "\x00@\x00", "password": "\x00"}),
        ("/compte/login/code/", {"email": "\x00"}),
        ("/compte/signup/", {"prenom": "Cam\x00ille", "nom": "\x00", "email": "c\x00amille@exemple.fr"}),
        ("/compte/password/reset/", {"email": "\x00"}),
    ):
        assert client.post(adresse, saisie).status_code in {200, 302}
    assert client.post("/compte/signup/", {"prenom": "Cam\u202eille", "nom": "E\u0301x\x07", "email": "c@exemple.fr"})
    assert str(Utilisateur.objects.get(email="c@exemple.fr")) == "Camille Éx"


@pytest.mark.django_db
def test_un_nul_dans_un_temoin_de_session_n_ouvre_ni_ne_casse_rien():
    client = Client(headers={"Cookie": 'sessionid="abcdefgh\\000ijkl"'})
    assert client.get("/tableau-de-bord/").status_code == 302


class TestImpression:
    def test_ce_que_les_gens_tapent_s_imprime(self):
        assert polices.non_imprimables("Œuvre à 1\u202f250\u00a0€ → ✓ ≤ ∑ Łódź Αθήνα Москва 😀 ☎ ▯") == ""

    def test_ce_qu_aucune_police_n_a_est_remplace_et_dit(self):
        page = "<html><body><p>Usine \U0001f3ed du plateau \U0001f3ed 中</p></body></html>"
        absents = polices.non_imprimables(page)
        lue = impression.lisible(page)
        # On a machine with more fonts there is less to replace; a character that is unassigned is in none of them.
        assert polices.non_imprimables("\U000ccccc\U000ccccc") == "\U000ccccc"
        assert polices.non_imprimables(lue) == ""
        assert lue.count(impression.NOTE) == bool(absents)
        assert lue.replace(impression.NOTE, "").count("▯") == sum(page.count(signe) for signe in absents)

    def test_la_note_ne_vient_qu_au_besoin(self):
        page = "<html><body><p>Usine</p></body></html>"
        assert impression.lisible(page) == page
        assert impression.lisible(page.replace("Usine", "\U000ccccc")) == page.replace("Usine", "▯").replace(
            "</body>", f"{impression.NOTE}</body>"
        )

    def test_un_texte_garde_d_avant_s_imprime_sans_ses_invisibles(self):
        page = "<html><body><p>Usi\u202ene\x07 \ue000du\u200b lin</p></body></html>"
        assert impression.lisible(page) == "<html><body><p>Usine du lin</p></body></html>"

    def test_l_avertissement_cite_les_caracteres(self):
        assert polices.avertissement(["Usine", "plateau"]) == ""
        assert "\U000ccccc" in polices.avertissement(["a\U000ccccc"])
