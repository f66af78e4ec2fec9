"""A porteur deposits what they have read, even when a colleague writes between the reading and the click."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from candidatures.depot.actions import depots
from candidatures.depot.actions.depots import VersionChangee
from candidatures.depot.actions.echeance import demander_depot_a_l_echeance, deposer_a_l_echeance
from candidatures.depot.etats import LectureDuDepot
from candidatures.depot.regles import DERNIERE_MINUTE, derniere_minute
from candidatures.depot.relecture import SEL, lecture_de
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.pieces.actions import pieces
from candidatures.models import Candidature, Depot, Participation, VersionDeSection
from rebond.socle.documents.models import Analyse
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db

COLLEGUE = "Dominique Collègue"
PHRASE = "Deux usines ferment, dit la collègue."


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


@pytest.fixture
def collegue(candidature):
    personne = f.un_utilisateur(prenom="Dominique", nom="Collègue")
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=Qualite.CO_PORTEUR)
    return personne


def relire(client, candidature) -> dict[str, str]:
    """What the page of the deposit sends when one presses its button."""
    formulaire = client.get(page("deposer", candidature.pk)).context["formulaire"]
    return {champ.html_name: str(champ.value() or "") for champ in formulaire}


def deposer(client, candidature, donnees):
    return client.post(page("deposer", candidature.pk), donnees)


def description(depot) -> str:
    return depot.contenu["sections"]["choc"]["description"]


def fermer_dans(candidature, delai) -> None:
    candidature.vague.cloture = horloge_base() + delai
    candidature.vague.save(update_fields=["cloture"])


class TestSansChangement:
    def test_ce_qui_n_a_pas_change_est_depose_comme_relu(self, candidature, porteur):
        assert deposer(porteur, candidature, relire(porteur, candidature)).status_code == 302
        depot = Depot.objects.get()
        assert (depot.lecture, depot.empreinte) == (LectureDuDepot.CONFORME, empreinte(depot.contenu))
        assert "Le dossier a été modifié" not in texte(porteur.get(page("depot", candidature.pk, 1)))

    def test_un_second_onglet_retrouve_l_accuse_du_premier(self, candidature, porteur):
        """Two pages, two keys, one content: one deposit, and the page says that there is no other."""
        un_onglet, un_autre = relire(porteur, candidature), relire(porteur, candidature)
        assert un_onglet["cle"] != un_autre["cle"]
        deposer(porteur, candidature, un_onglet)
        reponse = porteur.post(page("deposer", candidature.pk), un_autre, follow=True)
        depot = Depot.objects.get()
        assert reponse.redirect_chain == [(page("depot", candidature.pk, 1), 302)]
        attendu = f"c’est le contenu du dépôt n°\u00a0{depot.numero}, reçu le "
        assert attendu + instant_fr(depot.recu_le, secondes=True) in texte(reponse)
        acte = EntreeJournal.objects.get(acte="redeposer_sans_changement")
        assert (acte.details["depot"], acte.details["empreinte"]) == (depot.numero, depot.empreinte)

    def test_revenir_a_ce_qui_etait_depose_ne_fait_pas_d_autre_depot(self, candidature, porteur):
        f.un_depot(candidature)
        f.reecrire(candidature)
        f.reecrire(candidature, f.un_contenu()["choc"]["description"])
        deposer(porteur, candidature, relire(porteur, candidature))
        assert Depot.objects.count() == 1

    def test_le_contenu_d_un_depot_remplace_se_depose_de_nouveau(self, candidature, porteur):
        """What counts is the last deposit, not whether the content was ever deposited."""
        f.un_depot(candidature)
        f.reecrire(candidature)
        f.un_depot(candidature)
        f.reecrire(candidature, f.un_contenu()["choc"]["description"])
        deposer(porteur, candidature, relire(porteur, candidature))
        premier, _, dernier = Depot.objects.order_by("rang")
        assert premier.empreinte == dernier.empreinte


class TestChangementVisible:
    def test_la_page_dit_ce_qui_a_change_par_qui_et_quand_et_rien_n_est_depose(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        reponse = deposer(porteur, candidature, lu)
        quand = VersionDeSection.objects.latest("pk").enregistree_le
        [changement] = reponse.context["changements"]
        assert (reponse.status_code, Depot.objects.count()) == (409, 0)
        assert (changement.par, changement.le) == (COLLEGUE, quand)
        assert (changement.ligne.avant.texte, changement.ligne.apres.texte) == ("Une usine ferme.", PHRASE)
        lisible = texte(reponse)
        assert f"Changé par {COLLEGUE}, le {instant_fr(quand, secondes=True)}" in lisible
        assert "Votre demande de dépôt n’est pas enregistrée." in lisible
        assert "Déposer la version que j’ai relue</button>" in lisible

    def test_chaque_reponse_est_a_qui_l_a_changee_en_dernier(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        moi = f.porteur_de(candidature)
        redaction.enregistrer_section(
            candidature=candidature,
            section="choc",
            reponses=f.un_contenu()["choc"] | {"description": PHRASE, "date_choc": "2026-04-01"},
            auteur=moi,
            maintenant=horloge_base(),
        )
        changements = deposer(porteur, candidature, lu).context["changements"]
        assert [(c.ligne.apres.texte[:12], c.par) for c in changements] == [
            (PHRASE[:12], COLLEGUE),
            ("1er\u00a0avril\u00a020"[:12], str(moi)),
        ]

    def test_une_piece_ajoutee_et_une_enlevee_se_disent_aussi(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        pieces.joindre_piece(
            candidature=candidature,
            fichier=ContentFile(f.PDF + b"%autre\n", name="autre.pdf"),
            nom="autre.pdf",
            nature="deliberation",
            auteur=collegue,
            maintenant=horloge_base(),
            remplace=candidature.pieces.get(),
        )
        changements = deposer(porteur, candidature, lu).context["changements"]
        assert [(c.rubrique, c.ligne.avant.texte, c.ligne.apres.texte, c.par) for c in changements] == [
            ("Pièces jointes", "deliberation.pdf", "", COLLEGUE),
            ("Pièces jointes", "", "autre.pdf", COLLEGUE),
        ]

    def test_un_membre_de_plus_dans_le_groupement_se_dit_aussi(self, candidature, porteur):
        lu = relire(porteur, candidature)
        epci = f.un_epci("CC Voisine")
        groupements.ajouter_membre(
            candidature=candidature,
            collectivite=epci,
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
            nom="Grand territoire",
        )
        changement, piece = deposer(porteur, candidature, lu).context["changements"]
        assert (changement.rubrique, changement.par) == ("Groupement", str(f.porteur_de(candidature)))
        chef = candidature.membres.first().nom
        assert (piece.ligne.avant.texte, piece.ligne.apres.texte) == (
            "deliberation.pdf",
            f"deliberation.pdf ({chef})",
        )
        assert "CC Voisine" in changement.ligne.apres.texte
        assert "CC Voisine" not in changement.ligne.avant.texte

    def test_la_meme_piece_enlevee_puis_remise_change_leur_ordre(self, candidature, porteur):
        moi = f.porteur_de(candidature)
        piece = candidature.pieces.get()

        def joindre(nom, octets):
            pieces.joindre_piece(
                candidature=candidature,
                fichier=ContentFile(octets, name=nom),
                nom=nom,
                nature="deliberation",
                auteur=moi,
                maintenant=horloge_base(),
            )

        joindre("autre.pdf", f.PDF + b"%autre\n")
        lu = relire(porteur, candidature)
        pieces.enlever_piece(piece=piece, auteur=moi, maintenant=horloge_base())
        joindre("deliberation.pdf", f.PDF)
        [changement] = deposer(porteur, candidature, lu).context["changements"]
        assert (changement.ligne.libelle, changement.ligne.avant.texte, changement.ligne.apres.texte) == (
            "Ordre des pièces",
            "deliberation.pdf, autre.pdf",
            "autre.pdf, deliberation.pdf",
        )

    def test_on_depose_la_version_relue_exactement(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        attendue = lecture_de(lu["lecture"], candidature).empreinte
        piece = candidature.pieces.get()
        f.reecrire(candidature, PHRASE, par=collegue)
        pieces.enlever_piece(piece=piece, auteur=collegue, maintenant=horloge_base())
        propose = deposer(porteur, candidature, lu).context["formulaire"]
        suite = {champ.html_name: str(champ.value()) for champ in propose}
        assert deposer(porteur, candidature, suite).url == page("depot", candidature.pk, 1)
        depot = Depot.objects.get()
        assert (depot.empreinte, empreinte(depot.contenu)) == (attendue, attendue)
        assert (description(depot), depot.lecture) == ("Une usine ferme.", LectureDuDepot.RELUE)
        assert depot.pieces.get().document == piece.document
        recu = texte(porteur.get(page("depot", candidature.pk, 1)))
        assert "tel que son déposant l’avait relu" in recu
        assert "Le brouillon a changé depuis ce dépôt." in recu
        candidature.refresh_from_db()
        assert candidature.contenu["choc"]["description"] == PHRASE

    def test_relire_puis_deposer_depose_la_phrase_de_la_collegue(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        deposer(porteur, candidature, lu)
        deposer(porteur, candidature, relire(porteur, candidature))
        assert (description(Depot.objects.get()), Depot.objects.get().lecture) == (PHRASE, LectureDuDepot.CONFORME)

    def test_une_version_relue_incomplete_ne_se_depose_pas(self, candidature, porteur):
        client, lu = porteur, relire(porteur, candidature)
        pieces.enlever_piece(
            piece=candidature.pieces.get(), auteur=f.porteur_de(candidature), maintenant=horloge_base()
        )
        incomplet = relire(client, candidature)
        f.reecrire(candidature, PHRASE)
        assert deposer(client, candidature, incomplet).context["formulaire"] is None
        assert deposer(client, candidature, incomplet | {"relue": "True"}).status_code == 409
        assert deposer(client, candidature, lu | {"relue": "True"}).status_code == 302

    def test_une_piece_que_l_antivirus_a_ecartee_depuis_ne_se_depose_pas(self, candidature, porteur):
        joindre = {"nature": "lettre", "auteur": f.porteur_de(candidature), "maintenant": horloge_base()}
        fichier = ContentFile(f.PDF + b"%lettre\n", name="lettre.pdf")
        lettre = pieces.joindre_piece(candidature=candidature, fichier=fichier, nom="lettre.pdf", **joindre)
        lu = relire(porteur, candidature)
        Analyse.objects.create(document=lettre.document, detail="Eicar-Test", saine=False)
        f.reecrire(candidature, PHRASE)
        assert deposer(porteur, candidature, lu | {"relue": "True"}).context["formulaire"] is None
        assert not Depot.objects.exists()


class TestDerniereMinute:
    def test_on_ne_refuse_plus_et_c_est_la_version_relue_qui_est_deposee(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        fermer_dans(candidature, DERNIERE_MINUTE - timedelta(seconds=5))
        assert deposer(porteur, candidature, lu).url == page("depot", candidature.pk, 1)
        assert (description(Depot.objects.get()), Depot.objects.get().lecture) == (
            "Une usine ferme.",
            LectureDuDepot.RELUE,
        )

    def test_juste_avant_on_demande_encore(self, candidature, porteur, collegue):
        lu = relire(porteur, candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        fermer_dans(candidature, DERNIERE_MINUTE + timedelta(minutes=5))
        assert deposer(porteur, candidature, lu).status_code == 409

    def test_la_minute_se_compte_aussi_quand_la_reponse_tarde(self, candidature, collegue):
        """Received with more than a minute left, answered with less: there is no time to ask any more."""
        lu = lecture_de(jeton(candidature), candidature)
        f.reecrire(candidature, PHRASE, par=collegue)
        recu_le = horloge_base()
        fermer_dans(candidature, DERNIERE_MINUTE + timedelta(seconds=20))
        with pytest.raises(VersionChangee):
            demander(candidature, lu, recu_le, maintenant=recu_le)
        depot = demander(candidature, lu, recu_le, maintenant=recu_le + timedelta(seconds=60))
        assert (description(depot), depot.recu_le) == ("Une usine ferme.", recu_le)

    def test_une_version_relue_que_rien_ne_retrouve_laisse_deposer_le_brouillon_et_le_dit(
        self, candidature, porteur, collegue
    ):
        lu = relire(porteur, candidature)
        perdu = signing.loads(lu["lecture"], salt=SEL)
        perdu["revisions"] = perdu["revisions"] | {"choc": 99}
        lu["lecture"] = signing.dumps(perdu, salt=SEL, compress=True)
        f.reecrire(candidature, PHRASE, par=collegue)
        avant = deposer(porteur, candidature, lu | {"relue": "True"})
        assert (avant.status_code, avant.context["formulaire"]) == (409, None)
        assert "ne retrouve pas exactement la version" in texte(avant)
        fermer_dans(candidature, DERNIERE_MINUTE / 2)
        deposer(porteur, candidature, lu)
        assert (description(Depot.objects.get()), Depot.objects.get().lecture) == (PHRASE, LectureDuDepot.INTROUVABLE)
        assert "n’ayant pas pu être retrouvée à l’identique" in texte(porteur.get(page("depot", candidature.pk, 1)))

    @pytest.mark.parametrize(("reste", "attendu"), [(60, True), (60.000001, False), (0, True)])
    def test_la_derniere_minute_dure_soixante_secondes(self, reste, attendu):
        echeance = horloge_base()
        assert derniere_minute(echeance - timedelta(seconds=reste), echeance) is attendu


class TestJeton:
    def test_un_jeton_d_un_autre_dossier_ou_ecrit_a_la_main_ne_dit_rien(self, candidature):
        autre = f.une_candidature(vague=candidature.vague)
        assert lecture_de(jeton(autre), candidature) is None
        assert lecture_de(jeton(candidature) + "x", candidature) is None
        assert lecture_de("", candidature) is None

    def test_il_reste_petit(self, candidature):
        """The final request is kept small: answers do not travel with it."""
        f.reecrire(candidature, "mot " * 700)
        assert len(jeton(candidature)) < 2_000

    def test_postgres_ne_dit_rien_de_lu_hors_du_portail(self, candidature):
        demander_depot_a_l_echeance(
            candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base()
        )
        dossiers = candidature.vague.candidatures.all()
        depot = deposer_a_l_echeance(candidatures=dossiers, maintenant=horloge_base())[0]
        assert (depot.source, depot.lecture) == (Source.ECHEANCE, "")
        depot.pk, depot.rang, depot.numero, depot.cle = None, 2, f"{depot.numero}b", uuid4()
        depot.lecture = LectureDuDepot.CONFORME
        with pytest.raises(IntegrityError, match="depot_lecture_sur_le_portail"), transaction.atomic():
            depot.save(force_insert=True)


def jeton(candidature) -> str:
    return relire(client_de(f.porteur_de(candidature)), candidature)["lecture"]


def demander(candidature, lecture, recu_le, **autres):
    return depots.deposer(
        candidature=Candidature.objects.select_related("vague").get(pk=candidature.pk),
        auteur=f.porteur_de(candidature),
        recu_le=recu_le,
        cle=uuid4(),
        lecture=lecture,
        **autres,
    )


def test_une_demande_arrivee_trop_tard_reste_refusee_meme_relue(candidature, porteur, collegue):
    lu = relire(porteur, candidature)
    f.reecrire(candidature, PHRASE, par=collegue)
    fermer_dans(candidature, timedelta(seconds=-1))
    assert deposer(porteur, candidature, lu | {"relue": "True"}).status_code == 409
    candidature.refresh_from_db()
    assert (Depot.objects.count(), candidature.etat) == (0, EtatCandidature.BROUILLON)
