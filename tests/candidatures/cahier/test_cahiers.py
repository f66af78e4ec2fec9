"""The specifications of a wave: versions until it opens, then none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from candidatures.cahier import MODELE, vers_json
from candidatures.cahier.actions import DEPASSE, cahier_en_vigueur, modifier_cahier, reprendre_cahier
from candidatures.cahier.edition import sans_section
from candidatures.cahier.requetes import cahier_courant
from candidatures.calendrier.actions.vagues import generer_calendrier
from candidatures.models import CahierDesCharges
from candidatures.vagues.regles import CAHIER_FIGE
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from tests import fabriques as f

pytestmark = pytest.mark.django_db
AUTRE = sans_section(MODELE, "mission")


def une_vague_a_venir(jours=10):
    ouverture = horloge_base() + timedelta(days=jours)
    return f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=30))


def modifier(vague, *, version=1, cahier=AUTRE, maintenant=None, auteur=None):
    return modifier_cahier(
        vague=vague,
        version=version,
        cahier=cahier,
        commentaire="Une rubrique de moins",
        auteur=auteur or f.un_utilisateur(),
        maintenant=maintenant or horloge_base(),
    )


def test_chaque_modification_est_une_version_datee_signee_et_au_journal():
    vague, auteur = une_vague_a_venir(), f.un_utilisateur()
    cahier_en_vigueur(vague=vague)
    nouveau = modifier(vague, auteur=auteur)
    assert [(c.version, c.cahier, c.commentaire, c.auteur) for c in vague.cahiers.all()] == [
        (1, MODELE, "", None),
        (2, AUTRE, "Une rubrique de moins", auteur),
    ]
    assert cahier_en_vigueur(vague=vague) == cahier_courant(vague=vague) == nouveau
    entree = entrees_sur(vague).get()
    assert (entree.acte, entree.acteur_id_copie, entree.details) == (
        "modifier_cahier",
        auteur.pk,
        {"version": 2, "commentaire": "Une rubrique de moins"},
    )


def test_enregistrer_sans_rien_changer_n_ajoute_pas_de_version():
    vague = une_vague_a_venir()
    assert modifier(vague, cahier=MODELE).version == 1
    assert not entrees_sur(vague).exists()


def test_lire_n_ecrit_rien():
    vague = une_vague_a_venir()
    courant = cahier_courant(vague=vague)
    assert (courant.version, courant.cahier) == (1, MODELE)
    assert courant._state.adding
    assert not CahierDesCharges.objects.exists()


def test_la_seconde_personne_est_prevenue_et_n_ecrase_rien():
    vague = une_vague_a_venir()
    modifier(vague)
    with pytest.raises(RegleEnfreinte) as refus:
        modifier(vague, cahier=sans_section(MODELE, "projets"))
    assert refus.value.message == DEPASSE
    assert cahier_en_vigueur(vague=vague).cahier == AUTRE


def test_ce_que_la_verification_refuse_ne_s_enregistre_pas():
    vague = une_vague_a_venir()
    with pytest.raises(RegleEnfreinte, match="Il faut au moins une rubrique"):
        modifier(vague, cahier=replace(MODELE, sections=()))
    assert not vague.cahiers.exists()


def test_la_vague_ouverte_l_action_refuse():
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    with pytest.raises(RegleEnfreinte) as refus:
        modifier(vague)
    assert refus.value.message == CAHIER_FIGE


def test_la_vague_ouverte_la_base_refuse_aussi_et_le_dit_en_francais():
    """An application whose clock is late is told by the database's."""
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    with pytest.raises(RegleEnfreinte) as refus:
        modifier(vague, maintenant=vague.ouverture - timedelta(seconds=1))
    assert refus.value.message == CAHIER_FIGE
    assert [c.version for c in vague.cahiers.all()] == [1]


def test_la_vague_ouverte_la_base_refuse_meme_en_sql():
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    with pytest.raises(IntegrityError) as refus, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO candidatures_cahierdescharges (vague_id, version, definition, commentaire) "
            "SELECT vague_id, 2, definition, '' FROM candidatures_cahierdescharges"
        )
    assert nom_contrainte(refus.value) == "cahier_fige_a_l_ouverture"


