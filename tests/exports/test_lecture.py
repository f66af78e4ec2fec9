"""What a file reads by plain values is what the instances would say, and nothing more."""

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from projets.models import Industriel
from rebond.exports.lecture import PREPARER, Adresse
from rebond.exports.models import ARCHIVE
from rebond.socle.listes import Colonne, Liste
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.adresses import adresses
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.exports.exports import des_acces
from tests.projets import decor

pytestmark = pytest.mark.django_db


def par_instances(liste: Liste) -> list[list[object]]:
    """Each row made a model instance, as the page does."""
    lues = liste.lues(liste.selection, liste.colonnes_du_fichier)
    return [[colonne.lire(ligne) for colonne in liste.colonnes_du_fichier] for ligne in lues]


def par_valeurs(liste: Liste, **options) -> list[list[object]]:
    return [list(ligne) for ligne in liste.tableau(**options).lignes]


def extrait(nom: str, role: Role, *arguments: object) -> Liste:
    lu, _ = Adresse.lire(reverse(f"{nom}_csv", args=arguments), "").relire(f.un_agent(role))
    return lu.liste


class TestChaqueListeExportee:
    def test_les_dossiers(self):
        vague, (dossier, _) = une_vague_close(None, None)
        instruire(dossier)
        self.comparer(extrait("instruction:export", Role.INSTRUCTEUR, vague.numero), 2)

    def test_les_projets(self):
        mission = decor.une_annonce()
        liste = extrait("projets:exporter", Role.VALIDEUR, mission.pk)
        self.comparer(liste, 6)
        aides = [ligne[-1] for ligne in par_valeurs(liste)]
        assert (len(aides), None in aides) == (6, True)

    def test_les_roles(self):
        f.un_agent(Role.ADMINISTRATEUR)
        f.un_role(f.un_utilisateur(prenom="Ada", nom="Lo"), Role.INSTRUCTEUR, departement=f.un_departement())
        self.comparer(extrait("administration:exporter_les_roles", Role.AUDITEUR), 3)

    def test_les_acces(self):
        des_acces(3)
        self.comparer(extrait("acces", Role.AUDITEUR), 3)

    def test_il_n_y_en_a_pas_d_autre(self):
        """A new export is compared here too; an archive writes no table."""
        noms = {
            nom.rpartition("_")[0]
            for nom, adresse in adresses().items()
            if not nom.endswith(f"_{ARCHIVE}") and hasattr(get_resolver().resolve(adresse.absente({})).func, PREPARER)
        }
        assert noms == {"instruction:export", "projets:exporter", "administration:exporter_les_roles", "acces"}

    def comparer(self, liste: Liste, lignes: int) -> None:
        attendues = par_instances(liste)
        assert len(attendues) == lignes
        assert par_valeurs(liste) == attendues
        with transaction.atomic():
            assert par_valeurs(liste, par_curseur=True) == attendues


class ListeDEssai(Liste):
    modele = Industriel
    titre = vide = "Essai"
    ordre = ("pk",)
    colonnes = (
        Colonne("mission", "Mission", "mission.get_etat_display"),
        Colonne("texte", "Texte", lambda ligne: f"{ligne} {ligne.mission}", lit=["nom", "mission__titre"]),
        Colonne("double", "Double", "double"),
        Colonne("indiscrete", "Indiscrète", lambda ligne: ligne.siren, lit=[]),
    )


class TestLigne:
    def liste(self, *sans: str) -> ListeDEssai:
        decor.une_annonce()
        return ListeDEssai(Industriel.objects.annotate(double=F("pk") * 2), QueryDict(), sans=sans)

    def test_elle_a_ses_mots_ses_relations_et_ses_annotations(self):
        liste = self.liste("indiscrete")
        assert par_valeurs(liste) == par_instances(liste)

    def test_ce_qu_aucune_colonne_ne_declare_ne_se_lit_pas(self):
        with pytest.raises(AttributeError, match="no column declares"):
            par_valeurs(self.liste())

    def test_tout_se_lit_d_une_seule_requete(self):
        liste = self.liste("indiscrete")
        with CaptureQueriesContext(connection) as captees:
            par_valeurs(liste)
        assert len(captees) == 1
