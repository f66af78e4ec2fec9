"""The first administrateur is named from the machine, once; the next ones on the portal."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command

from rebond.comptes.actes import ActeDeCompte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Habilitation
from tests import fabriques as f

pytestmark = pytest.mark.django_db
ADRESSE = "premiere@exemple.fr"
REFUS = (
    "Le portail a déjà un administrateur\u00a0: c’est à lui d’en nommer un autre, à la page «\u00a0Rôles\u00a0». S’il "
    'ne le peut plus, dites pourquoi\u00a0: --motif "…" (20 signes au moins, gardés au journal).'
)


def nommer(*arguments: str) -> str:
    sortie = StringIO()
    call_command("nommer_administrateur", *arguments, stdout=sortie)
    return sortie.getvalue()


def administrateurs() -> list[str]:
    return sorted(Habilitation.objects.filter(role=Role.ADMINISTRATEUR).values_list("utilisateur__email", flat=True))


def test_le_premier_administrateur_est_nomme_et_le_journal_le_dit():
    dit = nommer(f" {ADRESSE.upper()} ")
    assert dit == f"{ADRESSE} est administrateur. Pour entrer, demander un code à la page « Se connecter ».\n"
    (habilitation,) = Habilitation.objects.all()
    assert (habilitation.utilisateur.email, habilitation.organisme.nom) == (
        ADRESSE,
        "Agence nationale de la cohésion des territoires",
    )
    assert habilitation.utilisateur.has_usable_password() is False
    entree = EntreeJournal.objects.get(acte=ActeDeCompte.ADMINISTRATEUR_NOMME)
    assert (entree.acteur, entree.objet_id) == ("Portail", str(habilitation.pk))
    assert entree.details == {"utilisateur": ADRESSE, "adresse": ADRESSE, "deja": 0, "motif": ""}


def test_il_entre_par_un_code_envoye_a_son_adresse_qui_la_prouve(client):
    nommer(ADRESSE)
    assert EmailAddress.objects.get(email=ADRESSE).verified is False
    client.post("/compte/login/code/", {"email": ADRESSE})
    texte = str(mail.outbox[-1].body)
    code = next(
        ligne for ligne in texte.splitlines() if len(ligne) > 4 and ligne.upper() == ligne and " " not in ligne
    )
    client.post("/compte/login/code/confirm/", {"code": code})
    assert client.get("/administration/roles/").status_code == 200
    assert EmailAddress.objects.get(email=ADRESSE).verified is True


def test_un_compte_qui_existe_le_devient():
    deja = f.un_utilisateur(ADRESSE)
    nommer(ADRESSE, "--type", "MINISTERE", "--organisme", "Ministère de l’essai")
    assert (Utilisateur.objects.filter(email=ADRESSE).get(), administrateurs()) == (deja, [ADRESSE])


@pytest.mark.parametrize("motif", [[], ["--motif", "trop court"]])
def test_un_second_est_refuse_sans_raison(motif):
    nommer(ADRESSE)
    with pytest.raises(CommandError) as refus:
        nommer("seconde@exemple.fr", *motif)
    assert (str(refus.value), administrateurs()) == (REFUS, [ADRESSE])


def test_un_second_est_nomme_avec_sa_raison_que_le_journal_garde():
    nommer(ADRESSE)
    motif = "La première personne a quitté le service."
    nommer("seconde@exemple.fr", "--motif", motif)
    assert administrateurs() == [ADRESSE, "seconde@exemple.fr"]
    details = EntreeJournal.objects.filter(acte=ActeDeCompte.ADMINISTRATEUR_NOMME).latest("pk").details
    assert (details["deja"], details["motif"]) == (1, motif)


def test_ce_qui_n_est_pas_une_adresse_est_refuse():
    with pytest.raises(CommandError):
        nommer("camille")
    assert Utilisateur.objects.count() == 0


def test_createsuperuser_dit_quoi_employer():
    with pytest.raises(CommandError) as refus:
        call_command("createsuperuser")
    assert str(refus.value) == (
        "Rebond n’a pas de compte au-dessus des autres. Nommez le premier administrateur par\u00a0: manage.py "
        "nommer_administrateur ADRESSE"
    )
