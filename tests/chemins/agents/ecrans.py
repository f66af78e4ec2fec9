"""The screens of the instruction, as those who work there go through them: links, buttons and fields by their names.

One function for each thing that is done. Whoever changes how it is done on the screen changes it here.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from candidatures.models import Candidature
from rebond.socle.horloge.temps import PARIS
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur
from tests.outils.gestes import bouton, cocher

# What a worker does is waited for so long, on a machine that does much else.
PATIENCE = 120_000
ET_SUIVANT = "Enregistrer et passer au dossier suivant"


# The list of a wave.


def onglet(page: Page, nom: str, nombre: int) -> None:
    """A tab, and what it says that it holds."""
    page.get_by_role("navigation", name="Mes dossiers").get_by_role("link", name=f"{nom} ({nombre})").click()
    expect(page.get_by_text(compte(nombre, "dossier"), exact=True)).to_be_visible()


def etape(page: Page, nom: str, nombre: int) -> None:
    """A part of the bar by stage."""
    page.get_by_role("link", name=f"{nom}\u00a0: {nombre}", exact=True).click()
    expect(page.get_by_text(compte(nombre, "dossier"), exact=True)).to_be_visible()


def ouvrir(page: Page, dossier: Candidature) -> None:
    page.get_by_role("link", name=dossier.reference, exact=True).click()
    lire(page, dossier)


def cocher_au_clavier(page: Page, dossiers: Sequence[Candidature]) -> None:
    """With `j` and `x`, in the order of the list."""
    for dossier in dossiers:
        lien = page.get_by_role("link", name=dossier.reference, exact=True)
        while not lien.evaluate("(lien) => lien === document.activeElement"):
            page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_label(f"Choisir le dossier {dossier.reference}")).to_be_checked()


def tout_choisir(page: Page) -> None:
    cocher(page.get_by_label("Tous les dossiers de cette liste"))


def preparer_le_lot(page: Page, acte: str, nombre: int) -> None:
    """From what is ticked to the page that says what will be done."""
    page.get_by_label("Que voulez-vous faire ?").select_option(label=acte)
    bouton(page, "Continuer")
    expect(page.get_by_text(compte(nombre, "dossier est concerné", "dossiers sont concernés"))).to_be_visible()


def confirmer_le_lot(page: Page, acte: str, nombre: int) -> None:
    """A worker does it; then back to the wave."""
    bouton(page, acte)
    faits = compte(nombre, "dossier est fait", "dossiers sont faits")
    expect(page.get_by_text(f"{faits}.", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Revenir aux dossiers de la vague").click()


def faire_en_lot(page: Page, acte: str, nombre: int) -> None:
    preparer_le_lot(page, acte, nombre)
    confirmer_le_lot(page, acte, nombre)


def declarer_recevables(page: Page, nombre: int) -> None:
    """All the files of the list that is shown."""
    tout_choisir(page)
    faire_en_lot(page, "Déclarer recevables", nombre)


def demander_des_avis(page: Page, organisme: str, question: str, nombre: int) -> None:
    """On the files that are ticked."""
    preparer_le_lot(page, "Demander un avis", nombre)
    cocher(page.get_by_label(organisme))
    ecrire(page.get_by_label("Question posée"), question)
    confirmer_le_lot(page, "Demander un avis", nombre)


def confier_les_evaluations(page: Page, nombres: Iterable[int]) -> None:
    """From the list of the wave: what the portal proposes is confirmed, as many times as there are pages of it."""
    page.get_by_role("link", name="Évaluations", exact=True).click()
    page.get_by_role("link", name=re.compile("^Confier ")).click()
    for nombre in nombres:
        bouton(page, "Confier les dossiers cochés")
        dit = f"{compte(nombre, 'dossier confié', 'dossiers confiés')} pour évaluation."
        expect(page.get_by_text(dit)).to_be_visible()
    expect(page.get_by_text("Tous les dossiers que vous lisez ont leurs évaluateurs.")).to_be_visible()


# One file.


def lire(page: Page, dossier: Candidature) -> None:
    """It is there to be read: its territory, and what was deposited."""
    expect(page.get_by_role("heading", level=1)).to_have_text(str(dossier.territoire))
    expect(page.get_by_role("heading", name="Le dossier déposé")).to_be_attached()


def suivant(page: Page, dossier: Candidature) -> None:
    page.get_by_role("link", name="Dossier suivant").click()
    lire(page, dossier)


def proposer(page: Page, sens: str, motif: str, puis: Candidature | None) -> None:
    """Where the file is read; then the next one of the list, or the same file after the last."""
    page.get_by_text(sens, exact=True).click()
    ecrire(page.get_by_label("Motif"), motif)
    if puis is not None:
        bouton(page, ET_SUIVANT)
        lire(page, puis)
    else:
        bouton(page, "Enregistrer la proposition")
    expect(page.get_by_text(re.compile("a proposition est enregistrée"))).to_be_visible()


def confier(page: Page, a: Utilisateur, mot: str) -> None:
    page.get_by_role("link", name="Le confier à un collègue").click()
    page.get_by_label("À qui").select_option(label=str(a))
    ecrire(page.get_by_label("Un mot pour la suite"), mot)
    bouton(page, "Confier ce dossier")
    expect(page.get_by_text("Le dossier est confié.")).to_be_visible()


def demander_un_avis(page: Page, organisme: str, experts: int) -> None:
    """On this file alone, of whoever of the organisme takes it, of so many."""
    page.get_by_role("link", name="Demander un avis", exact=True).click()
    qui = compte(experts, "personne")
    page.get_by_label(organisme).select_option(label=f"À l’organisme\u00a0: qui la prendra ({qui})")
    bouton(page, "Demander ces avis")
    expect(page.get_by_text("L’avis est demandé")).to_be_visible()


def demander_une_correction(page: Page, question: str, motif: str) -> None:
    page.get_by_role("link", name="Demander une correction").click()
    cocher(page.get_by_label(question))
    ecrire(page.get_by_label("Ce qui est à corriger, et pourquoi"), motif)
    dans_une_semaine = datetime.now(PARIS) + timedelta(days=7)
    page.get_by_label("À rendre avant le").fill(f"{dans_une_semaine:%Y-%m-%dT%H:%M}")
    bouton(page, "Demander cette correction")
    expect(page.get_by_text("La correction est demandée")).to_be_visible()


def rendre_la_correction(page: Page, rubrique: str, question: str, reponse: str) -> None:
    """By the territory, from the page of its file."""
    page.get_by_role("link", name="Voir ce qui est demandé").click()
    page.get_by_role("link", name=rubrique).first.click()
    ecrire(page.get_by_label(question), reponse)
    bouton(page, "Enregistrer ces corrections")
    bouton(page, "Rendre la correction")
    expect(page.get_by_role("heading", name="Corrections")).to_be_visible()


def lever_la_reserve(page: Page, reserve: str, motif: str) -> None:
    page.get_by_role("link", name=f"Lever cette réserve\u00a0: {reserve}").click()
    ecrire(page.get_by_label("Pourquoi cette réserve est levée"), motif)
    bouton(page, "Lever cette réserve")
    expect(page.get_by_text("La réserve est levée.")).to_be_visible()


# Avis, on the side of those who give them.


def prendre_la_demande(page: Page, dossier: Candidature) -> None:
    page.goto("/instruction/avis/")
    page.get_by_role("link", name=dossier.reference, exact=True).click()
    bouton(page, "Prendre cette demande")
    expect(page.get_by_text("vous tenez cette demande")).to_be_visible()


def ecrire_l_avis(page: Page, sens: str, texte: str, reserves: Collection[str] = ()) -> None:
    page.get_by_role("link", name="Rendre mon avis").click()
    page.get_by_text(sens, exact=True).click()
    if reserves:
        ecrire(page.get_by_role("textbox", name="Réserves"), "\n".join(reserves))
    ecrire(page.get_by_label("Motivation"), texte)
    ecrire(page.get_by_label("En quelle qualité"), "Chargé d’études")


def rendre_l_avis(page: Page, sens: str, texte: str, reserves: Collection[str] = ()) -> None:
    ecrire_l_avis(page, sens, texte, reserves)
    bouton(page, "Rendre cet avis")
    expect(page.get_by_text("Votre avis est rendu.")).to_be_visible()


def decliner_pour_conflit(page: Page, motif: str) -> None:
    page.get_by_role("link", name="Décliner").click()
    page.get_by_text("J’ai un conflit d’intérêts", exact=True).click()
    ecrire(page.get_by_label("Précisions"), motif)
    bouton(page, "Envoyer cette réponse")
    expect(page.get_by_text("Votre réponse est enregistrée")).to_be_visible()


# Evaluations.

# Each criterion at the level asked for: sixty grids of four lines would be minutes of mouse.
NOTER = """(niveau) => {
  for (const note of document.querySelectorAll(`input[type=radio][name^=note_][value="${niveau}"]`)) note.click();
}"""


def evaluer(page: Page, dossier: Candidature, niveau: int) -> None:
    """From « Mes évaluations »."""
    page.goto(f"/instruction/dossiers/{dossier.pk}/evaluation/")
    page.evaluate(NOTER, niveau)
    bouton(page, "Rendre mon évaluation")
    expect(page.get_by_text("Votre évaluation est rendue.")).to_be_visible()


def ecrire(champ: Locator, texte: str) -> None:
    """Go to the field with the mouse, and type."""
    champ.click()
    champ.fill(texte)
