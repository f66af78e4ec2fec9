"""Whatever is null, absent or of another type in a dossier, the takeover goes on and says what it did."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from candidatures.models import Candidature
from candidatures.reprise import actions, execution
from candidatures.reprise.plan import Plan
from candidatures.reprise.presentation import presenter
from rebond.socle.erreurs import RegleEnfreinte
from tests import fabriques as f
from tests.candidatures.reprise.reprise import la_vague_passee, reprendre, un_dossier, une_reponse

pytestmark = pytest.mark.django_db
AUTRES: tuple[Any, ...] = (None, "", "␀ texte \u0000 😀 \u202e", 7, -1.5, True, [], {}, [None], ["x"], {"x": None})

COMMUNS = {"id", "champDescriptorId", "updatedAt", "prefilled"}


def chemins(objet: Any, prefixe: tuple = ()) -> Iterator[tuple]:
    """Every place of a JSON value, except its root."""
    enfants = objet.items() if isinstance(objet, dict) else enumerate(objet) if isinstance(objet, list) else ()
    for cle, valeur in enfants:
        yield (*prefixe, cle)
        yield from chemins(valeur, (*prefixe, cle))


def lieux_d_un_dossier(modele: dict) -> list[tuple]:
    """Its places but its number, once each: what lists hold is alike when it bears the same name and type.

    What every field carries whatever its type is tried on the last one.
    """
    distincts = {}
    for lieu in chemins(modele):
        objet, types = modele, []
        for cle in lieu:
            if isinstance(objet, dict) and cle not in COMMUNS and "__typename" in objet:
                types.append(objet["__typename"])
            objet = objet[cle]
        distincts[tuple("*" if isinstance(cle, int) else cle for cle in lieu), *types] = lieu
    return [lieu for lieu in distincts.values() if lieu[0] != "number"]


def avec(objet: dict, chemin: tuple, valeur: Any) -> dict:
    copie = copy.deepcopy(objet)
    lieu: Any = copie
    for cle in chemin[:-1]:
        lieu = lieu[cle]
    lieu[chemin[-1]] = valeur
    return copie


def sans(objet: dict, chemin: tuple) -> dict:
    copie = copy.deepcopy(objet)
    lieu: Any = copie
    for cle in chemin[:-1]:
        lieu = lieu[cle]
    del lieu[chemin[-1]]
    return copie


@pytest.fixture
def chaque_plan_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of a dossier becomes a plan, and the plan alone is carried out: of two that differ by nothing but
    their number and the JSON that is kept beside (the dossier, what found no place, files that are only described),
    the database would be asked the same things. Every variant is read, every distinct plan carried out, and of the
    others what is kept is written.
    """
    reprendre_vraiment = actions.reprendre
    faits: dict[str, Any] = {}

    def une_fois(*, plan: Plan, acteur: Any, maintenant: Any) -> Any:
        fichiers = tuple(piece for piece in plan.pieces if piece.chemin)
        cle = repr(replace(plan, numero="", origine={}, restes=(), notes=(), pieces=fichiers))
        if cle not in faits:
            try:
                faits[cle] = reprendre_vraiment(plan=plan, acteur=acteur, maintenant=maintenant)
            except (RegleEnfreinte, DatabaseError) as refus:
                faits[cle] = refus
        elif not isinstance(faits[cle], Exception):
            with transaction.atomic():
                actions._garder(faits[cle].candidature, plan, maintenant)
        if isinstance(faits[cle], Exception):
            raise faits[cle]
        return faits[cle]

    monkeypatch.setattr(execution, "reprendre", une_fois)


def test_chaque_partie_d_un_dossier_peut_etre_nulle_ou_absente(chaque_plan_une_fois: None):
    la_vague_passee()
    modele = un_dossier()
    lieux = lieux_d_un_dossier(modele)
    assert len(lieux) > 150
    variantes = [avec(modele, lieu, None) for lieu in lieux] + [sans(modele, lieu) for lieu in lieux]

    rapport = reprendre(*(variante | {"number": rang} for rang, variante in enumerate(variantes)), a_blanc=True)

    assert len(rapport.refus) + sum(rapport.resultats.values()) == len(variantes)
    assert rapport.lecture.anomalies == []


@pytest.mark.parametrize("retirer", [lambda dossier: dossier | {"number": None}, lambda d: sans(d, ("number",))])
def test_un_dossier_sans_numero_est_une_anomalie(retirer):
    la_vague_passee()
    rapport = reprendre(retirer(un_dossier()), a_blanc=True)
    assert (len(rapport.lecture.anomalies), rapport.refus, sum(rapport.resultats.values())) == (1, [], 0)


@pytest.mark.parametrize("valeur", AUTRES, ids=repr)
def test_chaque_partie_peut_etre_d_un_autre_type(chaque_plan_une_fois: None, valeur):
    la_vague_passee()
    modele = un_dossier()
    lieux = lieux_d_un_dossier(modele)
    variantes = [avec(modele, lieu, valeur) | {"number": rang} for rang, lieu in enumerate(lieux)]

    rapport = reprendre(*variantes, a_blanc=True)

    assert len(rapport.refus) + sum(rapport.resultats.values()) == len(lieux)
    # Whatever could be said of it is a text, and printable on one line of a terminal.
    assert all(isinstance(ligne, str) for ligne in rapport.lignes())


@pytest.mark.parametrize("valeur", AUTRES, ids=repr)
def test_ce_qui_est_repris_se_montre_toujours(valeur):
    la_vague_passee()
    modele = un_dossier()
    prives = [
        lieu for lieu in chemins(modele) if lieu[0] in {"avis", "messages", "annotations", "traitements", "champs"}
    ]
    for lieu in prives:
        variante = avec(modele, lieu, valeur)
        reprise = {"numero": "1", "dossier": variante, "restes": [], "pieces": [], "demarche": {}}
        assert presenter(reprise, agent=True)


@pytest.mark.parametrize("valeur", AUTRES, ids=repr)
def test_chaque_partie_d_une_page_peut_etre_d_un_autre_type(valeur):
    from candidatures.reprise.lecture import FichierIllisible, lire

    modele = une_reponse({"number": 1})
    for lieu in chemins(modele):
        try:
            lu = lire(json.loads(json.dumps([avec(modele, lieu, valeur)])))
        except FichierIllisible:
            continue
        assert len(lu.dossiers) + len(lu.anomalies) >= 1 or lieu[-1] in {"nodes", "dossiers"}, lieu


def test_un_dossier_presque_vide_est_refuse_avec_sa_raison_ou_repris():
    la_vague_passee()
    epci = f.un_epci()
    rapport = reprendre(
        {"number": 1},
        {
            "number": 2,
            "state": "accepte",
            "dateDepot": "2023-01-31T18:30:00+01:00",
            "usager": {"email": "a@collectivite.example"},
            "demandeur": {"siret": f"{epci.siren}00010"},
        },
    )
    assert [numero for numero, _ in rapport.refus] == ["1"]
    assert Candidature.objects.get().contenu == {}
