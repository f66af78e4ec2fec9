"""What runs or hides in a PDF is found however it is written, and told."""

import io
from collections.abc import Iterable

import pikepdf
import pytest

from candidatures.surveillance.lisibilites import examiner_en_attente
from rebond.socle.documents import contenu_actif
from rebond.socle.documents.contenu_actif import inspecter, mise_en_garde
from rebond.socle.documents.etats import ContenuActif as C
from rebond.socle.documents.lisibilites import usage_de
from rebond.socle.documents.models import Document, Lisibilite
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import joindre
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.fichiers import un_pdf, un_pdf_avec, un_pdf_chiffre

JS = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"


def un_pdf_qui(catalogue: str, objets: Iterable[str] = ()) -> bytes:
    """Written by hand: `catalogue` is put in the root, `objets` come fourth and after."""
    corps = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objets,
    ]
    sortie, places = io.BytesIO(b"%PDF-1.7\n"), []
    sortie.seek(0, 2)
    for numero, objet in enumerate(corps, start=1):
        places.append(sortie.tell())
        sortie.write(f"{numero} 0 obj\n{objet}\nendobj\n".encode())
    table = sortie.tell()
    lignes = "".join(f"{place:010d} 00000 n \n" for place in places)
    sortie.write(f"xref\n0 {len(corps) + 1}\n0000000000 65535 f \n{lignes}".encode())
    sortie.write(f"trailer\n<< /Size {len(corps) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())
    return sortie.getvalue()


def comprime(pdf: bytes) -> bytes:
    """Its objects in compressed streams, where no search of bytes finds a name."""
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        ouvert.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return sortie.getvalue()


INDIRECT = un_pdf_qui("/OpenAction 4 0 R", ["<< /S /JavaScript /JS (app.alert\\(1\\)) >>"])
ANNOTATION = un_pdf_qui("", ["<< /Type /Annot /Subtype /Link /A << /S /Launch /F (cmd.exe) >> >>"])
ENCHAINE = un_pdf_qui("/OpenAction << /S /GoTo /Next [<< /S /GoTo /Next << /S /JavaScript /JS (x) >> >>] >>")
CAS = {
    "sain": (un_pdf(2), []),
    "des mots ne sont pas un programme": (un_pdf_qui("", ["<< /Titre (/S /JavaScript /EmbeddedFiles) >>"]), []),
    "à l’ouverture": (un_pdf_qui(JS), [C.PROGRAMME]),
    "en toutes lettres codées": (
        un_pdf_qui("/OpenAction << /#53 /J#61vaScript /#4a#53 (x) >>"),
        [C.PROGRAMME],
    ),
    "dans un objet comprimé": (comprime(INDIRECT), [C.PROGRAMME]),
    "au bout d’une chaîne": (ENCHAINE, [C.PROGRAMME]),
    "un lancement": (un_pdf_qui("/OpenAction << /S /Launch /F (cmd.exe) >>"), [C.LANCEMENT]),
    "un lancement dans une annotation": (ANNOTATION, [C.LANCEMENT]),
    "un fichier": (un_pdf_avec({"a.txt": b"a"}), [C.FICHIERS]),
    "tout ensemble": (un_pdf_qui(f"{JS} /AA << /WC << /S /Launch >> >> /Names << /EmbeddedFiles << >> >>"), "tout"),
    "chiffré sans mot de passe": (un_pdf_chiffre(mot_de_passe=""), []),
    "illisible": (f.PDF[:200], [C.INCONNU]),
}


@pytest.mark.parametrize("nom", CAS)
def test_ce_qui_est_dans_un_pdf(nom: str) -> None:
    pdf, attendu = CAS[nom]
    tout = [C.FICHIERS, C.LANCEMENT, C.PROGRAMME]
    assert inspecter(io.BytesIO(pdf)) == (tout if attendu == "tout" else attendu)


def test_un_pdf_trop_long_a_lire_n_est_pas_dit_sain(monkeypatch) -> None:
    monkeypatch.setattr(contenu_actif, "DELAI", 0.001)
    assert inspecter(io.BytesIO(un_pdf())) == [C.INCONNU]


def test_une_panne_de_chez_nous_ne_dit_rien_du_fichier(monkeypatch, caplog, tmp_path) -> None:
    absent = tmp_path / "inspecteur.py"
    absent.write_text("import pikepdf_qui_n_existe_pas")
    monkeypatch.setattr(contenu_actif, "INSPECTEUR", absent)
    assert inspecter(io.BytesIO(un_pdf())) is None
    assert "Aucun PDF ne peut être inspecté" in caplog.text


def test_la_mise_en_garde_se_lit() -> None:
    assert mise_en_garde(None) == mise_en_garde([]) == ""
    assert mise_en_garde([C.FICHIERS, C.PROGRAMME]) == (
        "attention\u00a0: contient d’autres fichiers, contient un programme (JavaScript)"
    )


@pytest.mark.django_db
class TestMontre:
    def test_un_ouvrier_regarde_une_fois_et_qui_ouvre_la_piece_le_lit(self) -> None:
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature, un_pdf_qui(JS, ["<< >>"]), nom="a.pdf")
        assert Lisibilite.objects.get(document=piece.document).actif is None
        assert examiner_en_attente() == 1
        assert Lisibilite.objects.get(document=piece.document).actif == ["programme"]
        assert examiner_en_attente() == 0

        attendu = "attention\u00a0: contient un programme (JavaScript)"
        assert usage_de(Document.objects.get(pk=piece.document_id)).endswith(f" – {attendu}")
        porteur = client_de(f.porteur_de(candidature))
        adresses = [
            page("pieces", candidature.pk),
            page("apercu", candidature.pk, piece.pk),
            page("dossier", candidature.pk),
        ]
        assert [attendu in texte(porteur.get(adresse)) for adresse in adresses] == [True] * 3
        assert "Ce fichier demande une précaution" in texte(porteur.get(adresses[1]))

    def test_un_pdf_sain_ne_demande_aucune_precaution(self) -> None:
        candidature = f.une_candidature()
        examiner_en_attente()
        piece = candidature.pieces.get()
        assert Lisibilite.objects.get(document=piece.document).actif == []
        lue = texte(client_de(f.porteur_de(candidature)).get(page("apercu", candidature.pk, piece.pk)))
        assert "attention" not in lue
        assert "précaution" not in lue
