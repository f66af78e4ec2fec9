"""What is written about files received under reserve or contested, word for word."""

import pytest

from candidatures.depot.actions.contestations import contester, trancher
from rebond.comptes.rattachements.actions import attester
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.models import Epci
from tests import fabriques as f
from tests.candidatures.depot.test_tenue import clos
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


def derniere(personne) -> Courrier:
    return Courrier.objects.filter(destinataire=personne.email).latest("pk")


def entete(dossier) -> str:
    return (
        f"Dossier {dossier.reference} de l’appel « Rebond industriel ». Son territoire y est nommé "
        f"« {dossier.territoire} »."
    )


def pied(dossier) -> str:
    return f"Le dossier : {PORTAIL}/candidatures/{dossier.pk}/"


def test_une_reserve_levee():
    dossier = f.une_candidature(prouve=False)
    f.un_depot(dossier)
    attester(
        utilisateur=f.porteur_de(dossier),
        siren=dossier.territoire.cle,
        motif="Appel.",
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )
    lue(
        "depot/reserve_levee",
        derniere(f.porteur_de(dossier)),
        f"{dossier.reference} : la réserve est levée",
        BONJOUR,
        entete(dossier),
        "Le dépôt de ce dossier avait été reçu sous réserve. Il ne l’est plus : il est bien celui de la collectivité "
        "chef "
        "de file. Vous n’avez rien d’autre à faire.",
        pied(dossier),
        SIGNATURE,
    )


@pytest.mark.parametrize("fondee", [True, False])
def test_un_dossier_signale_puis_la_reponse(fondee):
    dossier, admin = f.un_depot().candidature, f.un_agent(Role.ADMINISTRATEUR)
    agent = f.un_utilisateur(prenom="Jean", nom="Petit")
    siren = dossier.territoire.cle
    f.un_rattachement(agent, siren)
    signalee = contester(candidature=dossier, siren=siren, auteur=agent, maintenant=horloge_base())
    nom = Epci.objects.get(siren=siren).nom
    lue(
        "depot/contestation",
        derniere(admin),
        f"Dossier {dossier.reference} : une collectivité dit qu’il n’est pas d’elle",
        BONJOUR,
        f"Une personne dont le portail sait qu’elle travaille pour « {nom} » signale le dossier {dossier.reference} : "
        "« Ce dossier n’est pas de nous. » Elle a donné le nom de « Jean Petit ».",
        "Le dossier est mis sous réserve : il ne tient plus son territoire, tant que personne n’a répondu.",
        f"Répondre à la collectivité : {PORTAIL}/administration/collectivites/",
        SIGNATURE,
    )
    repondre(dossier, signalee, agent, admin, nom, fondee=fondee)


def test_un_dossier_signale_a_qui_l_instruit():
    dossier, instructeur = f.un_depot().candidature, f.un_agent(Role.INSTRUCTEUR)
    clos(dossier.vague)
    siren, agent = dossier.territoire.cle, f.un_utilisateur(prenom="Jean", nom="Petit")
    f.un_rattachement(agent, siren)
    contester(candidature=dossier, siren=siren, auteur=agent, maintenant=horloge_base())
    lue(
        "depot/contestation",
        derniere(instructeur),
        f"Dossier {dossier.reference} : une collectivité dit qu’il n’est pas d’elle",
        BONJOUR,
        f"Une personne dont le portail sait qu’elle travaille pour « {Epci.objects.get(siren=siren).nom} » signale le "
        f"dossier {dossier.reference} : « Ce dossier n’est pas de nous. » Elle a donné le nom de « Jean Petit ».",
        "Le dossier est mis sous réserve : il ne tient plus son territoire, tant que personne n’a répondu. Un "
        "administrateur répondra à la collectivité.",
        f"Le dossier : {PORTAIL}/instruction/dossiers/{dossier.pk}/",
        SIGNATURE,
    )


def repondre(dossier, signalee, agent, admin, nom, *, fondee):
    trancher(contestation=signalee, fondee=fondee, reponse="Voici.", acteur=admin, maintenant=horloge_base())
    lue(
        "depot/contestation_tranchee",
        derniere(f.porteur_de(dossier)) if fondee else Courrier.objects.get(objet__contains="résultat du signalement"),
        f"{dossier.reference} : résultat du signalement d’une collectivité",
        BONJOUR,
        entete(dossier),
        f"Une collectivité avait signalé ce dossier comme n’étant pas d’elle : « {nom} ». "
        + (
            "Nous lui avons donné raison : le dossier reste sous réserve."
            if fondee
            else "Nous ne l’avons pas suivie : le signalement est écarté."
        ),
        "Notre réponse :",
        "Voici.",
        pied(dossier),
        SIGNATURE,
    )
    lue(
        "depot/contestation_repondue",
        derniere(agent),
        f"Dossier {dossier.reference} : réponse à votre signalement",
        BONJOUR,
        f"Vous avez signalé, pour « {nom} », que le dossier {dossier.reference} n’est pas de vous. "
        + (
            "Nous vous donnons raison : le dossier reste sous réserve."
            if fondee
            else "Nous n’avons pas suivi votre signalement."
        ),
        "Notre réponse :",
        "Voici.",
        f"Voir vos collectivités : {PORTAIL}/candidatures/collectivites/",
        SIGNATURE,
    )
