"""Sixty files, from the closing to « prêts », by one person: pages and clicks are counted, and may not be more."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction.actes import ActeDInstruction
from candidatures.models import Candidature, Proposition
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.chemins.agents import ecrans
from tests.chemins.agents.compteur import Compteur
from tests.outils.gestes import entrer

pytestmark = pytest.mark.django_db(transaction=True)
CHARGEMENTS, CLICS = 200, 300
DOSSIERS, SOUMIS, PAR_LOT = 60, 4, 30
BANQUE = "Banque d’essai"


def test_soixante_dossiers_sont_prets_en_deux_cents_pages_et_trois_cents_clics(
    page: Page, browser: Browser, browser_context_args: dict[str, Any], ouvrier: Callable[..., Any]
) -> None:
    """Each is read twice: for its admissibility, then with what came back of it, for the proposal."""
    ouvrier()
    noms = [f"Bassin fictif {rang:02d}" for rang in range(1, DOSSIERS + 1)]
    vague, dossiers = une_vague_close(*[None] * DOSSIERS, noms=noms)
    moi, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT, organisme=f.un_organisme_consulte(BANQUE))
    for _ in range(3):
        f.un_agent(Role.INSTRUCTEUR)
    entrer(page, moi, "/")
    compteur = Compteur(page)

    page.goto("/tableau-de-bord/")
    page.get_by_role("link", name="Voir les dossiers à prendre").click()
    ecrans.tout_choisir(page)
    ecrans.faire_en_lot(page, "Prendre ces dossiers", DOSSIERS)
    ecrans.onglet(page, "À moi", DOSSIERS)
    ecrans.ouvrir(page, dossiers[0])
    for dossier in dossiers[1:]:
        ecrans.suivant(page, dossier)
    page.get_by_role("link", name=f"{DOSSIERS} sur {DOSSIERS}").click()
    ecrans.declarer_recevables(page, DOSSIERS)
    soumis = dossiers[:SOUMIS]
    ecrans.cocher_au_clavier(page, soumis)
    ecrans.demander_des_avis(page, BANQUE, "Quels projets sont mûrs ?", SOUMIS)
    ecrans.confier_les_evaluations(page, [PAR_LOT] * (DOSSIERS // PAR_LOT))
    page.get_by_role("link", name=str(vague), exact=True).click()

    autre = browser.new_context(**browser_context_args)
    rendre_les_avis(autre.new_page(), expert, soumis)
    autre.close()

    page.reload()
    ecrans.etape(page, "Proposition à faire", DOSSIERS)
    ecrans.ouvrir(page, dossiers[0])
    for rang, dossier in enumerate(dossiers):
        puis = dossiers[rang + 1] if rang + 1 < DOSSIERS else None
        ecrans.proposer(page, "Labelliser", f"{dossier.territoire} est prêt.", puis)
    page.get_by_role("link", name="Sorti de la liste").click()
    page.get_by_role("link", name="Tout effacer").click()
    ecrans.onglet(page, "Prêts", DOSSIERS)

    print(f"\n{DOSSIERS} dossiers, de la clôture à « prêts »\u00a0: {compteur}")
    assert faits(moi, dossiers)
    assert compteur.chargements <= CHARGEMENTS
    assert compteur.clics <= CLICS


def rendre_les_avis(page: Page, expert: Any, dossiers: list[Candidature]) -> None:
    """Somebody else's work, which is not counted."""
    entrer(page, expert, "/instruction/avis/")
    for dossier in dossiers:
        ecrans.prendre_la_demande(page, dossier)
        ecrans.rendre_l_avis(page, "Favorable", f"Les projets de {dossier.territoire} sont mûrs.")


def faits(moi: Any, dossiers: list[Candidature]) -> bool:
    """By `moi`, one by one, each with its own words; the journal says so of each."""
    cles = [dossier.pk for dossier in dossiers]
    assert set(Candidature.objects.filter(pk__in=cles).values_list("etat", flat=True)) == {EtatCandidature.INSTRUITE}
    faites = dict(Proposition.objects.filter(auteur=moi).values_list("candidature", "motif"))
    assert faites == {dossier.pk: f"{dossier.territoire} est prêt." for dossier in dossiers}
    assert set(Proposition.objects.values_list("sens", flat=True)) == {SensDecision.LABELLISER}
    for acte in (ActeDInstruction.PRENDRE, ActeDInstruction.CONSTATER_RECEVABILITE, ActeDuDossier.PROPOSER):
        siennes = EntreeJournal.objects.filter(acte=acte, acteur_id_copie=moi.pk)
        assert sorted(int(cle) for cle in siennes.values_list("objet_id", flat=True)) == sorted(cles), acte
    return True
