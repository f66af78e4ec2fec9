"""The letters about roles, word for word, and to whom they go."""

from datetime import timedelta

import pytest

from rebond.comptes import lettres
from rebond.comptes.actions import habiliter, roles
from rebond.comptes.actions.preuve import suspendre_pour_adresse
from rebond.comptes.actions.suivi import suivre_les_roles
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import fin_de_journee, horloge_base, jour_de_paris
from rebond.socle.texte.typographie import date_fr, instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Habilitation
from territoires.regles import DUREE_D_UNE_INVITATION
from tests import fabriques as f
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
AGENT = "agent@exemple.fr"
OU = "pour Service d’essai (périmètre : national)"


@pytest.fixture
def premier() -> Utilisateur:
    personne = f.un_agent(Role.ADMINISTRATEUR)
    Utilisateur.objects.filter(pk=personne.pk).update(prenom="Aline", nom="Un")
    return Utilisateur.objects.get(pk=personne.pk)


@pytest.fixture
def second(premier: Utilisateur) -> Utilisateur:
    personne = f.un_agent(Role.ADMINISTRATEUR)
    Utilisateur.objects.filter(pk=personne.pk).update(prenom="Basile", nom="Deux")
    return Utilisateur.objects.get(pk=personne.pk)


def proposer(acteur: Utilisateur, role: Role) -> Habilitation:
    maintenant = horloge_base()
    fin = fin_de_journee(jour_de_paris(maintenant) + timedelta(days=200)) if role == Role.VALIDEUR else None
    return roles.proposer(
        adresse=AGENT, role=role, organisme=f.un_service(), jusqu_au=fin, acteur=acteur, maintenant=maintenant
    )


def seule(destinataire: str) -> Courrier:
    return Courrier.objects.get(destinataire=destinataire)


def dernier_jour(habilitation: Habilitation) -> str:
    assert habilitation.dernier_jour is not None
    return date_fr(habilitation.dernier_jour)


def fiche(habilitation: Habilitation) -> str:
    return f"{PORTAIL}/administration/roles/{habilitation.pk}/"


def test_le_second_administrateur_est_prie_de_signer(premier: Utilisateur, second: Utilisateur) -> None:
    propose = proposer(premier, Role.VALIDEUR)
    assert Courrier.objects.count() == 1
    lue(
        "comptes/role_a_signer",
        seule(second.email),
        "Un rôle attend votre signature : valideur",
        BONJOUR,
        "Un administrateur, « Aline Un », propose de donner le rôle « valideur » à "
        f"{AGENT}, {OU}, jusqu’au {dernier_jour(propose)} inclus.",
        "Ce rôle demande la signature d’un second administrateur. Avant de signer, assurez-vous que cette personne "
        f"doit l’exercer et que cette adresse est bien la sienne :\n{fiche(propose)}",
        "Sans signature dans les trente jours, la proposition tombe d’elle-même.",
        SIGNATURE,
    )


def test_qui_n_a_pas_de_compte_est_invite_a_confirmer_son_adresse(premier: Utilisateur) -> None:
    offert = proposer(premier, Role.EXPERT)
    avant = instant_fr(offert.proposee_le + DUREE_D_UNE_INVITATION)
    assert Courrier.objects.count() == 1
    lue(
        "comptes/invitation",
        seule(AGENT),
        "On vous confie un rôle : expert",
        BONJOUR,
        f"Un rôle vous est confié sur le portail de l’appel « Rebond industriel » : expert, {OU}.",
        f"Il sera à vous dès que vous aurez confirmé votre adresse {AGENT}. Créez votre compte avec cette adresse, ou "
        f"connectez-vous si vous en avez déjà un, avant le {avant} (heure de Paris) :\n{PORTAIL}/compte/login/",
        "Si vous n’attendiez pas ce message, ne faites rien : l’invitation expirera d’elle-même.",
        SIGNATURE,
    )


