"""What tests build: plain functions that make valid objects, each argument with a sensible default."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count, cycle
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import transaction

from candidatures.depot.actions import depots
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions import dossiers, redaction
from candidatures.dossier.completude import intitule
from candidatures.dossier.instantane import instantane, membres_de, pieces_de
from candidatures.dossier.pieces.actions import pieces
from candidatures.dossier.pieces.verification import attendue
from candidatures.models import Candidature, Depot, PieceJointe, Reserve, Vague, VersionComplete, VersionDeSection
from rebond.comptes.habilitations import titulaires
from rebond.socle.documents.lisibilites import garder
from rebond.socle.documents.models import Document
from rebond.socle.documents.ouverture import examiner
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.actions import consigner, consigner_lot
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.requete.champs_de_page import CLE_D_ENVOI
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import territoire_pour
from territoires.etats import EtatHabilitation, MoyenDePreuve, Nature, OrigineHabilitation, Role, TypeOrganisme
from territoires.models import Departement, Epci, Habilitation, Organisme, Rattachement, Region, Territoire
from territoires.regles import UN_AN, siren_valide
from tests.outils.fichiers import un_pdf

TENU = ("activee_le", "a_confirmer_avant")
MOT_DE_PASSE = "une phrase longue et sans surprise"
PDF = un_pdf()
_numeros = count(1)
# As many waves as the call will ever have, and fewer than a page would write with a space.
_vagues = cycle(range(100, 1000))


def un_utilisateur(email: str = "", **champs: Any) -> Utilisateur:
    """An account with a verified address, who may sign in with `MOT_DE_PASSE`."""
    numero = next(_numeros)
    utilisateur = Utilisateur.objects.create_user(
        email or f"personne{numero}@example.fr", champs.pop("mot_de_passe", None), **champs
    )
    EmailAddress.objects.create(user=utilisateur, email=utilisateur.email, verified=True, primary=True)
    return utilisateur


def un_agent(role: Role, *, region: Region | None = None, organisme: Organisme | None = None) -> Utilisateur:
    """Someone of the State who holds `role`, everywhere or in `region`, for `organisme` or for one of their own."""
    utilisateur = un_utilisateur()
    un_role(utilisateur, role, region=region, organisme=organisme)
    return utilisateur


def un_rattachement(utilisateur: Utilisateur, siren: str, *, nom: str = "Collectivité d’essai") -> Rattachement:
    """That `utilisateur` is known to work for the authority, by the code of a letter."""
    le = horloge_base()
    deja = Rattachement.objects.filter(utilisateur=utilisateur, siren=siren, fini_le=None).first()
    return deja or Rattachement.objects.create(
        utilisateur=utilisateur,
        siren=siren,
        nom=nom,
        moyen=MoyenDePreuve.LETTRE,
        prouve_le=le,
        adresse="accueil@collectivite.example",
        code="0" * 64,
        lettre_le=le,
        expire_le=le + timedelta(days=30),
    )


def un_service() -> Organisme:
    organisme, _ = Organisme.objects.get_or_create(nom="Service d’essai", type=TypeOrganisme.ANCT)
    return organisme


def un_organisme_consulte(nom: str = "") -> Organisme:
    """One whose avis is asked: another for each expert, unless it is named."""
    nom = nom or f"Organisme consulté {next(_numeros)}"
    organisme, _ = Organisme.objects.get_or_create(nom=nom, type=TypeOrganisme.BANQUE_DES_TERRITOIRES)
    return organisme


def un_role(utilisateur: Utilisateur, role: Role, **champs: Any) -> Habilitation:
    """A role in force, as its acts leave it (see `test_fabriques`), without their letters nor their journal: given by
    the portal as long as it has no two administrateurs, by the first two of them afterwards.
    """
    maintenant = horloge_base()
    signataires = list(titulaires(Role.ADMINISTRATEUR).exclude(pk=utilisateur.pk).order_by("pk")[:2])
    signe = len(signataires) == 2
    habilitation = Habilitation.objects.create(
        **{
            "adresse": utilisateur.email,
            "role": role,
            "organisme": champs.pop("organisme", None)
            or (un_organisme_consulte() if role == Role.EXPERT else un_service()),
            "etat": EtatHabilitation.INVITEE,
            "origine": OrigineHabilitation.SIGNEE if signe else OrigineHabilitation.INSTALLATION,
            "proposee_par": signataires[0] if signe else None,
            "proposee_le": maintenant,
            "signee_par": signataires[1] if signe else None,
            "signee_le": maintenant if signe else None,
            "jusqu_au": maintenant + UN_AN,
            **{nom: champs.pop(nom) for nom in list(champs) if nom not in TENU},
        }
    )
    habilitation.etat = EtatHabilitation.ACTIVE
    habilitation.utilisateur = utilisateur
    habilitation.activee_le = champs.get("activee_le", maintenant)
    habilitation.a_confirmer_avant = champs.get("a_confirmer_avant", maintenant + UN_AN)
    habilitation.save(update_fields=["etat", "utilisateur", *TENU])
    return habilitation


def un_departement(code: str = "59", region: str = "32") -> Departement:
    if deja := Departement.objects.select_related("region").filter(code=code, region__code=region).first():
        return deja
    la_region, _ = Region.objects.get_or_create(code=region, defaults={"nom": f"Région {region}"})
    departement, _ = Departement.objects.get_or_create(
        code=code, defaults={"nom": f"Département {code}", "region": la_region}
    )
    return departement


def un_siren(rang: int) -> str:
    """A valid SIREN, another for each `rang`."""
    debut = f"300{rang:05d}"
    return next(siren for siren in (f"{debut}{cle}" for cle in range(10)) if siren_valide(siren))


def un_epci(nom: str = "", *, departement: Departement | None = None) -> Epci:
    numero = next(_numeros)
    departement = departement or un_departement()
    epci = Epci.objects.create(
        siren=un_siren(numero),
        nom=nom or f"CC d’essai {numero}",
        nature=Nature.CC,
        population=20_000,
        millesime=2023,
        region=departement.region,
    )
    epci.departements.add(departement)
    epci.regions.add(departement.region)
    return epci


def un_territoire(nom: str = "", *, departement: Departement | None = None) -> Territoire:
    epci = un_epci(departement=departement)
    return territoire_pour(epcis=[epci], chef_de_file=epci, nom=nom or f"Territoire de {epci.nom}")


def une_vague(
    *,
    cloture: datetime | None = None,
    ouverture: datetime | None = None,
    grace: timedelta = timedelta(seconds=60),
) -> Vague:
    """A wave that is open now on the database's clock, unless its bounds say otherwise."""
    maintenant = horloge_base()
    cloture = cloture or maintenant + timedelta(days=30)
    ouverture = ouverture or min(maintenant, cloture) - timedelta(days=90)
    return Vague.objects.create(numero=next(_vagues), ouverture=ouverture, cloture=cloture, grace=grace)


