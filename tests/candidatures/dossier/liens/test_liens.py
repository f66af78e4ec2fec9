"""Every kind of secret link, attacked alike: what it opens, and the one answer of all that opens nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.depot.actions import retrait
from candidatures.dossier.etats import GenreDeLien, Qualite
from candidatures.dossier.liens import actions
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.regles_de_liens import ENVOIS_MAX
from candidatures.models import Accord, Candidature, Membre, Participation, PieceJointe, VersionDeSection
from candidatures.pages.commun import liens as commun
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.requete.compteurs import Limite
from tests import fabriques as f
from tests.candidatures.dossier.liens.outils import ADRESSE, adresse, jamais_donne, un_groupement, un_lien
from tests.candidatures.pages.pages import UNE_SECONDE, client_de, en_retard, nouveau, page, sans_jeton, texte
from tests.outils.refus import refus
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db

LECTURE, PIECE, ACCORD = GenreDeLien.LECTURE, GenreDeLien.PIECE, GenreDeLien.ACCORD
UN_PDF = ContentFile(f.PDF, name="deliberation.pdf")


def revoquer(lien: Lien) -> None:
    actions.revoquer_lien(lien=lien, auteur=lien.fait_par, maintenant=horloge_base())


def expirer(lien: Lien) -> None:
    with sans_declencheurs():
        Lien.objects.filter(pk=lien.pk).update(expire_le=horloge_base() - UNE_SECONDE)


def oublier_son_auteur(lien: Lien) -> None:
    """Whoever made it writes in the file no more."""
    Participation.objects.filter(candidature=lien.candidature).update(qualite=Qualite.LECTEUR)


def retirer(lien: Lien) -> None:
    retrait.retirer(candidature=lien.candidature, auteur=lien.fait_par, maintenant=horloge_base())


def passer_l_echeance(lien: Lien) -> None:
    en_retard(Candidature.objects.get(pk=lien.candidature_id))


FINS: dict[str, Callable[[Lien], object]] = {
    "annulé": revoquer,
    "expiré": expirer,
    "son auteur n’écrit plus": oublier_son_auteur,
    "dossier retiré": retirer,
}
VIDE = {"cle_d_envoi": ""}


def reponses(jeton: str, *, fichier: bool = True) -> list[tuple[int, str, dict[str, str]]]:
    """What every address of a link answers: status, body, headers."""
    lues = []
    for methode, nom, arguments in (
        ("get", "lien", ()),
        ("post", "lien", ()),
        ("get", "lien_pdf", ()),
        ("get", "lien_docx", ()),
        ("get", "lien_piece", (1,)),
    ):
        reponse = getattr(Client(), methode)(adresse(jeton, nom, *arguments))
        lues.append((reponse.status_code, sans_jeton(reponse), dict(reponse.headers)))
    return lues


@pytest.fixture
def groupement() -> tuple[Candidature, Membre]:
    return un_groupement()


class TestUnLienQuiNOuvreRien:
    @pytest.mark.parametrize("genre", GenreDeLien)
    @pytest.mark.parametrize("fin", FINS)
    def test_repond_les_memes_octets_qu_un_secret_qui_n_a_jamais_existe(self, groupement, genre, fin):
        lien, jeton = un_lien(genre, *groupement)
        assert Client().get(adresse(jeton)).status_code == 200
        FINS[fin](lien)
        lues = reponses(jeton)
        assert [statut for statut, _, _ in lues] == [404] * 5
        assert lues == reponses(jamais_donne())

    @pytest.mark.parametrize("genre", [PIECE, ACCORD])
    def test_ce_qui_change_le_dossier_finit_avec_son_echeance(self, groupement, genre):
        lien, jeton = un_lien(genre, *groupement)
        passer_l_echeance(lien)
        assert reponses(jeton) == reponses(jamais_donne())

    def test_une_piece_ne_se_lit_pas_par_le_lien_qui_en_envoie(self, groupement):
        _, jeton = un_lien(PIECE, *groupement)
        for nom, arguments in (("lien_pdf", ()), ("lien_docx", ()), ("lien_piece", (1,))):
            reponse = Client().get(adresse(jeton, nom, *arguments))
            assert reponse.status_code == 404
            assert sans_jeton(reponse) == sans_jeton(Client().get(adresse(jamais_donne())))

    def test_la_base_est_interrogee_autant_quelle_que_soit_la_raison(self, groupement):
        lien, jeton = un_lien(LECTURE, *groupement)

        def instructions(secret: str) -> list[str]:
            with CaptureQueriesContext(connection) as posees:
                Client().get(adresse(secret))
            return [re.sub(r"'[^']*'", "?", lue["sql"]) for lue in posees.captured_queries]

        inconnu = instructions(jamais_donne())
        revoquer(lien)
        assert instructions(jeton) == inconnu

    def test_le_secret_n_est_nulle_part_dans_la_base(self, groupement):
        for genre in GenreDeLien:
            lien, jeton = un_lien(genre, *groupement)
            client_de(lien.fait_par).get(adresse(jeton))
            Client().get(adresse(jeton))
            with connection.cursor() as curseur:
                tables = "candidatures_lien socle_courrier socle_entreejournal socle_acces socle_envoi"
                for table in tables.split():
                    curseur.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{jeton}%"])
                    assert curseur.fetchone() == (0,), (genre, table)

    def test_un_membre_parti_du_groupement_n_a_plus_de_lien(self, groupement):
        candidature, membre = groupement
        liens = [un_lien(genre, *groupement) for genre in (PIECE, ACCORD)]
        candidature.membres.filter(pk=membre.pk).delete()
        for _, jeton in liens:
            assert sans_jeton(Client().get(adresse(jeton))) == sans_jeton(Client().get(adresse(jamais_donne())))


class TestEntetes:
    @pytest.mark.parametrize("genre", GenreDeLien)
    def test_rien_n_est_garde_ni_indexe_ni_dit_ailleurs(self, groupement, genre):
        _, jeton = un_lien(genre, *groupement)
        for reponse in (Client().get(adresse(jeton)), Client().get(adresse(jamais_donne()))):
            assert reponse["Cache-Control"] == "private, no-store"
            assert "noindex" in reponse["X-Robots-Tag"]
            assert "noindex" in texte(reponse)
            sans_formulaire = genre == LECTURE or reponse.status_code == 404
            # A form must say where it comes from: this portal alone is told.
            assert reponse["Referrer-Policy"] == ("no-referrer" if sans_formulaire else "same-origin")

    def test_les_fichiers_non_plus(self, groupement):
        _, jeton = un_lien(LECTURE, *groupement)
        reponse = Client().get(adresse(jeton, "lien_piece", 1))
        assert reponse.status_code == 200
        assert reponse.getvalue() == f.PDF
        assert (reponse["Cache-Control"], reponse["Referrer-Policy"]) == ("private, no-store", "no-referrer")

    def test_l_invitation_a_les_memes(self):
        reponse = Client().get(reverse("candidatures:invitation", args=[jamais_donne()]))
        assert (reponse["Cache-Control"], reponse["Referrer-Policy"]) == ("private, no-store", "same-origin")
        assert "noindex" in reponse["X-Robots-Tag"]

    def test_qui_essaie_sans_fin_attend_et_les_liens_de_ses_voisins_s_ouvrent(self, groupement, monkeypatch):
        monkeypatch.setattr(commun, "D_UNE_ADRESSE", Limite("liens-essai", 2, 60))
        _, jeton = un_lien(LECTURE, *groupement)
        statuts = [Client().get(adresse(jamais_donne())).status_code for _ in range(3)]
        assert statuts == [404, 404, 429]
        assert Client().get(adresse(jeton)).status_code == 200


class TestLecture:
    def test_qui_a_le_lien_lit_le_dossier_et_chaque_ouverture_est_notee(self, groupement):
        candidature, _ = groupement
        lien, jeton = un_lien(LECTURE, *groupement)
        lue = texte(Client().get(adresse(jeton)))
        assert "Une usine ferme." in lue
        assert "n’est pas déposé dans cette version" in lue
        note = Acces.objects.get(nature="lien")
        assert note.objet == f"Dossier {candidature.reference}, lien {lien.pk}\u00a0: Mme la maire"
        assert note.chemin == "/liens/…/"

    def test_une_piece_d_un_autre_dossier_n_y_est_pas(self, groupement):
        f.une_candidature(vague=groupement[0].vague)
        _, jeton = un_lien(LECTURE, *groupement)
        for rang in (0, 2, 999_999):
            assert Client().get(adresse(jeton, "lien_piece", rang)).status_code == 404

    def test_apres_l_echeance_c_est_le_depot_qui_se_lit(self):
        candidature = f.une_candidature()
        _, jeton = un_lien(LECTURE, candidature, candidature.membres.get())
        depot = f.un_depot(candidature)
        f.reecrire(candidature, "Réécrit après le dépôt.")
        assert "Réécrit après le dépôt." in texte(Client().get(adresse(jeton)))
        en_retard(candidature)
        lue = texte(Client().get(adresse(jeton)))
        assert f"dépôt n°\u00a0{depot.numero}" in lue
        assert "Réécrit après le dépôt." not in lue

    def test_seuls_ceux_qui_ecrivent_creent_un_lien(self, groupement):
        candidature, _ = groupement
        envoi = {"pour": "Mme la maire", "jours": "30"}
        lecteur = nouveau(candidature, Qualite.LECTEUR)
        assert lecteur.post(page("partager", candidature.pk), envoi).status_code == 409
        assert client_de(f.un_utilisateur()).post(page("partager", candidature.pk), envoi).status_code == 404
        assert Lien.objects.count() == 0
        faite = texte(nouveau(candidature, Qualite.CO_PORTEUR).post(page("partager", candidature.pk), envoi))
        jeton = faite.partition("/liens/")[2].partition("/")[0]
        assert Client().get(adresse(jeton)).status_code == 200
        lien = Lien.objects.get()
        assert EntreeJournal.objects.filter(acte="creer_lien", details__lien=lien.pk).count() == 1
        assert jeton not in texte(client_de(f.porteur_de(candidature)).get(page("partager", candidature.pk)))

    def test_un_double_clic_fait_un_seul_lien_et_montre_deux_fois_le_meme_secret(self, groupement):
        candidature, _ = groupement
        porteur = client_de(f.porteur_de(candidature))
        envoi = {"pour": "Mme la maire", "jours": "30", **f.d_une_autre_page()}

        def secret(**autres: str) -> str:
            faite = texte(porteur.post(page("partager", candidature.pk), envoi | autres))
            return faite.partition("/liens/")[2].partition("/")[0]

        premier = secret()
        assert secret() == premier
        lien = Lien.objects.get()
        assert Client().get(adresse(premier)).status_code == 200
        # One goes back, and makes another; or makes it again after it was taken back.
        assert secret(pour="M. le préfet") != premier
        revoquer(lien)
        assert secret() != premier
        assert Client().get(adresse(premier)).status_code == 404
        assert Lien.objects.count() == 3

    def test_un_lien_annule_par_un_collegue_le_reste(self, groupement):
        candidature, _ = groupement
        lien, jeton = un_lien(LECTURE, *groupement)
        annuler = page("annuler_lien", candidature.pk, lien.pk)
        assert nouveau(candidature, Qualite.LECTEUR).post(annuler).status_code == 409
        autre = f.une_candidature(vague=candidature.vague)
        d_ailleurs = page("annuler_lien", autre.pk, lien.pk)
        assert client_de(f.porteur_de(autre)).post(d_ailleurs).status_code == 404
        assert Client().get(adresse(jeton)).status_code == 200
        assert nouveau(candidature, Qualite.CO_PORTEUR).post(annuler).status_code == 302
        assert Client().get(adresse(jeton)).status_code == 404


class TestPiece:
    def envoyer(self, jeton: str, membre: Membre | int, nature: str = "deliberation"):
        cle = membre if isinstance(membre, int) else membre.pk
        fichier = ContentFile(f.PDF + b"\n%" + uuid4().hex.encode(), name="deliberation.pdf")
        return Client().post(adresse(jeton), {"nature": nature, "membre": cle, "fichier": fichier})

    def test_la_collectivite_envoie_sa_deliberation_sans_compte(self, groupement):
        candidature, membre = groupement
        lien, jeton = un_lien(PIECE, *groupement)
        assert self.envoyer(jeton, membre).status_code == 302
        piece = PieceJointe.objects.get(membre=membre)
        assert (piece.lien, piece.ajoutee_par) == (lien, lien.fait_par)
        journal = EntreeJournal.objects.filter(acte="joindre", details__lien=str(lien.pk))
        assert journal.count() == 1
        assert "par un lien sans compte" in texte(
            client_de(f.porteur_de(candidature)).get(page("pieces", candidature.pk))
        )

    def test_son_detenteur_ne_voit_que_son_emplacement(self, groupement):
        candidature, membre = groupement
        _, jeton = un_lien(PIECE, *groupement)
        lue = texte(Client().get(adresse(jeton)))
        assert membre.nom in lue
        assert "Une usine ferme." not in lue
        assert "deliberation.pdf" not in lue
        for autre in candidature.membres.exclude(pk=membre.pk):
            assert autre.nom not in lue

    def test_il_n_ecrit_que_dans_le_sien(self, groupement):
        candidature, membre = groupement
        chef = candidature.membres.get(chef_de_file=True)
        etrangere = un_groupement(vague=candidature.vague)[1]
        _, jeton = un_lien(PIECE, *groupement)
        avant = PieceJointe.objects.count()
        for vers, nature in ((chef, "deliberation"), (etrangere, "deliberation"), (membre, "lettre"), (0, "x")):
            assert self.envoyer(jeton, vers, nature).status_code == 409
        assert PieceJointe.objects.count() == avant

    def test_ce_qui_n_est_pas_ce_que_l_on_attend_est_refuse_avec_sa_raison(self, groupement):
        _, membre = groupement
        lien, jeton = un_lien(PIECE, *groupement)
        faux = ContentFile(b"MZ rien d'un document", name="deliberation.pdf")
        envoi = {"nature": "deliberation", "membre": membre.pk, "fichier": faux}
        reponse = Client().post(adresse(jeton), envoi)
        assert reponse.status_code == 200
        assert "fr-message--error" in texte(reponse)
        lien.refresh_from_db()
        assert lien.envois == 0

    def test_un_lien_apporte_au_plus_cinq_fichiers(self, groupement):
        _, membre = groupement
        lien, jeton = un_lien(PIECE, *groupement)
        assert [self.envoyer(jeton, membre).status_code for _ in range(ENVOIS_MAX + 1)] == [302] * ENVOIS_MAX + [409]
        assert PieceJointe.objects.filter(lien=lien).count() == ENVOIS_MAX
        assert refus(lambda: Lien.objects.filter(pk=lien.pk).update(envois=ENVOIS_MAX + 1)) == "lien_envois_comptes"

    def test_une_lettre_part_et_la_relance_attend_un_jour(self, groupement):
        candidature, membre = groupement
        premier, jeton = un_lien(PIECE, *groupement)
        porteur = client_de(f.porteur_de(candidature))
        relancer = page("relancer_piece", candidature.pk, membre.pk)
        assert porteur.post(relancer).status_code == 409
        with sans_declencheurs():
            Lien.objects.filter(pk=premier.pk).update(fait_le=horloge_base() - timedelta(days=1))
        assert porteur.post(relancer, f.d_une_autre_page()).status_code == 302
        assert Client().get(adresse(jeton)).status_code == 404
        assert [lettre.destinataire for lettre in Courrier.objects.filter(cle__startswith="lien-")] == [ADRESSE] * 2
        assert not Courrier.objects.filter(cle__startswith="lien-").exclude(texte="").exists()


def test_rien_de_ce_qui_est_ecrit_par_un_lien_ne_touche_un_autre_dossier(groupement):
    autre, _ = un_groupement(vague=groupement[0].vague)
    avant = (autre.revision, autre.empreinte)
    for genre in GenreDeLien:
        _, jeton = un_lien(genre, *groupement)
        Client().post(adresse(jeton), {"empreinte": autre.empreinte, "signataire": "X", "fonction": "Y", "lu": "on"})
    autre.refresh_from_db()
    assert (autre.revision, autre.empreinte) == avant
    assert not Accord.objects.exists()
    assert VersionDeSection.objects.filter(candidature=autre).count() == 6
