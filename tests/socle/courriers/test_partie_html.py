"""The HTML part is the plain text, word for word: paragraphs, lists, one button, links to the portal alone."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from django.core import mail
from tinyhtml5.parser import HTMLParser

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.confort import SIGNATURE
from rebond.socle.courriers.models import Courrier, PieceDeCourrier
from rebond.socle.courriers.partie_html import Bloc, Genre, Morceau, blocs, en_html
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base

PORTAIL = "https://rebond.example"
MALVEILLANT = """Bonjour <script>alert(1)</script>,

Le dossier du territoire « <img src=x onerror="alert(1)"> & <a href='https://evil.example'>Cliquez</a> » :
- <b>gras</b>
- https://rebond.example.evil.example/candidatures/
"""


@pytest.fixture(autouse=True)
def _portail(settings) -> None:
    settings.ADRESSE_PUBLIQUE = PORTAIL


def lire(html: str) -> Element:
    return tinyhtml5.parse(html, namespace_html_elements=False)


def liens(texte: str) -> list[tuple[str, str]]:
    """(text, address) of each link of the letter."""
    return [("".join(lien.itertext()), lien.attrib["href"]) for lien in lire(en_html("Objet", texte)).iter("a")]


def un_paragraphe(*lignes: str) -> Bloc:
    return Bloc(Genre.PARAGRAPHE, tuple((Morceau(ligne),) for ligne in lignes))


def test_un_texte_devient_des_paragraphes_des_listes_et_un_bouton():
    texte = f"""Bonjour,

Dépôt n° 12
Reçu le 1er mars

Il manque 2 réponses :
- le budget
– la gouvernance
Pensez-y.

Ouvrir le dossier\u00a0: {PORTAIL}/candidatures/12/
"""
    assert blocs(texte) == [
        un_paragraphe("Bonjour,"),
        un_paragraphe("Dépôt n° 12", "Reçu le 1er mars"),
        un_paragraphe("Il manque 2 réponses :"),
        Bloc(Genre.LISTE, ((Morceau("le budget"),), (Morceau("la gouvernance"),))),
        un_paragraphe("Pensez-y."),
        Bloc(Genre.BOUTON, ((Morceau("Ouvrir le dossier", f"{PORTAIL}/candidatures/12/"),),)),
    ]


def test_sous_la_signature_une_adresse_est_un_lien_et_non_un_bouton():
    """The first act of a letter is the only one that is drawn as such."""
    texte = f"""Lire\u00a0: {PORTAIL}/candidatures/12/{SIGNATURE}

Choisir les e-mails que vous recevez\u00a0: {PORTAIL}/lettres/abc/
"""
    assert [(bloc.genre, bloc.lignes[0][0].texte) for bloc in blocs(texte)] == [
        (Genre.BOUTON, "Lire"),
        (Genre.PARAGRAPHE, SIGNATURE.strip()),
        (Genre.PARAGRAPHE, "Choisir les e-mails que vous recevez"),
    ]


def test_une_adresse_du_portail_est_un_lien_meme_au_milieu_d_une_phrase():
    adresse = f"{PORTAIL}/presse/communiques/3/"
    assert liens(f"Préparez un rectificatif. Ici : {adresse}, ou là ({adresse}).") == [(adresse, adresse)] * 2


@pytest.mark.parametrize(
    "adresse",
    [
        "https://evil.example/candidatures/",
        f"{PORTAIL}.evil.example/candidatures/",
        f"{PORTAIL}@evil.example/",
        f"{PORTAIL}:8443/candidatures/",
        f"{PORTAIL}evil/candidatures/",
        f"https://evil.example/{PORTAIL}/candidatures/",
        f"https://evil.example@{PORTAIL}/candidatures/",
        f"x{PORTAIL}/candidatures/",
        f"{PORTAIL}/candidatures/?suite=//evil.example",
        f"{PORTAIL}/candidatures/#//evil.example",
        f"{PORTAIL}/../evil",
        f"{PORTAIL}/candidatures/é",
        f"{PORTAIL}/\u202ecandidatures/",
        f"{PORTAIL}\\@evil.example/",
        "https://rebond\u2024example/candidatures/",
        "http://rebond.example/candidatures/",
        "HTTPS://REBOND.EXAMPLE/candidatures/",
        "javascript:alert(1)",
        "rebond.example/candidatures/",
    ],
)
def test_ce_qui_ressemble_a_une_adresse_du_portail_n_est_pas_un_lien(adresse):
    for texte in (adresse, f"Suivre votre dossier : {adresse}", f"Ici {adresse}, puis.", f"- {adresse}"):
        assert liens(texte) == []


def test_une_phrase_entiere_ne_devient_pas_un_bouton():
    adresse = f"{PORTAIL}/x/"
    genres = [
        bloc.genre
        for texte in (f"Tout est dit. Ouvrir : {adresse}", f"Voir : ceci : {adresse}", f"Voir :\n{adresse}", adresse)
        for bloc in blocs(texte)
    ]
    assert genres == [Genre.PARAGRAPHE] * 4


def test_rien_de_ce_que_les_gens_ecrivent_ne_devient_du_balisage():
    document = lire(en_html("<title>&", MALVEILLANT))
    cadre = {"html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div"}
    assert {element.tag for element in document.iter()} == {*cadre, "p", "ul", "li"}
    assert "".join(document.find("head/title").itertext()) == "<title>&"
    assert [" ".join("".join(p.itertext()).split()) for p in document.iter("p")] == [
        "Bonjour <script>alert(1)</script>,",
        "Le dossier du territoire « <img src=x onerror=\"alert(1)\"> & <a href='https://evil.example'>Cliquez</a> » :",
    ]


def test_aucun_mot_du_texte_ne_manque_ni_ne_double():
    texte = f"""Bonjour,

