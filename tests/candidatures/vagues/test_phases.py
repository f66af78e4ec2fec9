"""The phases of a wave: dated rows, proposed as far from the closing as those before, moved with it, set by hand."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from candidatures.calendrier.actions import vagues
from candidatures.calendrier.actions.phases import fixer_les_phases
from candidatures.models import PhaseVague, Vague
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.regles import JOURS_DES_PHASES, bornes_de_phase, jours_de_phase
from candidatures.vagues.requetes import PhaseProposee, en_jours, phases_de, terme_de, version_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.jumeaux import autour
from tests.candidatures.pages.pages import client_de, texte
from tests.outils.refus import refus
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db

N = NatureDePhase
UN_JOUR = timedelta(days=1)
CLOTURE = datetime(2027, 2, 1, 12, tzinfo=PARIS)


@pytest.fixture
def vague() -> Vague:
    return f.une_vague(ouverture=CLOTURE - timedelta(days=30), cloture=CLOTURE)


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


def poser(vague, nature, debut, fin, **champs):
    return PhaseVague.objects.create(vague=vague, nature=nature, debut=debut, fin=fin, **champs)


def jour(mois: int, quantieme: int, heure: int = 0) -> datetime:
    return datetime(2027, mois, quantieme, heure, tzinfo=PARIS)


class TestTenuesParLaBase:
    def test_deux_d_une_nature_ne_se_chevauchent_jamais_dans_une_vague(self, vague):
        autre = f.une_vague(ouverture=CLOTURE, cloture=CLOTURE + 30 * UN_JOUR)
        poser(vague, N.COMITE, jour(3, 10), jour(3, 12))
        assert {
            quoi: refus(lambda a=arguments: poser(*a))
            for quoi, arguments in {
                "la même": (vague, N.COMITE, jour(3, 11), jour(3, 13)),
                "à la suite": (vague, N.COMITE, jour(3, 12), jour(3, 13)),
                "une autre nature": (vague, N.AVIS, jour(3, 11), jour(3, 13)),
                "une autre vague": (autre, N.COMITE, jour(3, 11), jour(3, 13)),
            }.items()
        } == {"la même": "phase_sans_chevauchement", "à la suite": None, "une autre nature": None} | {
            "une autre vague": None
        }

    @pytest.mark.parametrize(
        ("debut", "fin", "dit"),
        [
            (jour(2, 3), jour(2, 3), "phase_commence_avant_de_finir"),
            (jour(2, 3), datetime(2028, 2, 5, tzinfo=PARIS), "phase_d_un_an_au_plus"),
            (CLOTURE - timedelta(microseconds=1), jour(2, 3), "phase_apres_la_cloture"),
            (CLOTURE, jour(2, 3), None),
        ],
    )
    def test_elle_a_un_sens_et_commence_apres_la_cloture(self, vague, debut, fin, dit):
        assert refus(lambda: poser(vague, N.AVIS, debut, fin)) == dit

    def test_rien_d_autre_n_est_une_phase(self, vague):
        assert refus(lambda: poser(vague, "sieste", jour(2, 3), jour(2, 4))) == "phase_connue"

    def test_elles_suivent_la_cloture_a_la_meme_heure_de_paris(self, vague):
        poser(vague, N.RECEVABILITE, CLOTURE, jour(2, 16))
        poser(vague, N.COMITE, jour(3, 20), jour(3, 22))
        # Across the change of hour, and to another hour of the day.
        vague.cloture = datetime(2027, 3, 1, 10, tzinfo=PARIS)
        vague.save()
        assert [(phase.debut, phase.fin) for phase in phases_de(vague)] == [
            (vague.cloture, jour(3, 16)),
            (jour(4, 17), jour(4, 19)),
        ]

    @pytest.mark.jumeau("candidatures.vagues.models.phases.PhaseQuerySet.en_cours")
    def test_en_cours_se_lit_de_meme_dans_la_base(self, vague):
        phase = poser(vague, N.AVIS, jour(2, 3), jour(2, 4))
        vus = [
            (phase.est_en_cours(instant), PhaseVague.objects.en_cours(instant).exists())
            for instant in autour((phase.debut, phase.fin))
        ]
        assert all(ici == la for ici, la in vus)
        assert {ici for ici, _ in vus} == {True, False}


def test_une_vague_programmee_a_les_siennes_puis_la_suivante_les_memes_a_la_meme_distance(administrateur):
    maintenant = horloge_base()
    (premiere,) = vagues.generer_calendrier(
        jusqu_a=datetime(2022, 9, 1, tzinfo=PARIS), acteur=None, maintenant=maintenant
    )
    cloture = premiere.cloture.astimezone(PARIS).date()
    assert [en_jours(phase) for phase in phases_de(premiere)] == [
        PhaseProposee(
            nature, cloture + du * UN_JOUR, cloture + au * UN_JOUR, nature in {N.RECEVABILITE, N.AVIS, N.EVALUATION}
        )
        for nature, (du, au) in JOURS_DES_PHASES.items()
    ]
    une = PhaseProposee(N.COMITE, cloture + 20 * UN_JOUR, cloture + 21 * UN_JOUR, dite=True)
    fixer_les_phases(
        vague=premiere,
        phases=[une],
        vues=version_de(phases_de(premiere)),
        acteur=administrateur,
        maintenant=premiere.cloture,
    )
    (seconde,) = vagues.generer_calendrier(
        jusqu_a=datetime(2022, 11, 1, tzinfo=PARIS), acteur=None, maintenant=maintenant
    )
    suivante = seconde.cloture.astimezone(PARIS).date()
    assert [en_jours(phase) for phase in phases_de(seconde)] == [
        PhaseProposee(N.COMITE, suivante + 20 * UN_JOUR, suivante + 21 * UN_JOUR, dite=True)
    ]
    assert entrees_sur(premiere)[0].details["apres"] == ["Comité de sélection, du 21 au 22\u00a0octobre\u00a02022"]


def test_un_jour_est_entier_et_celui_de_la_cloture_commence_avec_elle():
    debut, fin = bornes_de_phase(CLOTURE.date(), jour(2, 15).date(), CLOTURE)
    assert (debut, fin) == (CLOTURE, jour(2, 16))
    assert jours_de_phase(debut, fin) == (CLOTURE.date(), jour(2, 15).date())
    assert bornes_de_phase(jour(2, 2).date(), jour(2, 2).date(), CLOTURE) == (jour(2, 2), jour(2, 3))


def test_ce_qui_est_pour_le_comite_est_a_faire_avant_qu_il_se_reunisse_le_reste_avant_la_fin(vague):
    for mois in (3, 4):
        poser(vague, N.COMITE, jour(mois, 10), jour(mois, 11))
        poser(vague, N.AVIS, jour(mois, 10), jour(mois, 11))
    phases = phases_de(vague)
    assert [terme_de(phases, nature) for nature in (N.COMITE, N.AVIS, N.EVALUATION)] == [
        jour(3, 10),
        jour(4, 11),
        None,
    ]


class TestPage:
    @pytest.fixture
    def client(self, administrateur):
        return client_de(administrateur)

    def test_propose_puis_garde_ce_qui_est_envoye_et_rien_qui_ait_change_depuis(self, client, vague):
        page = reverse("administration:phases", args=[vague.numero])
        vide = client.get(page)
        assert "Rien n’est encore enregistré" in texte(vide)
        propose = {
            champ.html_name: champ.value() or ""
            for champ in vide.context["formulaire"]
            if not champ.html_name.endswith("_dite")
        }
        assert str(propose["recevabilite_0_du"]) == "2027-02-01"
        envoi = {**propose, "comite_0_dite": "on", "annonce_0_du": "", "annonce_0_au": ""}
        assert client.post(page, {**envoi, **f.d_une_autre_page()}).status_code == 302
        posees = [en_jours(phase) for phase in phases_de(vague)]
        assert [(phase.nature, phase.dite) for phase in posees] == [
            *((N.RECEVABILITE, False), (N.AVIS, False), (N.EVALUATION, False), (N.COMITE, True))
        ]
        encore = client.post(page, {**envoi, **f.d_une_autre_page()})
        assert encore.status_code == 409
        assert "Ces dates ont changé depuis" in texte(encore)
        assert [en_jours(phase) for phase in phases_de(vague)] == posees

    def test_refuse_ce_qui_n_a_pas_de_sens_sans_perdre_la_saisie(self, client, vague):
        page = reverse("administration:phases", args=[vague.numero])
        reponse = client.post(
            f"{page}?encore=comite",
            {
                "recevabilite_0_du": "2027-01-15",
                "recevabilite_0_au": "2027-02-15",
                "avis_0_du": "2027-03-15",
                "evaluation_0_du": "2027-03-15",
                "evaluation_0_au": "2027-03-14",
                "comite_0_du": "2027-04-01",
                "comite_0_au": "2027-04-03",
                "comite_1_du": "2027-04-03",
                "comite_1_au": "2027-04-05",
                **f.d_une_autre_page(),
            },
        )
        assert reponse.status_code == 200
        assert set(reponse.context["formulaire"].errors) == {
            *("recevabilite_0_du", "avis_0_au", "evaluation_0_au", "comite_1_du")
        }
        assert 'value="2027-01-15"' in texte(reponse)
        assert not PhaseVague.objects.exists()

    def test_une_fois_les_resultats_publics_elles_se_lisent_et_ne_changent_plus(self, client, administrateur):
        vague = f.une_vague(cloture=horloge_base() - 90 * UN_JOUR)
        poser(vague, N.AVIS, vague.cloture, vague.cloture + UN_JOUR)
        with sans_declencheurs():
            instant = horloge_base() - UN_JOUR
            Vague.objects.filter(pk=vague.pk).update(
                etat="publiee",
                labellisee_le=instant,
                labellisee_par=administrateur,
                annoncee_le=instant,
                annoncee_par=administrateur,
                publique_a=instant,
            )
        lue = client.get(reverse("administration:phases", args=[vague.numero]))
        assert "ne changent plus" in texte(lue)
        assert "Enregistrer ces dates" not in texte(lue)
        vague.refresh_from_db()
        with pytest.raises(RegleEnfreinte, match="ne changent plus"):
            fixer_les_phases(
                vague=vague,
                phases=[],
                vues=version_de(phases_de(vague)),
                acteur=administrateur,
                maintenant=horloge_base(),
            )
