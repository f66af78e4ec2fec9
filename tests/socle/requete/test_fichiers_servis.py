"""Whatever is not a page leaves isolated, whoever makes it and however."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin

FICHIERS: dict[str, Callable[[], HttpResponseBase]] = {
    "un-pdf": lambda: FileResponse(io.BytesIO(b"%PDF-"), as_attachment=True, filename="a.pdf"),
    "un-pdf-affiche": lambda: FileResponse(io.BytesIO(b"%PDF-"), filename="a.pdf"),
    "une-page-a-garder": lambda: FileResponse(io.BytesIO(b"<html>"), as_attachment=True, filename="a.html"),
    "une-page-affichee-comme-fichier": lambda: FileResponse(io.BytesIO(b"<html>"), filename="a.html"),
    "un-dessin": lambda: HttpResponse(b"<svg/>", content_type="image/svg+xml"),
    "un-tableau": lambda: StreamingHttpResponse([b"a;b"], content_type="text/csv; charset=utf-8"),
    "du-json": lambda: JsonResponse({}),
    "une-erreur-en-texte": lambda: HttpResponse("Non.", content_type="text/plain", status=403),
}


def vue(fabrique: Callable[[], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return lambda _request: fabrique()


urlpatterns = [
    *(path(f"{nom}/", vue(fabrique)) for nom, fabrique in FICHIERS.items()),
    path("une-page/", lambda _request: HttpResponse("<p>")),
    path("cadre/un-pdf/", xframe_options_sameorigin(vue(FICHIERS["un-pdf-affiche"]))),
    path("cadre/un-pdf-garde/", xframe_options_sameorigin(vue(FICHIERS["un-pdf"]))),
    path("cadre/un-dessin/", xframe_options_sameorigin(vue(FICHIERS["un-dessin"]))),
]
RACINE = Path(__file__).resolve().parents[3]
PAQUETS = ("candidatures", "projets", "territoires", "rebond")
BASE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors "


@pytest.fixture(autouse=True)
def _adresses() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize("nom", sorted(FICHIERS))
def test_tout_fichier_part_isole(client, nom: str) -> None:
    reponse = client.get(f"/{nom}/")
    assert reponse["Content-Security-Policy"] == f"{BASE}'none'; sandbox"
    assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (reponse["X-Content-Type-Options"], reponse["X-Frame-Options"]) == ("nosniff", "DENY")


def test_une_page_garde_la_politique_des_pages(client) -> None:
    reponse = client.get("/une-page/")
    assert "script-src 'self'" in reponse["Content-Security-Policy"]
    assert "sandbox" not in reponse["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("nom", "bac"), [("un-pdf", ""), ("un-pdf-garde", "; sandbox"), ("un-dessin", "; sandbox")], ids=lambda v: v
)
def test_seul_un_pdf_que_nous_encadrons_n_est_pas_dans_le_bac(client, nom: str, bac: str) -> None:
    reponse = client.get(f"/cadre/{nom}/")
    assert reponse["Content-Security-Policy"] == f"{BASE}'self'{bac}"
    assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"


def test_aucun_fichier_n_est_laisse_a_servir_au_mandataire() -> None:
    """nginx keeps of our headers neither the policy nor the others (X-Accel-Redirect): whoever hands it files says
    them again there."""
    produit = [source for paquet in PAQUETS for source in (RACINE / paquet).rglob("*.py")]
    assert [source.name for source in produit if re.search(r"X-(Accel|Send)", source.read_text())] == []
