"""Everybody who may come to the portal, by what they are to one file; each is the same to every file of the decor."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile

from candidatures.dossier.actions.equipe import retirer_participant
from candidatures.dossier.etats import Qualite
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions.reponses import joindre
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.regles import LECTURE_APRES_L_AVIS
from candidatures.models import Candidature, Participation
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, rendre_avis

AILLEURS = ("39", "27")


@dataclass(frozen=True)
class Qui:
    """`role` is held for the State; the rest says what the person is to the files of the decor."""

    role: Role | None = None
    ailleurs: bool = False
    qualite: Qualite | None = None
    parti: bool = False
    en_conflit: bool = False
    avis: str = ""
    collegue: bool = False


GENS = {
    "compte": Qui(),
    "porteur": Qui(qualite=Qualite.PORTEUR),
    "coporteur": Qui(qualite=Qualite.CO_PORTEUR),
    "lecteur": Qui(qualite=Qualite.LECTEUR),
    "collègue": Qui(collegue=True),
    "voisin": Qui(),
    "instructeur": Qui(Role.INSTRUCTEUR),
    "instructeur-loin": Qui(Role.INSTRUCTEUR, ailleurs=True),
    "instructeur-partie": Qui(Role.INSTRUCTEUR, qualite=Qualite.LECTEUR),
    "expert": Qui(Role.EXPERT, avis="demandé"),
    "expert-ancien": Qui(Role.EXPERT, avis="rendu depuis longtemps"),
    "comité": Qui(Role.COMITE),
    "comité-partie": Qui(Role.COMITE, qualite=Qualite.CO_PORTEUR),
    "comité-parti": Qui(Role.COMITE, qualite=Qualite.CO_PORTEUR, parti=True),
    "comité-conflit": Qui(Role.COMITE, en_conflit=True),
    "valideur": Qui(Role.VALIDEUR),
    "valideur-partie": Qui(Role.VALIDEUR, qualite=Qualite.LECTEUR),
    "chargé": Qui(Role.CHARGE_MISSION),
    "chargé-autre": Qui(Role.CHARGE_MISSION),
    "gestionnaire": Qui(Role.GESTIONNAIRE),
    "gestionnaire-partie": Qui(Role.GESTIONNAIRE, qualite=Qualite.LECTEUR),
    "presse": Qui(Role.PRESSE),
    "administrateur": Qui(Role.ADMINISTRATEUR),
    "auditeur": Qui(Role.AUDITEUR),
}
# A visitor who has not signed in comes first.
PUBLIC = "public"
COLONNES = (PUBLIC, *GENS)


def creer() -> dict[str, Utilisateur]:
    """With a password, which some pages of one's account ask for again."""
    loin = f.un_departement(*AILLEURS).region
    gens = {nom: f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE) for nom in GENS}
    for nom, qui in GENS.items():
        if qui.role:
            f.un_role(gens[nom], qui.role, region=loin if qui.ailleurs else None)
    return gens


def associer(dossier: Candidature, gens: dict[str, Utilisateur]) -> None:
    """Those who write the file with its porteur, one of whom has left it; those whose authority it names."""
    for nom, qui in GENS.items():
        if qui.collegue:
            f.un_rattachement(gens[nom], dossier.territoire.chef_de_file.siren)
        if qui.qualite in {None, Qualite.PORTEUR}:
            continue
        part = Participation.objects.create(candidature=dossier, utilisateur=gens[nom], qualite=qui.qualite)
        if qui.parti:
            retirer_participant(participation=part, auteur=gens[nom], maintenant=horloge_base())


def consulter(dossier: Candidature, gens: dict[str, Utilisateur]) -> None:
    """Who judges the file, or says that they may not."""
    maintenant = horloge_base()
    for nom, qui in GENS.items():
        if qui.en_conflit:
            instruction.declarer_interet(
                candidature=dossier, utilisateur=gens[nom], motif="Mandat local.", maintenant=maintenant
            )
        if qui.avis:
            demande = demander_avis(
                candidature=dossier,
                expert=gens[nom],
                question="Est-ce solide\u00a0?",
                auteur=gens["instructeur"],
                maintenant=maintenant,
            )
        if qui.avis.startswith("rendu"):
            joindre(
                saisine=demande,
                fichier=ContentFile(f.PDF, name="note.pdf"),
                auteur=gens[nom],
                maintenant=maintenant,
            )
            rendre_avis(
                candidature=dossier,
                expert=gens[nom],
                sens=SensAvis.RESERVE,
                texte="Un projet sérieux.",
                maintenant=maintenant - LECTURE_APRES_L_AVIS - timedelta(days=1),
            )
