"""Saving sections: merges, versions, presence, the last complete version."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import redaction
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces.actions import pieces
from candidatures.dossier.requetes import presents, trancher
from candidatures.models import Participation, VersionComplete, VersionDeSection
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def ecrire(
    candidature, *, auteur=None, maintenant=None, revision=None, section="projets", automatique=False, **reponses
):
    return redaction.enregistrer_section(
        candidature=candidature,
        section=section,
        reponses=reponses or {"projets": "Un atelier."},
        auteur=auteur or f.porteur_de(candidature),
        maintenant=maintenant or horloge_base(),
        revision=revision,
        automatique=automatique,
    )


def participant(candidature, qualite):
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    return personne


def contenu_de(candidature, section="projets"):
    candidature.refresh_from_db()
    return candidature.contenu.get(section, {})


class TestEnregistrer:
    def test_une_rubrique_incomplete_s_enregistre_sans_toucher_aux_autres(self):
        candidature = f.une_candidature()
        avant = candidature.contenu
        ecrire(candidature, projets="", foncier="Une friche.")

        candidature.refresh_from_db()
        assert candidature.contenu == avant | {"projets": {"foncier": "Une friche."}}

    @pytest.mark.parametrize("retard", [timedelta(0), timedelta(seconds=1)])
    def test_a_l_echeance_le_brouillon_ne_change_plus_et_les_deux_instants_sont_dits(self, retard):
        candidature = f.une_candidature()
        instant = candidature.vague.cloture + retard
        with pytest.raises(EcheanceDepassee) as refus:
            ecrire(candidature, maintenant=instant)
        assert (refus.value.recu_le, refus.value.echeance) == (instant, candidature.vague.cloture)
        candidature.refresh_from_db()
        assert candidature.contenu == f.un_contenu()

    def test_une_microseconde_avant_l_echeance_il_change_encore(self):
        candidature = f.une_candidature()
        instant = candidature.vague.cloture - timedelta(microseconds=1)
        assert ecrire(candidature, maintenant=instant).reponses == {"projets": "Un atelier."}

    @pytest.mark.parametrize("qualite", [Qualite.LECTEUR, None])
    def test_qui_ne_fait_que_lire_n_ecrit_pas(self, qualite):
        candidature = f.une_candidature()
        personne = participant(candidature, qualite) if qualite else f.un_utilisateur()
        with pytest.raises(RegleEnfreinte, match="ne pouvez pas modifier"):
            ecrire(candidature, auteur=personne)

    def test_un_dossier_retire_ne_s_ecrit_plus(self):
        candidature = f.une_candidature()
        retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte):
            ecrire(candidature)

    def test_une_rubrique_inconnue_est_refusee(self):
        with pytest.raises(RegleEnfreinte, match="n’existe pas"):
            ecrire(f.une_candidature(), section="horoscope")

    def test_un_depot_ne_bouge_pas_quand_le_brouillon_change(self):
        depot = f.un_depot()
        ecrire(depot.candidature)
        depot.refresh_from_db()
        assert depot.contenu["sections"] == f.un_contenu()


class TestADeux:
    def test_deux_personnes_sur_deux_questions_gardent_chacune_la_sienne(self):
        candidature = f.une_candidature(complete=False)
        collegue = participant(candidature, Qualite.CO_PORTEUR)
        ecrire(candidature, auteur=collegue, revision=0, foncier="Une friche.")
        version = ecrire(candidature, revision=0, projets="Un atelier.")

        assert version.revision == 2
        assert contenu_de(candidature) == {"projets": "Un atelier.", "foncier": "Une friche."}

    def test_la_meme_question_changee_par_les_deux_est_un_conflit_qui_n_ecrase_rien(self):
        candidature = f.une_candidature(complete=False)
        collegue = participant(candidature, Qualite.CO_PORTEUR)
        ecrire(candidature, auteur=collegue, revision=0, projets="La sienne.")

        with pytest.raises(ConflitDeSaisie, match="Rien n’a été écrasé") as refus:
            ecrire(candidature, revision=0, projets="La mienne.", foncier="Une friche.")
        assert (refus.value.revision, refus.value.derniere.auteur) == (1, collegue)
        assert [(c.cle, c.enregistree, c.mienne) for c in refus.value.conflits] == [
            ("projets", "La sienne.", "La mienne.")
        ]
        assert contenu_de(candidature) == {"projets": "La sienne."}

    @pytest.mark.parametrize(("gardees", "attendu"), [([], "La mienne."), (["projets"], "La sienne.")])
    def test_qui_tranche_garde_ce_qu_il_choisit_et_tout_le_reste(self, gardees, attendu):
        candidature = f.une_candidature(complete=False)
        collegue = participant(candidature, Qualite.CO_PORTEUR)
        ecrire(candidature, auteur=collegue, revision=0, projets="La sienne.", nombre_projets=3)
        retenues = trancher(
            candidature=candidature,
            section="projets",
            base=0,
            enregistree=1,
            miennes={"projets": "La mienne.", "foncier": "Une friche."},
            gardees=gardees,
        )
        ecrire(candidature, revision=1, **retenues)
        assert contenu_de(candidature) == {"projets": attendu, "nombre_projets": 3, "foncier": "Une friche."}

    def test_une_revision_inventee_est_refusee(self):
        candidature = f.une_candidature(complete=False)
        ecrire(candidature, projets="Un.")
        with pytest.raises(RegleEnfreinte, match="Rouvrez la rubrique"):
            ecrire(candidature, revision=7, projets="Deux.")


@pytest.fixture
def vague():
    return f.une_vague()


CLES = ("projets", "foncier")
GESTES = st.lists(
    st.tuples(
        st.sampled_from(["porteur", "collegue"]),
        st.dictionaries(st.sampled_from(CLES), st.sampled_from(["", "une", "deux", "trois"]), max_size=2),
        st.booleans(),  # saves (or only types)
        st.booleans(),  # in a conflict, keeps what is saved
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=GESTES)
def test_aucune_suite_d_enregistrements_ne_perd_une_reponse_sans_page_de_conflit(vague, gestes):
    """Two pages open on one section: what each typed is on record, or was shown in a conflict to its author."""
    candidature = f.une_candidature(vague=vague, complete=False)
    auteurs = {"porteur": f.porteur_de(candidature), "collegue": participant(candidature, Qualite.CO_PORTEUR)}
    pages = {nom: {"revision": 0, "lues": {}, "saisies": {}} for nom in auteurs}
    attendues: dict[str, str] = {}
    for nom, frappes, enregistre, garde_l_autre in gestes:
        page = pages[nom]
        page["saisies"] |= frappes
        if not enregistre:
            continue
        changees = {c for c in CLES if page["saisies"].get(c, "") != page["lues"].get(c, "")}
        try:
            version = ecrire(
                candidature, auteur=auteurs[nom], revision=page["revision"], **{"projets": "", **page["saisies"]}
            )
        except ConflitDeSaisie as conflit:
            assert contenu_de(candidature) == attendues, "un conflit n’écrit rien"
            montrees = {trouve.cle for trouve in conflit.conflits}
            assert montrees <= changees
            retenues = trancher(
                candidature=candidature,
                section="projets",
                base=page["revision"],
                enregistree=conflit.revision,
                miennes=page["saisies"],
                gardees=montrees if garde_l_autre else [],
            )
            version = ecrire(
                candidature, auteur=auteurs[nom], revision=conflit.revision, **{"projets": "", **retenues}
            )
            changees -= montrees if garde_l_autre else set()
        for cle in changees:
            attendues[cle] = page["saisies"].get(cle, "")
        attendues = {cle: valeur for cle, valeur in attendues.items() if valeur}
        assert contenu_de(candidature) == attendues
        page |= {"revision": version.revision, "lues": dict(version.reponses), "saisies": dict(version.reponses)}


class TestVersions:
    def test_chaque_enregistrement_reste_et_le_meme_deux_fois_n_en_fait_qu_un(self):
        candidature = f.une_candidature(complete=False)
        for texte in ("Un.", "Deux.", "Deux."):
            ecrire(candidature, projets=texte)
        versions = VersionDeSection.objects.filter(candidature=candidature, section="projets")
        assert [(v.revision, v.reponses) for v in versions] == [(1, {"projets": "Un."}), (2, {"projets": "Deux."})]

    def test_reprendre_une_version_en_fait_une_nouvelle(self):
        candidature = f.une_candidature(complete=False)
        ecrire(candidature, projets="Un.", foncier="Une friche.")
        ecrire(candidature, projets="Deux.")
        version = redaction.restaurer(
            candidature=candidature,
            section="projets",
            revision=1,
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )
        assert (version.revision, version.restauree_de) == (3, 1)
        assert contenu_de(candidature) == {"projets": "Un.", "foncier": "Une friche."}
        assert EntreeJournal.objects.filter(acte="restaurer").count() == 1

    def test_la_base_refuse_de_changer_ou_d_effacer_une_version(self):
        version = ecrire(f.une_candidature(complete=False))
        for geste, refus in (
            (lambda: VersionDeSection.objects.filter(pk=version.pk).update(reponses={}), "permission denied"),
            (lambda: VersionDeSection.objects.filter(pk=version.pk).delete(), "une version d'une rubrique est gardée"),
        ):
            with pytest.raises(Exception, match=refus), f.dans_un_point_de_reprise():
                geste()

    def test_seul_ce_que_l_on_decide_va_au_journal(self):
        candidature = f.une_candidature(complete=False)
        ecrire(candidature, automatique=True, projets="Un.")
        ecrire(candidature, projets="Deux.")
        assert EntreeJournal.objects.filter(acte="enregistrer").count() == 1


class TestPresence:
    def test_on_voit_les_autres_et_pas_soi_tant_qu_ils_donnent_signe_de_vie(self):
        candidature = f.une_candidature(complete=False)
        porteur, collegue = f.porteur_de(candidature), participant(candidature, Qualite.CO_PORTEUR)
        maintenant = horloge_base()
        for personne in (porteur, collegue, collegue):
            redaction.signaler_presence(
                candidature=candidature, section="choc", utilisateur=personne, maintenant=maintenant
            )

        def vus(retard, section="choc"):
            return presents(
                candidature=candidature,
                section=section,
                sauf=porteur,
                maintenant=maintenant + timedelta(seconds=retard),
            )

        assert (vus(0), vus(44), vus(45), vus(0, "projets")) == ([collegue], [collegue], [], [])


class TestVersionComplete:
    def test_elle_suit_le_dossier_tant_qu_il_est_complet_et_pas_au_dela(self):
        candidature = f.une_candidature()
        complete = VersionComplete.objects.get(candidature=candidature)
        assert complete.contenu["sections"] == f.un_contenu()

        instant = horloge_base()
        ecrire(candidature, maintenant=instant, projets="Deux ateliers.")
        complete.refresh_from_db()
        assert (complete.contenu["sections"]["projets"], complete.fait_le) == ({"projets": "Deux ateliers."}, instant)

        ecrire(candidature, projets="")
        complete.refresh_from_db()
        assert (complete.contenu["sections"]["projets"], complete.fait_le) == ({"projets": "Deux ateliers."}, instant)

    def test_elle_perd_et_retrouve_ses_pieces(self):
        candidature = f.une_candidature()
        complete = VersionComplete.objects.get(candidature=candidature)
        auteur = f.porteur_de(candidature)
        pieces.enlever_piece(piece=candidature.pieces.get(), auteur=auteur, maintenant=horloge_base())
        complete.refresh_from_db()
        assert [piece["nom"] for piece in complete.contenu["pieces"]] == ["deliberation.pdf"]
        pieces.joindre_piece(
            candidature=candidature,
            fichier=ContentFile(f.PDF + b"%", name="autre.pdf"),
            nom="autre.pdf",
            nature="deliberation",
            auteur=auteur,
            maintenant=horloge_base(),
        )
        complete.refresh_from_db()
        assert [piece["nom"] for piece in complete.contenu["pieces"]] == ["autre.pdf"]
