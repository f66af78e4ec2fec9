"""Archives: all that one reads of a file, or of those of a list, given as long as it is theirs."""

import io
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from candidatures.cloture.actions import cloture
from candidatures.dossier.etats import SensDecision
from candidatures.instruction.archives.contenu import fichiers_pour
from candidatures.instruction.avis.actions.reponses import joindre
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.models import DeclarationInteret
from candidatures.models import PieceDeposee, PieceJointe
from rebond.exports import actions, regles
from rebond.exports.archives import Fichier, _ajouter
from rebond.exports.models import Export
from rebond.exports.requetes import se_remet
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.stockage import enregistrer_fichier, lire
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, instruire, rendre_avis, une_vague_close
from tests.exports.exports import adresse_du_fichier, client_de, preparer, statut_du_fichier
from tests.exports.test_exports import retirer_le_role

pytestmark = pytest.mark.django_db


def demander(personne, adresse: str) -> Export:
    """By the page that offers it."""
    client = client_de(personne)
    page = client.get(adresse)
    assert page.templates[0].name == "exports/preparer_archive.html", page.status_code
    reponse = client.post(reverse("exports:demander"), {"adresse": page.context["adresse"], **f.d_une_autre_page()})
    assert reponse.status_code == 302, reponse.text
    return Export.objects.latest("pk")


def du_dossier(dossier) -> str:
    return reverse("instruction:archive_du_dossier_zip", args=[dossier.pk])


def de_la_vague(vague, suite: str = "") -> str:
    return reverse("instruction:archive_zip", args=[vague.numero]) + suite


def contenu_de(personne, export: Export) -> dict[str, bytes]:
    recu = client_de(personne).get(adresse_du_fichier(export))
    assert (recu.status_code, recu["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(recu.getvalue())) as lue:
        assert lue.testzip() is None
        return {nom: lue.read(nom) for nom in lue.namelist()}


def texte_du_pdf(octets: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages).split())


def test_l_archive_d_un_dossier_est_tout_ce_que_l_on_en_lit():
    _, (dossier,) = une_vague_close(None)
    moi, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    maintenant = horloge_base()
    saisine = demander_avis(candidature=dossier, expert=expert, question="", auteur=moi, maintenant=maintenant)
    note = ContentFile(f.PDF, name="note.pdf")
    joindre(saisine=saisine, fichier=note, auteur=expert, maintenant=maintenant)
    rendre_avis(
        candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte="Un projet solide.", maintenant=maintenant
    )
    instruire(dossier, instructeur=moi, sens=SensDecision.LABELLISER)
    export = demander(moi, du_dossier(dossier))
    assert preparer(export)
    piece = PieceDeposee.objects.get(depot__candidature=dossier)
    racine = f"{dossier.reference} {dossier.territoire}"
    dedans = contenu_de(moi, export)
    assert list(dedans) == [
        f"{racine}/dossier.pdf",
        f"{racine}/instruction.pdf",
        f"{racine}/pièces/01 {piece.nom}",
        f"{racine}/fichiers des avis/01 note.pdf",
    ]
    assert dedans[f"{racine}/pièces/01 {piece.nom}"] == lire(piece.document)
    assert dedans[f"{racine}/fichiers des avis/01 note.pdf"] == f.PDF
    dit = texte_du_pdf(dedans[f"{racine}/instruction.pdf"])
    for attendu in ("Recevable", "Un projet solide.", "Le territoire est prêt.", "Avis rendu"):
        assert attendu in dit
    assert dossier.reference in texte_du_pdf(dedans[f"{racine}/dossier.pdf"])
    assert (export.fichier, export.lignes, export.cles) == (f"dossier-{dossier.reference}.zip", 1, [dossier.pk])


def test_aucun_nom_ne_sort_du_dossier_de_l_archive_ni_n_en_prend_un_autre():
    """A territory with a slash, an attachment that climbs, hides its ending or never ends."""
    territoires = [
        f.un_territoire(nom) for nom in ("Vals / Monts", "Plaines\\Monts", "../../etc", "\u202efdp.exe" * 15)
    ]
    vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=5))
    dossiers = [f.une_candidature(vague=vague, territoire=territoire) for territoire in territoires]
    for dossier in dossiers:
        for piece in dossier.pieces.all():
            PieceJointe.objects.filter(pk=piece.pk).update(nom="..\\../\u202eexe.pdf" + "é" * 60)
        f.un_depot(dossier)
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    lire_le_contenu = fichiers_pour(f.un_agent(Role.INSTRUCTEUR), horloge_base())
    chemins = [[fichier.chemin for fichier in lire_le_contenu(dossier.pk)] for dossier in dossiers]
    assert [{chemin.partition("/")[0].split()[0] for chemin in siens} for siens in chemins] == [
        {str(dossier.reference)} for dossier in dossiers
    ]
    tous = [chemin for siens in chemins for chemin in siens]
    assert len({*tous}) == len(tous)
    for chemin in tous:
        morceaux = chemin.split("/")
        assert not {"..", ".", ""} & {*morceaux}
        assert len(morceaux) <= 3, chemin
        assert max(len(morceau.encode()) for morceau in morceaux) <= 255
        assert chemin.isprintable(), chemin
        assert not {*chemin} & {*'<>:"|?*\\\u202e'}


