"""`make captures`: the main pages at three widths, from the demonstration, as images and a page that lists them.

It opens the demonstration at `PORT` when one answers there, else one of its own until it is done. Pages only are read:
nothing is sent but the password of each account.
"""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.captures.pages import CAPTURES, PUBLIC, Capture

RACINE = Path(__file__).resolve().parents[2]
DOSSIER = RACINE / "docs" / "captures"
LARGEURS = (375, 768, 1280)
#: Pixels. Below, a page says more of the same.
HAUTEUR_MAX = 2600
QUALITE = 42
POIDS_MAX = 6_000_000
MOT_DE_PASSE = "rebond-demonstration"
DEMARRAGE = 600
#: Milliseconds: whoever asks for images may be doing something else meanwhile.
PATIENCE = 120_000
#: Those that wait to be reached are reached.
IMAGES = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))"""


def main() -> int:
    port = os.environ.get("PORT", "8000")
    DOSSIER.mkdir(parents=True, exist_ok=True)
    with demonstration(port) as adresse, sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        contextes: dict[str, BrowserContext] = {}
        for capture in CAPTURES:
            if capture.compte not in contextes:
                contextes[capture.compte] = entrer(navigateur, adresse, capture.compte)
            page = contextes[capture.compte].new_page()
            aller(page, capture)
            for largeur in LARGEURS:
                (DOSSIER / f"{capture.fichier}-{largeur}.webp").write_bytes(prendre(page, largeur))
            page.close()
            print(f"{capture.fichier} : {page.url}", flush=True)
        navigateur.close()
    (DOSSIER / "README.md").write_text(sommaire())
    poids = sum(image.stat().st_size for image in DOSSIER.glob("*.webp"))
    print(f"{len(CAPTURES) * len(LARGEURS)} images, {poids / 1e6:.1f} Mo, dans {DOSSIER.relative_to(RACINE)}.")
    return 0 if poids < POIDS_MAX else 1


@contextmanager
def demonstration(port: str) -> Iterator[str]:
    adresse = f"http://localhost:{port}"
    if repond(adresse):
        yield adresse
        return
    commande = [sys.executable, "-m", "rebond.amorce.superviseur"]
    lancee = subprocess.Popen(commande, cwd=RACINE, env=os.environ | {"PORT": port})
    try:
        fin = time.monotonic() + DEMARRAGE
        while not repond(adresse):
            if lancee.poll() is not None or time.monotonic() > fin:
                raise SystemExit("La démonstration n’a pas démarré.")
            time.sleep(1)
        yield adresse
    finally:
        lancee.terminate()
        lancee.wait()


def repond(adresse: str) -> bool:
    try:
        with urlopen(f"{adresse}/sante/", timeout=5) as reponse:  # noqa: S310 - this machine's own demonstration
            return bool(reponse.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False


def entrer(navigateur: Browser, adresse: str, compte: str) -> BrowserContext:
    contexte = navigateur.new_context(
        base_url=adresse, locale="fr-FR", timezone_id="Europe/Paris", color_scheme="light", reduced_motion="reduce"
    )
    contexte.set_default_timeout(PATIENCE)
    if compte != PUBLIC:
        page = contexte.new_page()
        page.goto("/compte/login/")
        page.locator("input[name=login]").fill(f"{compte}@demonstration.example")
        page.locator("input[name=password]").fill(MOT_DE_PASSE)
        page.get_by_role("button", name="Se connecter").last.click()
        page.wait_for_url("**/tableau-de-bord/")
        page.close()
    return contexte


def aller(page: Page, capture: Capture) -> None:
    page.goto(capture.depart)
    for motif in capture.liens:
        adresses = page.locator("main a[href]").evaluate_all("tous => tous.map((lien) => new URL(lien.href).pathname)")
        page.goto(next(adresse for adresse in adresses if re.search(motif, adresse)))


def prendre(page: Page, largeur: int) -> bytes:
    page.set_viewport_size({"width": largeur, "height": 900})
    page.wait_for_load_state("networkidle")
    page.evaluate(IMAGES)
    hauteur = min(page.evaluate("document.documentElement.scrollHeight"), HAUTEUR_MAX)
    cadre = {"x": 0, "y": 0, "width": largeur, "height": hauteur}
    png = page.screenshot(full_page=True, clip=cadre)  # type: ignore[arg-type]
    sortie = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(sortie, "WEBP", quality=QUALITE, method=6)
    return sortie.getvalue()


def sommaire() -> str:
    entete = " | ".join(f"{largeur} px" for largeur in LARGEURS)
    lignes = [
        "# Les vingt pages principales",
        "",
        "<!-- Écrit par `make captures`. -->",
        "",
        f"La démonstration (tout y est inventé) à trois largeurs. Une page longue est coupée à {HAUTEUR_MAX} pixels.",
        "",
        f"| page | vue par | {entete} |",
        f"|---|---|{'---|' * len(LARGEURS)}",
    ]
    for capture in CAPTURES:
        images = " | ".join(f"[voir]({capture.fichier}-{largeur}.webp)" for largeur in LARGEURS)
        lignes.append(f"| {capture.titre} | {capture.compte or 'tout le monde'} | {images} |")
    return "\n".join(lignes) + "\n"


if __name__ == "__main__":
    sys.exit(main())
