"""A small portal where every kind of object is there once: made in a few seconds, for all the tests of a module."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from candidatures.cloture.actions import cloture, incidents, prolongations
from candidatures.cloture.etats import NatureIncident
from candidatures.depot.actions import depots
from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite, SensDecision
from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.pieces.actions import televersements
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as echanges
from candidatures.labellisation import actions as labellisation
from candidatures.models import (
    AccuseReception,
    AccuseRectificatif,
    Candidature,
    Depot,
    Horodatage,
    ImpressionProcesVerbal,
    Incident,
    Membre,
    PieceDeCorrection,
    PieceDeMessage,
    PieceDeposee,
    PieceJointe,
    ProcesVerbal,
    Vague,
)
from projets.communique.annexes import TOUS
from projets.mission import actions as missions
from projets.models import (
    ActionAxe,
    Axe,
    Enveloppe,
    FeuilleDeRoute,
    FichierDeCommunique,
    Mission,
    Rapport,
)
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Habilitation
from tests import fabriques as f
from tests.acces import decor_des_donnees
from tests.acces import gens as g
from tests.candidatures.instruction.instruction import instruire
from tests.projets import decor as projets

UN_JOUR = timedelta(days=1)
PROJETS = ("projet", "modifier_projet", "estimer", "orienter", "abandonner", "annuler", "faire")
EMBARGO = 30 * UN_JOUR
# What an address of the portal may name, and the number that nothing bears.
ABSENT = 30_999


@dataclass
class Decor:
    """`objets` gives, by the name that the matrix uses, the values of the addresses of that object: by argument
    (« pk »), or by address and argument when the same argument names several things (« piece_de_message piece_pk »).
    """

    gens: dict[str, Utilisateur]
    publiee: Vague
    secrete: Vague
    en_cours: Vague
    ouverte: Vague
    future: Vague
    dossiers: dict[str, Candidature] = field(default_factory=dict)
    objets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, nom: str) -> Utilisateur:
        return self.gens[nom]


def dresser() -> Decor:
    """Everything up to the decisions of the wave that is then announced under embargo; `decider` takes these."""
    maintenant = horloge_base()
    gens = g.creer()
    en_cours = f.une_vague(cloture=maintenant - timedelta(minutes=5))
    monde = Decor(
        gens,
        publiee=f.une_vague(cloture=maintenant - 400 * UN_JOUR),
        secrete=f.une_vague(cloture=maintenant - 150 * UN_JOUR),
        en_cours=en_cours,
        ouverte=f.une_vague(ouverture=en_cours.cloture, cloture=maintenant + 30 * UN_JOUR),
        future=f.une_vague(ouverture=maintenant + 40 * UN_JOUR, cloture=maintenant + 70 * UN_JOUR),
    )
    nord, loin = f.un_departement(), f.un_departement(*g.AILLEURS)
    lieux = {
        "publié": (monde.publiee, nord),
        "secret": (monde.secrete, nord),
        "secret bis": (monde.secrete, nord),
        "instruit": (en_cours, nord),
        "à corriger": (en_cours, nord),
    }
    for nom, (vague, departement) in lieux.items():
        monde.dossiers[nom] = _deposer(monde, vague, f.un_territoire(f"Val {nom}", departement=departement))
    # Somebody else's, in the same wave, whose end nobody of the others may know either.
    ailleurs = f.un_territoire("Val voisin", departement=loin)
    monde.dossiers["voisin"] = f.une_candidature(vague=monde.secrete, territoire=ailleurs, porteur=gens["voisin"])
    f.un_depot(monde.dossiers["voisin"])
    for vague in (monde.publiee, monde.secrete, en_cours):
        cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
        vague.refresh_from_db()
    for nom, dossier in monde.dossiers.items():
        dossier.refresh_from_db()
        if nom != "voisin":
            g.consulter(dossier, gens)
    _echanger(monde)
    _ouvrir(monde)
    _administrer(monde)
    decor_des_donnees.poser(monde)
    decider(monde, monde.publiee, annonce=maintenant - 200 * UN_JOUR)
    _accompagner(monde)
    return monde


def decider(
    monde: Decor, vague: Vague, *, annonce: datetime, embargo: timedelta = timedelta(), ecartes: tuple[str, ...] = ()
) -> None:
    """Instruct, decide and announce a wave: laureates, but the files named in `ecartes`."""
    sens = {
        dossier.pk: SensDecision.NE_PAS_RETENIR if nom in ecartes else SensDecision.LABELLISER
        for nom, dossier in monde.dossiers.items()
        if dossier.vague_id == vague.pk
    }
    for dossier in Candidature.objects.filter(pk__in=sens).order_by("pk"):
        instruire(dossier, instructeur=monde["instructeur"])
    vague.refresh_from_db()
    labellisation.labelliser(vague=vague, decisions=sens, valideur=monde["valideur"], maintenant=annonce)
    vague.refresh_from_db()
    labellisation.annoncer(vague=vague, valideur=monde["valideur"], publique_a=annonce + embargo, maintenant=annonce)


def _deposer(monde: Decor, vague: Vague, territoire: Any) -> Candidature:
    dossier = f.une_candidature(vague=vague, territoire=territoire, porteur=monde["porteur"])
    depot = f.un_depot(dossier)
    g.associer(dossier, monde.gens)
    _accuser(depot)
    return dossier


def _accuser(depot: Depot) -> None:
    """Receipts whose bytes nobody looks at here: making a real one takes a second."""
    document = documents.enregistrer(f.PDF, type_mime="application/pdf")
    bien_plus_tard = jour_de_paris(horloge_base()) + 900 * UN_JOUR
    AccuseReception.objects.create(depot=depot, document=document, decision_implicite_le=bien_plus_tard)
    AccuseRectificatif.objects.create(
        depot=depot, rang=1, document=document, motif="Prolongée.", decision_implicite_le=bien_plus_tard + UN_JOUR
    )


def _echanger(monde: Decor) -> None:
    maintenant = horloge_base()
    for nom in ("instruit", "secret"):
        echanges.envoyer_message(
            candidature=monde.dossiers[nom],
            auteur=monde["instructeur"],
            texte="Pouvez-vous préciser\u00a0?",
            fichiers=[ContentFile(f.PDF, name="question.pdf")],
            maintenant=maintenant,
        )
    demande = corrections.demander_correction(
        candidature=monde.dossiers["à corriger"],
        questions=["projets.projets"],
        natures=["lettre"],
        motif="Précisez les projets.",
        echeance=maintenant + 10 * UN_JOUR,
        auteur=monde["instructeur"],
        maintenant=maintenant,
    )
    corrections.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(f.PDF, name="lettre.pdf"),
        nom="lettre.pdf",
        nature="lettre",
        auteur=monde["porteur"],
        maintenant=maintenant,
    )
    for nom in ("secret", "instruit", "à corriger"):
        monde.objets[f"dossier-{nom.replace(' ', '-')}"] = _du_dossier(monde.dossiers[nom])


def _ouvrir(monde: Decor) -> None:
    """A file of the open wave, deposited, that several authorities and people write."""
    dossier = monde.dossiers["ouvert"] = f.une_candidature(
        vague=monde.ouverte, territoire=f.un_territoire("Val ouvert"), porteur=monde["porteur"]
    )
    _accuser(depots.deposer(candidature=dossier, auteur=monde["porteur"], recu_le=horloge_base(), cle=uuid4()))
    le = {"auteur": monde["porteur"], "maintenant": horloge_base()}
    groupements.ajouter_membre(candidature=dossier, collectivite=f.un_epci(), nom="Vals ouverts", **le)
    g.associer(dossier, monde.gens)
    invitation = invitations.inviter(candidature=dossier, email="invitee@example.fr", qualite=Qualite.LECTEUR, **le)
    lettre = Courrier.objects.get(destinataire="invitee@example.fr")
    jeton = lettre.texte.partition("/invitations/")[2].partition("/")[0]
    envoi = televersements.commencer(
        candidature=dossier,
        utilisateur=monde["porteur"],
        nom="plan.pdf",
        nature="diagnostic",
        taille=9_000,
        maintenant=horloge_base(),
    )
    monde.objets["dossier-ouvert"] = _du_dossier(dossier) | {
        "invitation_pk": invitation.pk,
        "jeton": jeton,
        "televersement cle": envoi.pk,
    }


def _du_dossier(dossier: Candidature) -> dict[str, Any]:
    dossier = Candidature.objects.get(pk=dossier.pk)
    depot = Depot.objects.filter(candidature=dossier).latest("rang")
    deposee = PieceDeposee.objects.get(depot=depot).pk
    message = PieceDeMessage.objects.filter(message__candidature=dossier).first()
    corrigee = PieceDeCorrection.objects.filter(demande__candidature=dossier).first()
    return {
        "pk": dossier.pk,
        "cle": "choc",
        "correction_section cle": "projets",
        "correction_joindre cle": "lettre",
        "revision": 1,
        "rang": depot.rang,
        "numero": 1,
        "verification:depot numero": depot.numero,
        "membre_pk": Membre.objects.filter(candidature=dossier).latest("pk").pk,
        "participation_pk": dossier.participations.get(qualite="lecteur", utilisateur__habilitations=None).pk,
        "piece_pk": PieceJointe.objects.get(candidature=dossier).pk,
        "piece_deposee piece_pk": deposee,
        "instruction:piece piece_pk": deposee,
        "piece_de_message piece_pk": message.pk if message else ABSENT,
        "piece_de_correction piece_pk": corrigee.pk if corrigee else ABSENT,
        "correction_enlever piece_pk": corrigee.pk if corrigee else ABSENT,
    }


def _administrer(monde: Decor) -> None:
    maintenant = horloge_base()
    incident: Incident = incidents.declarer_incident(
        vague=monde.ouverte,
        nature=NatureIncident.INDISPONIBILITE,
        debut=maintenant,
        fin=None,
        description="Le portail était lent.",
        auteur=monde["administrateur"],
        maintenant=maintenant,
    )
    prolongation = prolongations.proposer(
        vague=monde.ouverte,
        candidature=monde.dossiers["ouvert"],
        jusqu_au=monde.ouverte.cloture + UN_JOUR,
        motif="Une panne.",
        acteur=monde["administrateur"],
        maintenant=maintenant,
    )
    courrier = Courrier.objects.earliest("pk")
    role = Habilitation.objects.get(utilisateur=monde["presse"])
    commun = {
        "cle": "choc",
        "question": "nature",
        "version": 1,
        "rang": 1,
        "prolongation pk": prolongation.pk,
        "ecarter_prolongation pk": prolongation.pk,
        "incident_terminer pk": incident.pk,
        "renvoyer_courrier pk": courrier.pk,
        "retirer_role pk": role.pk,
        "administration:passer_la_main pk": monde.dossiers["ouvert"].pk,
    }
    for nom in ("ouverte", "en_cours", "secrete", "future"):
        monde.objets[f"vague-{nom.replace('_', '-').replace('secrete', 'secrète')}"] = {
            "numero": getattr(monde, nom).numero
        } | commun
    monde.objets["-"] = commun
    for vague in (monde.en_cours, monde.secrete):
        acte = ProcesVerbal.objects.get(vague=vague)
        document = documents.enregistrer(f.PDF, type_mime="application/pdf")
        ImpressionProcesVerbal.objects.create(proces_verbal=acte, document=document)
        Horodatage.objects.update_or_create(
            proces_verbal=acte, defaults={"jeton": b"jeton", "atteste_le": horloge_base()}
        )


def _accompagner(monde: Decor) -> None:
    """The mission of the published laureate, under way, with something of each kind in it."""
    mission = Mission.objects.get(labellisations__candidature=monde.dossiers["publié"])
    charge, maintenant, debut = monde["chargé"], horloge_base(), date(2026, 5, 4)
    missions.prendre_en_charge(mission=mission, debut=debut, acteur=charge, maintenant=maintenant)
    monde.objets["mission-publique"] = _remplir(mission, charge, rang=1)
    hier = jour_de_paris(maintenant) - UN_JOUR
    communique = projets.un_communique(au=hier, maintenant=maintenant)
    FichierDeCommunique.objects.create(
        communique=communique,
        cle=next(iter(TOUS)),
        sous_embargo=False,
        nom="communique.txt",
        document=documents.enregistrer(b"texte", type_mime="text/plain"),
    )
    monde.objets["communiqué"] = {"au": hier, "format_": next(iter(TOUS)), "pk": communique.pk}


def sous_embargo(ecartes: tuple[str, ...] = ()) -> Decor:
    """The portal once the decisions of the secret wave are announced, and known to nobody outside for a month."""
    monde = dresser()
    decider(monde, monde.secrete, annonce=horloge_base(), embargo=EMBARGO, ecartes=ecartes)
    mission = Mission.objects.get(labellisations__candidature=monde.dossiers["secret"])
    monde.objets["mission-secrète"] = _remplir(mission, monde["chargé"], rang=2)
    return monde


def _remplir(mission: Mission, auteur: Utilisateur, *, rang: int) -> dict[str, Any]:
    """One of each thing that a mission holds, as rows; and the values of their addresses."""
    jour = date(2026, 5, 4)
    industriel = projets.un_industriel(mission, rang, rencontre_le=jour)
    enveloppe = Enveloppe.objects.create(mission=mission, nom="Enveloppe", montant=1_000_000, ouverte_le=jour)
    projet = projets.un_projet(industriel, auteur, recense_le=jour, oriente_le=jour, enveloppe=enveloppe)
    feuille = FeuilleDeRoute.objects.create(mission=mission)
    axe = Axe.objects.create(feuille=feuille, rang=1, titre=f"Un axe {rang}")
    ActionAxe.objects.create(axe=axe, intitule="Un atelier")
    rapport = Rapport.objects.create(mission=mission, version=1, au=jour, demande_par=auteur)
    return {
        "pk": mission.pk,
        "mission_id": mission.pk,
        "vers": "rencontres",
        "acte": "qualifier",
        "accorder pk": enveloppe.pk,
        "liberer pk": auteur.pk,
        **{f"projets:{nom}_industriel pk": industriel.pk for nom in ("modifier", "annuler")},
        **{f"projets:{nom} pk": projet.pk for nom in PROJETS},
        **{f"conduite:{nom}_axe pk": axe.pk for nom in ("modifier", "monter", "descendre", "retirer")},
        **{f"rapports:{nom} pk": rapport.pk for nom in ("rapport", "etat", "fichier", "relancer")},
    }
