"""An invitation that did not arrive: said where it was made, corrected there, and its former link is worth nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import GenreDeLien, Qualite
from candidatures.dossier.lettres import a_corriger
from candidatures.dossier.requetes import invitation_de
from candidatures.models import Candidature, Invitation
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.actions import Constat, constater
from rebond.socle.courriers.retours.regles import Genre, Source
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.dossier.equipe.outils import inviter, jeton_de, participer
from tests.candidatures.dossier.liens.outils import un_groupement, un_lien
from tests.candidatures.pages.pages import client_de, en_retard, page, texte

pytestmark = pytest.mark.django_db

PERDUE = "Cet e-mail n’est pas arrivé"


def revenir(cle: str, genre: Genre = Genre.ADRESSE) -> None:
    """That letter left, and came back."""
    courrier = Courrier.objects.get(cle=cle)
    Courrier.objects.filter(pk=courrier.pk).update(envoye_le=horloge_base(), scelle="")
    assert constater(Constat(courrier.jeton, genre, "5.1.1"), Source.BOITE) is not None


def lire(candidature: Candidature, nom: str = "equipe", personne=None) -> str:
    """What is read there, without its markup."""
    lue = client_de(personne or f.porteur_de(candidature)).get(page(nom, candidature.pk))
    return " ".join(re.sub(r"<[^>]+>", " ", texte(lue)).split()).replace(" :", "\u00a0:").replace(" .", ".")


def corriger(invitation: Invitation, email: str, *, auteur=None) -> Invitation:
    porteur = f.porteur_de(invitation.candidature)
    return invitations.corriger_adresse(
        invitation=invitation, email=email, auteur=auteur or porteur, maintenant=horloge_base()
    )


def test_une_lettre_revenue_se_dit_sur_l_invitation_et_sur_le_dossier(candidature):
    invitation = inviter(candidature, "mairei@example.fr")
    assert PERDUE not in lire(candidature)
    revenir(invitation.cle_de_la_lettre)
    assert f"{PERDUE}\u00a0: l’adresse n’existe pas." in lire(candidature)
    perdue = "Un e-mail n’est pas arrivé À mairei@example.fr\u00a0: l’adresse n’existe pas."
    assert perdue in lire(candidature, "dossier")
    lecteur = participer(candidature, Qualite.LECTEUR).utilisateur
    assert "n’est pas arrivé" not in lire(candidature, "dossier", lecteur)
    # Sent again, it is another letter.
    invitations.revoquer_invitation(invitation=invitation, auteur=invitation.faite_par, maintenant=horloge_base())
    assert a_corriger(candidature, horloge_base()) == []


def test_un_accuse_revenu_se_dit_sur_le_dossier_tant_que_l_adresse_est_celle_d_un_participant():
    depot = f.un_depot()
    candidature, porteur = depot.candidature, depot.auteur
    # What came back was typed otherwise.
    for rang, adresse in enumerate([porteur.email.upper(), "partie@example.fr"], start=90_001):
        cle = f"accuse-{depot.numero}-{rang}"
        Courrier.objects.create(cle=cle, destinataire=adresse, objet="Accusé", texte="Bonjour")
        revenir(cle)
    perdu = f"Dépôt {depot.numero}, à {porteur.email.upper()}\u00a0: l’adresse n’existe pas."
    suite = f"{perdu} Lire l’accusé du dépôt {depot.numero} ou corriger l’adresse {porteur.email.upper()}"
    assert suite in lire(candidature, "dossier")
    assert "partie@example.fr" not in lire(candidature, "dossier")
    en_retard(candidature)
    assert suite in lire(candidature, "dossier")
    # A co-porteur reads it too, and has nothing to correct; a reader has nothing to do with it.
    coporteur = participer(candidature, Qualite.CO_PORTEUR).utilisateur
    assert f"{perdu} Lire l’accusé du dépôt {depot.numero} " in lire(candidature, "dossier", coporteur)
    assert "corriger l’adresse" not in lire(candidature, "dossier", coporteur)
    lecteur = participer(candidature, Qualite.LECTEUR).utilisateur
    assert "n’est pas arrivé" not in lire(candidature, "dossier", lecteur)


def test_un_retard_ne_se_dit_pas_comme_une_perte(candidature):
    invitation = inviter(candidature)
    revenir(invitation.cle_de_la_lettre, Genre.RETARD)
    assert PERDUE not in lire(candidature)


def test_corriger_envoie_a_la_bonne_adresse_et_tue_l_ancien_lien(candidature):
    invitation = inviter(candidature, "mairei@example.fr", qualite=Qualite.LECTEUR)
    ancien = jeton_de(invitation)
    revenir(invitation.cle_de_la_lettre)
    client = client_de(f.porteur_de(candidature))
    adresse = reverse("candidatures:corriger_invitation", args=[candidature.pk, invitation.pk])
    assert "Le lien déjà envoyé cessera aussitôt de fonctionner." in texte(client.get(adresse))
    assert client.post(adresse, {"email": "Mairie@example.fr "}).status_code == 302
    neuve = Invitation.objects.get(revoquee_le=None)
    assert (neuve.email, neuve.qualite) == ("mairie@example.fr", Qualite.LECTEUR)
    assert Courrier.objects.get(cle=neuve.cle_de_la_lettre).destinataire == "mairie@example.fr"
    assert Client().get(reverse("candidatures:invitation", args=[ancien])).status_code == 200
    assert "annulée" in texte(Client().get(reverse("candidatures:invitation", args=[ancien])))
    assert invitation_de(jeton_de(neuve)) == neuve
    assert PERDUE not in lire(candidature)


def test_la_reponse_est_la_meme_qu_un_compte_existe_ou_non(candidature):
    f.un_utilisateur("connue@example.fr")
    client, reponses = client_de(f.porteur_de(candidature)), []
    for rang, email in enumerate(("connue@example.fr", "inconn@example.fr")):
        invitation = inviter(candidature, f"faute-{rang}@example.fr")
        adresse = reverse("candidatures:corriger_invitation", args=[candidature.pk, invitation.pk])
        faite = client.post(adresse, {"email": email}, follow=True)
        reponses.append((faite.redirect_chain, [str(m) for m in faite.context["messages"]]))
    assert reponses[0] == reponses[1]


def test_seul_le_responsable_corrige_une_invitation_qui_attend(candidature):
    invitation = inviter(candidature)
    autre = participer(candidature, Qualite.CO_PORTEUR).utilisateur
    with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
        corriger(invitation, "autre@example.fr", auteur=autre)
    with pytest.raises(RegleEnfreinte, match="déjà l’adresse"):
        corriger(invitation, invitation.email.upper())
    invitation.refresh_from_db()
    assert invitation.revoquee_le is None
    # What cannot be invited leaves the former one as it was.
    with pytest.raises(RegleEnfreinte, match="participe déjà"):
        corriger(invitation, autre.email)
    invitation.refresh_from_db()
    assert invitation.revoquee_le is None
    corriger(invitation, "autre@example.fr")
    with pytest.raises(RegleEnfreinte, match="déjà été annulée"):
        corriger(invitation, "encore@example.fr")
    client = client_de(f.porteur_de(candidature))
    adresse = reverse("candidatures:corriger_invitation", args=[candidature.pk, invitation.pk])
    assert client.get(adresse).status_code == 409


def test_un_lien_revenu_se_dit_dans_les_accords_et_un_participant_injoignable_dans_l_equipe():
    candidature, membre = un_groupement()
    lien, _ = un_lien(GenreDeLien.ACCORD, candidature, membre)
    revenir(lien.cle_de_la_lettre)
    assert PERDUE in lire(candidature, "accords")
    assert f"À {lien.email}\u00a0: l’adresse n’existe pas." in lire(candidature, "dossier")
    collegue = participer(candidature, Qualite.LECTEUR).utilisateur
    Courrier.objects.create(cle="accuse-x", destinataire=collegue.email.upper(), objet="o", texte="t")
    assert "ne lui arrivent plus" not in lire(candidature)
    revenir("accuse-x")
    assert "Nos e-mails ne lui arrivent plus\u00a0: l’adresse n’existe pas." in lire(candidature)
