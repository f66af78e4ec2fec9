"""The demonstration against the announcement of 28 August 2023 (communiqué n° 1097)."""

import json
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.models import Candidature, Depot, Vague
from candidatures.vagues.etats import EtatVague
from projets.chiffres import Chiffres, calculer, ecarts
from projets.models import Communique
from rebond.comptes.habilitations import titulaires
from rebond.demo import comptes, portefeuille
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import FINE, INSECABLE
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# The figures of the announcement: the source, not the output.
ANNONCE = {
    "territoires_laureats": 19,
    "regions": 9,
    "nouveaux_laureats": 12,
    "industriels_rencontres": 44,
    "projets_recenses": 88,
    "creations_potentielles": 645,
    "projets_orientes": 17,
    "enveloppe": 5_000_000,
}
# Counted without the product's own code: rows and dates alone.
RECOMPTE = """
WITH laureats AS (
    SELECT l.*, t.region_pilote_id FROM candidatures_labellisation l
      JOIN territoires_territoire t ON t.id = l.territoire_id
     WHERE l.annoncee_le < timestamp '2023-08-29 00:00' AT TIME ZONE 'Europe/Paris'
), mission AS (
    SELECT id FROM projets_mission WHERE restituee_le = date '2023-08-28'
), estimations AS (
    SELECT DISTINCT ON (e.projet_id) e.*, p.structurant, p.voie, p.oriente_le
      FROM projets_estimation e JOIN projets_projet p ON p.id = e.projet_id
     WHERE p.mission_id IN (SELECT id FROM mission) AND p.recense_le <= date '2023-08-28' AND e.au <= date '2023-08-28'
     ORDER BY e.projet_id, e.au DESC, e.id DESC
), orientes AS (
    SELECT * FROM estimations WHERE structurant AND voie = 'enveloppe' AND oriente_le <= date '2023-08-28'
)
SELECT (SELECT count(*) FROM laureats),
       (SELECT count(DISTINCT region_pilote_id) FROM laureats),
       (SELECT count(*) FROM laureats WHERE annoncee_le = (SELECT max(annoncee_le) FROM laureats)),
       (SELECT count(*) FROM projets_industriel
         WHERE mission_id IN (SELECT id FROM mission) AND rencontre_le <= date '2023-08-28'),
       (SELECT count(*) FROM estimations),
       (SELECT sum(emplois_potentiels) FROM estimations),
       (SELECT count(*) FROM orientes),
       (SELECT sum(montant) FROM projets_enveloppe
         WHERE mission_id IN (SELECT id FROM mission) AND ouverte_le <= date '2023-08-28'),
       (SELECT sum(investissement) FROM estimations),
       (SELECT sum(emplois_previsionnels) FROM orientes)
"""


def recompter() -> tuple[dict[str, int], int, int]:
    with connection.cursor() as curseur:
        curseur.execute(RECOMPTE)
        *comptes_, investissement, previsionnels = (int(valeur) for valeur in curseur.fetchone())
    return dict(zip(ANNONCE, comptes_, strict=True)), investissement, previsionnels


def sortie_de(*commande: str) -> str:
    sortie = StringIO()
    call_command(*commande, stdout=sortie)
    return sortie.getvalue()


def test_les_lignes_de_la_base_donnent_les_chiffres_de_l_annonce():
    comptes_, investissement, previsionnels = recompter()
    assert comptes_ == ANNONCE
    assert 286_000_000 < investissement < 287_000_000
    assert 300 < previsionnels < 310


def test_les_roles_ont_chacun_un_compte(demonstration):
    for compte in comptes.COMPTES:
        assert compte.email in demonstration


def test_il_y_a_un_dossier_dans_chaque_etat():
    assert set(Candidature.objects.values_list("etat", flat=True)) == set(EtatCandidature.values)


def test_une_vague_est_ouverte_et_toutes_les_autres_sont_closes_ou_a_venir():
    maintenant = horloge_base()
    assert Vague.objects.ouvertes(maintenant).count() == 1
    assert not Vague.objects.a_clore(maintenant).exists()
    assert Vague.objects.closes(maintenant).exclude(etat=EtatVague.PUBLIEE).count() == 1


def test_chaque_changement_d_etat_a_laisse_sa_trace():
    """Nothing was written behind the actions' back: a state other than the first has its entry."""
    for candidature in Candidature.objects.exclude(etat=EtatCandidature.BROUILLON):
        derniere = EntreeJournal.objects.filter(
            objet_type="candidatures.candidature", objet_id=str(candidature.pk), details__has_key="vers"
        ).first()
        assert derniere is not None
        assert derniere.details["vers"] == candidature.etat


