"""What those whose avis is asked receive: one letter for all that is asked, reminders on their days."""

from datetime import timedelta

import pytest

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import demandes, fins, reponses
from candidatures.instruction.avis.actions.lettres import DELAI_D_ANNONCE, ecrire_aux_experts
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.models import Candidature, RelanceDAvis, Saisine
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import date_fr
from tests.candidatures.instruction.avis.outils import Scene, une_scene
from tests.candidatures.instruction.instruction import instruire
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)
AVIS = f"{PORTAIL}/instruction/avis/"
SI_UN_INTERET = (
    "Si vous avez un intérêt dans un dossier, déclarez-le depuis sa page : vous n’aurez plus à le lire. Si ce n’est "
    "pas à vous de répondre, dites-le depuis la page de la demande."
)


@pytest.fixture
def scene() -> Scene:
    return une_scene()


def ecrire(apres=DELAI_D_ANNONCE):
    return ecrire_aux_experts(maintenant=horloge_base() + apres)


def les_lettres(personne):
    return list(Courrier.objects.filter(destinataire=personne.email).order_by("pk"))


def test_une_seule_lettre_par_personne_pour_tout_ce_qui_lui_est_demande(scene):
    second = scene.autres[0]
    premiere = scene.demander(question="")
    scene.demander(cible_de(scene.camille), candidature=second, question="Lesquels\n<b>")
    assert ecrire(timedelta()) == 0
    assert (ecrire(), ecrire(2 * DELAI_D_ANNONCE)) == (2, 0)
    ((camille,), (dominique,)) = les_lettres(scene.camille), les_lettres(scene.dominique)
    jour = date_fr(premiere.a_rendre_avant)
    fin = (
        f"Lire et répondre : {AVIS}",
        SI_UN_INTERET,
        SIGNATURE,
    )
    organisme = "« Banque des Territoires »"
    lue(
        "instruction/avis_demandes",
        camille,
        "Votre avis est demandé sur 2\u00a0dossiers",
        BONJOUR,
        "Votre avis est demandé sur 2\u00a0dossiers de l’appel « Rebond industriel » :",
        f"Dossier {scene.dossier.reference}, territoire « {scene.dossier.territoire.nom} », à rendre avant le {jour}\n"
        f"- Demandé à {organisme} : prenez la demande, ou laissez-la à un collègue.",
        f"Dossier {second.reference}, territoire « L’Écluse & <b> », à rendre avant le {jour}\n"
        "- Question posée : « Lesquels <b> »",
        *fin,
    )
    assert dominique.objet == f"Votre avis est demandé sur le dossier {scene.dossier.reference}"
    assert second.reference not in dominique.texte


