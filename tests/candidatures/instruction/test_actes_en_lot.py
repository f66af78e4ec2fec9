"""What is done on many files at once beside what is done on one: entrusted, reminded of, labelled; one letter a
person, and one entry a file."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import avec_etat_connu
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.affectation.regles import EN_CONFLIT, HORS_PERIMETRE, SANS_MOT
from candidatures.instruction.avis.actions.lettres import DELAI_D_ANNONCE, ecrire_aux_experts
from candidatures.instruction.correction import actions as correction
from candidatures.instruction.etiquettes.actions import desetiqueter, etiqueter
from candidatures.instruction.etiquettes.regles import DEJA, PAS_LA
from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots import regles
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.relances_en_lot import DEJA as DEJA_RELANCE
from candidatures.instruction.relances_en_lot import RIEN
from candidatures.models import Affectation, Candidature, Etiquette, Participation, RelanceDAvis
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


def nomme(prenom, **perimetre):
    agent = f.un_utilisateur(prenom=prenom, nom="Martin")
    f.un_role(agent, Role.INSTRUCTEUR, **perimetre)
    return agent


def lancer(acte, vague, moi, dossiers, **donnees):
    return lots.demander(
        acte=ACTES[acte],
        vague=vague,
        personne=moi,
        dossiers=[d.pk for d in dossiers],
        donnees={nom: valeur if isinstance(valeur, list) else [str(valeur)] for nom, valeur in donnees.items()},
    )


def faire(groupe, apres=timedelta()):
    lots.faire(groupe.pk, maintenant=horloge_base() + apres)
    return dict(ActeSurDossier.objects.filter(groupe=groupe).values_list("candidature", "refus"))


def connus(vague, moi):
    return list(avec_etat_connu(Candidature.objects.filter(vague=vague), moi, horloge_base()).pour_liste())


def refus(acte, vague, moi, **donnees):
    return ACTES[acte].refus(connus(vague, moi), {"par": moi, **donnees})


def tenants():
    return {a.candidature_id: str(a.instructeur) for a in Affectation.objects.en_cours().select_related("instructeur")}


def au_journal(acte):
    return Counter(int(cle) for cle in EntreeJournal.objects.filter(acte=acte).values_list("objet_id", flat=True))


def lettres(personne):
    return list(Courrier.objects.filter(destinataire=personne.email).order_by("pk"))


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
        instruction.constater_recevabilite(
            candidature=fini, recevable=False, motif="Hors sujet.", auteur=cy, maintenant=horloge_base()
        )
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
