"""Files of a wave entrusted at once: to whom it was read over, once each, with one letter a person."""

import pytest
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.affectation.regles import EN_CONFLIT, HORS_PERIMETRE, SANS_MOT
from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots import regles
from candidatures.instruction.lots.models import ActeGroupe
from candidatures.instruction.lots.registre import ACTES
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, une_vague_close
from tests.candidatures.instruction.lots_d_essai import (
    au_journal,
    connus,
    faire,
    lancer,
    lettres,
    nomme,
    refus,
    tenants,
)
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


class TestConfier:
    def test_a_qui_l_on_choisit_avec_un_mot_et_une_seule_lettre(self):
        vague, dossiers = une_vague_close(None, None, noms=["Aval", "Brie"])
        moi, bo = nomme("Ana"), nomme("Bo")
        elus = [f"{dossier.pk}:{bo.pk}" for dossier in dossiers]
        groupe = lancer("confier", vague, moi, dossiers, a=bo.pk, mot="À reprendre.", elus=elus)
        assert faire(groupe) == {dossier.pk: "" for dossier in dossiers}
        assert tenants() == {dossier.pk: "Bo Martin" for dossier in dossiers}
        assert au_journal("affecter") == {dossier.pk: 1 for dossier in dossiers}
        (lettre,) = lettres(bo)
        lue(
            "instruction/dossiers_confies",
            lettre,
            f"2\u00a0dossiers à instruire dans la vague {vague.numero}",
            BONJOUR,
            f"Ce que vous suivez désormais vous est confié par « Ana Martin » : 2\u00a0dossiers de la vague "
            f"{vague.numero}.",
            "\n".join(
                f"- Dossier {dossier.reference}, territoire « {dossier.territoire.nom} »" for dossier in dossiers
            ),
            "Le mot qui vous est laissé : « À reprendre. »",
            f"Voir vos dossiers : {PORTAIL}/instruction/vagues/{vague.numero}/",
            "Si vous avez un intérêt dans l’un d’eux, déclarez-le depuis sa page : il sera confié à quelqu’un "
            "d’autre.",
            SIGNATURE,
        )
        assert lettres(moi) == []

    def test_tue_au_milieu_chacun_est_confie_une_fois_et_la_lettre_les_dit_tous(self, monkeypatch):
        vague, dossiers = une_vague_close(None, None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        groupe = lancer("confier", vague, moi, dossiers, elus=[f"{dossier.pk}:{bo.pk}" for dossier in dossiers])

        class Tue(BaseException):
            """As a worker that is killed."""

        affecter = affectations.affecter

        def mourir(**options):
            affecter(**options)
            raise Tue

        lots._faire(lots._commencer(groupe.pk), horloge_base())
        with monkeypatch.context() as patch:
            patch.setattr(affectations, "affecter", mourir)
            with pytest.raises(Tue):
                lots.faire(groupe.pk, maintenant=horloge_base())
        assert (len(tenants()), lettres(bo)) == (1, [])
        assert lots.veiller(maintenant=horloge_base()) == 1
        faire(groupe)
        assert (au_journal("affecter"), len(lettres(bo))) == ({dossier.pk: 1 for dossier in dossiers}, 1)
        assert all(dossier.reference in lettres(bo)[0].texte for dossier in dossiers)
        faire(groupe)
        assert len(lettres(bo)) == 1

    def test_ce_qui_attend_trop_longtemps_est_dit_et_la_lettre_part_pour_le_reste(self):
        vague, dossiers = une_vague_close(None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        groupe = lancer("confier", vague, moi, dossiers, elus=[f"{dossier.pk}:{bo.pk}" for dossier in dossiers])
        lots._faire(lots._commencer(groupe.pk), horloge_base())
        lots.veiller(maintenant=horloge_base() + 2 * regles.ATTENTE_MAX)
        (lettre,) = lettres(bo)
        assert [dossier.reference in lettre.texte for dossier in dossiers] == [True, False]

    def test_propose_par_charge_se_relit_et_se_fait_comme_il_a_ete_lu(self):
        vague, dossiers = une_vague_close(None, None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        affectations.prendre(candidature=dossiers[0], acteur=bo, maintenant=horloge_base())
        client = connecter(moi)
        adresse = reverse("instruction:preparer_lot", args=[vague.numero])
        envoi = {"acte": "confier", "tous": "oui", "demande": ""}
        page = client.post(adresse, envoi)
        apercu = page.context["apercu"]
        assert [(dossier.pk, dit) for dossier, dit in apercu.concernes] == [
            (dossiers[1].pk, "à Ana Martin"),
            (dossiers[2].pk, "à Ana Martin"),
        ]
        assert {d.pk: dit for d, dit in apercu.refuses} == {dossiers[0].pk: "Bo Martin suit déjà ce dossier."}
        lus = {dossier.pk: dit.removeprefix("à ") for dossier, dit in apercu.concernes}
        client.post(adresse, {**envoi, "relu": "oui", "empreinte": apercu.empreinte, "a": "", "mot": ""})
        faire(ActeGroupe.objects.get())
        assert tenants() == {dossiers[0].pk: "Bo Martin", **lus}

    def test_un_choix_qui_change_l_apercu_se_relit_avant_d_etre_fait(self):
        nord = f.un_departement()
        vague, (ici, ailleurs) = une_vague_close(nord, f.un_departement("33", "75"))
        moi, du_nord = nomme("Ana"), nomme("Bo", departement=nord)
        client, adresse = connecter(moi), reverse("instruction:preparer_lot", args=[vague.numero])
        envoi = {"acte": "confier", "tous": "oui", "demande": ""}
        premier = client.post(adresse, envoi).context["apercu"]
        envoi |= {"relu": "oui", "a": du_nord.pk, "mot": ""}
        second = client.post(adresse, {**envoi, "empreinte": premier.empreinte})
        assert (second.status_code, ActeGroupe.objects.count()) == (200, 0)
        assert "Avec ce que vous avez choisi" in second.content.decode()
        assert [(d.pk, dit) for d, dit in second.context["apercu"].refuses] == [(ailleurs.pk, HORS_PERIMETRE)]
        client.post(adresse, {**envoi, "empreinte": second.context["apercu"].empreinte})
        faire(ActeGroupe.objects.get())
        assert tenants() == {ici.pk: "Bo Martin"}

    def test_l_apercu_dit_pourquoi_d_autres_ne_le_peuvent_pas(self):
        vague, (conflit, mien, pris, fini) = une_vague_close(None, None, None, None)
        moi, bo, cy = nomme("Ana"), nomme("Bo"), nomme("Cy")
        instruction.declarer_interet(candidature=conflit, utilisateur=bo, motif="Parent.", maintenant=horloge_base())
        affectations.prendre(candidature=mien, acteur=moi, maintenant=horloge_base())
        affectations.prendre(candidature=pris, acteur=cy, maintenant=horloge_base())
        constater_recevabilite(candidature=fini, recevable=False, motif="Hors sujet.", auteur=cy)
        dits = {
            conflit.pk: EN_CONFLIT,
            mien.pk: SANS_MOT,
            pris.pk: "Cy Martin suit déjà ce dossier.",
            fini.pk: "Ce dossier n’est plus en instruction.",
        }
        assert refus("confier", vague, moi, a=bo, mot="") == dits
        assert mien.pk not in refus("confier", vague, moi, a=bo, mot="Je pars.")
        # What the preview says, each act says again.
        groupe = lancer(
            "confier",
            vague,
            moi,
            [conflit, mien, pris],
            a=bo.pk,
            elus=[f"{d.pk}:{bo.pk}" for d in (conflit, mien, pris)],
        )
        faits = faire(groupe)
        assert faits == {cle: dits[cle] for cle in faits}

    def test_ce_que_je_suis_part_avec_un_mot(self):
        vague, (mien,) = une_vague_close(None)
        moi, bo = nomme("Ana"), nomme("Bo")
        affectations.prendre(candidature=mien, acteur=moi, maintenant=horloge_base())
        elus = ACTES["confier"].elire(connus(vague, moi), {"par": moi, "mot": "Je pars."}).garde["elus"]
        assert elus == [f"{mien.pk}:{bo.pk}"]
        faire(lancer("confier", vague, moi, [mien], mot="Je pars.", elus=elus))
        assert tenants() == {mien.pk: "Bo Martin"}
