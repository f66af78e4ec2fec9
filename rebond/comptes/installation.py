"""Naming the first administrateur, from the machine itself."""

from allauth.account.models import EmailAddress
from django.core.validators import validate_email
from django.db import transaction

from rebond.comptes.actes import ActeDeCompte
from rebond.comptes.actions import habiliter
from rebond.socle.bdd import verrous
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role, TypeOrganisme
from territoires.models import Habilitation, Organisme

MOTIF_MIN = 20


def empechement_de_nommer(*, deja: int, motif: str) -> str | None:
    """`deja`: how many administrateurs can sign in today."""
    if deja and len(motif.strip()) < MOTIF_MIN:
        return (
            "Le portail a déjà un administrateur\u00a0: c’est à lui d’en nommer un autre, à la page "
            "«\u00a0Rôles\u00a0». S’il ne le peut plus, dites pourquoi\u00a0: "
            f'--motif "…" ({MOTIF_MIN} signes au moins, gardés au journal).'
        )
    return None


def nommer_administrateur(
    *, adresse: str, organisme: str, type_organisme: TypeOrganisme, motif: str = ""
) -> Utilisateur:
    """Give the role to `adresse`, whose account is made if need be; its holder signs in with a code sent there.

    `organisme` empty: the one that bears the name of its type. Raises `ValidationError` for what is no address,
    `RegleEnfreinte` when there is an administrateur already and `motif` does not say why another is named from here.
    """
    propre = identifiant(adresse).lower()
    validate_email(propre)
    with transaction.atomic():
        verrous.attendre("administrateur")
        deja = Habilitation.objects.filter(role=Role.ADMINISTRATEUR, utilisateur__is_active=True).count()
        if refus := empechement_de_nommer(deja=deja, motif=motif):
            raise RegleEnfreinte(refus)
        compte = Utilisateur.objects.filter(email__iexact=propre).first() or _compte(propre)
        ou, _ = Organisme.objects.get_or_create(nom=organisme or type_organisme.label, type=type_organisme)
        habilitation = habiliter(utilisateur=compte, role=Role.ADMINISTRATEUR, organisme=ou)
        consigner(
            ActeDeCompte.ADMINISTRATEUR_NOMME,
            habilitation,
            acteur=None,
            utilisateur=str(compte),
            adresse=compte.email,
            deja=deja,
            motif=motif.strip(),
        )
    return compte


def _compte(adresse: str) -> Utilisateur:
    """An account without a password, whose address is still to be proven by the code that it receives."""
    compte = Utilisateur.objects.create_user(adresse)
    EmailAddress.objects.create(user=compte, email=adresse, primary=True, verified=False)
    return compte
