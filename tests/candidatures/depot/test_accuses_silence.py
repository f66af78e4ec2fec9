"""The decision by silence is counted from the deadline of the file, and a receipt that became wrong is corrected."""

from datetime import date, datetime, time, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from candidatures.calendrier.actions import vagues
from candidatures.cloture.actions import prolongations
from candidatures.depot.accuses import accuse_de, en_html
from candidatures.depot.actions.accuses import fabriquer_accuse, rectifier_accuse
from candidatures.depot.models import DECISION_IMPLICITE
from candidatures.models import AccuseReception, AccuseRectificatif, Candidature, Depot, Vague
from candidatures.tasks import fabriquer_accuses_en_attente
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.regles import dans_quelques_mois
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import date_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.roles import administrer, ignorer

pytestmark = pytest.mark.django_db

UN_JOUR = timedelta(days=1)


def un_depot_accuse() -> Depot:
    depot = f.un_depot()
    fabriquer_accuse(depot_id=depot.pk)
    return Depot.objects.select_related("candidature__vague").get(pk=depot.pk)


def prolonger(depot: Depot, *, candidature: Candidature | None = None, jours: int = 40) -> datetime:
    vague, maintenant = depot.candidature.vague, horloge_base()
    jusqu_au = (vague.cloture + jours * UN_JOUR).replace(microsecond=0)
    prolongation = prolongations.proposer(
        vague=vague,
        candidature=candidature,
        jusqu_au=jusqu_au,
        motif="Panne nationale de réseau.",
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=maintenant,
    )
    prolongations.signer(prolongation=prolongation, acteur=f.un_agent(Role.VALIDEUR), maintenant=maintenant)
    return jusqu_au


def attendue(echeance: datetime) -> date:
    return dans_quelques_mois(jour_de_paris(echeance), 2)


class TestDate:
    def test_elle_se_compte_depuis_la_cloture_et_non_depuis_la_reception(self):
        vague = f.une_vague(cloture=horloge_base() + 66 * UN_JOUR)
        depot = f.un_depot(f.une_candidature(vague=vague))
        limite = attendue(vague.cloture)
        assert limite > jour_de_paris(vague.cloture) > dans_quelques_mois(jour_de_paris(depot.recu_le), 2)
        assert date_fr(limite) in accuse_de(depot).silence
        assert fabriquer_accuse(depot_id=depot.pk).decision_implicite_le == limite

    @pytest.mark.parametrize("propre", [False, True])
    def test_elle_suit_l_echeance_prolongee(self, propre):
        depot = un_depot_accuse()
        jusqu_au = prolonger(depot, candidature=depot.candidature if propre else None)
        depot.candidature.refresh_from_db()
        depot.candidature.vague.refresh_from_db()
        assert depot.candidature.decision_implicite_le == attendue(jusqu_au)

    @pytest.mark.jumeau("candidatures.depot.models.DECISION_IMPLICITE")
    def test_postgres_compte_comme_nous(self):
        """At both ends of the day in Paris, to a month that is shorter, across a leap year and daylight saving."""
        depot = f.un_depot()
        jours = (date(2025, 12, 31), date(2026, 2, 1), date(2026, 8, 31), date(2027, 12, 30))
        for jour, minute, mois in product(jours, (0, 1439), (1, 2, 14)):
            cloture = datetime.combine(jour, time(), tzinfo=PARIS) + timedelta(minutes=minute)
            with ignorer():
                Vague.objects.update(ouverture=cloture - UN_JOUR, cloture=cloture, silence_mois=mois)
            lu = Depot.objects.annotate(due=DECISION_IMPLICITE).select_related("candidature__vague").get(pk=depot.pk)
            assert lu.due == lu.candidature.decision_implicite_le == dans_quelques_mois(jour, mois)


