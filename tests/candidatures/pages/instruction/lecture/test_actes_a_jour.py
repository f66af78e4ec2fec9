"""Nobody acts on a file without having read what others did: what was typed is kept, what was done is said."""

from datetime import timedelta

import pytest

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions.communs import CHANGE_DEPUIS
from candidatures.instruction.echanges import actions as echanges
from candidatures.models import (
    AvisRendu,
    Candidature,
    DemandeDeCorrection,
    Proposition,
    PropositionDIrrecevabilite,
    Saisine,
)
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections import outils as c
from tests.candidatures.instruction.instruction import constats_envoyes, demande_d_avis, une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, constater
from tests.candidatures.pages.instruction.outils import connecter, demander
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db
TEXTE = "Ce que j’ai mis une heure à écrire."
CHANGE = "Ce qui a été fait sur ce dossier depuis que vous l’avez ouvert"


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def moi() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def collegue() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


def echeance() -> str:
    return (horloge_base() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")


# Each act of an agent on a file: its address, what is typed, and what it leaves when it is done.
ACTES = {
    "recevabilite/": (lambda dossier: constats_envoyes(dossier, TEXTE), PropositionDIrrecevabilite),
    "avis/demander/": (lambda _: demande_d_avis(f.un_agent(Role.EXPERT), question=TEXTE), Saisine),
    "correction/demander/": (
        lambda _: {"questions-projets": [c.QUESTION], "motif": TEXTE, "echeance": echeance()},
        DemandeDeCorrection,
    ),
    "proposition/": (lambda _: {"sens": "ajourner", "motif": TEXTE, "revision": ""}, Proposition),
}


@pytest.mark.parametrize("acte", ACTES)
def test_un_acte_d_un_collegue_arrete_celui_qui_ne_l_a_pas_lu_puis_le_laisse_passer(acte, dossier, moi, collegue):
    saisie, modele = ACTES[acte]
    if acte == "proposition/":
        constater(dossier, moi)
    envoi, client = saisie(dossier), connecter(moi)
    vu = client.get(adresse(dossier)).context["dossier"].vu
    demander(dossier, f.un_agent(Role.EXPERT), collegue)
    avant = modele.objects.count()

    reponse = client.post(adresse(dossier, acte), {**envoi, "vu": vu})
    page = reponse.content.decode()
    assert (reponse.status_code, modele.objects.count()) == (409, avant)
    assert CHANGE in page
    assert f"Par {collegue}." in page
    assert TEXTE in page
    assert f'<input type="hidden" name="vu" value="{vu + 1}">' in page

    # Read, then done knowingly.
    assert client.post(adresse(dossier, acte), {**envoi, "vu": vu + 1}).status_code == 302


def test_la_page_d_un_acte_dit_ce_qui_a_ete_fait_depuis_celle_du_dossier(dossier, moi, collegue):
    client = connecter(moi)
    page = client.get(adresse(dossier)).content.decode()
    suite = f"?vu={client.get(adresse(dossier)).context['dossier'].vu}"
    assert f'href="{adresse(dossier, "recevabilite/")}{suite}"' in page
    assert CHANGE not in client.get(adresse(dossier, f"recevabilite/{suite}")).content.decode()
    demander(dossier, f.un_agent(Role.EXPERT), collegue)
    assert CHANGE in client.get(adresse(dossier, f"recevabilite/{suite}")).content.decode()


def test_un_formulaire_a_corriger_ne_fait_pas_croire_que_l_on_a_lu(dossier, moi, collegue):
    """It comes back with what its author had read, and stops them once it is right."""
    client = connecter(moi)
    vu = client.get(adresse(dossier)).context["dossier"].vu
    demander(dossier, f.un_agent(Role.EXPERT), collegue)
    reponse = client.post(
        adresse(dossier, "recevabilite/"), constats_envoyes(dossier, "x") | {"mot_deposant": "", "vu": vu}
    )
    assert reponse.status_code == 200
    assert f'<input type="hidden" name="vu" value="{vu}">' in reponse.content.decode()
    envoi = constats_envoyes(dossier, TEXTE) | {"vu": vu}
    assert client.post(adresse(dossier, "recevabilite/"), envoi).status_code == 409


@pytest.mark.parametrize("vu", ["-1", "9" * 30, "9" * 5000, "٣x"])
def test_une_revision_ecrite_a_la_main_ne_demande_rien_a_postgres(vu, dossier, moi):
    client = connecter(moi)
    assert client.get(adresse(dossier, f"recevabilite/?vu={vu}")).status_code == 200
    envoi = {"toutes": "oui", "vu": vu}
    assert client.post(adresse(dossier, "recevabilite/"), envoi).status_code == 302


def test_ses_propres_actes_et_les_messages_n_arretent_personne(dossier, moi, collegue):
    client = connecter(moi)
    vu = client.get(adresse(dossier)).context["dossier"].vu
    demander(dossier, f.un_agent(Role.EXPERT), moi)
    echanges.envoyer_message(candidature=dossier, auteur=collegue, texte="Bonjour.", maintenant=horloge_base())
    envoi = {"toutes": "oui", "vu": vu}
    assert client.post(adresse(dossier, "recevabilite/"), envoi).status_code == 302


def test_fermer_une_correction_que_le_territoire_vient_de_rendre_le_dit(dossier, moi):
    demande = c.demander(dossier, moi)
    client = connecter(moi)
    page = client.get(adresse(dossier))
    vu = page.context["dossier"].vu
    assert f'<input type="hidden" name="vu" value="{vu}">' in page.content.decode()
    c.corriger(demande)
    c.rendre(demande)
    nouvelle = c.demander(dossier, f.un_agent(Role.INSTRUCTEUR))
    reponse = client.post(adresse(dossier, "correction/fermer/"), {"vu": vu})
    nouvelle.refresh_from_db()
    assert (reponse.status_code, nouvelle.fermee_le) == (409, None)
    assert "Correction rendue" in reponse.content.decode()
    assert client.post(adresse(dossier, "correction/fermer/"), {"vu": vu + 2}).status_code == 302
    nouvelle.refresh_from_db()
    assert nouvelle.fermee_le is not None


def test_un_expert_n_apprend_que_ce_que_le_territoire_rend(dossier, moi):
    """Their pages do not move by a byte with what the instruction does; a correction given back stops them."""
    expert = f.un_agent(Role.EXPERT)
    demander(dossier, expert, moi)
    client = connecter(expert)

    def octets() -> list[list[bytes]]:
        pages = [client.get(adresse(dossier, fin)).content for fin in ("", "avis/rendre/?vu=0")]
        secrets = (b"csrf", b"cle_d_envoi")
        return [[ligne for ligne in page.splitlines() if not any(s in ligne for s in secrets)] for page in pages]

    avant, lecture = octets(), client.get(adresse(dossier, "avis/rendre/")).context["lu"]
    envoi = {"sens": "favorable", "texte": TEXTE, "qualite": "Experte"}
    constater(dossier, moi)
    demander(dossier, f.un_agent(Role.EXPERT), moi)
    assert octets() == avant

    demande = c.demander(dossier, moi)
    c.corriger(demande)
    c.rendre(demande)
    reponse = client.post(adresse(dossier, "avis/rendre/"), {**envoi, "lecture": lecture})
    page = reponse.content.decode()
    assert (reponse.status_code, TEXTE in page, str(CHANGE_DEPUIS) in page) == (409, True, True)
    assert "Avis demandé –" not in page
    assert not AvisRendu.objects.exists()
    relu = client.get(adresse(dossier, "avis/rendre/")).context["lu"]
    assert client.post(adresse(dossier, "avis/rendre/"), {**envoi, "lecture": relu}).status_code == 302


def test_le_compte_d_un_dossier_ne_dit_rien_de_ce_qui_se_fait_ailleurs(moi, collegue):
    _, (un, autre) = une_vague_close(None, None)
    client = connecter(moi)
    vu = client.get(adresse(un)).context["dossier"].vu
    instruction.declarer_interet(candidature=autre, utilisateur=moi, motif="Mandat.", maintenant=horloge_base())
    constater(autre, collegue)
    demander(un, f.un_agent(Role.EXPERT), collegue)
    assert client.get(adresse(un)).context["dossier"].vu == vu + 1


def test_une_reserve_ne_se_leve_pas_sans_avoir_lu(dossier, moi, collegue):
    with sans_declencheurs():
        Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu="")
    client = connecter(moi)
    vu = client.get(adresse(dossier)).context["dossier"].vu
    demander(dossier, f.un_agent(Role.EXPERT), collegue)
    reponse = client.post(adresse(dossier, "reserve/"), {"motif": TEXTE, "vu": vu})
    assert (reponse.status_code, TEXTE in reponse.content.decode()) == (409, True)
    assert client.post(adresse(dossier, "reserve/"), {"motif": TEXTE, "vu": vu + 1}).status_code == 302
