"""What everybody sees before and after somebody renders, to the byte, as long as not all are in."""

from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from candidatures.evaluation.actions.evaluateurs import retirer
from candidatures.instruction import presences
from candidatures.instruction.archives import contenu
from candidatures.models import Evaluateur, Suivi
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.adresses import adresses
from tests.acces.requetes import formes, sql_de, un_client
from tests.acces.test_embargo import actes
from tests.acces.test_embargo import voir as voir_la_reponse
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import (
    confier,
    enregistrer,
    finir,
    rendre,
    s_abstenir,
    une_phase,
    une_saisie,
)
from tests.outils.pages import Page

pytestmark = pytest.mark.django_db
MOT = "incomparable"
# Whatever speaks of the file, of its wave or of what is left to do.
PAGES = (
    *("vagues", "vague", "export_csv", "export_xlsx", "export_ods", "mes_evaluations", "evaluations_de_la_vague"),
    *("confier_les_evaluations", "decisions", "dossier", "evaluateurs", "retirer_l_evaluation", "evaluer"),
    *("s_abstenir", "proposer"),
)
AUTRES = ("/tableau-de-bord/", f"/recherche/?q={MOT}", "/entete/", "/journal/", "/journal/?acte=rendre_evaluation")
# What says when and of what an answer was made: none of these pages has one.
ETIQUETTES = {"ETag", "Last-Modified"}


