"""The demonstration's accounts: one per role, with a password that everybody may read. Invented, and named so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from rebond.comptes.actions import habiliter, roles
from rebond.comptes.habilitations import a_le_role
from rebond.comptes.requetes import manque_un_administrateur
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, Role, TypeOrganisme
from territoires.models import Organisme, Region

MOT_DE_PASSE = "rebond-demonstration"
HAUTS_DE_FRANCE = "32"
# Of a role that ends.
DUREE = timedelta(days=365)


@dataclass(frozen=True)
class Compte:
    """`role` None: the person only takes part in files. `region` narrows the role to one région (INSEE code).

    A first name of its own, for the portal greets by it; the rest of the name says what the account is for.
    """

    cle: str
    prenom: str
    fonction: str
    role: Role | None = None
    organisme: TypeOrganisme = TypeOrganisme.EPCI
    region: str = ""

    @property
    def email(self) -> str:
        return f"{self.cle}@demonstration.example"

    @property
    def nom(self) -> str:
        fonction = self.fonction.split(" (")[0]
        return f"({fonction[0].lower()}{fonction[1:]}, démonstration)"


COMPTES = (
    Compte("porteur", "Camille", "Responsable d’un dossier (chef de file)"),
    Compte("co-porteur", "Sacha", "Coresponsable d’un dossier"),
    Compte("lecteur", "Lou", "Lecteur d’un dossier"),
    Compte("instructeur", "Dominique", "Instructeur national", Role.INSTRUCTEUR, TypeOrganisme.ANCT),
    Compte(
        "instructeur-region",
        "Claude",
        "Instructeur en région",
        Role.INSTRUCTEUR,
        TypeOrganisme.DREETS,
        HAUTS_DE_FRANCE,
    ),
    Compte("instructeur-2", "Andrea", "Second instructeur national", Role.INSTRUCTEUR, TypeOrganisme.DGE),
    Compte("expert", "Alix", "Expert consulté pour avis", Role.EXPERT, TypeOrganisme.BPIFRANCE),
    Compte("comite", "Maxime", "Membre du comité de sélection", Role.COMITE, TypeOrganisme.DGE),
    Compte("valideur", "Frédérique", "Valideur (signe les décisions)", Role.VALIDEUR, TypeOrganisme.MINISTERE),
    Compte("valideur-2", "Noa", "Second valideur", Role.VALIDEUR, TypeOrganisme.MINISTERE),
    Compte(
        "charge-mission", "Charlie", "Chargé de mission", Role.CHARGE_MISSION, TypeOrganisme.BANQUE_DES_TERRITOIRES
    ),
    Compte("gestionnaire", "Morgan", "Gestionnaire d’enveloppe", Role.GESTIONNAIRE, TypeOrganisme.BPIFRANCE),
    Compte("presse", "Louison", "Service de presse du ministère", Role.PRESSE, TypeOrganisme.MINISTERE),
    Compte("administrateur", "Pascale", "Administrateur du portail", Role.ADMINISTRATEUR, TypeOrganisme.ANCT),
    Compte(
        "administrateur-2",
        "Stéphane",
        "Second administrateur (signe les rôles)",
        Role.ADMINISTRATEUR,
        TypeOrganisme.DGE,
    ),
    Compte("auditeur", "Gwenn", "Auditeur (lit le journal)", Role.AUDITEUR, TypeOrganisme.SGPI),
)


def creer(maintenant: datetime) -> dict[str, Utilisateur]:
    """Create the accounts with their roles; the key is `Compte.cle`.

    The two administrateurs are named at installation; they give every other role as people do, one proposing and the
    other signing.
    """
    personnes = {compte.cle: _creer(compte) for compte in COMPTES}
    tenus = [compte for compte in COMPTES if compte.role is not None]
    for compte in tenus:
        if compte.role == Role.ADMINISTRATEUR:
            habiliter(utilisateur=personnes[compte.cle], role=Role.ADMINISTRATEUR, organisme=_organisme(compte))
    for compte in tenus:
        if compte.role != Role.ADMINISTRATEUR:
            _donner(compte, personnes, maintenant)
    return personnes


def completer(maintenant: datetime) -> None:
    """Add the accounts that an older demonstration was loaded without, with their roles where the administrateurs of
    the demonstration still give them. Those that are there stay as people have left them."""
    adresses = [compte.email for compte in COMPTES]
    connues = set(Utilisateur.objects.filter(email__in=adresses).values_list("email", flat=True))
    manquants = [compte for compte in COMPTES if compte.email not in connues]
    for compte in manquants:
        _creer(compte)
    personnes = {compte.cle: Utilisateur.objects.get(email=compte.email) for compte in COMPTES}
    for compte in sorted(manquants, key=lambda compte: compte.role != Role.ADMINISTRATEUR):
        if compte.role == Role.ADMINISTRATEUR and manque_un_administrateur():
            habiliter(utilisateur=personnes[compte.cle], role=compte.role, organisme=_organisme(compte))
        elif compte.role is not None and all(
            a_le_role(personnes[cle], Role.ADMINISTRATEUR) for cle in ("administrateur", "administrateur-2")
        ):
            _donner(compte, personnes, maintenant)


def _donner(compte: Compte, personnes: dict[str, Utilisateur], maintenant: datetime) -> None:
    propose = roles.proposer(
        adresse=compte.email,
        role=compte.role or Role.EXPERT,
        organisme=_organisme(compte),
        region=Region.objects.get(code=compte.region) if compte.region else None,
        jusqu_au=maintenant + DUREE,
        acteur=personnes["administrateur"],
        maintenant=maintenant,
    )
    if propose.etat == EtatHabilitation.PROPOSEE:
        roles.signer(habilitation=propose, acteur=personnes["administrateur-2"], maintenant=maintenant)


def _organisme(compte: Compte) -> Organisme:
    nom = f"{compte.organisme.label} (démonstration)"
    organisme, _ = Organisme.objects.get_or_create(nom=nom, type=compte.organisme)
    return organisme


def _creer(compte: Compte) -> Utilisateur:
    utilisateur = get_user_model().objects.create_user(
        compte.email, MOT_DE_PASSE, prenom=compte.prenom, nom=compte.nom
    )
    EmailAddress.objects.create(user=utilisateur, email=compte.email, verified=True, primary=True)
    return utilisateur