@pytest.mark.parametrize(
    "requete",
    ["UPDATE candidatures_cahierdescharges SET commentaire = 'x'", "DELETE FROM candidatures_cahierdescharges"],
)
def test_une_version_ne_se_reecrit_ni_ne_s_efface(requete):
    cahier_en_vigueur(vague=une_vague_a_venir())
    with (
        pytest.raises(ProgrammingError, match="permission denied for table"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(requete)


def test_deux_versions_n_ont_pas_le_meme_numero():
    vague = une_vague_a_venir()
    cahier_en_vigueur(vague=vague)
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        CahierDesCharges.objects.create(vague=vague, version=1, definition=vers_json(MODELE))
    assert nom_contrainte(refus.value) == "cahier_version_unique"


CRITERE = MODELE.criteres[0]


@pytest.mark.parametrize(
    "critere",
    [
        replace(CRITERE, poids=29),
        replace(CRITERE, niveaux=CRITERE.niveaux[::-1]),
        replace(CRITERE, niveaux=(*CRITERE.niveaux, replace(CRITERE.niveaux[-1], phrase="Encore."))),
        replace(CRITERE, plancher=0),
        replace(CRITERE, plancher=4),
    ],
    ids=["poids", "desordre", "deux-fois", "plancher-au-plus-bas", "plancher-ailleurs"],
)
def test_une_grille_qui_ne_permet_pas_de_noter_la_base_la_refuse(critere):
    vague = une_vague_a_venir()
    fausse = replace(MODELE, criteres=(critere, *MODELE.criteres[1:]))
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        CahierDesCharges.objects.create(vague=vague, version=1, definition=vers_json(fausse))
    assert nom_contrainte(refus.value) == "grille_coherente"


def test_une_grille_d_avant_les_niveaux_ou_sans_critere_reste_permise():
    vague = une_vague_a_venir()
    ancienne = vers_json(MODELE)
    for critere in ancienne["criteres"]:
        del critere["niveaux"], critere["plancher"], critere["questions"]
    for version, definition in enumerate((ancienne, vers_json(replace(MODELE, criteres=()))), start=1):
        CahierDesCharges.objects.create(vague=vague, version=version, definition=definition)
    lues = [cahier.cahier.criteres for cahier in vague.cahiers.all()]
    assert [[critere.poids for critere in criteres] for criteres in lues] == [[30, 25, 25, 20], []]


def test_une_vague_part_du_cahier_de_la_precedente():
    premiere, seconde = une_vague_a_venir(), une_vague_a_venir(jours=60)
    modifier(premiere)
    assert cahier_en_vigueur(vague=seconde).cahier == AUTRE


def test_chaque_vague_du_calendrier_a_sa_version_1():
    maintenant = horloge_base()
    vagues = generer_calendrier(jusqu_a=maintenant + timedelta(days=200), acteur=None, maintenant=maintenant)
    versions = CahierDesCharges.objects.order_by("vague__numero").values_list("vague", "version")
    assert list(versions) == [(vague.pk, 1) for vague in vagues]


def test_reprendre_copie_la_derniere_version_d_une_autre_vague():
    vague, source = une_vague_a_venir(), une_vague_a_venir(jours=60)
    modifier(source)
    nouveau = reprendre_cahier(
        vague=vague, version=1, source=source, auteur=f.un_utilisateur(), maintenant=horloge_base()
    )
    assert (nouveau.version, nouveau.cahier) == (2, AUTRE)
    assert nouveau.commentaire == f"Repris de la vague {source.numero}, version 2"


def test_un_dossier_garde_la_version_sous_laquelle_il_est_ecrit():
    candidature = f.une_candidature(complete=False)
    suivante = une_vague_a_venir(jours=40)
    modifier(suivante)
    candidature.refresh_from_db()
    assert (candidature.cahier.vague, candidature.cahier.version) == (candidature.vague, 1)
    assert candidature.cahier.cahier == MODELE
