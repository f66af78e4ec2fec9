"""Files of a wave reminded of, labelled at once: one letter a person, and one entry a file."""

from datetime import timedelta

import pytest
from django.db import transaction

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions.lettres import DELAI_D_ANNONCE, ecrire_aux_experts
from candidatures.instruction.correction import actions as correction
from candidatures.instruction.etiquettes.actions import desetiqueter, etiqueter
from candidatures.instruction.etiquettes.models import DEJA
from candidatures.instruction.etiquettes.regles import PAS_LA
from candidatures.instruction.lots import regles
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.relances_en_lot import DEJA as DEJA_RELANCE
from candidatures.instruction.relances_en_lot import RIEN
from candidatures.models import Etiquette, Participation, RelanceDAvis
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
from tests.candidatures.instruction.lots_d_essai import JOUR, au_journal, faire, lancer, lettres, nomme, refus
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


def demander_une_correction(dossier, auteur, jours=10):
    return correction.demander_correction(
        candidature=dossier,
        motif="À préciser.",
        questions=["choc.filieres"],
        natures=[],
        echeance=horloge_base() + timedelta(days=jours),
        auteur=auteur,
        maintenant=horloge_base(),
    )


class TestRelancer:
    @pytest.fixture
    def scene(self):
        vague, dossiers = une_vague_close(None, None, None, noms=["Aval", "Brie", "Cluse"])
        moi, expert = nomme("Ana"), f.un_agent(Role.EXPERT)
        return vague, dossiers, moi, expert

    def test_une_lettre_par_personne_jamais_deux_le_meme_jour(self, scene):
        vague, (avis, corrige, rien), moi, expert = scene
        demander_avis(candidature=avis, expert=expert, question="", auteur=moi, maintenant=horloge_base() - 2 * JOUR)
        ecrire_aux_experts(maintenant=horloge_base() - 2 * JOUR + DELAI_D_ANNONCE)
        demande = demander_une_correction(corrige, moi)
        porteur = corrige.participants.get()
        deja = len(lettres(porteur)), len(lettres(expert))
        assert refus("relancer", vague, moi) == {rien.pk: RIEN}
        groupe = lancer("relancer", vague, moi, [avis, corrige, rien])
        assert faire(groupe) == {avis.pk: "", corrige.pk: "", rien.pk: RIEN}
        ecrire_aux_experts(maintenant=horloge_base() + DELAI_D_ANNONCE)
        assert (len(lettres(porteur)), len(lettres(expert))) == (deja[0] + 1, deja[1] + 1)
        lue(
            "instruction/correction_rappel",
            lettres(porteur)[-1],
            f"Rappel : une correction est attendue sur votre dossier {corrige.reference}",
            BONJOUR,
            "Le service instructeur attend vos corrections sur 1\u00a0dossier de l’appel « Rebond industriel » :",
            f"Dossier {corrige.reference}, territoire « Brie », avant le {instant_fr(demande.echeance)} (heure de "
            "Paris)\n"
            f"- Corriger : {PORTAIL}/candidatures/{corrige.pk}/correction/",
            SIGNATURE,
        )
        assert (au_journal("relancer_avis"), au_journal("relancer_correction")) == ({avis.pk: 1}, {corrige.pk: 1})
        # The same day, nothing more; the next one, again.
        assert refus("relancer", vague, moi) == {avis.pk: DEJA_RELANCE, corrige.pk: DEJA_RELANCE, rien.pk: RIEN}
        assert faire(lancer("relancer", vague, moi, [avis, corrige])) == {
            avis.pk: DEJA_RELANCE,
            corrige.pk: DEJA_RELANCE,
        }
        assert faire(lancer("relancer", vague, moi, [avis, corrige]), apres=2 * JOUR) == {avis.pk: "", corrige.pk: ""}

    def test_qui_participe_a_plusieurs_dossiers_recoit_un_seul_rappel(self, scene):
        vague, (un, deux, autre), moi, _ = scene
        porteur = un.participants.get()
        Participation.objects.create(candidature=deux, utilisateur=porteur, qualite="lecteur")
        Participation.objects.create(candidature=autre, utilisateur=porteur, qualite="lecteur")
        for dossier in (un, deux, autre):
            demander_une_correction(dossier, moi)
        avant = len(lettres(porteur))
        faire(lancer("relancer", vague, moi, [un, deux]))
        rappels = lettres(porteur)[avant:]
        assert len(rappels) == 1
        assert [dossier.reference in rappels[0].texte for dossier in (un, deux, autre)] == [True, True, False]
        # Of another file, on the same day: it would be a second letter.
        assert faire(lancer("relancer", vague, moi, [autre])) == {autre.pk: DEJA_RELANCE}
        assert len(lettres(porteur)) == avant + 1

    def test_un_expert_relance_deux_fois_le_meme_jour_ne_recoit_la_seconde_que_le_lendemain(self, scene):
        vague, (un, deux, _), moi, expert = scene
        for dossier in (un, deux):
            demander_avis(
                candidature=dossier, expert=expert, question="", auteur=moi, maintenant=horloge_base() - 2 * JOUR
            )
        ecrire_aux_experts(maintenant=horloge_base() - 2 * JOUR + DELAI_D_ANNONCE)
        avant = len(lettres(expert))
        faire(lancer("relancer", vague, moi, [un]))
        ecrire_aux_experts(maintenant=horloge_base() + DELAI_D_ANNONCE)
        faire(lancer("relancer", vague, moi, [deux]))
        ecrire_aux_experts(maintenant=horloge_base() + 2 * DELAI_D_ANNONCE)
        assert len(lettres(expert)) == avant + 1
        assert RelanceDAvis.objects.filter(annoncee_le=None).count() == 1
        ecrire_aux_experts(maintenant=horloge_base() + JOUR)
        assert deux.reference in lettres(expert)[-1].texte
        assert RelanceDAvis.objects.filter(annoncee_le=None).count() == 0

    def test_ce_qui_vient_d_etre_demande_ne_se_relance_pas(self, scene):
        vague, (avis, _, _), moi, expert = scene
        demander_avis(candidature=avis, expert=expert, question="", auteur=moi, maintenant=horloge_base())
        assert refus("relancer", vague, moi)[avis.pk] == DEJA_RELANCE


