"""What Postgres holds of an avis, against whatever goes around the acts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from candidatures.dossier.etats import ETATS_INSTRUITS
from candidatures.instruction.avis.requetes import ce_qui_est_lu, cible_de
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.models import AvisRendu, BrouillonDAvis, Candidature, LeveeDeReserve, RelanceDAvis, Saisine
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.avis.outils import Scene, une_scene
from tests.candidatures.instruction.instruction import une_saisine
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return une_scene()


def refus(agir) -> str:
    """The name under which Postgres refuses; « » when it does not."""
    try:
        with transaction.atomic():
            agir()
            with connection.cursor() as curseur:
                curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as erreur:
        return nom_contrainte(erreur)
    return ""


def un_avis(saisine, **champs) -> AvisRendu:
    depot, correction = ce_qui_est_lu(saisine.candidature)
    return AvisRendu(
        **{
            "saisine": saisine,
            "auteur": saisine.expert,
            "qualite": "Experte",
            "sens": SensAvis.FAVORABLE,
            "texte": "Clair.",
            "rendu_le": horloge_base(),
            "depot_id": depot,
            "correction_id": correction,
            **champs,
        }
    )


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({}, ""),
        ({"qualite": ""}, "avis_signe"),
        ({"texte": ""}, "avis_rendu_entier"),
        ({"sens": "autre"}, "avis_rendu_entier"),
        ({"sens": SensAvis.RESERVE}, "avis_reserves_dites"),
        ({"reserves": ["Le foncier."]}, "avis_reserves_dites"),
        ({"nom": "note.pdf"}, "avis_fichier_nomme"),
        ({"depot_id": None}, "avis_sur_ce_qui_est_lu"),
        ({"auteur": "un autre"}, "avis_de_son_titulaire"),
    ],
)
def test_un_avis_est_entier_signe_et_sur_ce_qui_est_lu(scene, champs, nom):
    saisine = scene.demander(cible_de(scene.camille))
    if champs.get("auteur"):
        champs = {"auteur": scene.dominique}
    assert refus(un_avis(saisine, **champs).save) == nom


def test_un_avis_est_sur_le_dernier_depot_et_rien_d_autre(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ailleurs = scene.autres[0].depots.get()
    assert refus(un_avis(saisine, depot_id=ailleurs.pk).save) == "avis_sur_ce_qui_est_lu"


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({}, ""),
        ({"a_rendre_avant": None}, "saisine_datee"),
        ({"a_rendre_avant": horloge_base}, "saisine_datee"),
        ({"expert": None}, "saisine_prise_par_quelqu_un"),
        ({"rendu_le": horloge_base, "expert": None, "prise_le": None}, "saisine_prise_par_quelqu_un"),
        ({"close_le": horloge_base}, "saisine_close_dite"),
        ({"motif": "Sans fin."}, "saisine_close_dite"),
        (
            {"rendu_le": horloge_base, "close_le": horloge_base, "fin": "conflit", "close_par": f.un_utilisateur},
            "saisine_rendue_ou_close",
        ),
    ],
)
def test_une_demande_est_entiere(scene, champs, nom):
    dits = {cle: valeur() if callable(valeur) else valeur for cle, valeur in champs.items()}
    if dits.get("a_rendre_avant"):
        dits["a_rendre_avant"] = dits["a_rendre_avant"].date()
    saisine = une_saisine(scene.dossier, scene.camille, enregistrer=False)
    for champ, valeur in dits.items():
        setattr(saisine, champ, valeur)
    assert refus(saisine.save) == nom


def test_une_demande_en_cours_par_organisme(scene):
    scene.demander(cible_de(scene.camille))
    autre = une_saisine(scene.dossier, scene.dominique, enregistrer=False, organisme=scene.organisme)
    assert refus(autre.save) == "saisine_une_active_par_organisme"


@pytest.mark.parametrize("fin", ["revoquee", "ailleurs"])
def test_une_fin_se_motive(scene, fin):
    saisine = scene.demander(cible_de(scene.camille))
    close = {"close_le": horloge_base(), "close_par": scene.instructeur, "fin": fin}
    assert refus(lambda: Saisine.objects.filter(pk=saisine.pk).update(**close)) == "saisine_fin_motivee"


def test_seul_son_avis_dit_qu_une_demande_est_rendue(scene):
    saisine = scene.demander(cible_de(scene.camille))
    dire = Saisine.objects.filter(pk=saisine.pk)
    assert refus(lambda: dire.update(rendu_le=horloge_base())) == "saisine_rendue_par_son_avis"
    un_avis(saisine).save()
    saisine.refresh_from_db()
    assert saisine.rendu_le == saisine.avis.rendu_le


def test_une_reserve_levee_est_une_de_l_avis_par_qui_n_a_pas_d_interet(scene):
    avis = un_avis(scene.demander(cible_de(scene.camille)), sens=SensAvis.RESERVE, reserves=["Le foncier."])
    avis.save()
    f.porteur_de(scene.dossier)
    levee = {"avis": avis, "levee_par": scene.instructeur, "levee_le": horloge_base(), "motif": "Produit."}
    assert [refus(LeveeDeReserve(rang=rang, **levee).save) for rang in (0, 1, 2)] == [
        *("reserve_de_cet_avis", "", "reserve_de_cet_avis"),
    ]
    du_territoire = {**levee, "levee_par": f.porteur_de(scene.dossier)}
    assert refus(LeveeDeReserve(rang=1, **du_territoire).save) == "auteur_etranger_au_dossier"


def test_une_reserve_se_leve_une_fois_pour_une_raison(scene):
    avis = un_avis(scene.demander(cible_de(scene.camille)), sens=SensAvis.RESERVE, reserves=["Le foncier."])
    avis.save()
    levee = {"avis": avis, "rang": 1, "levee_par": scene.instructeur, "levee_le": horloge_base()}
    assert refus(LeveeDeReserve(motif="", **levee).save) == "levee_de_reserve_motivee"
    LeveeDeReserve.objects.create(motif="Produit.", **levee)
    assert refus(LeveeDeReserve(motif="Encore.", **levee).save) == "reserve_levee_une_fois"


def test_un_brouillon_suit_celui_qui_a_ete_lu(scene):
    saisine = scene.demander(cible_de(scene.camille))
    BrouillonDAvis.objects.create(saisine=saisine, ecrit_par=scene.camille, ecrit_le=horloge_base())
    ecrit = BrouillonDAvis.objects.filter(pk=saisine.pk)
    assert [refus(lambda r=r: ecrit.update(texte="x", revision=r)) for r in (1, 2, 3)] == [
        *("brouillon_d_avis_revise_un_a_un", "", "brouillon_d_avis_revise_un_a_un"),
    ]


@pytest.mark.jumeau("postgres:fige_a_la_proposition")
@pytest.mark.parametrize("etat", sorted(ETATS_INSTRUITS))
def test_rien_ne_bouge_hors_de_l_instruction(scene, etat):
    """Whatever goes around the acts, in each state, says what the rule says."""
    autre = f.un_agent(Role.EXPERT)
    scene.demander(cible_de(scene.camille), cible_de(autre))
    donne, attendue = Saisine.objects.get(expert=scene.camille), Saisine.objects.get(expert=autre)
    avis = un_avis(donne, sens=SensAvis.RESERVE, reserves=["Le foncier."])
    avis.save()
    BrouillonDAvis.objects.create(saisine=attendue, ecrit_par=autre, ecrit_le=horloge_base())
    with ignorer(
        *(f"candidatures.Candidature:{nom}" for nom in ("etat_suit_la_table", "irrecevable_par_une_signature"))
    ):
        Candidature.objects.filter(pk=scene.dossier.pk).update(etat=etat)
    le = horloge_base()
    attendu = "fige_a_la_proposition" if empechement_de_consulter(etat) else ""
    actes = {
        "demander": une_saisine(scene.dossier, f.un_agent(Role.EXPERT), enregistrer=False).save,
        "prendre": lambda: Saisine.objects.filter(pk=attendue.pk).update(annoncee_le=le + timedelta(days=1)),
        "rendre": un_avis(attendue).save,
        "relancer": RelanceDAvis(saisine=attendue, relancee_le=le).save,
        "ecrire": lambda: BrouillonDAvis.objects.filter(pk=attendue.pk).update(texte="x", revision=2),
        "lever": LeveeDeReserve(avis=avis, rang=1, levee_par=scene.instructeur, levee_le=le, motif="Vu.").save,
    }
    assert {nom: refus(acte) for nom, acte in actes.items()} == dict.fromkeys(actes, attendu)
