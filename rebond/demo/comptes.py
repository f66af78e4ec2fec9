"""The demonstration's accounts: one per role, with a password that everybody may read. Invented, and named so."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from rebond.comptes.actions import habiliter
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role, TypeOrganisme
from territoires.models import Organisme, Region

MOT_DE_PASSE = "rebond-demonstration"
HAUTS_DE_FRANCE = "32"


@dataclass(frozen=True)
class Compte:
    """`role` None: the person only takes part in files. `region` narrows the role to one région (INSEE code)."""

    cle: str
    fonction: str
    role: Role | None = None
    organisme: TypeOrganisme = TypeOrganisme.EPCI
    region: str = ""

    @property
    def email(self) -> str:
        return f"{self.cle}@demonstration.example"


COMPTES = (
    Compte("porteur", "Porteur d’un dossier (chef de file)"),
    Compte("co-porteur", "Co-porteur d’un dossier"),
    Compte("lecteur", "Lecteur d’un dossier"),
    Compte("instructeur", "Instructeur national", Role.INSTRUCTEUR, TypeOrganisme.ANCT),
    Compte("instructeur-region", "Instructeur en région", Role.INSTRUCTEUR, TypeOrganisme.DREETS, HAUTS_DE_FRANCE),
    Compte("expert", "Expert consulté pour avis", Role.EXPERT, TypeOrganisme.BPIFRANCE),
    Compte("comite", "Membre du comité de sélection", Role.COMITE, TypeOrganisme.DGE),
    Compte("valideur", "Valideur (signe les décisions)", Role.VALIDEUR, TypeOrganisme.MINISTERE),
    Compte("valideur-2", "Second valideur", Role.VALIDEUR, TypeOrganisme.MINISTERE),
    Compte("charge-mission", "Chargé de mission", Role.CHARGE_MISSION, TypeOrganisme.BANQUE_DES_TERRITOIRES),
    Compte("gestionnaire", "Gestionnaire d’enveloppe", Role.GESTIONNAIRE, TypeOrganisme.BPIFRANCE),
    Compte("presse", "Service de presse du ministère", Role.PRESSE, TypeOrganisme.MINISTERE),
    Compte("administrateur", "Administrateur du portail", Role.ADMINISTRATEUR, TypeOrganisme.ANCT),
    Compte("auditeur", "Auditeur (lit le journal)", Role.AUDITEUR, TypeOrganisme.SGPI),
)


def creer() -> dict[str, Utilisateur]:
    """Create the accounts with their roles; the key is `Compte.cle`."""
    return {compte.cle: _creer(compte) for compte in COMPTES}


def _creer(compte: Compte) -> Utilisateur:
    utilisateur = get_user_model().objects.create_user(
        compte.email, MOT_DE_PASSE, prenom=compte.fonction.split(" (")[0], nom="(démonstration)"
    )
    EmailAddress.objects.create(user=utilisateur, email=compte.email, verified=True, primary=True)
    if compte.role is not None:
        organisme, _ = Organisme.objects.get_or_create(
            nom=f"{compte.organisme.label} (démonstration)", type=compte.organisme
        )
        region = Region.objects.get(code=compte.region) if compte.region else None
        habiliter(utilisateur=utilisateur, role=compte.role, organisme=organisme, region=region)
    return utilisateur