class TestPostgres:
    @pytest.mark.parametrize("mois", [0, 25])
    def test_la_vague_compte_un_mois_au_moins(self, mois):
        demain = horloge_base() + UN_JOUR
        vague = f.une_vague(ouverture=demain, cloture=demain + 30 * UN_JOUR)
        with pytest.raises(IntegrityError, match="vague_silence_apres_la_cloture"), transaction.atomic():
            Vague.objects.filter(pk=vague.pk).update(silence_mois=mois)

    @pytest.mark.parametrize("champs", [{"silence_mois": 4}, {"silence": "Le {date}, rejet."}])
    def test_rien_ne_change_une_fois_la_vague_ouverte(self, champs):
        vague = f.une_vague()
        with pytest.raises(IntegrityError, match="vague est ouverte"), transaction.atomic():
            Vague.objects.filter(pk=vague.pk).update(**champs)

    @pytest.mark.parametrize("ecart", [-1, 0])
    @pytest.mark.parametrize("prolongee", [False, True])
    def test_aucun_accuse_n_annonce_une_decision_avant_l_echeance(self, ecart, prolongee):
        depot = f.un_depot()
        depot.candidature.refresh_from_db()
        echeance = prolonger(depot) if prolongee else depot.candidature.echeance
        document = fabriquer_accuse(depot_id=f.un_depot(f.une_candidature(vague=depot.candidature.vague)).pk).document
        jour = jour_de_paris(echeance)
        annonce = {"depot": depot, "document": document, "decision_implicite_le": jour + ecart * UN_JOUR}
        with pytest.raises(IntegrityError, match="avant la clôture"), transaction.atomic():
            AccuseReception.objects.create(**annonce)
        with pytest.raises(IntegrityError, match="avant la clôture"), transaction.atomic():
            AccuseRectificatif.objects.create(**annonce, rang=1, motif="m")
        AccuseReception.objects.create(**annonce | {"decision_implicite_le": jour + UN_JOUR})

    def test_un_rectificatif_reste_comme_il_est_parti(self):
        depot = un_depot_accuse()
        prolonger(depot)
        rectificatif = rectifier_accuse(depot_id=depot.pk)
        with pytest.raises(Exception, match="permission denied for table"), transaction.atomic():
            AccuseRectificatif.objects.filter(pk=rectificatif.pk).update(motif="autre")


class TestRectifier:
    def test_un_accuse_juste_ne_se_rectifie_pas(self):
        depot = un_depot_accuse()
        assert rectifier_accuse(depot_id=depot.pk) is None
        fabriquer_accuses_en_attente()
        assert not AccuseRectificatif.objects.exists()

    def test_une_prolongation_en_fait_un_autre_a_cote_une_fois_et_l_envoie(self):
        depot = un_depot_accuse()
        premier = depot.accuse
        ancienne = premier.decision_implicite_le
        jusqu_au = prolonger(depot)
        Courrier.objects.all().delete()
        fabriquer_accuses_en_attente()
        fabriquer_accuses_en_attente()
        rectificatif = AccuseRectificatif.objects.get()
        assert (rectificatif.rang, rectificatif.decision_implicite_le) == (1, attendue(jusqu_au))
        assert date_fr(ancienne) in rectificatif.motif
        assert date_fr(attendue(jusqu_au)) in rectificatif.motif
        assert "prolongée" in rectificatif.motif
        assert AccuseReception.objects.get().document == premier.document != rectificatif.document
        lettre = Courrier.objects.get()
        assert (lettre.destinataire, lettre.pieces.get()) == (
            f.porteur_de(depot.candidature).email,
            rectificatif.document,
        )
        assert rectificatif.motif in lettre.texte
        assert lire(rectificatif.document).startswith(b"%PDF-1.7")
        assert EntreeJournal.objects.filter(acte="rectifier_accuse").count() == 1

    def test_une_seconde_prolongation_en_fait_un_second(self):
        depot = un_depot_accuse()
        prolonger(depot)
        fabriquer_accuses_en_attente()
        jusqu_au = prolonger(depot, jours=80)
        fabriquer_accuses_en_attente()
        dates = AccuseRectificatif.objects.order_by("rang").values_list("rang", "decision_implicite_le")
        assert list(dates)[-1] == (2, attendue(jusqu_au))

    def test_un_accuse_d_avant_la_regle_est_rectifie(self):
        """Those counted from the reception; the day that they announce was not kept."""
        depot = un_depot_accuse()
        d_avant_la_regle(depot)
        fabriquer_accuses_en_attente()
        motif = AccuseRectificatif.objects.get().motif
        assert "comptée depuis la réception" in motif
        assert "depuis l’échéance du dossier" in motif

    def test_un_depot_remplace_ou_dont_le_resultat_est_annonce_ne_se_rectifie_pas(self):
        depot = un_depot_accuse()
        f.reecrire(depot.candidature)
        second = f.un_depot(depot.candidature)
        d_avant_la_regle(depot)
        assert not Depot.objects.a_rectifier().exists()
        fabriquer_accuse(depot_id=second.pk)
        d_avant_la_regle(second)
        assert list(Depot.objects.a_rectifier()) == [second]
        porteur = f.porteur_de(depot.candidature)
        with ignorer():
            Vague.objects.update(
                etat=EtatVague.PUBLIEE,
                labellisee_le=horloge_base(),
                labellisee_par=porteur,
                annoncee_le=horloge_base(),
                annoncee_par=porteur,
                publique_a=horloge_base(),
            )
        assert not Depot.objects.a_rectifier().exists()

    def test_la_page_garde_les_deux_et_le_document_se_dit_rectificatif(self):
        depot = un_depot_accuse()
        prolonger(depot)
        rectificatif = rectifier_accuse(depot_id=depot.pk)
        client = client_de(f.porteur_de(depot.candidature))
        lue = texte(client.get(page("depot", depot.candidature_id, 1)))
        for adresse in (
            page("accuse", depot.candidature_id, 1),
            page("accuse_rectificatif", depot.candidature_id, 1, 1),
        ):
            assert adresse in lue
            assert b"".join(client.get(adresse).streaming_content).startswith(b"%PDF-1.7")
        assert rectificatif.motif in lue
        assert client_de(f.un_utilisateur()).get(adresse).status_code == 404
        html = en_html(accuse_de(depot, rectificatif=rectificatif.motif))
        assert "Accusé de réception rectificatif du dépôt" in html
        assert rectificatif.motif in html


