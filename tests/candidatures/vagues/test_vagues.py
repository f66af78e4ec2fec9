"""The calendar of waves and the clock that it follows."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from candidatures.calendrier.actions.vagues import generer_calendrier, modifier_vague
from candidatures.models import Vague
from candidatures.vagues.etats import Phase
from candidatures.vagues.regles import PREMIERE_RELEVE, releve_suivante
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS
from tests import fabriques as f

LE_28_AOUT = datetime(2023, 8, 28, 12, tzinfo=PARIS)


@pytest.mark.django_db
def test_dix_ans_de_releves_se_closent_a_midi_a_paris():
    vagues = generer_calendrier(jusqu_a=PREMIERE_RELEVE.replace(year=2032), acteur=None, maintenant=LE_28_AOUT)
    locales = [vague.cloture.astimezone(PARIS) for vague in Vague.objects.filter(pk__in=[v.pk for v in vagues])]

    attendues = [datetime(annee, mois, 1, 12, tzinfo=PARIS) for annee in range(2022, 2034) for mois in (2, 6, 10)]
    debut = attendues.index(PREMIERE_RELEVE)
    assert locales == attendues[debut : debut + len(locales)]
    assert {f"{cloture:%d %H:%M:%S.%f}" for cloture in locales} == {"01 12:00:00.000000"}
    assert {f"{cloture:%m %z}" for cloture in locales} == {"10 +0200", "02 +0100", "06 +0200"}
    assert locales[-1] == datetime(2033, 2, 1, 12, tzinfo=PARIS)


def test_midi_reste_midi_au_changement_d_heure():
    fevrier = releve_suivante(PREMIERE_RELEVE)
    octobre = releve_suivante(releve_suivante(fevrier))

    assert [r.isoformat() for r in (PREMIERE_RELEVE, fevrier, octobre)] == [
        "2022-10-01T12:00:00+02:00",
        "2023-02-01T12:00:00+01:00",
        "2023-10-01T12:00:00+02:00",
    ]


@pytest.mark.django_db
class TestCalendrier:
    def test_les_releves_se_suivent_tous_les_quatre_mois(self):
        vagues = generer_calendrier(jusqu_a=LE_28_AOUT, acteur=None, maintenant=LE_28_AOUT)

        assert [(v.numero, v.cloture.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")) for v in vagues] == [
            (1, "01/10/2022 12:00:00"),
            (2, "01/02/2023 12:00:00"),
            (3, "01/06/2023 12:00:00"),
            (4, "01/10/2023 12:00:00"),
        ]
        assert [v.ouverture for v in vagues[1:]] == [v.cloture for v in vagues[:-1]]

    def test_generer_deux_fois_n_ajoute_rien(self):
        generer_calendrier(jusqu_a=LE_28_AOUT, acteur=None, maintenant=LE_28_AOUT)
        assert generer_calendrier(jusqu_a=LE_28_AOUT, acteur=None, maintenant=LE_28_AOUT) == []

    def test_une_vague_s_ouvre_et_se_clot_par_la_seule_horloge(self):
        generer_calendrier(jusqu_a=LE_28_AOUT, acteur=None, maintenant=LE_28_AOUT)
        vague = Vague.objects.get(numero=4)
        instant = timedelta(microseconds=1)

        assert vague.phase(vague.ouverture - instant) is Phase.PROGRAMMEE
        assert vague.phase(vague.ouverture) is Phase.OUVERTE
        assert vague.phase(vague.cloture - instant) is Phase.OUVERTE
        assert vague.phase(vague.cloture) is Phase.EN_CLOTURE
        assert list(Vague.objects.ouvertes(vague.cloture - instant)) == [vague]
        assert not Vague.objects.ouvertes(vague.cloture).exists()

    def test_deux_vagues_ne_se_chevauchent_pas(self):
        vague = f.une_vague()
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            f.une_vague(ouverture=vague.cloture - timedelta(seconds=1), cloture=vague.cloture + timedelta(days=9))
        assert nom_contrainte(refus.value) == "vague_sans_chevauchement"

    def test_l_instant_de_cloture_peut_ouvrir_la_suivante(self):
        vague = f.une_vague()
        assert f.une_vague(ouverture=vague.cloture, cloture=vague.cloture + timedelta(days=9)).pk

    def test_deplacer_une_vague_sur_une_autre_est_refuse_en_francais(self):
        vague = f.une_vague()
        suivante = f.une_vague(ouverture=vague.cloture, cloture=vague.cloture + timedelta(days=9))
        with pytest.raises(RegleEnfreinte, match="chevauche"):
            modifier_vague(
                vague=vague,
                ouverture=vague.ouverture,
                cloture=suivante.cloture,
                acteur=f.un_utilisateur(),
                maintenant=vague.ouverture - timedelta(days=1),
            )

    def test_une_vague_close_ne_se_deplace_pas(self):
        vague = f.une_vague()
        with pytest.raises(RegleEnfreinte, match="close"):
            modifier_vague(
                vague=vague,
                ouverture=vague.ouverture,
                cloture=vague.cloture + timedelta(days=1),
                acteur=f.un_utilisateur(),
                maintenant=vague.cloture,
            )
