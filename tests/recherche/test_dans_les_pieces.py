"""A word of an attachment finds its file, for whoever may open the attachment, as long as they may."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client

from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions as corrections
from candidatures.models import TexteDuDossier, Vague
from candidatures.surveillance.lectures import a_lire, accorder, lire_en_attente
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.lectures import apercus, extraction
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import Analyse, Document
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre
from tests.candidatures.instruction.corrections.outils import demander, rendre
from tests.candidatures.instruction.instruction import mettre_en_instruction, une_vague_close
from tests.candidatures.pages.pages import sans_jeton
from tests.donnees.effacer import deux, effacer, magasin
from tests.outils.fichiers import un_pdf
from tests.socle.documents.test_lectures import un_docx, un_scan

__all__ = ["deux", "magasin"]
pytestmark = pytest.mark.django_db
# Letters that no other text of a file holds.
MOT = "zinguerie"


def un_dossier(*pieces: tuple[str, bytes], nom: str = "Pays de la Lys"):
    """In instruction, with these attachments, which a worker has read."""
    vague = Vague.objects.ouvertes(horloge_base()).first() or f.une_vague()
    dossier = f.une_candidature(vague=vague, territoire=f.un_territoire(nom))
    for nom_de_piece, octets in pieces:
        joindre(dossier, octets, nom_de_piece)
    f.un_depot(dossier)
    lire_en_attente()
    return mettre_en_instruction(dossier)


def document_de(dossier, nom: str) -> Document:
    return dossier.depots.latest("rang").pieces.get(nom=nom).document


def page_de(personne, saisie: str = MOT):
    client = Client()
    client.force_login(personne)
    return client.get("/recherche/", {"q": saisie})


def trouves(personne, saisie: str = MOT) -> list[tuple[str, str]]:
    """Titre and place of what is found."""
    groupes = page_de(personne, saisie).context["groupes"]
    return [(resultat.titre, resultat.lieu) for groupe, _ in groupes for resultat in groupe.resultats]


def test_un_mot_d_une_piece_trouve_son_dossier_et_dit_dans_laquelle():
    un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT} ferme")), ("autre.docx", un_docx("La laverie", "tient")))
    moi = f.un_agent(Role.INSTRUCTEUR)
    page = page_de(moi)
    assert trouves(moi) == [("Pays de la Lys", "étude.pdf")]
    assert "Dans la pièce «\u00a0étude.pdf\u00a0»" in page.text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    assert f"<mark>{MOT}</mark>" in page.text
    assert trouves(moi, "laverie") == [("Pays de la Lys", "autre.docx")]
    assert {lieu for _, lieu in trouves(moi, "usines")} == {""}


def test_ce_qu_une_piece_dit_ne_se_voit_pas_de_qui_ne_peut_pas_l_ouvrir():
    """By the bytes: the word and letters that are nowhere give the same page, but for what was typed."""
    dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT} ferme")))
    loin = f.un_agent(Role.INSTRUCTEUR, region=f.un_departement("29", "53").region)
    en_conflit, expert, presse = f.un_agent(Role.COMITE), f.un_agent(Role.EXPERT), f.un_agent(Role.PRESSE)
    instruction.declarer_interet(
        candidature=dossier, utilisateur=en_conflit, motif="Un proche.", maintenant=horloge_base()
    )
    for personne in (loin, en_conflit, expert, presse, f.un_utilisateur(), f.porteur_de(dossier)):
        vue, nulle = (sans_jeton(page_de(personne, saisie)).replace(saisie, "") for saisie in (MOT, "zzzzzzzzz"))
        assert vue == nulle


def test_une_piece_remplacee_ne_trouve_plus_son_dossier_et_celle_qui_reste_le_trouve_aussitot():
    vague = f.une_vague()
    dossier = f.une_candidature(vague=vague)
    premiere = joindre(dossier, un_pdf(marque=f"Une {MOT}"), "un.pdf")
    joindre(dossier, un_pdf(marque="Une laverie"), "deux.pdf")
    f.un_depot(dossier)
    lire_en_attente()
    assert origines(dossier) == {f"piece-{piece.document_id}" for piece in dossier.depots.get().pieces.all()}
    premiere.delete()
    f.reecrire(dossier)
    depot = f.un_depot(dossier)
    assert origines(dossier) == {f"piece-{piece.document_id}" for piece in depot.pieces.all()}


def origines(dossier) -> set[str]:
    lues = TexteDuDossier.objects.filter(candidature=dossier, origine__startswith="piece-")
    return set(lues.values_list("origine", flat=True))


def test_une_piece_de_correction_n_est_lue_qu_une_fois_la_correction_rendue():
    _, (dossier,) = une_vague_close(None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    demande = demander(dossier, moi)
    piece = corrections.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(un_pdf(marque=f"Une {MOT}")),
        nom="lettre.pdf",
        nature="lettre",
        auteur=f.porteur_de(dossier),
        maintenant=horloge_base(),
    )
    lire_en_attente()
    assert (piece.document in a_lire(), trouves(moi)) == (False, [])
    rendre(demande)
    assert list(a_lire()) == [piece.document]
    lire_en_attente()
    assert [lieu for _, lieu in trouves(moi)] == ["lettre.pdf"]


class TestCeQuiNeSeLitPas:
    def test_une_piece_en_quarantaine_n_est_pas_lue_et_l_est_une_fois_saine(self, settings):
        settings.ANTIVIRUS = "127.0.0.1:1"
        dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT}")))
        assert not Lecture.objects.exists()
        document = document_de(dossier, "étude.pdf")
        Analyse.objects.create(document=document, saine=True)
        assert (lire_en_attente(), trouves(f.un_agent(Role.COMITE))) == (1, [("Pays de la Lys", "étude.pdf")])

    def test_un_antivirus_venu_depuis_remet_en_quarantaine_ce_qui_etait_lu(self, settings):
        dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT}")))
        settings.ANTIVIRUS = "127.0.0.1:1"
        assert accorder() >= 1
        assert (origines(dossier), trouves(f.un_agent(Role.COMITE))) == (set(), [])

    def test_une_piece_trouvee_infectee_quitte_aussitot_la_recherche_et_n_y_revient_pas(self):
        dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT}")))
        document = document_de(dossier, "étude.pdf")
        Analyse.objects.create(document=document, saine=False, detail="Eicar")
        assert trouves(f.un_agent(Role.COMITE)) == []
        assert f"piece-{document.pk}" not in origines(dossier)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Lecture.objects.create(document=document, etat=EtatLecture.LUE, texte=MOT)
        assert nom_contrainte(refus.value) == "lecture_de_ce_qui_se_sert"
        assert lire_en_attente() == 0

    def test_une_piece_effacee_quitte_la_recherche_et_les_images_de_ses_pages_partent(self, deux, magasin):
        dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT}")))
        document = document_de(dossier, "étude.pdf")
        assert default_storage.exists(apercus.chemin(document.sha256, 1))
        effacer(document, deux)
        assert (trouves(f.un_agent(Role.COMITE)), Lecture.objects.filter(document=document).count()) == ([], 0)
        assert not default_storage.exists(apercus.chemin(document.sha256, 1))
        assert lire_en_attente() == 0


def test_ce_que_deux_actes_n_ont_pas_vu_l_un_de_l_autre_est_remis_d_accord():
    dossier = un_dossier(("étude.pdf", un_pdf(marque=f"Une {MOT}")))
    attendues = origines(dossier)
    textes = TexteDuDossier.objects.filter(candidature=dossier, origine__startswith="piece-")
    vecteur = textes.first().vecteur
    textes.delete()
    TexteDuDossier.objects.create(candidature=dossier, origine="piece-1", vecteur=vecteur)
    accorder()
    assert origines(dossier) == attendues


def test_un_scan_est_dit_non_lisible_par_la_recherche_a_qui_l_instruit(monkeypatch):
    monkeypatch.setattr(extraction, "tesseract_francais", lambda: None)
    monkeypatch.setattr("candidatures.surveillance.lectures.tesseract_francais", lambda: None)
    dossier = un_dossier(("scan.pdf", un_scan()))
    client = Client()
    client.force_login(f.un_agent(Role.INSTRUCTEUR))
    page = client.get(f"/instruction/dossiers/{dossier.pk}/").text
    assert (
        page.count(
            "Pièce non lisible par la recherche\u00a0: elle ne contient pas de texte, comme une page numérisée."
        )
        == 1
    )
    # Once Tesseract is there, it is read again.
    monkeypatch.setattr("candidatures.surveillance.lectures.tesseract_francais", lambda: "/usr/bin/tesseract")
    assert document_de(dossier, "scan.pdf") in a_lire()


def test_une_page_se_voit_en_image_comme_la_piece_et_rien_au_dela(settings):
    dossier = un_dossier(("étude.pdf", un_pdf(2)))
    piece = dossier.depots.get().pieces.get(nom="étude.pdf")
    adresse = f"/instruction/dossiers/{dossier.pk}/pieces/{piece.pk}/pages/"
    client = Client()
    client.force_login(f.un_agent(Role.INSTRUCTEUR))
    vue = client.get(f"{adresse}2/")
    assert (vue.status_code, vue["Content-Type"], vue["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert io.BytesIO(vue.getvalue()).read(2) == b"\xff\xd8"
    assert [client.get(f"{adresse}{rang}/").status_code for rang in (0, 3, 99)] == [404, 404, 404]
    ailleurs = Client()
    ailleurs.force_login(f.un_agent(Role.PRESSE))
    assert ailleurs.get(f"{adresse}1/").status_code == 404
    Analyse.objects.create(document=piece.document, saine=False, detail="Eicar")
    assert client.get(f"{adresse}1/").status_code == 409