def test_l_archive_d_une_selection_est_celle_de_la_liste_et_de_ses_choix():
    nord, bretagne = f.un_departement("59", "32"), f.un_departement("29", "53")
    vague, (premier, second, autre) = une_vague_close(nord, nord, bretagne)
    moi = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    entiere = demander(moi, de_la_vague(vague))
    assert preparer(entiere)
    assert racines(moi, entiere) == {str(premier.reference), str(second.reference)}
    # What is not in the list, whoever chooses it, is not there; nor does it change anything.
    choisie = demander(moi, de_la_vague(vague, f"?dossiers={second.pk}&dossiers={autre.pk}&dossiers=x"))
    assert preparer(choisie)
    assert racines(moi, choisie) == {str(second.reference)}
    cherchee = demander(moi, de_la_vague(vague, f"?q={premier.reference}"))
    assert preparer(cherchee)
    assert racines(moi, cherchee) == {str(premier.reference)}


def racines(personne, export) -> set[str]:
    return {nom.split(" ", 1)[0] for nom in contenu_de(personne, export)}


def test_un_conflit_declare_depuis_reprend_l_archive_et_rien_n_en_reste_a_faire():
    vague, (dossier, _) = une_vague_close(None, None)
    moi = f.un_agent(Role.COMITE)
    export = demander(moi, de_la_vague(vague))
    assert preparer(export)
    assert statut_du_fichier(client_de(moi), export) == 200
    DeclarationInteret.objects.create(candidature=dossier, utilisateur=moi, motif="Un proche.")
    assert statut_du_fichier(client_de(moi), export) == 404
    assert client_de(moi).get(du_dossier(dossier)).status_code == 404


def test_un_conflit_ou_un_role_perdu_avant_la_preparation_ne_donne_rien():
    _, (dossier, autre) = une_vague_close(None, None)
    moi = f.un_agent(Role.COMITE)
    premier = demander(moi, du_dossier(dossier))
    second = demander(moi, du_dossier(autre))
    DeclarationInteret.objects.create(candidature=dossier, utilisateur=moi, motif="Un proche.")
    assert not preparer(premier)
    assert premier.raison == regles.ACCES_PERDU
    retirer_le_role(moi, Role.COMITE)
    assert not preparer(second)
    assert (second.raison, second.document) == (regles.ACCES_PERDU, None)


