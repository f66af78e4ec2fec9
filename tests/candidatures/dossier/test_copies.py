"""A file that was not retained, copied into the open wave."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from candidatures.cahier import MODELE, Cahier, Question, vers_json
from candidatures.cloture.actions import cloture
from candidatures.depot.actions import retrait
from candidatures.dossier.copie import actions as copies
from candidatures.dossier.copie.requetes import nouveautes
from candidatures.dossier.etats import EtatCandidature, Qualite, SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import (
    CahierDesCharges,
    Candidature,
    Membre,
    Participation,
    Vague,
    VersionComplete,
    VersionDeSection,
)
from candidatures.pages.territoire.acces import DossierOuvert
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.pages import client_de, page, sans_jeton, texte

pytestmark = pytest.mark.django_db

NOUVELLE = Question("eau", "Combien d’eau le site consomme-t-il ?")


def un_cahier_change() -> Cahier:
    """The same call, with one more question on the shock, a shorter one on projects, and no delibération any more."""
    sections = []
    for section in MODELE.sections:
        questions = section.questions
        if section.cle == "choc":
            questions += (NOUVELLE,)
        if section.cle == "projets":
            questions = tuple(replace(q, longueur_max=3) if q.cle == "projets" else q for q in questions)
        sections.append(replace(section, questions=questions))
    return Cahier(
        sections=tuple(sections),
        pieces=tuple(piece for piece in MODELE.pieces if piece.cle != "deliberation"),
        criteres=MODELE.criteres,
        texte=MODELE.texte,
    )


@pytest.fixture
def originale():
    """A complete draft that was never deposited, its wave closed."""
    vague = f.une_vague(cloture=horloge_base() - timedelta(days=1))
    candidature = f.une_candidature(vague=vague)
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    return Candidature.objects.get(pk=candidature.pk)


@pytest.fixture
def ouverte(originale):
    return f.une_vague(ouverture=originale.vague.cloture)


@pytest.fixture
def changee(ouverte):
    """The open wave, its specifications changed."""
    CahierDesCharges.objects.create(vague=ouverte, version=1, definition=vers_json(un_cahier_change()))
    return ouverte


def copier(candidature: Candidature, vague: Vague, auteur=None) -> Candidature:
    return copies.copier(
        candidature=candidature,
        vague=vague,
        auteur=auteur or f.porteur_de(candidature),
        maintenant=horloge_base(),
    )


class TestLaCopie:
    def test_tout_suit_quand_rien_n_a_change(self, originale, ouverte):
        copie = copier(originale, ouverte)
        copie.refresh_from_db()
        assert (copie.etat, copie.vague, copie.copie_de) == (EtatCandidature.BROUILLON, ouverte, originale)
        assert (copie.territoire, copie.contenu) == (originale.territoire, originale.contenu)
        assert copie.cahier.vague == ouverte
        assert [p.document for p in copie.pieces.all()] == [p.document for p in originale.pieces.all()]
        assert [(m.epci, m.chef_de_file) for m in copie.membres.all()] == [
            (m.epci, m.chef_de_file) for m in originale.membres.all()
        ]
        assert VersionComplete.objects.get(candidature=copie).contenu["reference"] == copie.reference

    def test_chaque_rubrique_commence_a_sa_premiere_version(self, originale, ouverte):
        copie = copier(originale, ouverte)
        versions = VersionDeSection.objects.filter(candidature=copie)
        assert {version.section: version.reponses for version in versions} == originale.contenu
        assert {(version.revision, version.auteur) for version in versions} == {(1, f.porteur_de(originale))}

    def test_ce_qui_n_a_plus_sa_place_reste_dans_l_originale(self, originale, changee):
        avant = originale.contenu
        copie = copier(originale, changee)
        assert "projets" not in copie.contenu
        assert copie.contenu["choc"] == avant["choc"]
        assert not copie.pieces.exists()
        originale.refresh_from_db()
        assert originale.contenu == avant
        assert not VersionComplete.objects.filter(candidature=copie).exists()

    def test_les_participants_suivent_avec_leur_role_et_en_sont_prevenus(self, originale, ouverte):
        autre, partie = f.un_utilisateur(), f.un_utilisateur(is_active=False)
        Participation.objects.create(candidature=originale, utilisateur=autre, qualite=Qualite.LECTEUR)
        Participation.objects.create(candidature=originale, utilisateur=partie, qualite=Qualite.CO_PORTEUR)
        copie = copier(originale, ouverte)
        roles = {p.utilisateur: p.qualite for p in copie.participations.all()}
        assert roles == {f.porteur_de(originale): Qualite.PORTEUR, autre: Qualite.LECTEUR}
        entree = EntreeJournal.objects.get(acte="copier")
        assert (entree.objet_id, entree.details) == (str(copie.pk), {"originale": originale.reference})
        lettres = Courrier.objects.filter(cle__startswith=f"equipe-{entree.pk}-")
        assert {lettre.destinataire for lettre in lettres} == {autre.email, f.porteur_de(originale).email}

    def test_la_piece_d_un_membre_reste_la_sienne(self, originale, ouverte):
        second = Membre.objects.create(candidature=originale, epci=f.un_epci())
        originale.pieces.update(membre=second)
        copie = copier(originale, ouverte)
        piece = copie.pieces.get()
        assert (piece.membre.epci, piece.membre.candidature) == (second.epci, copie)
        assert second.epci.nom in piece.intitule

    def test_une_piece_infectee_ne_suit_pas(self, originale, ouverte):
        document = originale.pieces.get().document
        Analyse.objects.create(document=document, saine=False, detail="Eicar-Test-Signature")
        assert not copier(originale, ouverte).pieces.exists()

    def test_une_seule_copie_par_vague(self, originale, ouverte):
        copier(originale, ouverte)
        with pytest.raises(RegleEnfreinte, match="Vous participez déjà à un dossier de ce territoire"):
            copier(originale, ouverte)
        assert Candidature.objects.filter(copie_de=originale).count() == 1

    def test_elle_coute_autant_de_requetes_pour_trois_pieces_que_pour_douze(self):
        couts = []
        for rang, nombre in enumerate((3, 12)):
            fin = horloge_base() - timedelta(days=1000 * (rang + 1))
            passee = f.une_vague(cloture=fin)
            candidature = f.une_candidature(vague=passee)
            piece = candidature.pieces.get()
            for numero in range(nombre - 1):
                piece.pk, piece.document = (
                    None,
                    enregistrer(f"%PDF-{nombre}-{numero}".encode(), type_mime="application/pdf"),
                )
                piece.save(force_insert=True)
            cloture.clore(vague_id=passee.pk, maintenant=horloge_base())
            candidature.refresh_from_db()
            suivante = f.une_vague(ouverture=fin, cloture=fin + timedelta(days=1))
            with CaptureQueriesContext(connection) as requetes:
                copie = copies.copier(
                    candidature=candidature,
                    vague=suivante,
                    auteur=f.porteur_de(candidature),
                    maintenant=fin + timedelta(hours=1),
                )
            assert copie.pieces.count() == nombre
            couts.append(len([r for r in requetes if "SAVEPOINT" not in r["sql"]]))
        assert couts[0] == couts[1]


class TestQuandElleEstPermise:
    def test_ni_avant_l_ouverture_ni_apres_la_cloture(self, originale):
        future = f.une_vague(ouverture=horloge_base() + timedelta(days=1), cloture=horloge_base() + timedelta(days=2))
        for vague in (originale.vague, future):
            with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
                copier(originale, vague)

    def test_par_son_seul_porteur(self, originale, ouverte):
        autre = f.un_utilisateur()
        Participation.objects.create(candidature=originale, utilisateur=autre, qualite=Qualite.CO_PORTEUR)
        with pytest.raises(RegleEnfreinte, match="ne peut pas être copié"):
            copier(originale, ouverte, auteur=autre)

    def test_un_brouillon_ou_un_depot_de_la_vague_ouverte_ne_se_copie_pas(self):
        candidature = f.une_candidature()
        for _ in range(2):
            with pytest.raises(RegleEnfreinte, match="ne peut pas être copié"):
                copier(candidature, candidature.vague)
            f.un_depot(candidature)
            candidature.refresh_from_db()

    def test_un_dossier_retire_se_copie_meme_dans_sa_vague(self):
        candidature = f.une_candidature()
        retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        assert copier(candidature, candidature.vague).contenu == candidature.contenu

    @pytest.mark.parametrize("sens", [SensDecision.NE_PAS_RETENIR, SensDecision.AJOURNER])
    def test_un_dossier_ecarte_se_copie_une_fois_la_decision_annoncee(self, sens):
        vague, (candidature,) = une_vague_close(None)
        ouverte = f.une_vague(ouverture=vague.cloture)
        instruire(candidature, sens=sens)
        valideur = f.un_agent(Role.VALIDEUR)
        labellisation.labelliser(
            vague=vague, decisions={candidature.pk: sens}, valideur=valideur, maintenant=horloge_base()
        )
        candidature.refresh_from_db()
        with pytest.raises(RegleEnfreinte, match="ne peut pas être copié"):
            copier(candidature, ouverte)
        vague.refresh_from_db()
        maintenant = horloge_base()
        labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant, maintenant=maintenant)
        candidature = Candidature.objects.get(pk=candidature.pk)
        assert copier(candidature, ouverte).copie_de == candidature


class TestLesPages:
    @pytest.fixture
    def porteur(self, originale):
        return client_de(f.porteur_de(originale))

    def test_l_apercu_puis_la_copie_puis_ce_qui_change(self, originale, changee, porteur):
        apercu = texte(porteur.get(page("copier", originale.pk)))
        assert NOUVELLE.libelle in apercu
        assert "Aucun." in apercu
        assert "deliberation.pdf" in apercu
        reponse = porteur.post(page("copier", originale.pk), {}, follow=True)
        copie = Candidature.objects.get(copie_de=originale)
        assert reponse.redirect_chain[-1][0] == page("changements", copie.pk)
        lu = texte(reponse)
        assert NOUVELLE.libelle in lu
        assert page("lire", originale.pk) in lu
        assert "3\u00a0caractères au plus" in lu

    def test_un_double_clic_mene_a_la_copie(self, originale, ouverte, porteur):
        porteur.post(page("copier", originale.pk), {})
        copie = Candidature.objects.get(copie_de=originale)
        assert porteur.post(page("copier", originale.pk), {}).url == page("changements", copie.pk)
        reponse = porteur.post(page("copier", originale.pk), f.d_une_autre_page())
        assert reponse.status_code == 409
        assert page("dossier", copie.pk) in texte(reponse)

    def test_le_dossier_d_un_autre_ne_change_pas_un_octet_et_n_empeche_rien(self, originale, ouverte, porteur):
        sans = sans_jeton(porteur.get(page("copier", originale.pk)))
        autre = f.un_depot(f.une_candidature(vague=ouverte, territoire=originale.territoire)).candidature
        lu = sans_jeton(porteur.get(page("copier", originale.pk)))
        assert lu == sans
        assert autre.reference not in lu
        porteur.post(page("copier", originale.pk), {})
        assert Candidature.objects.filter(copie_de=originale, vague=ouverte).count() == 1

    def test_sans_vague_ouverte_il_faut_attendre(self, originale, porteur):
        assert "Aucune période de dépôt n’est ouverte" in texte(porteur.get(page("copier", originale.pk)))
        porteur.post(page("copier", originale.pk), {})
        assert not Candidature.objects.filter(copie_de=originale).exists()

    def test_pour_les_autres_ces_pages_n_existent_pas(self, originale, ouverte):
        copie = copier(originale, ouverte)
        etranger = client_de(f.un_utilisateur())
        for adresse in (page("copier", originale.pk), page("changements", copie.pk)):
            assert etranger.get(adresse).status_code == 404
        assert etranger.post(page("copier", originale.pk), {}).status_code == 404

    def test_ce_qui_n_est_pas_une_copie_n_a_rien_qui_change(self, originale, porteur):
        assert porteur.get(page("changements", originale.pk)).status_code == 404

    def test_qui_n_etait_pas_de_l_originale_n_en_lit_pas_les_reponses(self, originale, changee):
        copie = copier(originale, changee)
        nouveau = f.un_utilisateur()
        Participation.objects.create(candidature=copie, utilisateur=nouveau, qualite=Qualite.LECTEUR)
        lu = texte(client_de(nouveau).get(page("changements", copie.pk)))
        assert NOUVELLE.libelle in lu
        assert "deliberation.pdf" not in lu
        assert page("lire", originale.pk) not in lu

    def test_l_encadre_du_dossier_propose_la_copie_et_mene_aux_changements(self, originale, ouverte):
        def encadre(candidature, qualite):
            ouvert = DossierOuvert(candidature, qualite, horloge_base(), f.porteur_de(candidature))
            return render_to_string("candidatures/territoire/_copie.html", {"ouvert": ouvert})

        assert page("copier", originale.pk) in encadre(originale, Qualite.PORTEUR)
        assert page("copier", originale.pk) not in encadre(originale, Qualite.LECTEUR)
        copie = copier(originale, ouverte)
        assert page("copier", copie.pk) not in encadre(copie, Qualite.PORTEUR)
        assert page("changements", copie.pk) in encadre(copie, Qualite.PORTEUR)


def test_les_nouveautes_d_une_rubrique_sont_celles_depuis_l_originale(originale, changee):
    copie = copier(originale, changee)
    assert nouveautes(copie, "choc") == {"eau"}
    assert nouveautes(copie, "projets") == {"projets"}
    assert nouveautes(copie, "contact") == set()
    assert nouveautes(originale, "choc") == set()
    client = client_de(f.porteur_de(copie))
    badges = [texte(client.get(page("section", copie.pk, cle))).count(">Nouveau<") for cle in ("choc", "contact")]
    assert badges == [1, 0]


def test_ces_pages_restent_sous_douze_requetes(originale, changee):
    client = client_de(f.porteur_de(originale))
    couts = {}
    with CaptureQueriesContext(connection) as requetes:
        client.get(page("copier", originale.pk))
    couts["copier"] = len(requetes)
    copie = copier(originale, changee)
    for nom in ("changements", "echeance"):
        with CaptureQueriesContext(connection) as requetes:
            client.get(page(nom, copie.pk))
        couts[nom] = len(requetes)
    assert max(couts.values()) <= 12, couts