def un_contenu() -> dict[str, dict[str, Any]]:
    """Answers to every obligatory question of the call."""
    return {
        "choc": {
            "nature": "fermeture",
            "description": "Une usine ferme.",
            "date_choc": "2026-03-01",
            "filieres": ["textile"],
        },
        "entreprises": {"emplois_concernes": 120, "liste": [{"nom": "Filature", "siren": "", "emplois": 120}]},
        "gouvernance": {"pilotage": "Un comité.", "partenaires": "La Région."},
        "projets": {"projets": "Aucun."},
        "mission": {"attentes": "Une feuille de route.", "priorites": ["competences"]},
        "contact": {
            "nom": "A. Dupont",
            "fonction": "Directrice",
            "courriel": "contact@example.fr",
            "telephone": "03 27 00 00 00",
        },
    }


def une_candidature(
    *,
    vague: Vague | None = None,
    territoire: Territoire | None = None,
    porteur: Utilisateur | None = None,
    complete: bool = True,
    prouve: bool = True,
) -> Candidature:
    """A draft, complete unless told otherwise, in a wave that is open now, by someone who is known (`prouve`) to work
    for its lead."""
    vague = vague or une_vague()
    porteur = porteur or un_utilisateur()
    territoire = territoire or un_territoire()
    if prouve:
        un_rattachement(porteur, territoire.chef_de_file.siren)
    # Written just before the deadline when the wave is already past.
    le = min(horloge_base(), vague.cloture - timedelta(minutes=1))
    candidature = dossiers.ouvrir_candidature(vague=vague, territoire=territoire, auteur=porteur, maintenant=le)
    if complete:
        remplir(candidature, auteur=porteur, le=le)
    candidature.refresh_from_db()
    return candidature


