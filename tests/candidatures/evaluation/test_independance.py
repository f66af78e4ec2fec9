"""What everybody sees before and after somebody renders, to the byte, as long as not all are in."""

from typing import Any

import pytest
from django.test import Client

from candidatures.evaluation.actions.evaluateurs import retirer
from candidatures.instruction import presences
from candidatures.models import Evaluateur, Suivi
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.acces.adresses import adresses
from tests.acces.requetes import un_client
from tests.acces.test_embargo import vues
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
from tests.candidatures.instruction.connaissance.test_reponses import Vue

pytestmark = pytest.mark.django_db
MOT = "incomparable"
# Whatever speaks of the file, of its wave or of what is left to do.
PAGES = (
    *("vagues", "vague", "export_csv", "mes_evaluations", "evaluations_de_la_vague", "confier_les_evaluations"),
    *("decisions", "dossier", "evaluateurs", "retirer_l_evaluation", "evaluer", "s_abstenir", "proposer"),
)


def gens(monde: Monde) -> dict[str, Utilisateur]:
    return {
        "évaluateur qui n’a pas rendu": monde.une,
        "instructeur": monde.tiers,
        "valideur": monde.valideur,
        "porteur": f.porteur_de(monde.dossier),
    }


def cibles(monde: Monde) -> list[str]:
    siens = Evaluateur.objects.get(candidature=monde.dossier, personne=monde.deux)
    valeurs = {"pk": monde.dossier.pk, "numero": monde.vague.numero, "rang": 1, "evaluateur_pk": siens.pk}
    trouvees = adresses()
    siennes = [trouvees[f"instruction:{nom}"].pour(valeurs) for nom in PAGES]
    return [*siennes, trouvees["candidatures:dossier"].pour(valeurs), "/tableau-de-bord/", f"/recherche/?q={MOT}"]


def voir(monde: Monde, qui: dict[str, Utilisateur]) -> dict[str, dict[str, Vue]]:
    """Each page, each order and filter and file of its lists, what each of its forms answers, for everybody."""
    ouvertes: set[tuple[str, ...]] = set()
    return {nom: vues(seul_lecteur(monde, qui, personne), cibles(monde), ouvertes) for nom, personne in qui.items()}


def seul_lecteur(monde: Monde, qui: dict[str, Utilisateur], personne: Utilisateur) -> Client:
    """Nobody else has the file open: who reads it is told to whoever instructs it with them, for a minute."""
    for autre in qui.values():
        presences.partir(dossier=monde.dossier, personne=autre, maintenant=horloge_base())
    return un_client(personne)


def tailles(monde: Monde, qui: dict[str, Utilisateur]) -> dict[str, tuple[Any, ...]]:
    """How long each answer is and how it is named, where nothing makes them change by themselves."""

    def mesurer(client: Client) -> dict[str, tuple[Any, ...]]:
        lues = {cible: client.get(cible) for cible in cibles(monde)}
        return {
            cible: (lue.status_code, lue.headers.get("Content-Length"), lue.headers.get("ETag"),
                    lue.headers.get("Last-Modified"), 0 if lue.streaming else len(lue.content))
            for cible, lue in lues.items()
        }  # fmt: skip

    trouvees = {}
    for nom, personne in qui.items():
        client = seul_lecteur(monde, qui, personne)
        une, deux = mesurer(client), mesurer(client)
        trouvees |= {f"{nom} {cible}": lue for cible, lue in une.items() if deux[cible] == lue}
    return trouvees


def differences(avant: dict[str, dict[str, Vue]], apres: dict[str, dict[str, Vue]]) -> dict[str, list[str]]:
    return {
        nom: differentes
        for nom, pages in avant.items()
        if (differentes := [c for c in {*pages, *apres[nom]} if pages.get(c) != apres[nom].get(c)])
    }


def test_une_evaluation_rendue_ne_change_pas_un_octet_tant_que_toutes_ne_le_sont_pas(monde: Monde) -> None:
    confier(monde.autre, monde.deux, monde.tiers, auteur=monde.valideur)
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    lecteurs = gens(monde)
    lettres = Courrier.objects.count()
    avant, mesures = voir(monde, lecteurs), tailles(monde, lecteurs)
    lignes = list(Suivi.objects.order_by("pk").values())
    assert sum(vue[0] == 200 for pages in avant.values() for vue in pages.values()) > 30

    enregistrer(monde.dossier, monde.deux, une_saisie(monde.dossier, 2, commentaire=MOT))
    rendre(monde.dossier, monde.deux, 3, commentaire=MOT, revision=1)
    rendre(monde.dossier, monde.deux, 2, commentaire=MOT, motif="Relue.", revision=0)
    s_abstenir(monde.autre, monde.deux)

    assert not differences(avant, voir(monde, lecteurs))
    assert {cible: lue for cible, lue in tailles(monde, lecteurs).items() if mesures.get(cible, lue) != lue} == {}
    assert list(Suivi.objects.order_by("pk").values()) == lignes
    assert Courrier.objects.count() == lettres

    # Once all are in, whoever reads the file whole reads them; its territory and the others still nothing.
    rendre(monde.dossier, monde.une, 1, commentaire=MOT, revision=1)
    changees = differences(avant, voir(monde, lecteurs))
    dossier = f"/instruction/dossiers/{monde.dossier.pk}/"
    assert {nom for nom, pages in changees.items() if dossier in pages} == {*lecteurs} - {"porteur"}
    assert "porteur" not in changees


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
