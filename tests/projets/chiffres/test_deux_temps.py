"""A figure « au » a day, known at an instant, never changes: whatever happens, or is entered late, afterwards."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projets.chiffres import calculer, de_la_mission, ecarts
from projets.communique.actions import figer
from projets.models import (
    Axe,
    Cofinancement,
    Communique,
    Concours,
    Enveloppe,
    Estimation,
    Industriel,
    Liberation,
    Mission,
    Projet,
)
from projets.tasks import verifier_les_chiffres
from rebond.socle.faits.requetes import arreter_les_faits
from rebond.socle.horloge.temps import PARIS
from rebond.socle.utilisateur import Utilisateur
from rebond.socle.vigie import Alarme
from territoires.models import Epci, Territoire
from tests.fabriques import un_utilisateur
from tests.outils.roles import administrer, sans_declencheurs
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
JOURS = (AU - timedelta(days=40), AU, AU + timedelta(days=90))
MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)
Rang = Any


def un(modele: Any, rang: Rang) -> Any:
    """One of the rows, whatever their number; None when there is none."""
    cles = list(modele.objects.order_by("pk").values_list("pk", flat=True))
    return modele.objects.get(pk=cles[rang % len(cles)]) if cles else None


def un_projet_de_plus(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    decor.un_projet(un(Industriel, rang), auteur, investissement=1_000 * (rang + 1), recense_le=jour)


def une_estimation_de_plus(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    decor.estimer(un(Projet, rang), auteur, jour, 10_000 * (rang + 1), rang, rang or None)


def une_nature_et_un_lieu_corriges(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    projet = un(Projet, rang)
    projet.nature, projet.epci = ("numerique", "innovation")[rang % 2], un(Epci, rang)
    projet.structurant = not projet.structurant
    projet.save()


def une_date_corrigee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    Projet.objects.filter(pk=un(Projet, rang).pk, oriente_le=None).update(recense_le=jour)


def une_saisie_annulee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    libres = Projet.objects.filter(pk=un(Projet, rang).pk, concours=None, annule_le=None)
    libres.update(annule_le=MAINTENANT, annule_par=auteur, annulation="Saisi deux fois.")


def une_entreprise_rencontree(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    decor.un_industriel(un(Mission, 0), Industriel.objects.count() + 10, rencontre_le=jour)


def une_rencontre_deplacee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    Industriel.objects.filter(pk=un(Industriel, rang).pk).update(rencontre_le=jour)


def une_enveloppe_augmentee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    enveloppe = un(Enveloppe, rang)
    Enveloppe.objects.filter(pk=enveloppe.pk).update(montant=enveloppe.montant + 1_000 * rang)
    Cofinancement.objects.update_or_create(
        enveloppe=enveloppe, financeur=f"Financeur {rang % 3}", defaults={"montant": rang + 1}
    )


def un_financeur_de_moins(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    part = un(Cofinancement, rang)
    if part is not None:
        part.delete()


def une_aide_liberee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    concours = Concours.objects.filter(liberation=None).first()
    if concours is not None:
        Liberation.objects.create(concours=concours, libere_le=max(jour, concours.accorde_le), libere_par=auteur)


def un_axe_reecrit(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    axe = un(Axe, rang)
    axe.titre = f"Axe {rang}"
    axe.save()
    axe.epcis.set([un(Epci, rang)] if rang % 2 else [])


def un_territoire_renomme(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    Territoire.objects.filter(pk=un(Territoire, rang).pk).update(nom=f"Territoire {rang}")


def une_restitution_deplacee(rang: Rang, jour: date, auteur: Utilisateur) -> None:
    Mission.objects.filter(pk=un(Mission, 0).pk).update(restituee_le=jour)


ACTES: list[Callable[[Rang, date, Utilisateur], None]] = [
    un_projet_de_plus,
    une_estimation_de_plus,
    une_nature_et_un_lieu_corriges,
    une_date_corrigee,
    une_saisie_annulee,
    une_entreprise_rencontree,
    une_rencontre_deplacee,
    une_enveloppe_augmentee,
    un_financeur_de_moins,
    une_aide_liberee,
    un_axe_reecrit,
    un_territoire_renomme,
    une_restitution_deplacee,
]
PAS = st.tuples(st.sampled_from(ACTES), st.integers(0, 9), st.sampled_from(JOURS))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pas=st.lists(PAS, min_size=1, max_size=6))
def test_aucune_histoire_ne_change_ce_qui_etait_connu(db: None, pas: list[tuple[Any, int, date]]) -> None:
    with transaction.atomic():
        _jouer(pas)
        transaction.set_rollback(True)


def _jouer(pas: list[tuple[Any, int, date]]) -> None:
    mission, auteur = decor.une_annonce(), un_utilisateur()
    vus = []
    for rang_du_pas, (acte, rang, jour) in enumerate([(None, 0, AU), *pas]):
        if acte is not None:
            acte(rang, jour, auteur)
        au = JOURS[rang_du_pas % len(JOURS)]
        comptes = calculer(au=au).lus(), de_la_mission(mission, au=au).lus()
        vus.append((au, arreter_les_faits(), comptes))
    for au, connu_le, comptes in vus:
        assert (calculer(au=au, connu_le=connu_le), de_la_mission(mission, au=au, connu_le=connu_le)) == comptes


def verifier() -> tuple[int, str]:
    from io import StringIO

    sortie = StringIO()
    try:
        call_command("verifier_chiffres", stdout=sortie)
    except SystemExit as fin:
        return int(fin.code or 0), sortie.getvalue()
    return 0, sortie.getvalue()


def un_communique_arrete() -> Communique:
    decor.une_annonce()
    return figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT)


def test_un_communique_se_recompte_a_l_identique_quoi_qu_il_arrive_ensuite() -> None:
    communique, auteur = un_communique_arrete(), un_utilisateur()
    assert communique.connu_le is not None
    assert communique.connu_le <= communique.fige_le
    for rang, acte in enumerate(ACTES):
        acte(rang, JOURS[rang % 3], auteur)
    assert ecarts(calculer(au=AU, connu_le=communique.connu_le), calculer(au=AU))
    assert verifier() == (0, "1\u00a0communiqué se recompte à l’identique.\n")
    verifier_les_chiffres()
    assert not Alarme.objects.exists()


def test_un_fait_falsifie_se_dit() -> None:
    un_communique_arrete()
    estimation = Estimation.objects.order_by("pk").first()
    assert estimation is not None
    with sans_declencheurs():
        administrer(
            "UPDATE socle_fait SET ligne = jsonb_set(ligne, '{investissement}', '1')"
            f" WHERE nom = 'projets_estimation' AND cle = {estimation.pk}"
        )
    code, dit = verifier()
    assert code == 1
    assert "DIFFÈRE – Communiqué au 28/08/2023 (version 1) : Investissements des projets recensés" in dit
    assert f"FAIT MANQUANT – projets_estimation, ligne {estimation.pk}" in dit
    verifier_les_chiffres()
    alarme = Alarme.objects.get(cle="chiffres-arretes")
    assert "Investissements des projets recensés" in alarme.texte
    assert alarme.eteinte_le is None


def test_un_communique_d_avant_les_faits_est_nomme_et_n_arrete_rien() -> None:
    decor.une_annonce()
    decor.un_communique(maintenant=MAINTENANT)
    code, dit = verifier()
    assert code == 0
    assert dit.startswith("SANS FAITS – Communiqué au 28/08/2023 (version 1)")