def test_une_piece_retenue_n_y_est_pas_et_dit_pourquoi():
    _, (dossier,) = une_vague_close(None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    piece = PieceDeposee.objects.get(depot__candidature=dossier)
    Analyse.objects.create(document=piece.document, saine=False, detail="Eicar")
    export = demander(moi, du_dossier(dossier))
    assert preparer(export)
    dedans = contenu_de(moi, export)
    assert [nom.rpartition("/")[2] for nom in dedans] == ["dossier.pdf", "instruction.pdf", "à lire.txt"]
    dit = next(octets for nom, octets in dedans.items() if nom.endswith(".txt")).decode("utf-8-sig")
    assert f"«\u00a0{piece.nom}\u00a0»\u00a0: l’antivirus y a trouvé un programme malveillant." in dit
    assert export.documents == []


def test_une_piece_retenue_depuis_reprend_l_archive_et_ses_octets_s_en_vont():
    _, (dossier,) = une_vague_close(None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    export = demander(moi, du_dossier(dossier))
    assert preparer(export)
    document = PieceDeposee.objects.get(depot__candidature=dossier).document
    assert export.documents == [document.pk]
    Analyse.objects.create(document=document, saine=False, detail="Eicar")
    assert not se_remet(export, moi)
    assert statut_du_fichier(client_de(moi), export) == 404
    actions.veiller(maintenant=horloge_base())
    export.refresh_from_db()
    assert export.document is None
    assert client_de(moi).get(reverse("exports:export", args=[export.pk])).status_code == 200


def test_trop_de_dossiers_ou_aucun_sont_refuses_avec_le_remede(monkeypatch):
    monkeypatch.setattr(regles, "DOSSIERS_D_UNE_ARCHIVE", 1)
    vague, _ = une_vague_close(None, None)
    moi = client_de(f.un_agent(Role.COMITE))
    for adresse, refus in (
        (de_la_vague(vague), "cette sélection en compte 2"),
        (de_la_vague(vague, "?dossiers=0"), regles.ARCHIVE_VIDE),
    ):
        page = moi.get(adresse)
        assert refus in page.text
        assert '<form method="post" action="/exports/demander/"' not in page.text
        refuse = moi.post(reverse("exports:demander"), {"adresse": adresse, **f.d_une_autre_page()})
        assert refuse.status_code == 409
    assert not Export.objects.exists()


def test_une_piece_passe_par_blocs_quelle_que_soit_sa_taille():
    """Thirty megabytes cost the memory of a few blocks."""
    gros = enregistrer_fichier(ContentFile(bytes(30 * 1024 * 1024)), type_mime="application/pdf")

    class Puits:
        def __init__(self) -> None:
            self.ecrits = 0

        def write(self, octets: bytes) -> int:
            self.ecrits += len(octets)
            return len(octets)

        def flush(self) -> None:
            return None

    puits = Puits()
    tracemalloc.start()
    try:
        with zipfile.ZipFile(puits, "w") as zip_:  # type: ignore[call-overload]
            _ajouter(zip_, Fichier("gros.pdf", gros))
        _, maximum = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        default_storage.delete(gros.chemin)
    assert puits.ecrits > gros.taille
    assert maximum < gros.taille / 4


def test_mes_exports_disent_combien_de_dossiers_tient_une_archive_et_combien_de_lignes_une_liste():
    vague, _ = une_vague_close(None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    export = demander(moi, de_la_vague(vague))
    client = client_de(moi)
    (en_attente,) = client.get(reverse("exports:mes_exports")).context["page"]
    assert (en_attente.contenance, en_attente.document) == ("2\u00a0dossiers", None)
    assert preparer(export)
    lue = client.get(reverse("exports:mes_exports")).content.decode()
    assert "2\u00a0dossiers, " in lue
    assert "Lignes" not in lue
    assert "2\u00a0dossiers" in client.get(reverse("exports:export", args=[export.pk])).content.decode()
    assert Export(lignes=12_350, fichier="acces.csv").contenance == "12\u202f350\u00a0lignes"
