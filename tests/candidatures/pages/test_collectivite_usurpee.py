"""Someone who has nothing to do with an authority opens its file: nobody is blocked, nobody learns anything."""

import re

import pytest

from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.regles import LETTRES_PAR_JOUR
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page, sans_jeton
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
# Numbers that are drawn in turn, and the clock.
ECHAPPEES = re.compile(
    r'/candidatures/\d+/|R\d+-\d+|(?<=-deliberation-)\d+|(?<=groupement/)\d+|(?<=data-copie="rebond-)\d+|data-maintenant="\d+"'
)


def ouvrir(personne, *sirens, nom="Notre vallée", chef=""):
    """What the page of the opening answers, and what the first section and the file then show.

    Numbers aside, which are drawn in turn.
    """
    client = client_de(personne)
    adresse = f"{page('ouvrir')}?{'&'.join(f'epci={siren}' for siren in sirens)}"
    avant = sans_jeton(client.get(adresse))
    reponse = client.post(adresse, {"chef_de_file": chef or sirens[0], "nom": nom} | f.d_une_autre_page())
    assert reponse.status_code == 302, reponse.getvalue().decode()
    dossier = reponse.url.partition("rubriques/")[0]
    suites = (reponse.url, dossier, f"{dossier}groupement/")
    pages = [avant, *(sans_jeton(client.get(suite)) for suite in suites)]
    return [ECHAPPEES.sub("", lue) for lue in pages]


def test_l_agent_d_une_collectivite_ouvre_son_dossier_apres_un_inconnu():
    vague, epci = f.une_vague(), f.un_epci()
    ouvrir(f.un_utilisateur(), epci.siren, nom="Nom de l’inconnu")
    ouvrir(f.un_utilisateur(), epci.siren, nom="Nom de l’agent")
    assert sorted(Candidature.objects.filter(vague=vague).values_list("territoire__nom", flat=True)) == [
        "Nom de l’agent",
        "Nom de l’inconnu",
    ]


def test_ouvrir_repond_aux_memes_octets_qu_un_dossier_existe_ou_non():
    f.une_vague()
    premier, second, personne = f.un_epci("CC du Bocage"), f.un_epci("CC du Littoral"), f.un_utilisateur()
    sirens = [premier.siren, second.siren]
    sans = ouvrir(personne, *sirens, chef=second.siren)
    with ignorer("candidatures.Participation:participation_laisse_une_trace"):
        Candidature.objects.all().delete()
    ouvrir(f.un_utilisateur(), *sirens, nom="Un autre nom", chef=premier.siren)
    avec = ouvrir(personne, *sirens, chef=second.siren)
    assert avec == sans


def test_l_etat_n_ecrit_pas_a_des_dizaines_d_inconnus_pour_une_personne_en_un_jour():
    dossier = f.une_candidature(complete=False)

    def inviter(rang):
        return invitations.inviter(
            candidature=dossier,
            email=f"inconnu{rang}@example.fr",
            qualite=Qualite.LECTEUR,
            auteur=f.porteur_de(dossier),
            maintenant=horloge_base(),
        )

    for rang in range(LETTRES_PAR_JOUR):
        inviter(rang)
    with pytest.raises(RegleEnfreinte, match="par jour"):
        inviter(48)
    assert Courrier.objects.count() == LETTRES_PAR_JOUR == 25


def test_une_invitation_commence_par_les_mots_de_l_etat_et_non_par_ceux_de_qui_invite():
    auteur = f.un_utilisateur(prenom="URGENT : votre aide est versée, voir https://aides.example/rib", nom="Le Préfet")
    dossier = f.une_candidature(porteur=auteur, territoire=f.un_territoire("Gagnez www.piege.example"), complete=False)
    invitations.inviter(
        candidature=dossier,
        email="agent@example.fr",
        qualite=Qualite.LECTEUR,
        auteur=auteur,
        maintenant=horloge_base(),
    )
    texte = Courrier.objects.get().texte
    assert texte.splitlines()[2].startswith("Vous êtes invité à participer à un dossier")
    assert "aides.example" not in texte
    assert "piege.example" not in texte
