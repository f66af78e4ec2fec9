"""Thirty files instructed by several people, from the closing to « prêts », each at their own screen.

Three hold the files, in two périmètres; two people evaluate each file, and two experts of one organisme answer. One
expert declares a conflict, one instructeur takes part in a file; a correction comes back while an avis is written, and
another avis has reserves. At each step what the dashboards count is what the lists hold, for everyone.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import EtatCandidature
from candidatures.evaluation.actes import ActeDEvaluation, ActeSurLesEvaluateurs
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.actions.lettres import ecrire_aux_experts
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.models import AvisRendu, Candidature, Evaluateur, Evaluation, Saisine
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.chemins.agents import ecrans
from tests.chemins.agents.scene import BANQUE, EN_INTERET, Scene, trente_dossiers
from tests.outils.gestes import bouton, entrer
from tests.portail.bureau.outils import lignes_de
from tests.portail.bureau.test_comptes import comptes_des_pages, ecarts

pytestmark = pytest.mark.django_db(transaction=True)
# What is new each time a page is asked for, and the minute at which a file is.
DE_PAGE = re.compile(r'name="(?:csrfmiddlewaretoken|cle_d_envoi)" value="[^"]*"|nonce="[^"]*"|instruction au [^(]+\(')
CORRIGEE, RESERVEE, MALADROITE = 1, 21, 13
# By each of whom avis are asked, on which files.
SOUMIS = {"anne": (13, 21, 22, 23), "bruno": (14, 15), "chloe": (1, 2)}
RESERVES = ("Le foncier reste à trouver.", "Le calendrier reste à préciser.")
SENS = {MALADROITE: "Ne pas retenir"}


def test_trente_dossiers_de_la_cloture_a_prets(
    page: Page, browser: Browser, browser_context_args: dict[str, Any], ouvrier: Callable[..., Any]
) -> None:
    ouvrier()
    scene = trente_dossiers()
    territoire = f.porteur_de(scene.dossier(30))
    avant = ce_que_lit_le_territoire(territoire, scene.dossier(30))
    chacun_lit(scene, anne=range(1, 31), bruno={*range(1, 31)} - {EN_INTERET}, chloe=range(1, 13))

    tenus = prendre_les_dossiers(page, scene)
    comptes_tenus(scene)
    for qui, siens in tenus.items():
        entrer(page, qui, scene.liste)
        ecrans.onglet(page, "À moi", len(siens))
        ecrans.declarer_recevables(page, len(siens))
    comptes_tenus(scene)
    demander_les_avis(page, scene)
    comptes_tenus(scene)

    autre = browser.new_context(**browser_context_args)
    un_conflit(page, scene)
    une_correction_pendant_un_avis(page, autre.new_page(), scene)
    autre.close()
    un_avis_reserve(page, scene)
    les_autres_avis(page, scene)
    comptes_tenus(scene)

    evaluer_les_dossiers(page, scene, tenus)
    comptes_tenus(scene)
    for qui, siens in tenus.items():
        proposer(page, scene, qui, siens)
    comptes_tenus(scene, scene.instructeurs)

    tous_prets(page, scene)
    chacun_lit(scene, anne=range(1, 31), bruno={*range(1, 31)} - {EN_INTERET}, chloe=range(1, 13))
    assert ce_que_lit_le_territoire(territoire, scene.dossier(30)) == avant
    lettres_parties(scene)
    journal_tenu(scene, tenus)


# What is done.


def prendre_les_dossiers(page: Page, scene: Scene) -> dict[Utilisateur, tuple[int, ...]]:
    """Chloé all those of her région, Bruno some, Anne the others; then one goes from her to him, with a word."""
    entrer(page, scene.chloe, scene.liste)
    prendre(page, 12)
    entrer(page, scene.bruno, scene.liste)
    ecrans.onglet(page, "À prendre", 17)
    ecrans.cocher_au_clavier(page, [scene.dossier(numero) for numero in range(14, 21)])
    ecrans.faire_en_lot(page, "Prendre ces dossiers", 7)
    entrer(page, scene.anne, scene.liste)
    prendre(page, 11)
    ecrans.onglet(page, "À moi", 11)
    ecrans.ouvrir(page, scene.dossier(30))
    ecrans.confier(page, scene.bruno, "Je pars en congé\u00a0: tout reste à faire.")
    return {scene.anne: (13, *range(21, 30)), scene.bruno: (*range(14, 21), 30), scene.chloe: tuple(range(1, 13))}


def prendre(page: Page, nombre: int) -> None:
    ecrans.onglet(page, "À prendre", nombre)
    ecrans.tout_choisir(page)
    ecrans.faire_en_lot(page, "Prendre ces dossiers", nombre)


def demander_les_avis(page: Page, scene: Scene) -> None:
    for prenom, numeros in SOUMIS.items():
        entrer(page, getattr(scene, prenom), f"{scene.liste}?onglet=moi")
        ecrans.cocher_au_clavier(page, [scene.dossier(numero) for numero in numeros])
        ecrans.demander_des_avis(page, BANQUE, "Que pensez-vous des projets ?", len(numeros))
    # A letter leaves two minutes after: one for each of the two experts, whatever was asked by whom.
    assert ecrire_aux_experts(maintenant=horloge_base() + timedelta(minutes=3)) == 2


def un_conflit(page: Page, scene: Scene) -> None:
    """Fatou takes a request, then says that she has a conflict: the file is no more, its author is told, and asks her
    colleague."""
    dossier = scene.dossier(MALADROITE)
    entrer(page, scene.fatou, "/")
    ecrans.prendre_la_demande(page, dossier)
    ecrans.decliner_pour_conflit(page, "Mon conjoint y travaille.")
    assert Saisine.objects.get(candidature=dossier).fin == FinDeSaisine.CONFLIT
    assert not voit(scene.fatou, dossier)
    assert dossier.reference not in lu_par(scene.fatou, "/instruction/avis/")
    lettre = Courrier.objects.get(cle__startswith="avis-revoque-")
    assert (lettre.destinataire, "Fatou Exemple" in lettre.texte) == (scene.anne.email, True)

    entrer(page, scene.anne, f"/instruction/dossiers/{dossier.pk}/")
    ecrans.demander_un_avis(page, BANQUE, 1)
    entrer(page, scene.gilles, "/")
    ecrans.prendre_la_demande(page, dossier)
    ecrans.rendre_l_avis(page, "Défavorable", "Aucun projet n’est mûr.")


def une_correction_pendant_un_avis(page: Page, chez_l_expert: Page, scene: Scene) -> None:
    """Gilles writes while Chloé asks the territory for an answer, which comes: he is told, and says which he read."""
    dossier = scene.dossier(CORRIGEE)
    entrer(chez_l_expert, scene.gilles, "/")
    ecrans.prendre_la_demande(chez_l_expert, dossier)
    ecrans.ecrire_l_avis(chez_l_expert, "Favorable", "Les projets sont mûrs.")

    entrer(page, scene.chloe, f"/instruction/dossiers/{dossier.pk}/")
    ecrans.demander_une_correction(page, "Projets industriels connus", "Citez tous les projets.")
    comptes_tenus(scene)
    entrer(page, f.porteur_de(dossier), f"/candidatures/{dossier.pk}/")
    ecrans.rendre_la_correction(page, "Les projets déjà connus", "Projets industriels connus", "Une fonderie.")

    bouton(chez_l_expert, "Rendre cet avis")
    expect(chez_l_expert.get_by_text("Le territoire a rendu une correction").first).to_be_visible()
    expect(chez_l_expert.get_by_label("Motivation")).to_have_value("Les projets sont mûrs.")
    bouton(chez_l_expert, "Rendre cet avis")
    expect(chez_l_expert.get_by_text("Votre avis est rendu.")).to_be_visible()
    assert AvisRendu.objects.get(saisine__candidature=dossier).correction == dossier.corrections.get()
    entrer(page, scene.chloe, f"/instruction/dossiers/{dossier.pk}/")
    expect(page.get_by_text("avec la correction rendue le")).to_be_visible()
    expect(page.get_by_text("Une fonderie.").first).to_be_visible()


def un_avis_reserve(page: Page, scene: Scene) -> None:
    """Two reserves, of which Anne lifts one; Gilles reads nothing of what his colleague answered."""
    dossier = scene.dossier(RESERVEE)
    entrer(page, scene.fatou, "/")
    ecrans.prendre_la_demande(page, dossier)
    ecrans.rendre_l_avis(page, "Favorable avec réserves", "Oui, si le foncier suit.", RESERVES)
    entrer(page, scene.anne, f"/instruction/dossiers/{dossier.pk}/")
    ecrans.lever_la_reserve(page, RESERVES[0], "Le terrain est acquis.")
    expect(page.get_by_text("Le terrain est acquis.")).to_be_visible()
    assert not voit(scene.gilles, dossier)
    assert dossier.reference not in lu_par(scene.gilles, "/instruction/avis/")


def les_autres_avis(page: Page, scene: Scene) -> None:
    for qui, numeros in ((scene.fatou, (22, 14, 2)), (scene.gilles, (23, 15))):
        entrer(page, qui, "/")
        for numero in numeros:
            ecrans.prendre_la_demande(page, scene.dossier(numero))
            ecrans.rendre_l_avis(page, "Favorable", "Les projets sont mûrs.")


def evaluer_les_dossiers(page: Page, scene: Scene, tenus: dict[Utilisateur, tuple[int, ...]]) -> None:
    """Entrusted by two pages of proposals, of which none is to whoever holds the file or has an interest in it."""
    entrer(page, scene.anne, scene.liste)
    ecrans.confier_les_evaluations(page, [30])
    for numero, dossier in enumerate(scene.dossiers, 1):
        gens = {un.personne for un in Evaluateur.objects.filter(candidature=dossier).select_related("personne")}
        tenant = next(qui for qui, siens in tenus.items() if numero in siens)
        permis = {*scene.evaluateurs} - {tenant}
        permis -= {scene.chloe} if numero > 12 else set()
        permis -= {scene.bruno} if numero == EN_INTERET else set()
        assert len(gens) == 2, dossier
        assert gens <= permis, dossier
    for qui in scene.evaluateurs:
        entrer(page, qui, "/instruction/evaluations/")
        for rang, dossier in enumerate(siens_a_evaluer(scene, qui)):
            if qui == scene.anne and not rang:
                evaluer_sans_que_rien_ne_bouge(page, scene, dossier)
            else:
                ecrans.evaluer(page, dossier, 2)
    assert Evaluation.objects.rendues().count() == 60


def siens_a_evaluer(scene: Scene, qui: Utilisateur) -> Iterator[Candidature]:
    cles = set(Evaluateur.objects.filter(personne=qui).values_list("candidature", flat=True))
    yield from (dossier for dossier in scene.dossiers if dossier.pk in cles)


def evaluer_sans_que_rien_ne_bouge(page: Page, scene: Scene, dossier: Candidature) -> None:
    """Of the first of the two, nobody learns anything: not one byte of what they read of the file nor of the wave."""
    autres = [qui for qui in scene.evaluateurs if qui != scene.anne and voit(qui, dossier)]
    adresses = (
        scene.liste,
        f"{scene.liste}evaluations/",
        f"{scene.liste}dossiers.csv",
        f"/instruction/dossiers/{dossier.pk}/evaluateurs/",
        "/instruction/evaluations/",
        "/tableau-de-bord/",
    )
    avant = {qui: [lu_par(qui, adresse) for adresse in adresses] for qui in autres}
    ecrans.evaluer(page, dossier, 1)
    assert {qui: [lu_par(qui, adresse) for adresse in adresses] for qui in autres} == avant


def proposer(page: Page, scene: Scene, qui: Utilisateur, siens: Collection[int]) -> None:
    entrer(page, qui, f"{scene.liste}?onglet=moi")
    ecrans.etape(page, "Proposition à faire", len(siens))
    dossiers = [scene.dossier(numero) for numero in siens]
    ecrans.ouvrir(page, dossiers[0])
    for rang, numero in enumerate(siens):
        puis = dossiers[rang + 1] if rang + 1 < len(dossiers) else None
        ecrans.proposer(page, SENS.get(numero, "Labelliser"), f"Après lecture du dossier {numero}.", puis)


# What each one knows.


def chacun_lit(scene: Scene, **attendus: Collection[int]) -> None:
    """The files of the list as it is exported, and of no other is there a page."""
    for prenom, numeros in attendus.items():
        qui = getattr(scene, prenom)
        export = lu_par(qui, f"{scene.liste}dossiers.csv")
        lues = {dossier.reference for dossier in scene.dossiers if dossier.reference in export}
        assert lues == scene.references(numeros), prenom
        ignores = [scene.dossier(numero) for numero in range(1, 31) if numero not in numeros]
        assert [dossier for dossier in ignores if voit(qui, dossier)] == [], prenom
        assert voit(qui, scene.dossier(min(numeros))), prenom


def comptes_tenus(scene: Scene, lecteurs: Collection[Utilisateur] = ()) -> None:
    """What a dashboard says that there is, is what is there; and what tabs, stages and filters say of it to
    `lecteurs`, or to Bruno alone, of whom one file more or less would betray that he takes part in it."""
    for qui in (*scene.instructeurs, scene.fatou, scene.gilles):
        assert list(ecarts(client_de(qui), lignes_de)) == [], qui
    for qui in lecteurs or (scene.bruno,):
        lus = list(comptes_des_pages(client_de(qui), [scene.liste], lignes_de))
        assert lus, qui
        assert [compte for compte in lus if compte[2] != compte[3]] == [], qui


def tous_prets(page: Page, scene: Scene) -> None:
    assert {*Candidature.objects.values_list("etat", flat=True)} == {EtatCandidature.INSTRUITE}
    for qui, nombre in ((scene.anne, 30), (scene.bruno, 29), (scene.chloe, 12)):
        entrer(page, qui, scene.liste)
        ecrans.onglet(page, "Prêts", nombre)
    # An expert reads the file no more; of all that was said of it, what they said themselves.
    saisine = Saisine.objects.get(candidature=scene.dossier(RESERVEE))
    assert not voit(scene.fatou, scene.dossier(RESERVEE))
    assert "Oui, si le foncier suit." in lu_par(scene.fatou, f"/instruction/avis/{saisine.pk}/")
    assert client_de(scene.gilles).get(f"/instruction/avis/{saisine.pk}/").status_code == 404


def ce_que_lit_le_territoire(porteur: Utilisateur, dossier: Candidature) -> list[str]:
    return [lu_par(porteur, adresse) for adresse in ("/candidatures/", f"/candidatures/{dossier.pk}/")]


def lettres_parties(scene: Scene) -> None:
    """One for each person, whatever was asked of them; a territory is written to about what is asked of it alone."""
    evaluateurs = {qui.email for qui in scene.evaluateurs if [*siens_a_evaluer(scene, qui)]}
    attendues = {
        "dossiers_confies-": {scene.bruno.email},
        "avis-demandes-": {scene.fatou.email, scene.gilles.email},
        "avis-revoque-": {scene.anne.email},
        "evaluation-confiee-": evaluateurs,
    }
    for sorte, gens in attendues.items():
        parties = Courrier.objects.filter(cle__startswith=sorte).values_list("destinataire", flat=True)
        assert sorted(parties) == sorted(gens), sorte
    dehors = Courrier.objects.exclude(destinataire__in=[qui.email for qui in les_gens(scene)])
    depuis = dehors.exclude(cle__startswith="cloture-").exclude(cle__startswith="accuse-")
    porteur = f.porteur_de(scene.dossier(CORRIGEE)).email
    assert [(lettre.destinataire, lettre.cle.partition("-")[0]) for lettre in depuis] == [(porteur, "correction")]
    demandes = Courrier.objects.get(cle__startswith="avis-demandes-", destinataire=scene.gilles.email)
    references = scene.references({numero for siens in SOUMIS.values() for numero in siens})
    assert {une for une in references if une in demandes.texte} == references


def journal_tenu(scene: Scene, tenus: dict[Utilisateur, tuple[int, ...]]) -> None:
    """One entry for each act, on its file, by whoever did it."""
    entrees = EntreeJournal.objects.filter(acteur_id_copie__in=[qui.pk for qui in les_gens(scene)])
    faits = Counter(entrees.values_list("acte", flat=True))
    attendus = {
        ActeDInstruction.PRENDRE: 30,
        ActeDInstruction.AFFECTER: 1,
        ActeDInstruction.CONSTATER_RECEVABILITE: 30,
        ActeDInstruction.DEMANDER_AVIS: 9,
        ActeDInstruction.PRENDRE_AVIS: 9,
        ActeDInstruction.REVOQUER_AVIS: 1,
        ActeDInstruction.DECLARER_INTERET: 1,
        ActeDInstruction.RENDRE_AVIS: 8,
        ActeDInstruction.LEVER_RESERVE: 1,
        ActeSurLesEvaluateurs.CONFIER_L_EVALUATION: 60,
        ActeDEvaluation.RENDRE_EVALUATION: 60,
        ActeDuDossier.PROPOSER: 30,
    }
    assert {acte: faits[acte] for acte in attendus} == attendus
    for qui, numeros in tenus.items():
        proposes = entrees.filter(acte=ActeDuDossier.PROPOSER, acteur_id_copie=qui.pk)
        siens = {str(scene.dossier(numero).pk) for numero in numeros}
        assert set(proposes.values_list("objet_id", flat=True)) == siens, qui


def les_gens(scene: Scene) -> tuple[Utilisateur, ...]:
    return *scene.evaluateurs, scene.fatou, scene.gilles


def client_de(qui: Utilisateur) -> Client:
    client = Client()
    client.force_login(qui)
    return client


def voit(qui: Utilisateur, dossier: Candidature) -> bool:
    statut = client_de(qui).get(f"/instruction/dossiers/{dossier.pk}/").status_code
    assert statut in {200, 404}
    return statut == 200


def lu_par(qui: Utilisateur, adresse: str) -> str:
    """What one reads there, but for what is new each time."""
    reponse = client_de(qui).get(adresse)
    assert reponse.status_code == 200, adresse
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return DE_PAGE.sub("", octets.decode())
