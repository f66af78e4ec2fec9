"""What is written while a file is instructed, word for word."""

from datetime import timedelta

import pytest

from candidatures.dossier.etats import Qualite
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as echanges
from candidatures.models import Candidature, DemandeDeCorrection
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db

MOTIF = "Précisez\n- les projets <b>;\n- leur coût."


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None, noms=["L’Écluse & <b>"])[1][0]


@pytest.fixture
def porteur(dossier) -> Utilisateur:
    return f.porteur_de(dossier)


@pytest.fixture
def instructeur() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def demande(dossier, instructeur) -> DemandeDeCorrection:
    return corrections.demander_correction(
        candidature=dossier,
        questions=["projets.projets"],
        natures=["lettre"],
        motif=MOTIF,
        echeance=horloge_base() + timedelta(days=10),
        auteur=instructeur,
        maintenant=horloge_base(),
    )


def la_lettre(debut: str) -> Courrier:
    return Courrier.objects.get(cle__startswith=debut)


def test_un_avis_demande_a_qui_declare_un_conflit(dossier, instructeur):
    expert = f.un_agent(Role.EXPERT)
    demander_avis(candidature=dossier, expert=expert, question="Quoi ?", auteur=instructeur, maintenant=horloge_base())
    Candidature.objects.update(demonstration=True)
    instruction.declarer_interet(candidature=dossier, utilisateur=expert, motif="Mandat.", maintenant=horloge_base())
    lue(
        "instruction/avis_revoque",
        la_lettre("avis-revoque-"),
        f"[Données de démonstration] Un avis ne sera pas rendu sur le dossier {dossier.reference}",
        BONJOUR,
        f"L’avis demandé à « {cible_de(expert).organisme} » sur le dossier {dossier.reference} du territoire "
        "« L’Écluse & <b> » ne sera pas rendu. La demande est annulée : un conflit d’intérêts a été déclaré par "
        f"« {expert} ».",
        f"Demander un autre avis : {PORTAIL}/instruction/dossiers/{dossier.pk}/",
        SIGNATURE,
    )


class TestCorrection:
    def lue(self, gabarit: str, cle: str, objet: str, *fait: str, service: bool = False) -> None:
        dossier = Candidature.objects.get()
        page = f"/instruction/dossiers/{dossier.pk}/" if service else f"/candidatures/{dossier.pk}/correction/"
        lue(
            gabarit,
            la_lettre(cle),
            objet.format(dossier.reference),
            BONJOUR,
            f"Dossier {dossier.reference}, territoire « {dossier.territoire} ».",
            *fait,
            f"{PORTAIL}{page}",
            SIGNATURE,
        )

    def rendre(self, demande, porteur) -> None:
        corrections.rendre_correction(demande=demande, auteur=porteur, recu_le=horloge_base(), sans_le_reste=True)

    def test_demandee(self, demande):
        self.lue(
            "instruction/correction_demandee",
            "correction-demandee-",
            "Correction demandée sur votre dossier {}",
            "Le service instructeur vous demande de corriger certaines réponses ou pièces avant le "
            f"{instant_fr(demande.echeance)} (heure de Paris).",
            MOTIF,
        )

    def test_recue_avec_ce_qui_n_a_pas_change(self, demande, porteur, dossier):
        corrections.enregistrer_correction(
            demande=demande,
            section="projets",
            reponses={"projets": "Une fonderie."},
            auteur=porteur,
            maintenant=horloge_base(),
            revision=0,
        )
        self.rendre(demande, porteur)
        piece = dossier.cahier.cahier.piece("lettre").libelle
        self.lue(
            "instruction/correction_recue",
            "correction-rendue-",
            "Correction reçue sur le dossier {}",
            f"Le dossier est revenu en instruction. Rien n’a été changé à ce qui suit : « {piece} ».",
            service=True,
        )

    def test_close_par_le_service(self, demande, instructeur):
        corrections.fermer_correction(demande=demande, auteur=instructeur, maintenant=horloge_base())
        self.lue(
            "instruction/correction_fermee",
            "correction-fermee-",
            "La correction de votre dossier {} n’est plus attendue",
            "Le service instructeur y a mis fin.",
        )

    def test_close_sans_reponse(self, demande, porteur, instructeur):
        corrections.fermer_correction(demande=demande, auteur=None, maintenant=demande.echeance)
        self.lue(
            "instruction/correction_fermee",
            f"correction-fermee-{demande.pk}-{porteur.pk}",
            "La correction de votre dossier {} n’est plus attendue",
            "Le délai est passé sans réponse de votre part.",
        )
        self.lue(
            "instruction/correction_non_rendue",
            f"correction-fermee-{demande.pk}-{instructeur.pk}",
            "Correction non rendue sur le dossier {}",
            "Le dossier est revenu en instruction.",
            service=True,
        )


def test_une_correction_recue_entiere(dossier, porteur, instructeur):
    demande = corrections.demander_correction(
        candidature=dossier,
        questions=["projets.projets"],
        natures=[],
        motif=MOTIF,
        echeance=horloge_base() + timedelta(days=10),
        auteur=instructeur,
        maintenant=horloge_base(),
    )
    corrections.enregistrer_correction(
        demande=demande,
        section="projets",
        reponses={"projets": "Une fonderie."},
        auteur=porteur,
        maintenant=horloge_base(),
        revision=0,
    )
    corrections.rendre_correction(demande=demande, auteur=porteur, recu_le=horloge_base())
    TestCorrection().lue(
        "instruction/correction_recue",
        "correction-rendue-",
        "Correction reçue sur le dossier {}",
        "Le dossier est revenu en instruction.",
        service=True,
    )


@pytest.mark.parametrize("du_service", [False, True])
def test_des_messages(du_service):
    """To a territory on two files, in one letter; to the service, with the address of its own page."""
    _, dossiers = une_vague_close(None, None, noms=["Cambrai", "L’Écluse <b>"])
    personne = f.un_agent(Role.INSTRUCTEUR)
    if not du_service:
        personne = f.porteur_de(dossiers[0])
        dossiers[1].participations.create(utilisateur=personne, qualite=Qualite.CO_PORTEUR)
    auteurs = [f.porteur_de(d) if du_service else f.un_agent(Role.INSTRUCTEUR) for d in dossiers]
    for dossier, auteur in zip(dossiers, auteurs, strict=True):
        for texte in ("Une   précision\n<b>?", "mot " * 60):
            echanges.envoyer_message(candidature=dossier, auteur=auteur, texte=texte, maintenant=horloge_base())
    echanges.annoncer_messages(maintenant=horloge_base() + timedelta(minutes=11))
    pages = ["instruction/dossiers" if du_service else "candidatures"] * 2
    lue(
        "instruction/messages",
        Courrier.objects.get(cle__startswith="messages-", destinataire=personne.email),
        "4\u00a0nouveaux messages sur Rebond industriel",
        BONJOUR,
        "Vous avez 4\u00a0messages non lus :",
        *(
            f"Dossier {dossier.reference}, territoire « {dossier.territoire} »\n"
            f"- De « {auteur} » : « Une précision <b>? »\n"
            f"- De « {auteur} » : « {' '.join(['mot'] * 50)}… »\n"
            f"Lire et répondre : {PORTAIL}/{page}/{dossier.pk}/messages/"
            for dossier, auteur, page in zip(dossiers, auteurs, pages, strict=True)
        ),
        "Les pièces jointes se lisent sur le portail.",
        SIGNATURE,
    )