class TestEtiqueter:
    def test_en_lot_puis_retirees(self):
        vague, (un, deux, trois) = une_vague_close(None, None, None)
        moi = nomme("Ana")
        etiqueter(candidature=un, etiquette="Priorité 1", auteur=moi, maintenant=horloge_base())
        assert refus("etiqueter", vague, moi, etiquette="priorite 1") == {un.pk: DEJA}
        assert faire(lancer("etiqueter", vague, moi, [un, deux], etiquette="priorite  1")) == {
            un.pk: DEJA,
            deux.pk: "",
        }
        assert set(Etiquette.objects.values_list("candidature", "nom")) == {
            (un.pk, "Priorité 1"),
            (deux.pk, "Priorité 1"),
        }
        assert au_journal("etiqueter") == {un.pk: 1, deux.pk: 1}
        assert refus("desetiqueter", vague, moi, etiquette="Priorité 1") == {trois.pk: PAS_LA}
        faire(lancer("desetiqueter", vague, moi, [un, deux], etiquette="Priorité 1"))
        assert not Etiquette.objects.exists()
        assert au_journal("desetiqueter") == {un.pk: 1, deux.pk: 1}

    def test_ce_qui_est_propose_vient_des_dossiers_que_l_on_lit(self):
        vague, (ici, secret) = une_vague_close(None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        etiqueter(candidature=secret, etiquette="À refuser", auteur=bo, maintenant=horloge_base())
        instruction.declarer_interet(candidature=secret, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
        etiqueter(candidature=ici, etiquette="a refuser", auteur=moi, maintenant=horloge_base())
        # Nor is it written as it is there.
        assert list(Etiquette.objects.filter(candidature=ici).values_list("nom", flat=True)) == ["a refuser"]
        formulaire = ACTES["desetiqueter"].formulaire(vague=vague, par=moi)
        assert [nom for nom, _ in formulaire.fields["etiquette"].choices] == ["", "a refuser"]


def test_rien_n_est_fait_sur_ce_que_l_on_n_instruit_plus():
    vague, (dossier,) = une_vague_close(None)
    moi, bo = nomme("Ana"), nomme("Bo")
    etiqueter(candidature=dossier, etiquette="Suivi", auteur=bo, maintenant=horloge_base())
    groupes = [
        lancer("confier", vague, moi, [dossier], elus=[f"{dossier.pk}:{bo.pk}"]),
        lancer("relancer", vague, moi, [dossier]),
        lancer("etiqueter", vague, moi, [dossier], etiquette="Autre"),
        lancer("desetiqueter", vague, moi, [dossier], etiquette="Suivi"),
    ]
    instruction.declarer_interet(candidature=dossier, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
    assert [faire(groupe) for groupe in groupes] == [{dossier.pk: regles.PLUS_LE_ROLE}] * 4
    assert list(Etiquette.objects.values_list("nom", flat=True)) == ["Suivi"]
    for acte in (etiqueter, desetiqueter):
        with pytest.raises(instruction.RegleEnfreinte), transaction.atomic():
            acte(candidature=dossier, etiquette="Suivi", auteur=moi, maintenant=horloge_base())
