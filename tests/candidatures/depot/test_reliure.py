"""A deposit and its attachments in one PDF: what is in it, in which order, and what never is."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pypdf import PdfReader

from candidatures.depot.exemplaire.contenu import du_depot
from candidatures.depot.exemplaire.contenu import en_html as exemplaire_en_html
from candidatures.depot.reliure import actions
from candidatures.depot.reliure.document import dossier_relie, en_html, situer
from candidatures.depot.reliure.regles import ESSAIS_MAX
from candidatures.dossier.pieces.actions.pieces import joindre_piece
from candidatures.models import Depot, Reliure
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.fichiers import un_docx, un_pdf, un_png
from tests.outils.roles import administrer, sans_declencheurs

pytestmark = pytest.mark.django_db
HOSTILE = "app.alert('lu')"


def un_pdf_hostile() -> bytes:
    """Two pages turned by a quarter, a program at the opening, one on a page, a file inside, a link and a form."""
    with pikepdf.open(io.BytesIO(un_pdf(2, marque="Plan de financement"))) as document:
        programme = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(HOSTILE))
        document.Root.OpenAction = programme
        document.attachments["cache.txt"] = b"dedans"
        for feuille in document.pages:
            feuille.obj.Rotate = 90
            feuille.obj.AA = pikepdf.Dictionary(O=programme)
            lien = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=programme
            )
            feuille.obj.Annots = document.make_indirect(pikepdf.Array([lien]))
        sortie = io.BytesIO()
        document.save(sortie)
    return sortie.getvalue()


def un_depot_garni(**pieces):
    """With the deliberation, then these, by name of file."""
    candidature = f.une_candidature()
    for nom, octets in pieces.items():
        joindre_piece(
            candidature=candidature,
            fichier=ContentFile(octets, name=nom),
            nom=nom.replace("_", "."),
            nature="autre",
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )
    candidature.refresh_from_db()
    return f.un_depot(candidature)


def relier(depot) -> Reliure:
    reliure = actions.demander(depot=depot, auteur=depot.auteur)
    assert actions.relier(reliure.pk, maintenant=horloge_base())
    reliure.refresh_from_db()
    return reliure


def signets(lu: PdfReader, niveau=None, rang=0) -> list[tuple[int, str, int]]:
    plats = []
    for un in lu.outline if niveau is None else niveau:
        if isinstance(un, list):
            plats += signets(lu, un, rang + 1)
        else:
            plats.append((rang, un.title, lu.get_destination_page_number(un) + 1))
    return plats


def test_il_reunit_les_reponses_et_les_pieces_numerotees_sans_rien_de_ce_qui_s_execute():
    depot = un_depot_garni(plan_pdf=un_pdf_hostile(), photo_png=un_png(40, 20), notes_docx=un_docx())
    reliure = relier(depot)
    octets = lire(reliure.document)
    lu = PdfReader(io.BytesIO(octets))
    pages = [feuille.extract_text() for feuille in lu.pages]
    assert reliure.pages == len(pages)
    assert [f"Page {rang} sur {len(pages)}" in dit for rang, dit in enumerate(pages, start=1)] == [True] * len(pages)
    marques = signets(lu)
    racine = next(rang for rang, un in enumerate(marques) if un[1] == "Pièces jointes")
    titres = [titre for _, titre, _ in marques[racine + 1 :]]
    assert titres == [
        "Délibération ou mandat – deliberation.pdf",
        "Autre pièce – plan.pdf",
        "Autre pièce – photo.png",
        "Autre pièce – notes.docx",
    ]
    # A separator, then what was attached: one page, two, one, and nothing of a Word document.
    debuts = [debut for _, _, debut in marques[racine + 1 :]]
    suivants = [*debuts[1:], len(pages) + 1]
    assert [suivant - debut for debut, suivant in zip(debuts, suivants, strict=True)] == [2, 3, 2, 1]
    table = next(dit for dit in pages if "Table des matières" in dit)
    for titre, debut in zip(("deliberation.pdf", "plan.pdf", "photo.png", "notes.docx"), debuts, strict=True):
        assert titre in pages[debut - 1]
        assert str(debut) in table.partition(titre)[2].split()[:1]
    assert "Plan de financement" in pages[debuts[1]]
    assert "ce n’est ni un PDF ni une image" in pages[debuts[3] - 1].replace("\n", " ")
    assert depot.pieces.get(nom="notes.docx").document.sha256 in pages[debuts[3] - 1].replace("\n", "")
    assert any("Une usine ferme." in dit for dit in pages)
    jointes = {*range(debuts[0], len(pages) + 1)} - {*debuts}
    _rien_ne_s_execute(octets, jointes)
    _garde_ce_qui_est_du_portail(octets, jointes)


def _rien_ne_s_execute(octets: bytes, jointes: set[int]) -> None:
    """Nor does it claim any more to be accessible, once joined to what others laid out."""
    with pikepdf.open(io.BytesIO(octets)) as lu:
        assert "/OpenAction" not in lu.Root
        assert not lu.attachments
        for rang, feuille in enumerate(lu.pages, start=1):
            assert "/AA" not in feuille.obj
            if rang in jointes:
                assert not {"/Annots", "/StructParents"} & set(feuille.obj.keys())
        brut = b"".join(objet.unparse(resolved=True) for objet in lu.objects)
        with lu.open_metadata() as notice:
            assert "pdfuaid:part" not in notice
    assert HOSTILE.encode() not in brut
    assert b"/JavaScript" not in brut


def _garde_ce_qui_est_du_portail(octets: bytes, jointes: set[int]) -> None:
    """Title, language and tags of the pages that the portal laid out, those between attachments too: a screen reader
    reads them."""
    depot = Depot.objects.get()
    titre = f"Dossier {depot.candidature.reference} – dépôt n°\u00a0{depot.numero}"
    with pikepdf.open(io.BytesIO(octets)) as lu:
        assert (str(lu.Root.Lang), str(lu.docinfo.Title)) == ("fr", titre)
        assert lu.Root.ViewerPreferences.DisplayDocTitle
        assert lu.Root.MarkInfo.Marked
        siennes = [feuille for rang, feuille in enumerate(lu.pages, start=1) if rang not in jointes]
        places = {int(feuille.obj.StructParents) for feuille in siennes}
        assert len(places) == len(siennes)
        assert places <= {int(cle) for cle in lu.Root.StructTreeRoot.ParentTree.Nums[0::2]}
        roles = {str(o.S) for o in lu.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o}
        assert {"/H1", "/H2", "/Table", "/P"} <= roles


def test_les_reponses_se_lisent_les_memes_dans_l_exemplaire_et_dans_le_dossier_relie():
    depot = un_depot_garni()
    exemplaire, dossier = du_depot(depot.candidature, depot), dossier_relie(depot)
    lues = [
        "".join(re.findall(r"<h3>.*?(?=\s*(?:<h2|</main>))", html, re.DOTALL))
        for html in (exemplaire_en_html(exemplaire), en_html(dossier))
    ]
    assert lues[0] == lues[1]
    assert "Une usine ferme." in lues[0]
    assert "Filature" in lues[0]


def test_une_table_d_une_page_de_plus_change_les_numeros_des_pieces():
    depot = un_depot_garni()
    dossier = situer(dossier_relie(depot), 7, [3])
    assert [(piece.page, piece.pages) for piece in dossier.pieces] == [(8, 3)]
    assert situer(dossier, 8, [3]).pieces[0].page == 9


def test_une_piece_qui_ne_s_ouvre_pas_est_nommee_avec_son_empreinte():
    depot = un_depot_garni()
    dossier = situer(dossier_relie(depot), 1, [None])
    assert "elle n’a pas pu être ouverte" in en_html(dossier)
    assert depot.pieces.get().document.sha256 in en_html(dossier)


def test_la_page_du_depot_le_demande_le_dit_en_preparation_le_donne_et_le_retire_avec_une_piece_infectee():
    depot = un_depot_garni()
    client = client_de(depot.auteur)
    ici, fichier, relier_ = (
        page(nom, depot.candidature_id, depot.rang) for nom in ("depot", "dossier_relie", "relier")
    )
    assert "Préparer le dossier relié" in texte(client.get(ici))
    assert client.get(fichier).status_code == 404
    for _ in range(2):
        assert client.post(relier_, f.d_une_autre_page()).status_code == 302
    reliure = Reliure.objects.get()
    assert "il se prépare" in texte(client.get(ici))
    assert actions.relier(reliure.pk, maintenant=horloge_base())
    assert not actions.relier(reliure.pk, maintenant=horloge_base())
    assert "Télécharger le dossier relié" in texte(client.get(ici))
    reponse = client.get(fichier)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/pdf")
    assert f"dossier-{depot.numero}.pdf" in reponse["Content-Disposition"]
    assert b"".join(reponse.streaming_content).startswith(b"%PDF")
    assert client_de(f.un_utilisateur()).get(fichier).status_code == 404

    Analyse.objects.create(document=depot.pieces.get().document, saine=False, detail="Essai")
    assert client.get(fichier).status_code == 404
    assert "il se prépare" in texte(client.get(ici))
    assert actions.veiller(maintenant=horloge_base()) == 1
    reliure.refresh_from_db()
    assert (reliure.document, reliure.incluses) == (None, [])
    (piece,) = dossier_relie(type(depot).objects.get(pk=depot.pk)).pieces
    assert "un programme malveillant" in piece.raison


def test_qui_instruit_le_demande_et_le_lit_et_le_territoire_n_en_sait_rien():
    _, (candidature,) = une_vague_close(None)
    # Received by the portal itself: those of a wave that is already closed come from elsewhere.
    with sans_declencheurs():
        administrer("UPDATE candidatures_depot SET source = 'portail'")
    depot = candidature.depots.select_related("auteur").get()
    instructeur, consulte = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander_avis(candidature=candidature, expert=consulte, question="", auteur=instructeur, maintenant=horloge_base())
    agent, expert = client_de(instructeur), client_de(consulte)
    ici, fichier, relier_ = (
        reverse(f"instruction:{nom}", args=[candidature.pk]) for nom in ("dossier", "dossier_relie", "relier")
    )
    assert "Préparer le dossier relié" in texte(agent.get(ici))
    assert "relié" not in texte(expert.get(ici))
    assert [client.post(relier_).status_code for client in (expert, client_de(depot.auteur))] == [404, 404]
    assert agent.post(relier_).status_code == 302
    assert "Le dossier relié se prépare" in texte(agent.get(ici))
    assert actions.relier(Reliure.objects.get().pk, maintenant=horloge_base())
    assert "Télécharger le dossier relié" in texte(agent.get(ici))
    assert b"".join(agent.get(fichier).streaming_content).startswith(b"%PDF")
    assert expert.get(fichier).status_code == 404
    territoire = client_de(depot.auteur)
    du_depot, du_fichier = (page(nom, candidature.pk, depot.rang) for nom in ("depot", "dossier_relie"))
    assert "Préparer le dossier relié" in texte(territoire.get(du_depot))
    assert territoire.get(du_fichier).status_code == 404
    actions.demander(depot=depot, auteur=depot.auteur)
    assert "Télécharger le dossier relié" in texte(territoire.get(du_depot))


def test_un_travailleur_tue_laisse_la_demande_a_un_autre_trois_fois_au_plus():
    depot = un_depot_garni()
    reliure = actions.demander(depot=depot, auteur=depot.auteur)
    maintenant = horloge_base()
    for rang in range(1, ESSAIS_MAX + 1):
        Reliure.objects.filter(pk=reliure.pk).update(essais=rang, commencee_le=maintenant)
        assert actions.veiller(maintenant=maintenant) == 0
        attendus = actions.veiller(maintenant=maintenant + timedelta(hours=1))
        assert attendus == (0 if rang == ESSAIS_MAX else 1)
    ici = page("depot", depot.candidature_id, depot.rang)
    assert "n’a pas pu être fait" in texte(client_de(depot.auteur).get(ici))
    actions.demander(depot=depot, auteur=depot.auteur)
    assert list(Reliure.objects.a_faire()) == [reliure]


def test_un_depot_recu_par_un_autre_systeme_n_est_pas_relie():
    depot = un_depot_garni()
    depot.source = "reprise"
    with pytest.raises(RegleEnfreinte, match="autre système"):
        actions.demander(depot=depot, auteur=depot.auteur)