def test_ce_qui_est_invente_le_dit():
    assert not Candidature.objects.filter(demonstration=False).exists()
    fictifs = Candidature.objects.filter(territoire__epcis__fictif=True)
    assert all(candidature.territoire.demonstration for candidature in fictifs.select_related("territoire"))
    assert all("(fictif)" in candidature.territoire.nom for candidature in fictifs.select_related("territoire"))


def test_les_depots_anciens_sont_des_reprises():
    assert Depot.objects.filter(source=Source.PORTAIL).count() == 1


def test_le_portefeuille_invente_tombe_juste():
    projets = list(portefeuille.projets())
    assert len(projets) == portefeuille.PROJETS
    assert sum(projet.investissement for projet in projets) == portefeuille.INVESTISSEMENT
    assert min(projet.investissement for projet in projets) > 0
    assert len({industriel.siren for industriel in portefeuille.industriels()}) == portefeuille.INDUSTRIELS


@override_settings(DEMONSTRATION=True)
def test_une_seconde_fois_ne_charge_rien():
    avant = Candidature.objects.count()
    assert "déjà chargé" in sortie_de("demo")
    assert Candidature.objects.count() == avant


@override_settings(DEMONSTRATION=True)
def test_une_demonstration_plus_ancienne_recoit_le_compte_qui_lui_manque():
    second = Utilisateur.objects.get(email="administrateur-2@demonstration.example")
    second.email = "ancien@demonstration.example"
    second.save(update_fields=["email"])
    EmailAddress.objects.filter(user=second).update(email="ancien@demonstration.example")
    avant = list(Utilisateur.objects.values_list("pk", flat=True))
    assert "déjà chargé" in sortie_de("demo")
    assert list(Utilisateur.objects.exclude(pk__in=avant).values_list("email", flat=True)) == [
        "administrateur-2@demonstration.example"
    ]
    assert set(titulaires(Role.ADMINISTRATEUR).values_list("email", flat=True)) == {
        "administrateur@demonstration.example",
        "administrateur-2@demonstration.example",
    }
    connu = authenticate(None, email="administrateur-2@demonstration.example", password=comptes.MOT_DE_PASSE)
    assert connu is not None
    assert connu.pk not in avant


@override_settings(DEMONSTRATION=False)
def test_un_portail_de_production_refuse_la_demonstration():
    with pytest.raises(CommandError, match="REBOND_DEMONSTRATION"):
        call_command("demo")


def test_la_commande_chiffres_dit_ce_que_les_lignes_disent():
    comptes_, investissement, previsionnels = recompter()
    chiffres = json.loads(sortie_de("chiffres", "--au", "2023-08-28", "--format", "json"))["chiffres"]
    attendus = comptes_ | {"investissements": investissement, "creations_previsionnelles": previsionnels}
    assert {cle: chiffres[cle]["valeur"] for cle in attendus} == attendus
    assert chiffres["prochaine_releve"]["valeur"] == "2023-10-01"


def test_le_communique_dit_les_chiffres_de_l_annonce():
    texte = sortie_de("communique", "--au", "2023-08-28", "--format", "texte")
    lu = texte.replace(INSECABLE, " ").replace(FINE, " ")
    for attendu in (
        "19 territoires",
        "9 régions",
        "12 nouveaux territoires",
        "44 industriels",
        "88 projets",
        "plus de 286 millions d’euros",
        "645 créations potentielles",
        "17 projets",
        "plus de 300 créations prévisionnelles",
        "5 millions d’euros",
        "1er octobre 2023",
        "DONNÉES DE DÉMONSTRATION",
    ):
        assert attendu in lu


def test_la_commande_imprime_ce_qui_est_fige_quoi_qu_il_arrive_ensuite():
    fige = sortie_de("communique", "--au", "2023-08-28", "--format", "texte")
    with connection.cursor() as curseur:
        curseur.execute("UPDATE projets_industriel SET rencontre_le = date '2024-01-01' WHERE nom LIKE '%n° 01'")

    assert sortie_de("communique", "--au", "2023-08-28", "--format", "texte") == fige
    assert "43" in sortie_de("communique", "--au", "2023-08-28", "--format", "texte", "--projet")


def test_rien_ne_contredit_le_communique_de_la_demonstration():
    communique = Communique.objects.get()
    assert ecarts(Chiffres.depuis_json(communique.chiffres), calculer(au=communique.au)) == []
