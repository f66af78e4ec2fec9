"""Where an erased document was: each says so, to whoever could read it; the pages of those who erase."""

from uuid import uuid4

import pytest
from django.test import Client

from candidatures.depot.actions import depots
from candidatures.models import AccuseReception, Candidature, Depot, Message, PieceDeMessage, VersionComplete
from rebond.donnees.effacement.regles import PAR_SOI
from rebond.socle.documents import stockage
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.documents.models import Document
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.typographie import date_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.requetes import PROPRES_A_LA_PAGE
from tests.candidatures.dossier.pieces.outils import joindre, un_pdf
from tests.candidatures.dossier.pieces.test_voies import en_correction
from tests.candidatures.pages.pages import client_de, page, texte
from tests.donnees.effacer import MOTIF, Deux, demander, deux, effacer, magasin

__all__ = ["deux", "magasin"]
pytestmark = pytest.mark.django_db
EFFACE = "document effacé le"


def un_accuse(depot: Depot, document: Document) -> None:
    le = depot.candidature.decision_implicite_le
    AccuseReception.objects.create(depot=depot, document=document, decision_implicite_le=le)


def aujourdhui() -> str:
    return date_fr(jour_de_paris(horloge_base()))


def un_depot_et_sa_piece() -> tuple[Depot, Document]:
    depot = f.un_depot()
    return depot, depot.pieces.get().document


class TestOuIlEtait:
    def test_le_depot_le_dit_et_ne_le_donne_plus(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        candidature = depot.candidature
        effacer(document, deux)
        porteur = client_de(f.porteur_de(candidature))
        piece = depot.pieces.get()
        donne = porteur.get(page("piece_deposee", candidature.pk, depot.rang, piece.pk))
        assert donne.status_code == 410
        assert f"{EFFACE} {aujourdhui()}" in texte(donne)
        for nom, arguments in (
            ("depot", (candidature.pk, depot.rang)),
            ("contenu_depose", (candidature.pk, depot.rang)),
            ("dossier", (candidature.pk,)),
            ("lire", (candidature.pk,)),
            ("pieces", (candidature.pk,)),
        ):
            assert EFFACE in texte(porteur.get(page(nom, *arguments))), nom

    def test_le_brouillon_le_dit_et_ne_le_compte_plus(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        piece = joindre(candidature, un_pdf(9), nature="diagnostic", nom="étude.pdf")
        effacer(piece.document, deux)
        porteur = client_de(f.porteur_de(candidature))
        html = texte(porteur.get(page("pieces", candidature.pk)))
        assert "il est effacé et ne compte pas dans le dossier" in html
        assert page("apercu", candidature.pk, piece.pk) not in html
        assert "antivirus" not in html
        apercu = porteur.get(page("apercu", candidature.pk, piece.pk))
        assert (apercu.status_code, "personne ne peut plus l’ouvrir" in texte(apercu)) == (200, True)
        for nom in ("piece", "contenu_de_piece"):
            assert porteur.get(page(nom, candidature.pk, piece.pk)).status_code == 410

    def test_un_message_le_dit(self, deux: Deux) -> None:
        candidature = en_correction()
        document = stockage.enregistrer(un_pdf(3), type_mime="application/pdf")
        porteur = f.porteur_de(candidature)
        message = Message.objects.create(candidature=candidature, auteur=porteur, texte="Voici")
        piece = PieceDeMessage.objects.create(message=message, document=document, nom="note.pdf")
        effacer(document, deux)
        client = client_de(porteur)
        assert EFFACE in texte(client.get(page("messages", candidature.pk)))
        assert client.get(page("piece_de_message", candidature.pk, piece.pk)).status_code == 410

    def test_qui_ne_pouvait_le_lire_n_apprend_rien(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        adresse = page("piece_deposee", depot.candidature.pk, depot.rang, depot.pieces.get().pk)
        autre = client_de(f.un_utilisateur())
        avant = autre.get(adresse)
        effacer(document, deux)
        apres = autre.get(adresse)
        assert (avant.status_code, apres.status_code) == (404, 404)
        assert PROPRES_A_LA_PAGE.sub(b"", apres.content) == PROPRES_A_LA_PAGE.sub(b"", avant.content)

    def test_un_depot_a_l_echeance_ne_le_reprend_pas(self, deux: Deux) -> None:
        candidature = f.une_candidature()
        assert VersionComplete.objects.filter(candidature=candidature).exists()
        effacer(candidature.pieces.first().document, deux)
        assert not VersionComplete.objects.filter(candidature=candidature).exists()
        with pytest.raises(RegleEnfreinte):
            depots.deposer(
                candidature=Candidature.objects.get(pk=candidature.pk),
                auteur=f.porteur_de(candidature),
                recu_le=horloge_base(),
                cle=uuid4(),
                maintenant=horloge_base(),
            )


class TestPages:
    def test_de_la_demande_a_la_signature(self, deux: Deux) -> None:
        depot, document = un_depot_et_sa_piece()
        premier, second = client_de(deux[0]), client_de(deux[1])
        envoi = {"empreinte": document.sha256.upper(), "motif": MOTIF}
        assert "un autre administrateur doit le signer" in texte(
            premier.post("/administration/effacements/", envoi, follow=True)
        )
        demande = EffacementDeDocument.objects.get()
        adresse = f"/administration/effacements/{demande.pk}/"
        assert MOTIF in texte(second.get("/administration/effacements/"))
        lu = texte(premier.get(adresse))
        assert (PAR_SOI in lu, "Signer et effacer" in lu) == (True, False)
        vu = texte(second.get(adresse))
        assert "Signer et effacer" in vu
        assert "1\u00a0pièce d’un brouillon, 1\u00a0pièce d’un dépôt" in vu
        for secret in (depot.candidature.reference, depot.pieces.get().nom, depot.candidature.territoire.nom):
            assert secret not in vu
        assert premier.post(f"{adresse}signer/").status_code == 409
        assert "Document effacé le" in texte(second.post(f"{adresse}signer/", follow=True))

    @pytest.mark.parametrize("empreinte", ["", "abc", "0" * 63, "g" * 64])
    def test_une_empreinte_mal_ecrite_se_dit_sans_rien_perdre(self, deux: Deux, empreinte: str) -> None:
        reponse = client_de(deux[0]).post("/administration/effacements/", {"empreinte": empreinte, "motif": MOTIF})
        assert (reponse.status_code, MOTIF in texte(reponse)) == (200, True)
        assert not EffacementDeDocument.objects.exists()

    def test_le_reste_du_monde_n_a_pas_ces_pages(self, deux: Deux) -> None:
        _, document = un_depot_et_sa_piece()
        demande = demander(document, deux[0])
        adresse = f"/administration/effacements/{demande.pk}/"
        for autre in (f.un_agent(Role.AUDITEUR), f.un_agent(Role.INSTRUCTEUR), f.un_utilisateur()):
            client = client_de(autre)
            assert client.get(adresse).status_code == client.get("/administration/effacements/").status_code == 404
            assert client.post(f"{adresse}signer/").status_code == 404
        assert Client().get(adresse).status_code == 302
