"""Writing a file, by its actions."""

from datetime import timedelta

import pytest

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import dossiers
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.requetes import qualite_de
from candidatures.models import Candidature, Participation
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def participant(candidature, qualite):
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    return personne


class TestOuvrir:
    def test_l_auteur_devient_porteur_et_le_journal_le_dit(self):
        auteur = f.un_utilisateur()
        candidature = f.une_candidature(porteur=auteur, complete=False)

        assert candidature.etat == EtatCandidature.BROUILLON
        assert qualite_de(candidature, auteur) is Qualite.PORTEUR
        entree = EntreeJournal.objects.get(acte="ouvrir")
        assert (entree.objet_id, entree.acteur_id_copie) == (str(candidature.pk), auteur.pk)

    def test_les_brouillons_d_un_meme_territoire_vivent_cote_a_cote(self):
        premier = f.une_candidature(complete=False)
        second = f.une_candidature(vague=premier.vague, territoire=premier.territoire, complete=False)
        assert (premier.territoire_tenu, second.territoire_tenu) == ("", "")
        assert Candidature.objects.filter(etat=EtatCandidature.BROUILLON).count() == 2

    def test_apres_un_retrait_le_territoire_peut_recommencer(self):
        premier = f.une_candidature(complete=False)
        retrait.retirer(candidature=premier, auteur=f.porteur_de(premier), maintenant=horloge_base())

        assert f.une_candidature(vague=premier.vague, territoire=premier.territoire, complete=False).pk != premier.pk

    @pytest.mark.parametrize("instant", ["avant", "cloture", "apres"])
    def test_seule_une_vague_ouverte_accueille_un_dossier(self, instant):
        vague = f.une_vague()
        maintenant = {
            "avant": vague.ouverture - timedelta(microseconds=1),
            "cloture": vague.cloture,
            "apres": vague.cloture + timedelta(seconds=1),
        }[instant]
        with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
            dossiers.ouvrir_candidature(
                vague=vague, territoire=f.un_territoire(), auteur=f.un_utilisateur(), maintenant=maintenant
            )


class TestRetirer:
    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_retire(self, qualite):
        candidature = f.une_candidature()
        with pytest.raises(RegleEnfreinte, match="responsable"):
            retrait.retirer(
                candidature=candidature, auteur=participant(candidature, qualite), maintenant=horloge_base()
            )

    def test_a_l_echeance_il_est_trop_tard(self):
        candidature = f.une_candidature()
        with pytest.raises(RegleEnfreinte):
            retrait.retirer(
                candidature=candidature, auteur=f.porteur_de(candidature), maintenant=candidature.vague.cloture
            )
