"""What is written to the members of a grouping, word for word."""

import pytest

from candidatures.depot.accords.actions import rappeler
from candidatures.depot.actions.echeance import demander_depot_a_l_echeance
from candidatures.dossier.etats import GenreDeLien
from candidatures.models import Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.depot.accords.test_accords import un_agent, un_dossier_complet
from tests.candidatures.depot.test_echeance import clore
from tests.candidatures.dossier.liens.outils import un_lien
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db

FIN = (
    "Si cette demande ne vous concerne pas, ne faites rien. L’État ne vous demandera jamais ainsi ni argent, ni mot "
    "de passe."
)


def test_les_liens_envoyes_a_une_collectivite():
    candidature, membre = un_dossier_complet()
    auteur, numero = f.porteur_de(candidature), candidature.vague.numero
    dossier = f"Dossier {candidature.reference}, territoire « {candidature.territoire} »."
    demande = (
        f"La demande vient d’un compte dont l’adresse est {auteur.email}. Le nom que cette personne a donné est "
        f"« {auteur} »."
    )
    lien, jeton = un_lien(GenreDeLien.ACCORD, candidature, membre)
    lue(
        "dossier/lien_d_accord",
        Courrier.objects.get(cle=f"lien-{lien.pk}"),
        f"Bon pour dépôt demandé pour le dossier {candidature.reference}",
        BONJOUR,
        f"Votre collectivité, « {membre.nom} », est membre d’un groupement qui prépare un dossier pour l’appel de "
        "l’État « Rebond industriel » "
        f"(période de dépôt n° {numero}). Avant de le déposer, on vous demande de le lire et de donner le bon "
        "pour dépôt de votre "
        "collectivité.",
        dossier,
        demande,
        f"Lire le dossier : {PORTAIL}/liens/{jeton}/",
        f"Aucun compte n’est nécessaire. Ce lien s’ouvre jusqu’au {instant_fr(lien.expire_le)} (heure de Paris). Ne "
        "le transmettez pas hors de votre collectivité : qui a le lien lit le dossier.",
        FIN,
        SIGNATURE,
    )
    lien, jeton = un_lien(GenreDeLien.PIECE, candidature, membre)
    lue(
        "dossier/lien_de_piece",
        Courrier.objects.get(cle=f"lien-{lien.pk}"),
        f"Un document de votre collectivité est attendu pour le dossier {candidature.reference}",
        BONJOUR,
        f"Votre collectivité, « {membre.nom} », est membre d’un groupement qui prépare un dossier pour l’appel de "
        "l’État « Rebond industriel » "
        f"(période de dépôt n° {numero}). Il y manque le document que votre collectivité doit fournir, le plus "
        "souvent sa "
        "délibération.",
        dossier,
        demande,
        f"Envoyer le document : {PORTAIL}/liens/{jeton}/",
        f"Aucun compte n’est nécessaire. Ce lien s’ouvre jusqu’au {instant_fr(lien.expire_le)} (heure de Paris).",
        FIN,
        SIGNATURE,
    )


def test_un_rappel_a_qui_travaille_pour_la_collectivite():
    candidature, membre = un_dossier_complet()
    agent, auteur = un_agent(candidature, membre), f.porteur_de(candidature)
    rappeler(candidature=candidature, membre=membre, auteur=auteur, maintenant=horloge_base())
    lue(
        "depot/accord_rappel",
        Courrier.objects.get(destinataire=agent.email),
        f"Rappel : bon pour dépôt du dossier {candidature.reference}",
        BONJOUR,
        f"Le dossier {candidature.reference} du territoire « {candidature.territoire} » attend le bon pour dépôt de "
        f"votre collectivité, « {membre.nom} », sur sa version d’aujourd’hui. Ce rappel vous est envoyé à la demande "
        f"de « {auteur} ».",
        f"Le dossier se dépose jusqu’au {instant_fr(candidature.echeance)} (heure de Paris).",
        f"Lire le dossier et donner votre accord : {PORTAIL}/candidatures/{candidature.pk}/accords/",
        SIGNATURE,
    )


def test_ce_que_le_portail_n_a_pas_depose_faute_d_un_accord():
    candidature, _ = un_dossier_complet()
    porteur = f.porteur_de(candidature)
    demander_depot_a_l_echeance(candidature=candidature, auteur=porteur, maintenant=horloge_base())
    clore(candidature.vague)
    vague = Vague.objects.get(pk=candidature.vague_id)
    lue(
        "cloture/sans_accords",
        Courrier.objects.get(cle=f"cloture-{vague.pk}-{candidature.pk}-{porteur.pk}"),
        f"Votre dossier {candidature.reference} n’a pas été déposé",
        BONJOUR,
        f"La période de dépôt n° {vague.numero} de l’appel « Rebond industriel » s’est close le "
        f"{instant_fr(vague.cloture)} "
        "(heure de Paris).",
        f"Le responsable du dossier {candidature.reference} du territoire « {candidature.territoire} » avait demandé "
        "au portail de déposer à l’échéance sa dernière version complète. Dans cette période de dépôt, un "
        "groupement dépose "
        "quand chacun de ses membres a donné son bon pour dépôt sur cette version : il en manquait au moins un à "
        "l’échéance. Le dossier n’a donc pas été déposé et ne sera pas examiné. Son contenu est conservé.",
        "Le calendrier des prochaines périodes de dépôt est publié sur le portail.",
        f"Retrouver votre dossier : {PORTAIL}/candidatures/",
        SIGNATURE,
    )