def test_un_rappel_part_trois_jours_avant_puis_le_jour_dit_et_chacun_une_fois(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ecrire()
    partis = []
    for jours in range(10, 17):
        for _ in range(2):
            partis += [jours] * ecrire(jours * JOUR)
    assert partis == [11, 14]
    assert [relance.par for relance in RelanceDAvis.objects.all()] == [None, None]
    _, rappel, _ = les_lettres(scene.camille)
    reference = scene.dossier.reference
    lue(
        "instruction/avis_rappel",
        rappel,
        f"Rappel : votre avis est attendu sur le dossier {reference}",
        BONJOUR,
        "Votre avis est attendu sur 1\u00a0dossier de l’appel « Rebond industriel » :",
        f"- Dossier {reference}, territoire « {scene.dossier.territoire.nom} », à rendre avant le "
        f"{date_fr(saisine.a_rendre_avant)}",
        f"Lire et répondre : {AVIS}",
        SIGNATURE,
    )


def test_qui_instruit_relance_une_fois_par_jour(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ecrire()
    demandes.relancer(saisine=saisine, auteur=scene.instructeur, maintenant=horloge_base())
    with pytest.raises(instruction.RegleEnfreinte, match="déjà été relancé"):
        demandes.relancer(saisine=saisine, auteur=scene.instructeur, maintenant=horloge_base())
    assert (ecrire(), ecrire(JOUR)) == (1, 0)
    assert RelanceDAvis.objects.get().par == scene.instructeur


def test_rien_ne_part_pour_un_dossier_qui_a_sa_proposition(scene):
    scene.demander(cible_de(scene.camille))
    instruire(scene.dossier, instructeur=scene.instructeur)
    assert (ecrire(), ecrire(20 * JOUR), les_lettres(scene.camille)) == (0, 0, [])


def test_une_demande_d_avant_ces_regles_n_est_ni_annoncee_ni_rappelee(scene):
    scene.demander(cible_de(scene.camille))
    with ignorer():
        Saisine.objects.update(a_rendre_avant=None, annoncee_le=horloge_base())
    assert (ecrire(), ecrire(90 * JOUR)) == (0, 0)


def test_une_demande_confiee_est_annoncee_a_qui_la_recoit(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ecrire()
    reponses.confier(saisine=saisine, a=scene.dominique, auteur=scene.camille, maintenant=horloge_base())
    ecrire(2 * DELAI_D_ANNONCE)
    assert [len(les_lettres(qui)) for qui in (scene.camille, scene.dominique)] == [1, 1]


def test_qui_tenait_la_demande_lit_qu_un_collegue_la_reprend(scene):
    saisine = scene.demander(cible_de(scene.camille))
    reponses.prendre(saisine=saisine, expert=scene.dominique, tenue_par=scene.camille.pk, maintenant=horloge_base())
    (lettre,) = les_lettres(scene.camille)
    lue(
        "instruction/avis_repris",
        lettre,
        "Un collègue reprend un avis qui vous était demandé",
        BONJOUR,
        f"L’avis que vous teniez sur le dossier {scene.dossier.reference} du territoire "
        f"« {scene.dossier.territoire.nom} » est repris par « {scene.dominique} ». Ce que vous aviez écrit n’est pas "
        "perdu : la suite se fait sur votre brouillon.",
        f"Voir les avis qui vous sont demandés : {AVIS}",
        SIGNATURE,
    )


def test_une_demande_annulee_se_dit_a_qui_l_avait_recue_et_a_lui_seul(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ecrire()
    fins.revoquer(saisine=saisine, motif="Le dossier\nchange.", auteur=scene.instructeur, maintenant=horloge_base())
    _, lettre = les_lettres(scene.camille)
    lue(
        "instruction/avis_annule",
        lettre,
        f"Votre avis n’est plus demandé sur le dossier {scene.dossier.reference}",
        BONJOUR,
        f"L’avis qui vous était demandé sur le dossier {scene.dossier.reference} du territoire "
        f"« {scene.dossier.territoire.nom} » n’est plus attendu : la demande est annulée. La raison donnée : "
        "« Le dossier change. »",
        f"Voir les avis qui vous sont demandés : {AVIS}",
        SIGNATURE,
    )
    autre = scene.demander(cible_de(scene.dominique))
    fins.revoquer(saisine=autre, motif="Finalement non.", auteur=scene.instructeur, maintenant=horloge_base())
    assert les_lettres(scene.dominique) == []


@pytest.mark.parametrize(
    ("raison", "dit"),
    [
        (FinDeSaisine.HORS_COMPETENCE, "elle ne relève pas de sa compétence."),
        (FinDeSaisine.AILLEURS, "elle est à poser à quelqu’un d’autre."),
    ],
)
def test_qui_demandait_lit_pourquoi_l_avis_ne_viendra_pas(scene, raison, dit):
    Candidature.objects.update(demonstration=True)
    saisine = scene.demander(cible_de(scene.camille))
    fins.decliner(
        saisine=saisine,
        raison=raison,
        motif="Voir M. Y,\nà la Région.",
        auteur=scene.camille,
        maintenant=horloge_base(),
    )
    (lettre,) = les_lettres(scene.instructeur)
    lue(
        "instruction/avis_revoque",
        lettre,
        f"[Données de démonstration] Un avis ne sera pas rendu sur le dossier {scene.dossier.reference}",
        BONJOUR,
        f"L’avis demandé à « Banque des Territoires » sur le dossier {scene.dossier.reference} du territoire "
        f"« {scene.dossier.territoire.nom} » ne sera pas rendu. La demande a été déclinée par "
        f"« {scene.camille} » : {dit}",
        "Ce qui est précisé : « Voir M. Y, à la Région. »",
        f"Demander un autre avis : {PORTAIL}/instruction/dossiers/{scene.dossier.pk}/",
        SIGNATURE,
    )