class TestReglage:
    @pytest.fixture
    def vague(self):
        demain = horloge_base() + UN_JOUR
        return f.une_vague(ouverture=demain, cloture=demain + 30 * UN_JOUR)

    @pytest.fixture
    def client(self):
        return client_de(f.un_agent(Role.ADMINISTRATEUR))

    def test_l_administrateur_fixe_le_delai_et_la_regle_avant_l_ouverture(self, client, vague):
        adresse = f"/administration/vagues/{vague.numero}/silence/"
        assert 'name="mois" value="2"' in texte(client.get(adresse))
        assert client.post(adresse, {"mois": "4", "texte": "Au {date}, rejet."}).status_code == 302
        vague.refresh_from_db()
        assert (vague.silence_mois, vague.silence) == (4, "Au {date}, rejet.")
        assert EntreeJournal.objects.get(acte="fixer_le_silence").details["apres"]["silence_mois"] == 4

    @pytest.mark.parametrize(
        ("saisie", "champ"),
        [({"mois": "0", "texte": "{date}"}, "mois"), ({"mois": "2", "texte": "Rejet."}, "texte"), ({}, "mois")],
    )
    def test_ce_qui_ne_se_peut_pas_est_refuse_au_champ(self, client, vague, saisie, champ):
        reponse = client.post(f"/administration/vagues/{vague.numero}/silence/", saisie)
        assert champ in reponse.context["formulaire"].errors

    def test_une_fois_la_vague_ouverte_cela_ne_change_plus(self, client):
        vague = f.une_vague()
        adresse = f"/administration/vagues/{vague.numero}/silence/"
        assert "cela ne change plus" in texte(client.get(adresse))
        assert client.post(adresse, {"mois": "4", "texte": "Au {date}, rejet."}).status_code == 409
        with pytest.raises(RegleEnfreinte, match="des accusés de réception disent déjà"):
            vagues.fixer_le_silence(
                vague=vague,
                mois=4,
                texte="{date}",
                acteur=f.un_agent(Role.ADMINISTRATEUR),
                maintenant=vague.ouverture - UN_JOUR,
            )

    def test_la_vague_suivante_reprend_ce_que_dit_la_precedente(self, vague):
        Vague.objects.filter(pk=vague.pk).update(silence_mois=4, silence="Au {date}, rejet.")
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        [suivante, *_] = vagues.generer_calendrier(
            jusqu_a=vague.cloture + UN_JOUR, acteur=administrateur, maintenant=horloge_base()
        )
        assert (suivante.silence_mois, suivante.silence) == (4, "Au {date}, rejet.")


def d_avant_la_regle(depot: Depot) -> None:
    """As a receipt that was made before the announced day was kept."""
    with ignorer():
        administrer(
            f"UPDATE candidatures_accusereception SET decision_implicite_le = NULL WHERE depot_id = {depot.pk}"
        )
