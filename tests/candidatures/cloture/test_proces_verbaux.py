"""What a procès-verbal records, and that nothing is added to it afterwards."""

import json
import tracemalloc
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions.proces_verbaux import etablir
from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.proces_verbal.entete import REGLE, instant_utc
from candidatures.models import Candidature, LigneProcesVerbal, ProcesVerbal
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.empreintes import json_canonique
from rebond.socle.preuve.merkle import Arbre
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import beaucoup_de_depots, clore, lignes, numeros

pytestmark = pytest.mark.django_db


@pytest.fixture
def vague():
    """Past its deadline and its grace."""
    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


def test_il_liste_en_entier_les_depots_qui_comptent_puis_les_brouillons(vague):
    remplace = f.une_candidature(vague=vague)
    f.un_depot(remplace)
    dernier = f.un_depot(remplace)
    brouillon = f.une_candidature(vague=vague, complete=False)

    acte = clore(vague)

    piece = dernier.pieces.get()
    assert lignes(acte, "depot") == [
        {
            "nature": "depot",
            "numero": dernier.numero,
            "reference": remplace.reference,
            "territoire": remplace.territoire.nom,
            "siren_chef_de_file": remplace.territoire.chef_de_file.siren,
            "recu_le": instant_utc(dernier.recu_le),
            "enregistre_le": instant_utc(dernier.enregistre_le),
            "source": "reprise",
            "empreinte": dernier.empreinte,
            "pieces": [
                {
                    "intitule": piece.intitule,
                    "nom": piece.nom,
                    "sha256": piece.document.sha256,
                    "taille": piece.document.taille,
                }
            ],
        }
    ]
    assert lignes(acte, "brouillon") == [
        {"nature": "brouillon", "reference": brouillon.reference, "territoire": brouillon.territoire.nom}
    ]
    assert list(acte.lignes.order_by("ordre").values_list("ordre", "nature", "depot", "candidature")) == [
        (0, "entete", None, None),
        (1, "depot", dernier.pk, remplace.pk),
        (2, "brouillon", None, brouillon.pk),
    ]


def test_son_entete_dit_la_vague_la_regle_et_combien_de_lignes(vague):
    f.un_depot(f.une_candidature(vague=vague))
    maintenant = horloge_base()
    acte = etablir(vague=vague, rang=1, candidatures=vague.candidatures.all(), maintenant=maintenant)
    assert acte.contenu == {
        "format": 2,
        "nature": "entete",
        "vague": {
            "numero": vague.numero,
            "ouverture": instant_utc(vague.ouverture),
            "cloture": instant_utc(vague.cloture),
            "grace_secondes": 60,
        },
        "rang": 1,
        "regle": REGLE,
        "etabli_le": instant_utc(maintenant),
        "lignes": {"depot": 1, "brouillon": 0, "prolongation": 0, "incident": 0},
        "precedent": None,
    }
    assert acte.lignes.get(ordre=0).texte == json_canonique(acte.contenu).decode()


def test_sa_racine_se_recalcule_sur_les_octets_de_ses_lignes(vague):
    for _ in range(3):
        f.un_depot(f.une_candidature(vague=vague))
    acte = clore(vague)
    arbre = Arbre()
    for ligne in acte.lignes.order_by("ordre"):
        arbre.ajouter(ligne.texte.encode())
    assert (arbre.taille, arbre.racine().hex()) == (4, acte.empreinte)


def test_les_pieces_sont_listees_dans_l_ordre_et_un_depot_sans_piece_en_a_une_liste_vide(vague):
    beaucoup_de_depots(vague, 2, pieces=3)
    nue = f.une_candidature(vague=vague)
    nue.pieces.all().delete()
    f.un_depot(nue)

    pieces = {ligne["numero"]: [p["nom"] for p in ligne["pieces"]] for ligne in lignes(clore(vague))}

    assert pieces.pop(f"R{vague.numero}-1000001-1") == ["piece-1.pdf", "piece-2.pdf", "piece-3.pdf"]
    assert pieces.pop(f"R{vague.numero}-1000002-1") == ["piece-4.pdf", "piece-5.pdf", "piece-6.pdf"]
    assert pieces.pop(nue.depots.get().numero) == []
    assert list(pieces.values()) == [["deliberation.pdf"]]


def test_un_complement_ne_liste_que_les_dossiers_qu_il_decide_et_s_enchaine(vague):
    tenu, prolonge = (f.un_depot(f.une_candidature(vague=vague)) for _ in range(2))
    maintenant = horloge_base()
    premier = etablir(
        vague=vague, rang=1, candidatures=vague.candidatures.exclude(pk=prolonge.candidature_id), maintenant=maintenant
    )
    second = etablir(
        vague=vague, rang=2, candidatures=vague.candidatures.filter(pk=prolonge.candidature_id), maintenant=maintenant
    )
    assert (numeros(premier), numeros(second)) == ([tenu.numero], [prolonge.numero])
    assert (premier.contenu["precedent"], second.contenu["precedent"]) == (None, premier.empreinte)
    assert (vague.proces_verbal, str(second)) == (
        premier,
        f"Procès-verbal de clôture de la vague {vague.numero} (complément n°\u00a01)",
    )


def test_sans_aucun_dossier_il_ne_contient_que_son_entete(vague):
    acte = etablir(vague=vague, rang=1, candidatures=Candidature.objects.none(), maintenant=horloge_base())
    assert list(acte.lignes.values_list("nature", flat=True)) == ["entete"]


def test_ses_lignes_ne_changent_plus_et_aucune_ne_s_ajoute(vague):
    acte = clore(vague)
    with pytest.raises(ProgrammingError), transaction.atomic():
        acte.lignes.update(texte="{}")
    with pytest.raises(ProgrammingError), transaction.atomic():
        acte.lignes.all().delete()
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        LigneProcesVerbal.objects.create(
            proces_verbal=acte, ordre=9, nature=NatureLigne.INCIDENT, objet=1, texte=json.dumps({})
        )
    assert nom_contrainte(refus.value) == "ligne_pv_avant_le_sceau"


def test_une_vague_n_a_qu_un_proces_verbal_de_chaque_rang(vague):
    acte = clore(vague)
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        ProcesVerbal.objects.create(vague=vague, rang=1, contenu=acte.contenu, empreinte=acte.empreinte)
    assert nom_contrainte(refus.value) == "proces_verbal_rang_unique"


def test_ni_les_requetes_ni_la_memoire_ne_croissent_avec_le_nombre_de_depots():
    couts = []
    for nombre in (10, 2000):
        cloture = horloge_base() - timedelta(days=nombre)
        vague = f.une_vague(cloture=cloture, ouverture=cloture - timedelta(days=5))
        with transaction.atomic():
            beaucoup_de_depots(vague, nombre)
            maintenant = horloge_base()
            tracemalloc.start()
            with CaptureQueriesContext(connection) as requetes:
                acte = etablir(vague=vague, rang=1, candidatures=vague.candidatures.all(), maintenant=maintenant)
            couts.append((len(requetes), tracemalloc.get_traced_memory()[1]))
            tracemalloc.stop()
            assert acte.contenu["lignes"]["depot"] == nombre + 1
            assert acte.contenu["lignes"]["brouillon"] == nombre // 10
            transaction.set_rollback(True)
    (peu, memoire), (beaucoup, memoire_de_beaucoup) = couts
    assert peu == beaucoup <= 7
    # The lines, 5 MB of them, are read by batches of 500: one is at most what is held.
    assert memoire_de_beaucoup - memoire < 3_000_000
