"""What a closing and an extension write, word for word; Postgres writes the letters of the closing by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture, prolongations
from candidatures.depot.actions import echeance
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Depot, Participation, Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.prolongations.outils import finir
from tests.candidatures.depot.test_echeance import clore as clore_maintenant
from tests.candidatures.vagues.test_delais import une_vague_annoncee
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db

# What would mean something to the template, to Postgres or to a browser.
NOM = "L’Île {reference} {{ territoire }} 100 %s d'Yeu <b>\\1"
SUIVRE = f"Suivre votre dossier : {PORTAIL}/candidatures/"
RETROUVER = f"Retrouver votre dossier : {PORTAIL}/candidatures/"
CALENDRIER = "Le calendrier des prochaines périodes de dépôt est publié sur le portail."


@pytest.fixture
def vague() -> Vague:
    """Past its deadline and its grace."""
    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


def clore(vague: Vague) -> None:
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def la_lettre(dossier: Candidature) -> Courrier:
    return Courrier.objects.get(cle__startswith="cloture-", destinataire=f.porteur_de(dossier).email)


def fermeture(vague: Vague) -> str:
    return (
        f"La période de dépôt n° {vague.numero} de l’appel « Rebond industriel » s’est close le "
        f"{instant_fr(vague.cloture)} (heure "
        "de Paris)."
    )


def demander_au_portail(dossier: Candidature) -> None:
    Candidature.objects.filter(pk=dossier.pk).update(
        depot_a_l_echeance_le=dossier.vague.cloture - timedelta(hours=1), depot_a_l_echeance_par=f.porteur_de(dossier)
    )


def test_un_dossier_depose(vague):
    dossier = f.un_depot(f.une_candidature(vague=vague, territoire=f.un_territoire(NOM))).candidature
    Candidature.objects.update(demonstration=True)
    clore(vague)
    lue(
        "cloture/depose",
        la_lettre(dossier),
        f"[Données de démonstration] Votre dossier {dossier.reference} passe en instruction",
        BONJOUR,
        fermeture(vague),
        f"Le dossier {dossier.reference} du territoire « {NOM} » a été déposé à temps : il passe en instruction. Vous "
        "recevrez un e-mail lorsque les résultats seront annoncés.",
        SUIVRE,
        SIGNATURE,
    )


def test_un_dossier_depose_sait_combien_de_temps_il_a_fallu_aux_autres_vagues(vague):
    une_vague_annoncee(75)
    dossier = f.un_depot(f.une_candidature(vague=vague)).candidature
    clore(vague)
    texte = la_lettre(dossier).texte.replace("\u00a0", " ")
    assert "les résultats ont été annoncés 75 jours après la clôture. Ce n’est pas une promesse." in texte


@pytest.mark.parametrize("suivante", [False, True])
def test_un_brouillon(vague, suivante):
    dossier = f.une_candidature(vague=vague, complete=False, territoire=f.un_territoire(NOM))
    annonce = CALENDRIER
    if suivante:
        autre = f.une_vague(ouverture=vague.cloture, cloture=vague.cloture + timedelta(days=120))
        annonce = (
            f"La période de dépôt suivante, n° {autre.numero}, se clôt le {instant_fr(autre.cloture)} "
            "(heure de Paris)."
        )
    clore(vague)
    lue(
        "cloture/brouillon",
        la_lettre(dossier),
        f"Votre dossier {dossier.reference} n’a pas été déposé",
        BONJOUR,
        fermeture(vague),
        f"Le dossier {dossier.reference} du territoire « {NOM} » était encore un brouillon : il n’a pas été déposé et "
        "ne sera pas examiné. Son contenu est conservé.",
        annonce,
        RETROUVER,
        SIGNATURE,
    )


def test_un_dossier_jamais_complet_que_le_portail_devait_deposer(vague):
    dossier = f.une_candidature(vague=vague, complete=False)
    demander_au_portail(dossier)
    clore(vague)
    lue(
        "cloture/jamais_complet",
        la_lettre(dossier),
        f"Votre dossier {dossier.reference} n’a pas été déposé",
        BONJOUR,
        fermeture(vague),
        f"Le responsable du dossier {dossier.reference} du territoire « {dossier.territoire} » avait demandé au "
        "portail de déposer à l’échéance sa dernière version complète. Le portail n’en avait aucune : avant la "
        "clôture, il est toujours resté dans le dossier des réponses ou des pièces à fournir. Il n’a donc "
        "pas été déposé et ne sera pas examiné. Son contenu est conservé.",
        CALENDRIER,
        RETROUVER,
        SIGNATURE,
    )


def test_un_dossier_depose_par_le_portail():
    vague = f.une_vague(cloture=horloge_base() + timedelta(days=1))
    dossier = f.une_candidature(vague=vague)
    echeance.demander_depot_a_l_echeance(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())
    clore_maintenant(vague)
    vague.refresh_from_db()
    depot = Depot.objects.get()
    lue(
        "cloture/depose_par_le_portail",
        la_lettre(dossier),
        f"Votre dossier {dossier.reference} a été déposé par le portail et passe en instruction",
        BONJOUR,
        fermeture(vague),
        "Comme son responsable l’avait demandé, le portail a déposé à l’échéance la dernière version complète du "
        f"dossier {dossier.reference} du territoire « {dossier.territoire} ».",
        f"Dépôt n° {depot.numero}\nReçu le {instant_fr(depot.recu_le, secondes=True)} (heure de Paris) : l’instant où "
        "cette version a été enregistrée, ou celui de la demande s’il est plus tardif.",
        "Ce qui a été écrit après cette version n’est pas déposé. L’accusé de réception vous parvient dans un autre "
        "e-mail. Le dossier passe en instruction : vous recevrez un e-mail lorsque les résultats seront annoncés.",
        SUIVRE,
        SIGNATURE,
    )


def test_la_fin_d_une_prolongation(accorder, passee):
    """After the procès-verbal of the wave: a letter of its own, beside that of the closing."""
    dossier = f.une_candidature(vague=passee, complete=False)
    clore(passee)
    prolongation = accorder(passee, dossier)
    finir(prolongation)
    clore(passee)
    prolongation.refresh_from_db()
    lue(
        "cloture/brouillon",
        Courrier.objects.get(cle__startswith="cloture-", cle__endswith="-2"),
        f"Votre dossier {dossier.reference} n’a pas été déposé",
        BONJOUR,
        f"La période de dépôt n° {passee.numero} de l’appel « Rebond industriel » avait été prolongée : la "
        "prolongation s’est "
        f"terminée le {instant_fr(prolongation.jusqu_au)} (heure de Paris).",
        f"Le dossier {dossier.reference} du territoire « {dossier.territoire} » était encore un brouillon : il n’a "
        "pas été déposé et ne sera pas examiné. Son contenu est conservé.",
        CALENDRIER,
        RETROUVER,
        SIGNATURE,
    )


def test_une_seule_requete_ecrit_les_lettres_de_tous_les_dossiers():
    """Two participants in each, in two situations: what is sent to Postgres does not grow with the files."""

    def requetes(dossiers: int, il_y_a: timedelta) -> int:
        cloture_le = horloge_base() - il_y_a
        vague = f.une_vague(ouverture=cloture_le - timedelta(hours=1), cloture=cloture_le)
        for rang in range(dossiers):
            dossier = f.une_candidature(vague=vague, complete=False)
            Participation.objects.create(candidature=dossier, utilisateur=f.un_utilisateur(), qualite=Qualite.LECTEUR)
            if rang % 2:
                demander_au_portail(dossier)
        with CaptureQueriesContext(connection) as lues:
            clore(vague)
        assert Courrier.objects.filter(cle__startswith=f"cloture-{vague.pk}-").count() == 2 * dossiers
        ecritures = [r["sql"] for r in lues if r["sql"].startswith('INSERT INTO "socle_courrier"')]
        assert len(ecritures) == 1
        return len(lues)

    # The first closing of all has no procès-verbal before it.
    requetes(2, timedelta(hours=6))
    assert requetes(2, timedelta(hours=4)) == requetes(6, timedelta(hours=2))


@pytest.mark.parametrize("pour_un_dossier", [False, True])
def test_une_prolongation(pour_un_dossier):
    vague = f.une_vague()
    dossier = f.une_candidature(vague=vague, complete=False)
    jusqu_au = vague.cloture + timedelta(days=3)
    demandeur, signataire = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)
    prolongation = prolongations.proposer(
        vague=vague,
        candidature=dossier if pour_un_dossier else None,
        jusqu_au=jusqu_au,
        motif="Panne du portail.",
        acteur=demandeur,
        maintenant=horloge_base(),
    )
    prolongations.signer(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())
    lue(
        "cloture/prolongation_territoire",
        Courrier.objects.get(destinataire=f.porteur_de(dossier).email),
        f"Dossier {dossier.reference} : vous avez jusqu’au {instant_fr(jusqu_au, secondes=True)}",
        BONJOUR,
        f"L’échéance du dossier {dossier.reference} du territoire « {dossier.territoire} » est prolongée : vous "
        f"pouvez le modifier et le déposer jusqu’au {instant_fr(jusqu_au, secondes=True)} (heure de Paris). À cet "
        "instant précis, il sera trop tard.",
        "Motif : Panne du portail.",
        "Si le dossier est déjà déposé, vous n’avez rien à faire ; vous pouvez aussi le déposer de nouveau, et c’est "
        "alors la dernière version qui compte.",
        f"Ouvrir le dossier : {PORTAIL}/candidatures/{dossier.pk}/",
        SIGNATURE,
    )
    quoi = f"le dossier {dossier.reference}" if pour_un_dossier else "tous ses dossiers"
    lue(
        "cloture/prolongation_agents",
        Courrier.objects.get(destinataire=demandeur.email),
        f"Vague {vague.numero} : prolongation jusqu’au {instant_fr(jusqu_au, secondes=True)}",
        BONJOUR,
        f"L’échéance de la vague {vague.numero} de l’appel « Rebond industriel » est prolongée pour {quoi}, jusqu’au "
        f"{instant_fr(jusqu_au, secondes=True)} (heure de Paris).",
        f"Motif : Panne du portail.\nProposée par « {demandeur} », signée par « {signataire} ».",
        "Les territoires concernés en sont prévenus. La prolongation figurera au procès-verbal de clôture.",
        SIGNATURE,
    )