Dossier R3-0012, territoire «\u00a0Cambrai\u00a0»
- A. Martin\u00a0: bonjour\u2028à tous
Lire et répondre\u00a0: {PORTAIL}/candidatures/12/messages/\r
\r

  Publié\u00a0: 12
  – ajoutée\u00a0: une usine
"""
    lu = "".join(lire(en_html("", texte)).find("body").itertext())
    sans_puces = re.sub(r"^\s*[-–] ", "", texte, flags=re.MULTILINE)
    # The address of a button is its target, not its words.
    assert lu.split() == sans_puces.replace(f"\u00a0: {PORTAIL}/candidatures/12/messages/", "").split()


def test_la_page_ne_va_rien_chercher_et_se_lit_dans_le_noir():
    html = en_html("Objet", f"Bonjour,\n\nOuvrir le dossier : {PORTAIL}/candidatures/12/\n")
    document = lire(html)
    assert (document.attrib["lang"], document.find("body//div").attrib["lang"]) == ("fr", "fr")
    assert not re.search(r"url\(|@import|src=|<(img|script|link|iframe|object|form|input)\b", html)
    assert document.find("head/meta[@name='color-scheme']").attrib["content"] == "light dark"
    assert "prefers-color-scheme: dark" in html
    # A table that only lays out says so to screen readers.
    assert {table.attrib["role"] for table in document.iter("table")} == {"presentation"}


def test_la_page_est_du_html_valide():
    for texte in (MALVEILLANT, f"Ouvrir le dossier : {PORTAIL}/x/\n\n- a\n- b\n\nc\nd {PORTAIL}/y/", ""):
        html = en_html("<&>", texte)
        analyseur = HTMLParser()
        analyseur.parse(html)
        assert analyseur.errors == []


@pytest.mark.django_db
class TestMessage:
    def envoyer(self, **champs) -> Message:
        courrier = Courrier.objects.create(
            cle="a",
            destinataire="mairie@example.fr",
            **{"objet": "Dépôt reçu", "texte": "Bonjour,\n\nÀ bientôt.\n"} | champs,
        )
        document = documents.enregistrer(b"%PDF-1.4 essai", type_mime="application/pdf")
        PieceDeCourrier.objects.create(courrier=courrier, document=document, nom="accusé.pdf")
        assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
        (message,) = mail.outbox
        assert message.extra_headers["Message-ID"] == courriers.identifiant(courrier)
        return message_from_bytes(message.message().as_bytes(), policy=default)

    def test_le_texte_vient_d_abord_puis_le_html_et_les_pieces_restent_a_cote(self):
        message = self.envoyer()
        assert message.get_content_type() == "multipart/mixed"
        corps, piece = message.iter_parts()
        assert corps.get_content_type() == "multipart/alternative"
        assert [(p.get_content_type(), p.get_content_charset()) for p in corps.iter_parts()] == [
            ("text/plain", "utf-8"),
            ("text/html", "utf-8"),
        ]
        texte, html = (p.get_content() for p in corps.iter_parts())
        assert (texte, html.rstrip("\n")) == (
            "Bonjour,\n\nÀ bientôt.\n",
            en_html("Dépôt reçu", "Bonjour,\n\nÀ bientôt.\n").rstrip("\n"),
        )
        assert (piece.get_filename(), piece.get_content()) == ("accusé.pdf", b"%PDF-1.4 essai")
        assert message["Subject"] == "Dépôt reçu"

    def test_de_longs_paragraphes_se_transmettent_tels_quels(self):
        texte = f"Bonjour,\n\n{'Une phrase accentuée. ' * 200}\n"
        corps, _ = self.envoyer(texte=texte).iter_parts()
        assert next(corps.iter_parts()).get_content() == texte
