"""A real browser at the end of a slow line: when something is painted."""

import statistics
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DELAI_MS = 120_000
PEINT = """() => new Promise(dire => new PerformanceObserver(liste => {
    for (const une of liste.getEntriesByName("first-contentful-paint")) dire(une.startTime)
}).observe({type: "paint", buffered: true}))"""


@dataclass(frozen=True)
class Debit:
    """`octets` a second either way; `attente_ms` before anything comes back."""

    octets: int
    attente_ms: int = 0


def premier_affichage(adresse: str, debit: Debit, *, essais: int) -> float:
    """Seconds from the address being asked for to the first contentful paint, nothing being kept from before: the
    median."""
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            return statistics.median(_un_affichage(navigateur, adresse, debit) for _ in range(essais))
        finally:
            navigateur.close()


def _un_affichage(navigateur: Browser, adresse: str, debit: Debit) -> float:
    contexte = navigateur.new_context(viewport={"width": 375, "height": 800})
    try:
        page = contexte.new_page()
        page.set_default_timeout(DELAI_MS)
        outils = contexte.new_cdp_session(page)
        outils.send("Network.enable")
        outils.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": debit.attente_ms,
                "downloadThroughput": debit.octets,
                "uploadThroughput": debit.octets,
            },
        )
        page.goto(adresse, wait_until="commit")
        return float(page.evaluate(PEINT)) / 1000
    finally:
        contexte.close()
