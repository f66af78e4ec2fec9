"""What the page of a file shows: figures and alerts at a glance, corrections in place, attachments in the page."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture as actes_de_cloture
from candidatures.dossier.etats import SensDecision
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.etats import SensAvis
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Depot
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Territoire
from tests import fabriques as f
from tests.acces.requetes import un_client
from tests.candidatures.instruction.corrections import outils as c
from tests.candidatures.instruction.instruction import instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, declarer
from tests.candidatures.pages.instruction.outils import connecter, demander
from tests.outils.roles import administrer, sans_declencheurs

pytestmark = pytest.mark.django_db
SIREN = "552081317"


@pytest.fixture
def instructeur() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


def page(personne: Utilisateur, dossier: Candidature, **demande: str) -> str:
    return connecter(personne).get(adresse(dossier), demande).content.decode()


def fiche(personne: Utilisateur, dossier: Candidature) -> Any:
    return connecter(personne).get(adresse(dossier)).context["fiche"]


def alertes(personne: Utilisateur, dossier: Candidature) -> list[tuple[str, int | None]]:
    return [(alerte.texte, alerte.dossier) for alerte in fiche(personne, dossier).alertes]


def _sans_insecables(texte: str) -> str:
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def deposer(dossier: Candidature, **sections: dict[str, Any]) -> None:
    """Rewrite what the deposit that counts says."""
    depot = Depot.objects.get(candidature=dossier)
    lues = depot.contenu["sections"]
    contenu = depot.contenu | {"sections": lues | {nom: lues[nom] | dits for nom, dits in sections.items()}}
    _recrire(depot, contenu)


def _recrire(depot: Depot, contenu: dict[str, Any]) -> None:
    """What nobody may do to a deposit."""
    ecrit = json.dumps(contenu).replace("'", "''")
    with sans_declencheurs():
        administrer(f"UPDATE candidatures_depot SET contenu = '{ecrit}' WHERE id = {depot.pk}")


class TestFiche:
    def test_les_chiffres_sont_ceux_du_depot(self, dossier, instructeur):
        deposer(
            dossier,
            entreprises={"emplois_concernes": 1_250, "emplois_industriels": 10_000},
            projets={"nombre_projets": 3, "investissement": 4_500_000},
        )
        lue = fiche(instructeur, dossier)
        epci = dossier.territoire.epcis.get()
        assert [(donnee.libelle, _sans_insecables(donnee.texte)) for donnee in lue.donnees] == [
            ("Population", f"{epci.population:,} habitants".replace(",", " ")),
            ("Emplois menacés", "1 250 emplois, soit 12,5 % des emplois industriels"),
            ("Projets connus", "3"),
            ("Investissement envisagé", "4 500 000 €"),
        ]
        assert len(lue.membres) == 1
        assert lue.alertes == ()

    def test_rien_n_est_zero_de_ce_qui_n_est_pas_dit(self, dossier, instructeur):
        assert [donnee.texte for donnee in fiche(instructeur, dossier).donnees][2:] == ["Non renseigné"] * 2

    def test_un_chiffre_corrige_est_celui_de_la_correction(self, dossier, instructeur):
        demande = c.demander(dossier, instructeur, questions=["entreprises.emplois_concernes"], natures=[])
        c.corriger(demande, section="entreprises", emplois_concernes=80)
        assert "120" in fiche(instructeur, dossier).donnees[1].texte
        c.rendre(demande)
        donnee = fiche(instructeur, dossier).donnees[1]
        assert (donnee.texte, donnee.corrigee) == ("80\u00a0emplois", True)

    def test_une_deliberation_absente_se_voit(self, dossier, instructeur):
        depot = Depot.objects.get(candidature=dossier)
        _recrire(depot, depot.contenu | {"pieces": []})
        assert alertes(instructeur, dossier) == [("Pièce obligatoire absente\u00a0: Délibération ou mandat.", None)]

    def test_corrige_depuis_un_avis(self, dossier, instructeur):
        expert = f.un_agent(Role.EXPERT)
        saisine = demander(dossier, expert, instructeur)
        rendre_avis(
            candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte="Bien.", maintenant=horloge_base()
        )
        demande = c.demander(dossier, instructeur)
        c.corriger(demande)
        assert alertes(instructeur, dossier) == []
        c.rendre(demande)
        [(texte, _)] = alertes(instructeur, dossier)
        assert f"après l’avis de {saisine.organisme}." in texte


class TestDossiersLies:
    def test_la_meme_entreprise_dans_un_autre_dossier(self, instructeur):
        _, (un, autre) = une_vague_close(None, None)
        for dossier in (un, autre):
            deposer(dossier, entreprises={"liste": [{"nom": "Filature", "siren": SIREN, "emplois": 12}]})
        [(texte, mene_a)] = alertes(instructeur, un)
        assert autre.reference in texte
        assert "552 081 317" in _sans_insecables(texte)
        assert mene_a == autre.pk
        # Whoever may not read the other one reads nothing of it.
        declarer(autre, instructeur)
        assert alertes(instructeur, un) == []

    def test_un_dossier_sans_siren_n_en_rejoint_aucun(self, instructeur):
        _, (un, _) = une_vague_close(None, None)
        assert alertes(instructeur, un) == []

    def test_un_dossier_anterieur_et_sa_fin_pour_qui_les_connait(self, instructeur):
        territoire = f.un_territoire()
        ancien = _dans_une_vague(territoire, 400)
        nouveau = _dans_une_vague(territoire, 0)
        [(texte, mene_a)] = alertes(instructeur, nouveau)
        assert f"{ancien.reference}, vague {ancien.vague.numero}" in texte
        assert "toujours ouvert (en instruction)" in texte
        assert mene_a == ancien.pk
        declarer(ancien, instructeur)
        assert alertes(instructeur, nouveau) == []

    def test_un_laureat_annonce_se_voit_de_tous_et_pas_avant(self, instructeur):
        territoire = f.un_territoire()
        ancien = _dans_une_vague(territoire, 400)
        nouveau = _dans_une_vague(territoire, 0)
        declarer(ancien, instructeur)
        instruire(ancien)
        valideur = f.un_agent(Role.VALIDEUR)
        labellisation.labelliser(
            vague=ancien.vague,
            decisions={ancien.pk: SensDecision.LABELLISER},
            lues={ancien.pk: 1},
            valideur=valideur,
            maintenant=horloge_base(),
        )
        assert alertes(instructeur, nouveau) == []
        ancien.vague.refresh_from_db()
        maintenant = horloge_base()
        labellisation.annoncer(vague=ancien.vague, valideur=valideur, publique_a=maintenant, maintenant=maintenant)
        [(texte, mene_a)] = alertes(instructeur, nouveau)
        assert texte.startswith("Ce périmètre recoupe celui d’un lauréat")
        # Nothing opens to whoever has an interest in it.
        assert mene_a is None

    def test_un_expert_n_en_lit_rien(self, instructeur):
        territoire = f.un_territoire()
        _dans_une_vague(territoire, 400)
        nouveau = _dans_une_vague(territoire, 0)
        expert = f.un_agent(Role.EXPERT)
        demander(nouveau, expert, instructeur)
        assert "antérieur" not in page(expert, nouveau)
        assert "fiche" not in connecter(expert).get(adresse(nouveau)).context


def _dans_une_vague(territoire: Territoire, jours: int) -> Candidature:
    """A file of this territory, in a wave closed so many days ago."""
    cloture = horloge_base() - f.timedelta(days=jours, minutes=5)
    vague = f.une_vague(cloture=cloture, ouverture=cloture - f.timedelta(days=30))
    dossier = f.une_candidature(vague=vague, territoire=territoire)
    f.un_depot(dossier)
    actes_de_cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    dossier.refresh_from_db()
    return dossier


class TestCorrectionsSurPlace:
    @pytest.fixture
    def corrige(self, dossier, instructeur) -> Candidature:
        demande = c.demander(dossier, instructeur, questions=[c.QUESTION, "projets.foncier"])
        corrections.joindre_a_la_correction(
            demande=demande,
            fichier=ContentFile(f.PDF + b"%", "lettre.pdf"),
            nom="lettre.pdf",
            nature="lettre",
            auteur=f.porteur_de(dossier),
            maintenant=horloge_base(),
        )
        c.corriger(demande, projets="Une fonderie.")
        c.rendre(demande)
        return dossier

    def reponse(self, html: str) -> str:
        """What stands at the place of the answer."""
        return html.partition('id="reponse-projets-projets"')[2].partition('class="rebond-annoter"')[0]

    def test_les_deux_se_lisent_l_une_a_cote_de_l_autre(self, corrige, instructeur):
        lue = self.reponse(page(instructeur, corrige))
        assert lue.index("Déposée") < lue.index("Aucun.") < lue.index("Corrigée<span") < lue.index("Une fonderie.")

    def test_ou_l_une_ou_l_autre(self, corrige, instructeur):
        deposee = self.reponse(page(instructeur, corrige, reponses="deposee"))
        assert ("Aucun." in deposee, "Une fonderie." in deposee, "Corrigée depuis" in deposee) == (True, False, True)
        corrigee = self.reponse(page(instructeur, corrige, reponses="corrigee"))
        assert ("Aucun." in corrigee, "Une fonderie." in corrigee) == (False, True)
        assert "Aucun." in self.reponse(page(instructeur, corrige, reponses="autre"))

    def test_la_correction_mene_a_chaque_endroit_et_dit_ce_qui_est_reste(self, corrige, instructeur):
        html = page(instructeur, corrige)
        assert '<a href="#reponse-projets-projets">Projets industriels connus</a>' in html
        foncier = html.partition('id="reponse-projets-foncier"')[2].partition("rebond-annoter")[0]
        assert "réponse inchangée" in foncier
        assert "Fournie avec la correction du" in html

    def test_une_correction_attendue_se_lit_a_sa_place_sans_rien_de_ce_qui_s_ecrit(self, dossier, instructeur):
        demande = c.demander(dossier, instructeur)
        c.corriger(demande, projets="Encore secret.")
        html = page(instructeur, dossier)
        assert "Correction attendue avant le" in self.reponse(html)
        assert "Encore secret." not in html


def test_douze_instructions_au_plus_quand_tout_est_la(instructeur):
    """Several deposits, corrections with their attachments, opinions, notes, colleagues, alerts, a list."""
    territoire = f.un_territoire()
    ancien = _dans_une_vague(territoire, 400)
    dossier = _dans_une_vague(territoire, 0)
    comptes = []
    for tour in range(2):
        for _ in range(1 + 2 * tour):
            demander(dossier, f.un_agent(Role.EXPERT), instructeur)
            demande = c.demander(dossier, instructeur)
            c.corriger(demande, projets=f"Une fonderie {tour}.")
            c.rendre(demande)
        client = un_client(instructeur)
        client.get(adresse(dossier), {"liste": ""})
        with CaptureQueriesContext(connection) as captees:
            client.get(adresse(dossier), {"liste": ""})
        comptes.append(len(captees))
    assert (comptes[0] == comptes[1], comptes[1] <= 12, ancien.pk < dossier.pk) == (True, True, True), comptes