def remplir(candidature: Candidature, *, auteur: Utilisateur, le: datetime) -> None:
    """What saving each section of a new file, then attaching what it must hold, leaves (see `test_fabriques`), at a
    fifth of their cost."""
    contenu, document = un_contenu(), la_deliberation()
    VersionDeSection.objects.bulk_create(
        VersionDeSection(
            candidature=candidature, section=section, revision=1, reponses=reponses, auteur=auteur, enregistree_le=le
        )
        for section, reponses in contenu.items()
    )
    saisies = [(candidature, {"section": section, "revision": 1}) for section in contenu]
    consigner_lot(ActeDuDossier.ENREGISTRER, saisies, acteur=auteur, fait_le=le)
    Reserve.objects.create(candidature=candidature, utilisateur=auteur, octets=len(PDF), consommee=True)
    jointe = {"nom": "deliberation.pdf", "nature": "deliberation"}
    PieceJointe.objects.create(
        candidature=candidature,
        document=document,
        intitule=intitule(attendue(candidature, jointe["nature"])),
        ajoutee_par=auteur,
        ajoutee_le=le,
        **jointe,
    )
    candidature.contenu = {**contenu}
    candidature.revision += len(contenu)
    complet = instantane(candidature, pieces_de(candidature), membres_de(candidature))
    candidature.revision += 1
    candidature.modifiee_le = le
    candidature.empreinte = empreinte(complet)
    candidature.save(update_fields=["contenu", "revision", "modifiee_le", "empreinte"])
    VersionComplete.objects.create(
        candidature=candidature, contenu=complet, empreinte=candidature.empreinte, fait_le=le, auteur=auteur
    )
    consigner(ActeDuDossier.JOINDRE, candidature, acteur=auteur, fait_le=le, **jointe, sha256=document.sha256)
    pieces.demander_analyse(document)


def la_deliberation() -> Document:
    """`PDF`, kept as what people send is."""
    fichier = ContentFile(PDF, name="deliberation.pdf")
    deja = Document.objects.select_related("lisibilite").filter(sha256=sha256(PDF).hexdigest()).first()
    return deja or garder(fichier, examiner(fichier))


def porteur_de(candidature: Candidature) -> Utilisateur:
    return candidature.participations.get(qualite="porteur").utilisateur


def reecrire(candidature: Candidature, mots: str = "Deux usines ferment.", *, par: Utilisateur | None = None) -> None:
    """Save another description of the shock, by the porteur or by someone else of the file."""
    redaction.enregistrer_section(
        candidature=candidature,
        section="choc",
        reponses=un_contenu()["choc"] | {"description": mots},
        auteur=par or porteur_de(candidature),
        maintenant=horloge_base(),
    )
    candidature.refresh_from_db()


def un_depot(candidature: Candidature | None = None, **arguments: Any) -> Depot:
    """A deposit received now, through the portal; in a past wave, one taken over from another system."""
    candidature = candidature or une_candidature()
    maintenant = horloge_base()
    if maintenant < candidature.vague.cloture:
        arguments = {"recu_le": maintenant, "cle": uuid4()} | arguments
        return depots.deposer(candidature=candidature, auteur=porteur_de(candidature), **arguments)
    arguments = {"recu_le": candidature.vague.cloture - timedelta(seconds=1), "cle": uuid4()} | arguments
    return depots.reprendre_depot(candidature=candidature, auteur=porteur_de(candidature), **arguments)


def d_une_autre_page() -> dict[str, str]:
    """What makes a request another one than the same sent just before: the key of a form shown anew."""
    return {CLE_D_ENVOI: str(uuid4())}


def midi_a_paris(jour: date) -> datetime:
    return datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS)


def dans_un_point_de_reprise() -> Any:
    """What the database refuses inside leaves the test's own transaction usable."""
    return transaction.atomic()