@pytest.fixture(autouse=True)
def _a_peu_de_frais(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of requests, of which none is about its session; and one person asks for more than anybody does."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    monkeypatch.setattr("rebond.socle.requete.limites.phrase_de_depassement", lambda *_: None)


def gens(monde: Monde) -> dict[str, Utilisateur]:
    f.un_role(monde.une, Role.AUDITEUR)
    return {
        "évaluateur qui n’a pas rendu, et auditeur": monde.une,
        "instructeur": monde.tiers,
        "valideur": monde.valideur,
        "porteur": f.porteur_de(monde.dossier),
    }


def cibles(monde: Monde) -> list[str]:
    siens = Evaluateur.objects.get(candidature=monde.dossier, personne=monde.deux)
    valeurs = {"pk": monde.dossier.pk, "numero": monde.vague.numero, "rang": 1, "evaluateur_pk": siens.pk}
    trouvees = adresses()
    siennes = [trouvees[f"instruction:{nom}"].pour(valeurs) for nom in PAGES]
    return [*siennes, trouvees["candidatures:dossier"].pour(valeurs), *AUTRES]


def voir(monde: Monde, qui: dict[str, Utilisateur]) -> dict[str, dict[str, Any]]:
    """Each page and file, what each form answers, each order and filter of the list of the wave, and what each takes
    away of the file, for everybody."""
    deja: set[Any] = set()
    return {nom: _voir(monde, seul_lecteur(monde, qui, personne), personne, deja) for nom, personne in qui.items()}


def _voir(monde: Monde, client: Client, personne: Utilisateur, deja: set[Any]) -> dict[str, Any]:
    lues: dict[str, Any] = {}
    for cible in cibles(monde):
        reponse = client.get(cible)
        lues[cible] = voir_la_reponse(reponse)
        assert not ETIQUETTES & {*reponse.headers}, cible
        if reponse.status_code == 200 and reponse["Content-Type"].startswith("text/html"):
            page = Page(cible, reponse.text)
            lues |= actes(client, page)
            lues |= ordres(client, page, deja)
    return lues | emporte(monde, personne)


def ordres(client: Client, page: Page, deja: set[Any]) -> dict[str, Any]:
    """Each order and each filter that the list proposes, as the file of it: the rows, in their order. Two people whose
    file was made by the same statements, but for their values, and is the same to the byte, have the same list."""
    fichier = next((lien for lien in page.liens if lien.partition("?")[0].endswith("dossiers.csv")), "")
    if not fichier:
        return {}
    with sql_de() as sql:
        entier = voir_la_reponse(client.get(fichier))
    if (lu := (entier[2], *formes(sql))) in deja:
        return {}
    deja.add(lu)
    proposes = [lien for lien in page.liens if lien.startswith(f"{page.adresse}?")]
    proposes += [tri for formulaire in page.formulaires if formulaire.methode == "GET" for tri in formulaire.tris]
    voulus = sorted({f"{fichier.partition('?')[0]}?{lien.partition('?')[2]}" for lien in proposes})
    return {voulu: voir_la_reponse(client.get(voulu)) for voulu in voulus}


def emporte(monde: Monde, personne: Utilisateur) -> dict[str, Any]:
    """The names and the contents of the archive of the file, before they are laid out."""
    maintenant = monde.vague.cloture
    with pytest.MonkeyPatch.context() as poste:
        poste.setattr(contenu, "en_pdf", lambda exemplaire: repr(exemplaire).encode())
        poste.setattr(contenu, "instruction_en_pdf", lambda lue: contenu.instruction_en_html(lue).encode())
        try:
            fichiers = list(contenu.fichiers_pour(personne, maintenant)(monde.dossier.pk))
        except Http404:
            return {"archive": None}
    return {"archive": [(fichier.chemin, fichier.contenu) for fichier in fichiers]}


def seul_lecteur(monde: Monde, qui: dict[str, Utilisateur], personne: Utilisateur) -> Client:
    """Nobody else has the file open: who reads it is told to whoever instructs it with them, for a minute."""
    for autre in qui.values():
        presences.partir(dossier=monde.dossier, personne=autre, maintenant=horloge_base())
    return un_client(personne)


def differences(avant: dict[str, dict[str, Any]], apres: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    return {
        nom: differentes
        for nom, pages in avant.items()
        if (differentes := [c for c in {*pages, *apres[nom]} if pages.get(c) != apres[nom].get(c)])
    }


def test_une_evaluation_rendue_ne_change_pas_un_octet_tant_que_toutes_ne_le_sont_pas(monde: Monde) -> None:
    """Pages, files, orders, filters, counts, letters, archives, the journal, and how answers are labelled."""
    confier(monde.autre, monde.deux, monde.tiers, auteur=monde.valideur)
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    lecteurs = gens(monde)
    lettres = list(Courrier.objects.order_by("pk").values())
    avant = voir(monde, lecteurs)
    lignes = list(Suivi.objects.order_by("pk").values())
    lus = [cible for pages in avant.values() for cible in pages]
    assert sum("dossiers.csv?" in cible for cible in lus) > 20
    assert [nom for nom, pages in avant.items() if pages["archive"] is None] == ["porteur"]

    enregistrer(monde.dossier, monde.deux, une_saisie(monde.dossier, 2, commentaire=MOT))
    rendre(monde.dossier, monde.deux, 3, commentaire=MOT, revision=1)
    rendre(monde.dossier, monde.deux, 2, commentaire=MOT, motif="Relue.", revision=0)
    s_abstenir(monde.autre, monde.deux)

    assert not differences(avant, voir(monde, lecteurs))
    assert list(Suivi.objects.order_by("pk").values()) == lignes
    assert list(Courrier.objects.order_by("pk").values()) == lettres

    # Once all are in, whoever reads the file whole reads them; its territory still nothing.
    rendre(monde.dossier, monde.une, 1, commentaire=MOT, revision=1)
    page = adresses()["instruction:dossier"].pour({"pk": monde.dossier.pk})
    lues = {nom: un_client(personne).get(page) for nom, personne in lecteurs.items()}
    assert {nom for nom, lue in lues.items() if MOT in lue.text} == {*lecteurs} - {"porteur"}


def test_retirer_quelqu_un_repond_les_memes_octets_qu_il_ait_rendu_ou_non(monde: Monde) -> None:
    from django.db import transaction

    def apres_le_retrait(*, rendue: bool) -> Any:
        with transaction.atomic():
            if rendue:
                rendre(monde.dossier, monde.deux, 3)
            siens = Evaluateur.objects.get(candidature=monde.dossier, personne=monde.deux)
            retirer(evaluateur=siens, motif="Absence.", auteur=monde.tiers, maintenant=horloge_base())
            lues = voir(monde, {"instructeur": monde.tiers, "valideur": monde.valideur})
            transaction.set_rollback(True)
        return lues

    def cibles_du_dossier(_: Monde) -> list[str]:
        return [f"/instruction/dossiers/{monde.dossier.pk}/{page}" for page in ("", "evaluateurs/")]

    with pytest.MonkeyPatch.context() as poste:
        poste.setattr(f"{__name__}.cibles", cibles_du_dossier)
        assert not differences(apres_le_retrait(rendue=False), apres_le_retrait(rendue=True))


def test_l_historique_du_dossier_ne_dit_pas_qui_a_rendu(monde: Monde) -> None:
    rendre(monde.dossier, monde.deux)
    du_dossier = EntreeJournal.objects.filter(objet_type="candidatures.candidature", objet_id=str(monde.dossier.pk))
    assert not du_dossier.filter(acteur_id_copie=monde.deux.pk).exists()
    assert EntreeJournal.objects.filter(objet_type="candidatures.evaluation", acte="rendre_evaluation").count() == 1


def test_a_la_fin_de_la_phase_tous_lisent_ce_qui_est_rendu(monde: Monde) -> None:
    from candidatures.tasks import ouvrir_les_evaluations

    phase = une_phase(monde.vague)
    rendre(monde.dossier, monde.deux, 2, commentaire=MOT)
    page = f"/instruction/dossiers/{monde.dossier.pk}/"
    client = un_client(monde.une)
    assert MOT not in client.get(page).content.decode()
    finir(phase)
    assert ouvrir_les_evaluations() == 1
    assert MOT in client.get(page).content.decode()
