"""The first administrateur is named from the machine, once; the next ones on the portal."""

from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command

from rebond.comptes.habilitations import titulaires
from rebond.socle.courriers.models import Courrier
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDHabilitation
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation
from tests import fabriques as f

pytestmark = pytest.mark.django_db
ADRESSE = "premiere@exemple.fr"
REFUS = (
    "Le portail a deux administrateurs en poste\u00a0: c’est à eux de donner les rôles, à la page «\u00a0Rôles\u00a0»."
    ' S’ils ne le peuvent plus, dites pourquoi\u00a0: --motif "…" (20 signes au moins, gardés au journal). Leurs '
    "rôles seront suspendus, et ils en seront prévenus."
)


def nommer(*arguments: str) -> str:
    sortie = StringIO()
    call_command("nommer_administrateur", *arguments, stdout=sortie)
    return sortie.getvalue()


def administrateurs() -> list[str]:
    return sorted(titulaires(Role.ADMINISTRATEUR).values_list("email", flat=True))


def nommes() -> list[tuple[str, dict[str, Any]]]:
    entrees = EntreeJournal.objects.filter(acte=ActeDHabilitation.NOMMER).order_by("pk")
    return [(entree.acteur, entree.details) for entree in entrees]


def test_le_premier_administrateur_est_nomme_et_le_journal_le_dit():
    dit = nommer(f" {ADRESSE.upper()} ")
    assert dit == (
        f"{ADRESSE} est administrateur dès que cette adresse est confirmée\u00a0: demander un code à la page "
        "«\u00a0Se connecter\u00a0» suffit.\n"
    )
    (habilitation,) = Habilitation.objects.all()
    assert (habilitation.adresse, habilitation.etat, habilitation.organisme.nom) == (
        ADRESSE,
        EtatHabilitation.INVITEE,
        "Agence nationale de la cohésion des territoires",
    )
    assert Utilisateur.objects.get(email=ADRESSE).has_usable_password() is False
    assert nommes() == [("Portail", {"personne": ADRESSE, "en_poste": 0, "motif": ""})]


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


def test_un_compte_qui_existe_et_dont_l_adresse_est_prouvee_le_devient_aussitot():
    deja = f.un_utilisateur(ADRESSE)
    nommer(ADRESSE, "--type", "MINISTERE", "--organisme", "Ministère de l’essai")
    assert (Utilisateur.objects.filter(email=ADRESSE).get(), administrateurs()) == (deja, [ADRESSE])


def test_le_second_se_nomme_comme_le_premier_puisqu_un_role_a_deux_signatures():
    for adresse in (ADRESSE, "seconde@exemple.fr"):
        f.un_utilisateur(adresse)
        nommer(adresse)
    assert administrateurs() == [ADRESSE, "seconde@exemple.fr"]


@pytest.mark.parametrize("motif", [[], ["--motif", "trop court"]])
def test_un_troisieme_est_refuse_sans_raison(motif):
    en_poste = sorted(f.un_agent(Role.ADMINISTRATEUR).email for _ in range(2))
    with pytest.raises(CommandError) as refus:
        nommer(ADRESSE, *motif)
    assert (str(refus.value), administrateurs()) == (REFUS, en_poste)


def test_quand_ils_ne_peuvent_plus_le_motif_est_garde_et_leurs_roles_sont_suspendus():
    f.un_utilisateur(ADRESSE)
    partis = sorted(f.un_agent(Role.ADMINISTRATEUR).email for _ in range(2))
    motif = "Les deux administrateurs ont perdu leur téléphone."
    nommer(ADRESSE, "--motif", motif)
    assert administrateurs() == [ADRESSE]
    assert nommes() == [("Portail", {"personne": ADRESSE, "en_poste": 2, "motif": motif})]
    suspendus = Habilitation.objects.filter(etat=EtatHabilitation.SUSPENDUE).values_list("adresse", flat=True)
    prevenus = Courrier.objects.filter(destinataire__in=partis, objet__contains="suspendu")
    assert (sorted(suspendus), sorted(prevenus.values_list("destinataire", flat=True))) == (partis, partis)


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
