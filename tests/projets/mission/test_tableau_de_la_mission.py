"""What the page of a mission draws: its stages, its envelope, its projects; each figure leads to what it counts."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import accumulate

import pytest
from django.test import Client

from projets.mission.actions import avancer
from projets.mission.deroulement import Avancement, etapes_de
from projets.mission.etats import EtatMission
from projets.mission.lecture import passages
from projets.models import Mission, Projet
from projets.portefeuille.etats import EtatProjet, NatureProjet
from projets.portefeuille.requetes import repartition
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.listes.barres import ETENDUE, barres, largeur
from tests.fabriques import un_utilisateur, une_vague
from tests.projets import conduite, decor
from tests.projets.enveloppe.outils import accorder

BARRE = re.compile(r'<a class="rebond-barres__texte" href="([^"]+)"><span>([^<]+)<.*?<strong>([^<]+)</strong>')
DEBUT, FIN, RESTITUTION = date(2023, 4, 3), date(2023, 8, 31), date(2023, 8, 28)
JOURS = dict(zip(EtatMission, accumulate([DEBUT, *[timedelta(days=10)] * 7], lambda le, pas: le + pas), strict=True))


def etapes(etat: EtatMission) -> list[tuple[Avancement, str]]:
    """As the journal of a mission that is in that step dates them."""
    connus = {vu: le for vu, le in JOURS.items() if list(EtatMission).index(vu) <= list(EtatMission).index(etat)}
    restituee = RESTITUTION if EtatMission.RESTITUEE in connus else None
    lues = etapes_de(etat, connus, debut=DEBUT, fin=FIN, restituee_le=restituee)
    assert len(lues) == 6
    return [(lue.avancement, lue.quand) for lue in lues]


def test_chaque_etat_de_la_mission_dit_ou_en_sont_ses_six_etapes():
    faite, en_cours, a_venir = Avancement
    attendus = {
        EtatMission.A_LANCER: [a_venir] * 6,
        EtatMission.ETAT_DES_LIEUX: [en_cours, *[a_venir] * 5],
        EtatMission.RENCONTRES: [faite, en_cours, en_cours, *[a_venir] * 3],
        EtatMission.PORTEFEUILLE: [faite, faite, faite, en_cours, en_cours, a_venir],
        EtatMission.FEUILLE_DE_ROUTE: [*[faite] * 5, en_cours],
        **dict.fromkeys((EtatMission.RESTITUEE, EtatMission.SUIVI, EtatMission.CLOSE), [faite] * 6),
    }
    assert {etat: [avancement for avancement, _ in etapes(etat)] for etat in EtatMission} == attendus


def test_les_etapes_sont_datees_de_ce_qui_est_su_et_de_rien_d_autre():
    espace = "\u00a0"
    assert [quand.replace(espace, " ") for _, quand in etapes(EtatMission.A_LANCER)] == [
        "Prévue le 3 avril 2023",
        *[""] * 4,
        "Fin de la mission prévue le 31 août 2023",
    ]
    assert [quand.replace(espace, " ") for _, quand in etapes(EtatMission.PORTEFEUILLE)] == [
        "Du 3 au 23 avril 2023",
        "Du 23 avril au 3 mai 2023",
        "Du 23 avril au 3 mai 2023",
        "Depuis le 3 mai 2023",
        "Depuis le 3 mai 2023",
        "Fin de la mission prévue le 31 août 2023",
    ]
    assert etapes(EtatMission.CLOSE)[-1][1].replace(espace, " ") == "Le 28 août 2023"
    sans = etapes_de(EtatMission.CLOSE, {}, debut=None, fin=None, restituee_le=None)
    assert [lue.quand for lue in sans] == [""] * 6


def test_une_barre_a_la_longueur_de_son_chiffre_et_ce_qui_existe_se_voit():
    lues = barres([("A", 10, "10 projets", ""), ("B", 5, "5 projets", ""), ("C", 0, "0 projet", "")])
    assert [lue.largeur for lue in lues] == [ETENDUE, ETENDUE // 2, 0]
    assert (largeur(1, 10**9), largeur(3, 0), barres([])) == (4, 0, [])


@pytest.fixture
def mission() -> Mission:
    mission = decor.une_mission(decor.un_laureat(une_vague(), horloge_base()), restituee_le=None)
    auteur = un_utilisateur()
    natures = list(NatureProjet)
    for rang in range(7):
        industriel = decor.un_industriel(mission, rang)
        decor.un_projet(industriel, auteur, nature=natures[rang % 3])
    annule, demain = Projet.objects.order_by("pk")[:2]
    Projet.objects.filter(pk=annule.pk).update(
        annule_le=horloge_base(), annule_par=auteur, annulation="Saisi deux fois."
    )
    Projet.objects.filter(pk=demain.pk).update(recense_le=jour_de_paris(horloge_base()) + timedelta(days=1))
    return mission


@pytest.mark.django_db
def test_les_passages_sont_ceux_du_journal(mission: Mission):
    equipier = conduite.un_equipier(mission)
    avancer(mission=mission, acteur=equipier, maintenant=horloge_base())
    assert passages(mission) == {EtatMission.PORTEFEUILLE: jour_de_paris(horloge_base())}


@pytest.mark.django_db
def test_chaque_compte_mene_a_la_liste_filtree_qui_en_montre_autant(client: Client, mission: Mission):
    client.force_login(conduite.un_equipier(mission))
    lue = client.get(f"/missions/{mission.pk}/").content.decode()
    barres_lues = [(unescape(lien), libelle, texte) for lien, libelle, texte in BARRE.findall(lue)]
    lus = repartition(mission, jour_de_paris(horloge_base()))
    assert (lus.en_tout, sum(lus.par_nature.values())) == (5, 5)
    assert [libelle for _, libelle, _ in barres_lues] == [
        EtatProjet.DETECTE.label,
        *[nature.label for nature in list(NatureProjet)[:3]],
    ]
    for lien, _, texte in barres_lues:
        liste = client.get(lien).context["liste"]
        assert f"{liste.compter()}\u00a0projet{'s' if liste.compter() > 1 else ''}" == texte


@pytest.mark.django_db
def test_l_enveloppe_dit_ses_chiffres_exacts_ou_pourquoi_il_n_y_en_a_pas(client: Client):
    enveloppe = conduite.une_enveloppe()
    client.force_login(conduite.un_equipier(enveloppe.mission))
    adresse = f"/missions/{enveloppe.mission.pk}/"
    accorder(enveloppe, 250_000, conduite.un_gestionnaire())
    lue = client.get(adresse).content.decode()
    assert "<strong>250\u202f000\u00a0€</strong> accordés sur 1\u202f000\u202f000\u00a0€" in lue
    assert "Il reste <strong>750\u202f000\u00a0€</strong> dans l’enveloppe." in lue
    sans = decor.une_mission(decor.un_laureat(enveloppe.mission.labellisations.get().vague, horloge_base()))
    client.force_login(conduite.un_equipier(sans))
    assert "Aucune enveloppe n’est encore ouverte" in client.get(f"/missions/{sans.pk}/").content.decode()
