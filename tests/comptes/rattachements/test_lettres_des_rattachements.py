"""What is written about the link between a person and an authority, word for word."""

import re

import pytest

from rebond.comptes.rattachements import actions
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
COLLECTIVITES = f"Voir vos collectivités : {PORTAIL}/candidatures/collectivites/"


@pytest.fixture
def admin():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def lien(admin):
    personne = f.un_utilisateur("odile@example.fr", prenom="Odile", nom="voir www.piege.example")
    return actions.demander(utilisateur=personne, siren=f.un_epci("CC du Bocage").siren, maintenant=horloge_base())


def derniere(adresse: str) -> Courrier:
    return Courrier.objects.filter(destinataire=adresse).latest("pk")


def test_la_demande_dite_aux_administrateurs(lien, admin):
    lue(
        "comptes/rattachement_demande",
        derniere(admin.email),
        "Une personne demande que son lien avec une collectivité soit vérifié",
        BONJOUR,
        "Une personne dit travailler pour « CC du Bocage ». Le portail ne connaît pas encore l’adresse officielle de "
        "cette "
        "collectivité.",
        "Le nom qu’elle a donné est « Odile voir piege. example ». Son compte a l’adresse odile@example.fr.",
        f"Vérifier cette demande : {PORTAIL}/administration/collectivites/",
        SIGNATURE,
    )


def test_le_code_envoye_a_la_collectivite(lien, admin):
    actions.valider_adresse(
        rattachement=lien, adresse="accueil@bocage.example", acteur=admin, maintenant=horloge_base()
    )
    lien.refresh_from_db()
    lettre = derniere("accueil@bocage.example")
    lue(
        "comptes/rattachement_code",
        lettre,
        "Une personne dit travailler pour vous : code à lui remettre",
        BONJOUR,
        "Vous recevez cet e-mail à l’adresse officielle de « CC du Bocage ». Le portail de l’État « Rebond "
        "industriel » "
        "reçoit les candidatures des territoires ; avant d’en examiner une en votre nom, nous vérifions que la "
        "personne "
        "qui la prépare travaille bien pour vous.",
        "Le nom que cette personne a donné est « Odile voir piege. example ». Son compte a l’adresse "
        "odile@example.fr. "
        "Nous n’avons vérifié que l’adresse, pas le nom.",
        "Si cette personne travaille pour vous, remettez-lui ce code, de vive voix ou par e-mail :",
        re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", lettre.texte)[0],
        f"Elle le saisira sur le portail. Le code est valable jusqu’au {instant_fr(lien.expire_le)} (heure de Paris).",
        "Si vous ne la connaissez pas, ne lui remettez rien : sans ce code, elle ne peut pas agir pour vous.",
        SIGNATURE,
    )


def test_un_lien_atteste(lien, admin):
    actions.attester(
        utilisateur=lien.utilisateur, siren=lien.siren, motif="Appel.", acteur=admin, maintenant=horloge_base()
    )
    lue(
        "comptes/rattachement_prouve",
        derniere("odile@example.fr"),
        "Votre lien avec votre collectivité est vérifié",
        BONJOUR,
        "Nous avons vérifié que vous travaillez pour « CC du Bocage ». Vous n’avez rien d’autre à faire : cela vaut "
        "pour "
        "tous vos dossiers au nom de cette collectivité.",
        COLLECTIVITES,
        SIGNATURE,
    )


def test_un_lien_termine(lien, admin):
    actions.terminer(
        rattachement=lien, motif="La collectivité ne vous connaît pas.", acteur=admin, maintenant=horloge_base()
    )
    lue(
        "comptes/rattachement_termine",
        derniere("odile@example.fr"),
        "Votre lien avec votre collectivité n’est pas reconnu",
        BONJOUR,
        "Nous ne pouvons pas, ou plus, considérer que vous travaillez pour « CC du Bocage ». La raison que nous avons "
        "notée :",
        "La collectivité ne vous connaît pas.",
        "Ce que vous avez écrit et déposé reste en place. Si c’est une erreur, faites une nouvelle demande ou "
        "écrivez-nous.",
        COLLECTIVITES,
        SIGNATURE,
    )
