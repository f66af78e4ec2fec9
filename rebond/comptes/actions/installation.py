"""The first roles, given by whoever installs the portal: only as long as it has no two administrateurs in post."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.validators import validate_email

from rebond.comptes import lettres
from rebond.comptes.actions.preuve import activer, suspendre
from rebond.comptes.actions.verrou import un_acte_a_la_fois
from rebond.comptes.habilitations import oublier_habilitations, titulaires
from rebond.comptes.regles import PORTAIL_INSTALLE, a_deux_signatures, empechement_de_nommer
from rebond.comptes.requetes import manque_un_administrateur, titulaire_de
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDHabilitation
from territoires.etats import EtatHabilitation, OrigineHabilitation, RaisonDeSuspension, Role, TypeOrganisme
from territoires.models import Departement, Habilitation, Organisme, Region, Territoire
from territoires.regles import UN_AN


def habiliter(
    *,
    utilisateur: Utilisateur,
    role: Role,
    organisme: Organisme,
    region: Region | None = None,
    departement: Departement | None = None,
    territoire: Territoire | None = None,
) -> Habilitation:
    """Gives a role at installation, within an organisation and at most one périmètre; the portal is who gives it.

    In force at once when the address of `utilisateur` is proven, else as soon as it is. Raises `RegleEnfreinte` once
    two administrateurs are in post: they give the roles, with their signatures.
    """
    maintenant = horloge_base()
    with un_acte_a_la_fois():
        if not manque_un_administrateur():
            raise RegleEnfreinte(PORTAIL_INSTALLE)
        habilitation = Habilitation.objects.create(
            adresse=utilisateur.email.lower(),
            role=role,
            organisme=organisme,
            region=region,
            departement=departement,
            territoire=territoire,
            etat=EtatHabilitation.INVITEE,
            origine=OrigineHabilitation.INSTALLATION,
            proposee_le=maintenant,
            jusqu_au=maintenant + UN_AN - timedelta(days=1) if a_deux_signatures(role) else None,
        )
        consigner(
            ActeDHabilitation.DONNER, habilitation, acteur=None, fait_le=maintenant, personne=habilitation.adresse
        )
        if (titulaire := titulaire_de(habilitation.adresse)) is None:
            return habilitation
        oublier_habilitations(utilisateur)
        return activer(habilitation, titulaire, maintenant=maintenant)


def nommer_administrateur(
    *, adresse: str, organisme: str, type_organisme: TypeOrganisme, motif: str = ""
) -> Habilitation:
    """Give the role to `adresse`, whose account is made if need be; its holder signs in with a code sent there, which
    proves it.

    `organisme` empty: the one that bears the name of its type. With two administrateurs in post, `motif` says why they
    can no longer give it: their roles are suspended, and they are told. Raises `ValidationError` for what is no
    address, `RegleEnfreinte` without that reason.
    """
    propre = identifiant(adresse).lower()
    validate_email(propre)
    with un_acte_a_la_fois():
        en_poste = titulaires(Role.ADMINISTRATEUR).count()
        if refus := empechement_de_nommer(en_poste, motif):
            raise RegleEnfreinte(refus)
        if not manque_un_administrateur():
            _suspendre_les_administrateurs(nomme=propre, motif=motif.strip())
        ou, _ = Organisme.objects.get_or_create(nom=organisme or type_organisme.label, type=type_organisme)
        compte = Utilisateur.objects.filter(email__iexact=propre).first() or _compte(propre)
        habilitation = habiliter(utilisateur=compte, role=Role.ADMINISTRATEUR, organisme=ou)
        consigner(
            ActeDHabilitation.NOMMER,
            habilitation,
            acteur=None,
            personne=habilitation.adresse,
            en_poste=en_poste,
            motif=motif.strip(),
        )
    return habilitation


def _suspendre_les_administrateurs(*, nomme: str, motif: str) -> None:
    maintenant = horloge_base()
    for tenue in Habilitation.objects.en_vigueur().filter(role=Role.ADMINISTRATEUR).select_related("utilisateur"):
        suspendue = suspendre(tenue, RaisonDeSuspension.SERVEUR, acteur=None, maintenant=maintenant)
        mettre_en_file_lot(lettres.role_suspendu(suspendue, nomme=nomme, motif=motif))


def _compte(adresse: str) -> Utilisateur:
    """An account without a password, whose address is still to be proven by the code that it receives."""
    compte = Utilisateur.objects.create_user(adresse)
    EmailAddress.objects.create(user=compte, email=adresse, primary=True, verified=False)
    return compte
