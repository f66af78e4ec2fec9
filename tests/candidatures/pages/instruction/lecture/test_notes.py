"""Notes of those who instruct a file: in its margins, in its internal thread, for a colleague; for nobody else."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from candidatures.instruction.annotations import actions
from candidatures.instruction.annotations.regles import COMMUNICABLE
from candidatures.models import Annotation, Candidature, Mention
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, declarer
from tests.candidatures.pages.instruction.outils import connecter, demander
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db
SECRET = "Le calendrier me paraît intenable."


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def moi() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def collegue() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


def annoter(dossier, auteur, *, ancre="", pour=(), texte=SECRET):
    return actions.annoter(
        candidature=dossier, ancre=ancre, texte=texte, pour=pour, auteur=auteur, maintenant=horloge_base()
    )


def test_une_note_s_ecrit_dans_la_marge_d_une_reponse_et_s_y_lit(dossier, moi, collegue):
    client = connecter(moi)
    ecrire = adresse(dossier, "notes/?ancre=choc.description")
    page = client.get(ecrire).content.decode()
    assert "Annoter «" in page
    assert "qu’est-ce qui est à craindre" in page
    assert COMMUNICABLE in page
    reponse = client.post(ecrire, {"ancre": "choc.description", "texte": SECRET})
    assert reponse.url == adresse(dossier, "#reponse-choc-description")

    html = connecter(collegue).get(adresse(dossier)).content.decode()
    marge = html.partition('id="reponse-choc-description"')[2].partition('class="rebond-annoter"')[0]
    assert (SECRET in marge, str(moi) in marge) == (True, True)
    assert SECRET in connecter(collegue).get(adresse(dossier, "notes/")).content.decode()


def test_le_fil_interne_est_a_part_des_messages_du_territoire(dossier, moi):
    annoter(dossier, moi)
    client = connecter(moi)
    assert SECRET in client.get(adresse(dossier, "notes/")).content.decode()
    assert SECRET not in client.get(adresse(dossier, "messages/")).content.decode()
    assert SECRET not in connecter(f.porteur_de(dossier)).get(f"/candidatures/{dossier.pk}/messages/").content.decode()


@pytest.mark.parametrize("role", [Role.EXPERT, Role.COMITE, Role.VALIDEUR])
def test_les_autres_lecteurs_du_dossier_n_en_lisent_pas_un_octet(dossier, moi, role):
    autre = f.un_agent(role)
    if role == Role.EXPERT:
        demander(dossier, autre, moi)
    client = connecter(autre)

    def octets() -> list[bytes]:
        page = client.get(adresse(dossier)).content
        return [ligne for ligne in page.splitlines() if b"csrf" not in ligne and b"cle_d_envoi" not in ligne]

    avant = octets()
    annoter(dossier, moi, ancre="choc.description")
    assert octets() == avant
    assert client.get(adresse(dossier, "notes/")).status_code == 404


def test_qui_est_mentionne_recoit_une_lettre_qui_ne_cite_pas_la_note(dossier, moi, collegue):
    connecter(moi).post(adresse(dossier, "notes/"), {"texte": SECRET, "pour": [collegue.pk]})
    assert Mention.objects.get().utilisateur == collegue
    assert f"pour {collegue}" in connecter(moi).get(adresse(dossier, "notes/")).content.decode()
    lue(
        "instruction/mention",
        Courrier.objects.get(destinataire=collegue.email),
        f"Une note vous attend sur le dossier {dossier.reference}",
        BONJOUR,
        f"Une note d’instruction a été écrite pour vous par « {moi} » sur le dossier {dossier.reference} du "
        f"territoire « {dossier.territoire} ».",
        f"Lire la note : {PORTAIL}/instruction/dossiers/{dossier.pk}/notes/",
        SIGNATURE,
    )


def test_on_ne_previent_que_qui_instruit_le_dossier(dossier, moi, collegue):
    ailleurs = f.un_agent(Role.INSTRUCTEUR, region=f.un_departement("75", "11").region)
    en_conflit = f.un_agent(Role.INSTRUCTEUR)
    declarer(dossier, en_conflit)
    champ = connecter(moi).get(adresse(dossier, "notes/")).context["formulaire"].fields["pour"]
    assert list(champ.queryset) == [collegue]
    for autre in (ailleurs, en_conflit, moi, f.un_agent(Role.EXPERT)):
        with pytest.raises(RegleEnfreinte, match="n’instruit pas"):
            annoter(dossier, moi, pour=[autre])
    assert not Annotation.objects.exists()


def test_qui_n_instruit_pas_le_dossier_n_y_ecrit_pas(dossier, moi):
    for autre in (f.un_agent(Role.VALIDEUR), f.un_agent(Role.INSTRUCTEUR, region=f.un_departement("75", "11").region)):
        with pytest.raises(RegleEnfreinte, match="ne pouvez pas l’annoter"):
            annoter(dossier, autre)
    with pytest.raises(RegleEnfreinte, match="n’est pas dans le dossier"):
        annoter(dossier, moi, ancre="choc.inconnue")


def test_une_note_refusee_garde_ce_qui_est_ecrit(dossier, moi, collegue):
    client = connecter(moi)
    client.get(adresse(dossier, "notes/"))
    declarer(dossier, collegue)
    reponse = client.post(adresse(dossier, "notes/"), {"texte": SECRET, "pour": [collegue.pk]})
    assert (reponse.status_code, SECRET in reponse.content.decode(), Annotation.objects.count()) == (200, True, 0)


class TestCeQueTientLaBase:
    def test_une_note_ne_change_ni_ne_s_efface(self, dossier, moi, collegue):
        annoter(dossier, moi, pour=[collegue])
        for requete in (
            "UPDATE candidatures_annotation SET texte = 'x'",
            "DELETE FROM candidatures_annotation",
            "UPDATE candidatures_mention SET utilisateur_id = utilisateur_id",
            "DELETE FROM candidatures_mention",
        ):
            with (
                pytest.raises(DatabaseError, match=r"permission denied|pgtrigger: Cannot"),
                transaction.atomic(),
                connection.cursor() as curseur,
            ):
                curseur.execute(requete)
            with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
                administrer(requete)

    def test_qui_a_un_interet_n_ecrit_ni_n_est_mentionne(self, dossier, moi, collegue):
        note = annoter(dossier, moi)
        declarer(dossier, collegue)
        participant = f.porteur_de(dossier)
        for personne, contrainte in ((collegue, "auteur_sans_conflit"), (participant, "auteur_etranger_au_dossier")):
            with pytest.raises(IntegrityError) as refus, transaction.atomic():
                Annotation.objects.create(candidature=dossier, texte="x", auteur=personne)
            assert nom_contrainte(refus.value) == contrainte
            with pytest.raises(IntegrityError) as refus, transaction.atomic():
                Mention.objects.create(annotation=note, utilisateur=personne)
            assert nom_contrainte(refus.value) == "mention_sans_interet"