def test_le_titulaire_et_les_administrateurs_apprennent_qu_un_role_est_donne(
    premier: Utilisateur, second: Utilisateur
) -> None:
    f.un_utilisateur(AGENT, prenom="Chloé", nom="Trois")
    propose = proposer(premier, Role.VALIDEUR)
    roles.signer(habilitation=propose, acteur=second, maintenant=horloge_base())
    fin = f"jusqu’au {dernier_jour(propose)} inclus"
    lue(
        "comptes/role_actif",
        seule(AGENT),
        "Vous avez un rôle : valideur",
        BONJOUR,
        f"Vous avez le rôle « valideur » sur le portail de l’appel « Rebond industriel », {OU}, {fin}.",
        f"Votre tableau de bord montre ce qui vous attend :\n{PORTAIL}/tableau-de-bord/",
        "Ce rôle est lié à votre adresse e-mail : si vous en changez, il est suspendu jusqu’à ce qu’un "
        "administrateur le confirme. Il se confirme aussi chaque année.",
        SIGNATURE,
    )
    donnees = Courrier.objects.filter(objet__startswith="Rôle donné").order_by("pk")
    assert [lettre.destinataire for lettre in donnees] == [premier.email, second.email]
    lue(
        "comptes/role_donne",
        donnees[0],
        "Rôle donné : valideur, à « Chloé Trois »",
        BONJOUR,
        f"Le rôle « valideur », {OU}, est désormais tenu par « Chloé Trois » ({AGENT}), {fin}.",
        "Donné par « Aline Un », signé par « Basile Deux ».",
        f"Si cela vous surprend, suspendez ce rôle et demandez pourquoi il a été donné :\n{fiche(propose)}",
        SIGNATURE,
    )


def test_un_role_donne_depuis_le_serveur_est_dit_a_l_administrateur_en_poste(premier: Utilisateur) -> None:
    donne = habiliter(utilisateur=f.un_utilisateur(AGENT), role=Role.EXPERT, organisme=f.un_service())
    lue(
        "comptes/role_donne",
        seule(premier.email),
        f"Rôle donné : expert, à « {AGENT} »",
        BONJOUR,
        f"Le rôle « expert », {OU}, est désormais tenu par « {AGENT} » ({AGENT}).",
        "Donné à l’installation du portail, depuis son serveur.",
        f"Si cela vous surprend, suspendez ce rôle et demandez pourquoi il a été donné :\n{fiche(donne)}",
        SIGNATURE,
    )


def test_un_changement_d_adresse_est_dit_aux_deux_adresses_et_aux_administrateurs(
    premier: Utilisateur, second: Utilisateur
) -> None:
    agent = f.un_utilisateur(AGENT, prenom="Chloé", nom="Trois")
    f.un_role(agent, Role.EXPERT, organisme=f.un_service())
    nouvelle = "chloe@ailleurs.fr"
    suspendre_pour_adresse(utilisateur=agent, nouvelle=nouvelle, maintenant=horloge_base())
    destinataires = list(Courrier.objects.order_by("pk").values_list("destinataire", flat=True))
    assert destinataires == [AGENT, nouvelle, premier.email, second.email]
    for destinataire in (AGENT, nouvelle):
        lue(
            "comptes/adresse_changee",
            seule(destinataire),
            "Votre adresse a changé : vos rôles sont suspendus",
            BONJOUR,
            "L’adresse e-mail de « Chloé Trois » sur le portail de l’appel « Rebond industriel » passe de "
            f"{AGENT} à {nouvelle}.",
            "Ses rôles sont suspendus jusqu’à ce qu’un administrateur les confirme :\n"
            "- expert – Service d’essai (national)",
            "Les administrateurs du portail en sont prévenus et prendront contact avec vous. Si vous n’avez pas "
            "demandé ce changement, répondez à leur appel, ou prévenez-les sans attendre.",
            SIGNATURE,
        )
    lue(
        "comptes/adresse_changee_administrateurs",
        seule(premier.email),
        "Rôles suspendus : l’adresse de « Chloé Trois » a changé",
        BONJOUR,
        f"L’adresse e-mail de « Chloé Trois » a changé : {AGENT} est devenue {nouvelle}.",
        "Ses rôles sont suspendus :\n- expert – Service d’essai (national)",
        "Avant de les confirmer, appelez cette personne à son service : assurez-vous qu’elle a bien demandé ce "
        f"changement, et que la nouvelle adresse est une adresse professionnelle.\n{PORTAIL}/administration/roles/",
        SIGNATURE,
    )


