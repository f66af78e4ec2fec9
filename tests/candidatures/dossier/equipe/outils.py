"""What the tests of the team have in common."""

import re

from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Invitation, Participation
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

JETON = re.compile(r"http://localhost:8000/candidatures/invitations/([\w-]{43})/\n")


def inviter(candidature: Candidature, email: str = "invite@example.fr", **arguments) -> Invitation:
    arguments = {"qualite": Qualite.CO_PORTEUR, "auteur": f.porteur_de(candidature)} | arguments
    return invitations.inviter(candidature=candidature, email=email, **({"maintenant": horloge_base()} | arguments))


def jeton_de(invitation: Invitation) -> str:
    courrier = Courrier.objects.filter(cle__startswith=f"invitation-{invitation.pk}-").latest("pk")
    trouve = JETON.search(courrier.texte)
    assert trouve is not None
    return trouve[1]


def accepter(invitation: Invitation, utilisateur: Utilisateur, maintenant=None) -> Participation:
    return invitations.accepter_invitation(
        jeton=jeton_de(invitation), utilisateur=utilisateur, maintenant=maintenant or horloge_base()
    )


def participer(candidature: Candidature, qualite: Qualite = Qualite.CO_PORTEUR, **personne) -> Participation:
    return Participation.objects.create(
        candidature=candidature, utilisateur=f.un_utilisateur(**personne), qualite=qualite
    )


def qualites(candidature: Candidature) -> dict[str, str]:
    return dict(candidature.participations.values_list("utilisateur__email", "qualite"))


def dernier_acte(candidature: Candidature) -> tuple[str, str, dict]:
    entree = EntreeJournal.objects.filter(objet_id=str(candidature.pk)).latest("pk")
    return entree.acte, entree.acteur, entree.details
