"""What was known, and since when: each state of a row, at any instant, written by nobody but Postgres."""

from datetime import date, timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction

from projets.models import Cofinancement, Communique, Enveloppe, Estimation, Industriel, Mission, Projet
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.faits.models import Fait
from rebond.socle.faits.requetes import RienDeConnu, arreter_les_faits, connu_a
from rebond.socle.faits.suivre import SUIVIES, ecarts
from rebond.socle.faits.vues import SCHEMA
from rebond.socle.horloge.temps import horloge_base
from territoires.models import Territoire
from tests.fabriques import un_territoire
from tests.outils.roles import sans_declencheurs
from tests.projets import decor

pytestmark = pytest.mark.django_db


def titres() -> list[str]:
    return list(Mission.objects.order_by("pk").values_list("titre", flat=True))


def une_mission(titre: str) -> Mission:
    return Mission.objects.create(titre=titre, debut=date(2023, 4, 3))


def test_une_ligne_se_relit_telle_qu_elle_etait_a_chaque_instant() -> None:
    une_mission("Une autre")
    mission = une_mission("Le premier nom")
    premier = arreter_les_faits()
    mission.titre = "Le second nom"
    mission.save()
    second = arreter_les_faits()
    mission.delete()
    fin = arreter_les_faits()
    lus = {}
    for instant in (premier, second, fin):
        with connu_a(instant):
            lus[instant] = titres()
    assert lus == {
        premier: ["Une autre", "Le premier nom"],
        second: ["Une autre", "Le second nom"],
        fin: ["Une autre"],
    }
    assert titres() == ["Une autre"]


def test_rien_ne_se_lit_d_avant_les_faits_ni_de_l_avenir() -> None:
    maintenant = horloge_base()
    with pytest.raises(RienDeConnu), connu_a(maintenant):
        pass
    une_mission("Une mission")
    for instant in (maintenant, horloge_base() + timedelta(minutes=1)):
        with pytest.raises(RienDeConnu), connu_a(instant):
            pass
    assert titres() == ["Une mission"]


def test_un_fait_ne_s_ecrit_que_si_quelque_chose_change() -> None:
    mission = une_mission("Une mission")
    mission.save()
    Mission.objects.update(contexte="Ce qu’aucun chiffre ne lit.")
    assert Fait.objects.filter(nom="projets_mission", cle=mission.pk).count() == 1
    assert "contexte" not in (Fait.objects.get(nom="projets_mission").ligne or {})


def test_un_territoire_que_nomme_un_seul_dossier_n_est_garde_qu_une_fois_public() -> None:
    territoire = un_territoire()
    Territoire.objects.filter(pk=territoire.pk).update(prive=True, nom="Le nom d’un brouillon")
    Territoire.objects.filter(pk=territoire.pk).update(nom="Un autre nom de brouillon")
    Territoire.objects.filter(pk=territoire.pk).update(prive=False, nom="Le nom public")
    lus = Fait.objects.filter(nom="territoires_territoire", cle=territoire.pk).order_by("pk")
    assert [fait.ligne and fait.ligne["nom"] for fait in lus] == [territoire.nom, None, "Le nom public"]


@pytest.mark.parametrize(
    "ecrire",
    [
        "INSERT INTO socle_fait (nom, cle, ligne) VALUES ('projets_mission', 1, '{}')",
        "INSERT INTO socle_fait (nom, cle, saisi_le) VALUES ('projets_mission', 1, '2023-01-01')",
        "UPDATE socle_fait SET ligne = '{}'",
        "DELETE FROM socle_fait",
        "TRUNCATE socle_fait",
    ],
)
def test_le_portail_n_ecrit_aucun_fait_de_sa_main(ecrire: str) -> None:
    une_mission("Une mission")
    with pytest.raises(Error) as refuse, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ecrire)
    if isinstance(refuse.value, IntegrityError):
        assert nom_contrainte(refuse.value) == "fait_ecrit_par_la_base"
    else:
        assert "permission denied" in str(refuse.value) or "pgtrigger" in str(refuse.value)


def test_un_fait_porte_l_instant_ou_il_s_est_ecrit_quel_que_soit_celui_de_la_transaction() -> None:
    une_mission("Une mission")
    entre = horloge_base()
    une_mission("Une autre")
    avant, apres = Fait.objects.filter(nom="projets_mission").order_by("pk").values_list("saisi_le", flat=True)
    assert avant < entre < apres


def test_chaque_table_suivie_a_ses_vues_et_toutes_ses_colonnes() -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT table_schema, table_name, array_agg(column_name::text ORDER BY ordinal_position) "
            "FROM information_schema.columns WHERE table_name = ANY(%s) GROUP BY 1, 2",
            [list(SUIVIES)],
        )
        colonnes = {(schema, table): lues for schema, table, lues in curseur.fetchall()}
    for table in SUIVIES:
        assert colonnes[SCHEMA, table] == colonnes["public", table]


def test_les_vues_disent_ce_que_disent_les_tables() -> None:
    decor.une_annonce()
    Cofinancement.objects.create(enveloppe=Enveloppe.objects.get(), financeur="État", montant=5_000_000)
    instant = arreter_les_faits()
    for modele in (Mission, Industriel, Projet, Estimation, Enveloppe, Cofinancement, Territoire):
        suivie = SUIVIES[modele._meta.db_table]
        gardees = [c.attname for c in modele._meta.concrete_fields if c.column not in suivie.sauf]
        d_avant = list(modele.objects.order_by("pk").values_list(*gardees))
        with connu_a(instant):
            assert list(modele.objects.order_by("pk").values_list(*gardees)) == d_avant, modele
        assert d_avant


def test_ce_qui_s_ecrit_sans_declencheur_est_nomme() -> None:
    mission, perdue = une_mission("Une mission"), une_mission("Une mission effacée")
    assert ecarts() == []
    with sans_declencheurs():
        Mission.objects.filter(pk=mission.pk).update(titre="Un autre titre")
        Mission.objects.filter(pk=perdue.pk).delete()
    assert ecarts() == [("projets_mission", mission.pk), ("projets_mission", perdue.pk)]


def test_un_communique_ne_cite_pas_de_faits_d_apres_lui() -> None:
    decor.une_annonce()
    apres = horloge_base() + timedelta(hours=1)
    with pytest.raises(IntegrityError) as refuse, transaction.atomic():
        decor.un_communique(maintenant=horloge_base(), connu_le=apres)
    assert nom_contrainte(refuse.value) == "communique_de_faits_connus"
    assert not Communique.objects.exists()