def test_le_titulaire_apprend_ce_que_devient_son_role(premier: Utilisateur, second: Utilisateur) -> None:
    tenu = f.un_role(f.un_utilisateur(AGENT), Role.EXPERT, organisme=f.un_service())
    acte = {"habilitation": tenu, "acteur": premier}
    roles.suspendre(**acte, maintenant=horloge_base())
    lue(
        "comptes/role_suspendu",
        seule(AGENT),
        "Votre rôle est suspendu : expert",
        BONJOUR,
        f"Votre rôle « expert », {OU}, est suspendu : un administrateur l’a décidé.",
        "Un administrateur du portail peut le confirmer : il est alors de nouveau en vigueur.",
        SIGNATURE,
    )
    Courrier.objects.all().delete()
    roles.confirmer(**acte, maintenant=horloge_base())
    lue(
        "comptes/role_confirme",
        seule(AGENT),
        "Votre rôle est confirmé : expert",
        BONJOUR,
        f"Votre rôle « expert », {OU}, est confirmé par « Aline Un ». Il est en vigueur à l’adresse {AGENT}.",
        SIGNATURE,
    )
    Courrier.objects.all().delete()
    roles.retirer(**acte, maintenant=horloge_base())
    lue(
        "comptes/role_retire",
        seule(AGENT),
        "Votre rôle est retiré : expert",
        BONJOUR,
        f"Votre rôle « expert », {OU}, vous a été retiré. Ce que vous avez fait avec lui reste au journal.",
        "Si cela vous surprend, demandez-en la raison à un administrateur du portail.",
        SIGNATURE,
    )


def test_le_terme_d_un_role_est_annonce_puis_dit() -> None:
    dernier = jour_de_paris(horloge_base()) + timedelta(days=200)
    fin = fin_de_journee(dernier)
    tenu = f.un_role(
        f.un_utilisateur(AGENT, prenom="Chloé", nom="Trois"),
        Role.EXPERT,
        organisme=f.un_service(),
        jusqu_au=fin,
        a_confirmer_avant=fin - timedelta(seconds=1),
    )
    mettre_en_file_lot(lettres.role_a_confirmer(tenu, timedelta(days=30)))
    lue(
        "comptes/role_a_confirmer",
        seule(AGENT),
        "Rôle à confirmer : expert, de « Chloé Trois »",
        BONJOUR,
        f"Le rôle « expert » de « Chloé Trois » ({AGENT}), {OU}, n’a pas été confirmé depuis près d’un an. Sans "
        f"confirmation d’un administrateur, il sera suspendu le {date_fr(dernier)}.",
        "Les administrateurs le confirment, s’il sert toujours, ou le retirent, à la page :\n"
        f"{PORTAIL}/administration/roles/",
        SIGNATURE,
    )
    Courrier.objects.all().delete()
    mettre_en_file_lot(lettres.role_bientot_fini(tenu, timedelta(days=30)))
    lue(
        "comptes/role_bientot_fini",
        seule(AGENT),
        "Un rôle prend bientôt fin : expert, de « Chloé Trois »",
        BONJOUR,
        f"Le rôle « expert » de « Chloé Trois » ({AGENT}), {OU}, prend fin le {date_fr(dernier)}.",
        "S’il doit continuer, un administrateur du portail peut le donner de nouveau avant ce jour.",
        SIGNATURE,
    )
    Courrier.objects.all().delete()
    suivre_les_roles(maintenant=fin)
    lue(
        "comptes/role_fini",
        seule(AGENT),
        "Fin d’un rôle : expert",
        BONJOUR,
        f"Le rôle « expert » de « Chloé Trois », {OU}, a pris fin. Ce qui a été fait avec lui reste au journal.",
        "S’il doit continuer, un administrateur du portail peut le donner de nouveau.",
        SIGNATURE,
    )
