"""Files are taken, entrusted, handed over with a word, given back."""

import pytest
from django.db.models import F

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import suivis_a_instruire_par
from candidatures.instruction.affectation import actions
from candidatures.instruction.affectation.etats import FinDAffectation
from candidatures.instruction.affectation.propositions import preparer
from candidatures.instruction.affectation.regles import (
    EN_CONFLIT,
    HORS_PERIMETRE,
    PERSONNE,
    SANS_MOT,
    TOUS_EN_CONFLIT,
    Refus,
)
from candidatures.instruction.echanges.requetes import agents_de
from candidatures.instruction.suivi.models import Suivi
from candidatures.models import Affectation
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


def nomme(prenom: str, **perimetre):
    agent = f.un_utilisateur(prenom=prenom, nom="Martin")
    f.un_role(agent, Role.INSTRUCTEUR, **perimetre)
    return agent


def declarer(dossier, agent):
    instruction.declarer_interet(candidature=dossier, utilisateur=agent, motif="Parent.", maintenant=horloge_base())


def tient(dossier):
    return Affectation.objects.en_cours().filter(candidature=dossier).values_list("instructeur", flat=True).first()


def affecter(choix, acteur):
    return actions.affecter(
        choix={dossier.pk: qui.pk for dossier, qui in choix.items()}, acteur=acteur, maintenant=horloge_base()
    )


def confier(dossier, a, par, mot="À relire.", vue=None):
    if vue is None:
        vue = Affectation.objects.en_cours().filter(candidature=dossier).values_list("pk", flat=True).first() or 0
    return actions.confier(candidature=dossier, instructeur=a, mot=mot, vue=vue, acteur=par, maintenant=horloge_base())


def test_un_lot_dit_ce_qui_est_fait_et_pourquoi_le_reste_ne_l_est_pas():
    nord, sud = f.un_departement(), f.un_departement("13", "93")
    vague, (libre, pris, en_conflit, loin, a_moi) = une_vague_close(nord, nord, nord, sud, nord)
    partout, du_nord, collegue = nomme("Ana"), nomme("Bo", departement=nord), nomme("Cy")
    declarer(en_conflit, du_nord)
    affecter({pris: collegue}, collegue)
    bilan = affecter({libre: du_nord, pris: du_nord, en_conflit: du_nord, loin: du_nord, a_moi: partout}, partout)
    assert [affectation.candidature for affectation in bilan.faites] == [libre, a_moi]
    assert bilan.refus == (
        Refus(pris.pk, "Cy Martin suit déjà ce dossier."),
        Refus(en_conflit.pk, EN_CONFLIT),
        Refus(loin.pk, HORS_PERIMETRE),
    )
    assert [tient(dossier) for dossier in (libre, pris, en_conflit, loin, a_moi)] == [
        *(du_nord.pk, collegue.pk, None, None, partout.pk)
    ]
    dites = {dossier: entrees_sur(dossier).values_list("acte", flat=True)[0] for dossier in (libre, a_moi)}
    assert dites == {libre: "affecter", a_moi: "prendre"}
    (lettre,) = Courrier.objects.filter(cle__startswith="dossiers_confies-")
    lue(
        "instruction/dossiers_confies",
        lettre,
        f"1\u00a0dossier à instruire dans la vague {vague.numero}",
        BONJOUR,
        "Ce que vous suivez désormais vous est confié par « Ana Martin » : "
        f"1\u00a0dossier de la vague {vague.numero}.",
        f"- Dossier {libre.reference}, territoire « {libre.territoire.nom} »",
        f"Voir vos dossiers : {PORTAIL}/instruction/vagues/{vague.numero}/",
        "Si vous avez un intérêt dans l’un d’eux, déclarez-le depuis sa page : il sera confié à quelqu’un d’autre.",
        SIGNATURE,
    )
    assert lettre.destinataire == du_nord.email


def test_un_lot_renvoye_ne_confie_rien_deux_fois():
    _, (dossier,) = une_vague_close(None)
    moi, autre = nomme("Ana"), nomme("Bo")
    assert len(affecter({dossier: autre}, moi).faites) == 1
    assert affecter({dossier: autre}, moi).refus == (Refus(dossier.pk, "Bo Martin suit déjà ce dossier."),)
    assert (Affectation.objects.count(), Courrier.objects.filter(cle__startswith="dossiers_confies-").count()) == (
        1,
        1,
    )


def test_nul_ne_confie_ce_qu_il_n_instruit_pas():
    nord, sud = f.un_departement(), f.un_departement("13", "93")
    _, (ailleurs, en_conflit) = une_vague_close(sud, nord)
    moi, autre = nomme("Ana", departement=nord), nomme("Bo")
    declarer(en_conflit, moi)
    assert affecter({ailleurs: autre, en_conflit: autre}, moi).refus == (
        Refus(ailleurs.pk, actions.PAS_DU_SERVICE),
        Refus(en_conflit.pk, actions.PAS_DU_SERVICE),
    )
    for dossier in (ailleurs, en_conflit):
        with pytest.raises(RegleEnfreinte, match=actions.PAS_DU_SERVICE):
            confier(dossier, autre, moi)
    assert not Affectation.objects.exists()


def test_je_prends_deux_fois_est_prendre_une_fois_et_jamais_a_un_collegue():
    _, (dossier,) = une_vague_close(None)
    moi, autre = nomme("Ana"), nomme("Bo")
    for _ in range(2):
        actions.prendre(candidature=dossier, acteur=moi, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="Ana Martin suit déjà ce dossier"):
        actions.prendre(candidature=dossier, acteur=autre, maintenant=horloge_base())
    assert (
        tient(dossier),
        Affectation.objects.count(),
        Courrier.objects.filter(cle__startswith="dossiers_confies").count(),
    ) == (*(moi.pk, 1, 0),)


class TestPasserLaMain:
    def test_avec_un_mot_que_lisent_qui_le_prend_et_qui_le_tenait(self):
        vague, (dossier,) = une_vague_close(None)
        moi, absente, autre = nomme("Ana"), nomme("Bo"), nomme("Cy")
        affecter({dossier: absente}, absente)
        with pytest.raises(RegleEnfreinte, match=SANS_MOT):
            confier(dossier, autre, moi, mot=" ")
        confier(dossier, autre, moi, mot="Bo est absente jusqu’en mars.")
        assert list(Affectation.objects.order_by("pk").values_list("instructeur", "fin", "close_par", "mot")) == [
            (absente.pk, FinDAffectation.CONFIEE, moi.pk, ""),
            (autre.pk, "", None, "Bo est absente jusqu’en mars."),
        ]
        confiee = Courrier.objects.get(cle__startswith="dossiers_confies-")
        reprise = Courrier.objects.get(cle__startswith="dossiers_repris-")
        assert "Le mot qui vous est laissé : « Bo est absente jusqu’en mars. »" in confiee.texte.replace("\u00a0", " ")
        lue(
            "instruction/dossiers_repris",
            reprise,
            f"Vague {vague.numero} : 1\u00a0dossier que vous ne suivez plus",
            BONJOUR,
            f"Vous ne suivez plus 1\u00a0dossier de la vague {vague.numero}. La répartition est de « Ana Martin » :",
            f"- Dossier {dossier.reference}, territoire « {dossier.territoire.nom} », "
            "désormais suivi par « Cy Martin »",
            "Le mot laissé : « Bo est absente jusqu’en mars. »",
            f"Voir les dossiers de la vague : {PORTAIL}/instruction/vagues/{vague.numero}/",
            SIGNATURE,
        )
        assert (confiee.destinataire, reprise.destinataire) == (autre.email, absente.email)

    def test_jamais_sur_ce_que_l_on_n_a_pas_lu(self):
        _, (dossier,) = une_vague_close(None)
        moi, autre = nomme("Ana"), nomme("Bo")
        affecter({dossier: moi}, moi)
        with pytest.raises(RegleEnfreinte, match="Ana Martin suit déjà ce dossier"):
            confier(dossier, autre, autre, vue=0)
        with pytest.raises(RegleEnfreinte, match="a changé de mains"):
            actions.rendre(candidature=dossier, mot="Non.", vue=0, acteur=moi, maintenant=horloge_base())
        assert tient(dossier) == moi.pk

    def test_qui_le_rend_le_laisse_a_prendre_avec_un_mot_et_lui_seul(self):
        _, (dossier,) = une_vague_close(None)
        moi, autre = nomme("Ana"), nomme("Bo")
        affecter({dossier: moi}, moi)
        vue = Affectation.objects.get().pk
        for qui, mot, dit in ((autre, "Non.", "a changé de mains"), (moi, " ", SANS_MOT)):
            with pytest.raises(RegleEnfreinte, match=dit):
                actions.rendre(candidature=dossier, mot=mot, vue=vue, acteur=qui, maintenant=horloge_base())
        actions.rendre(candidature=dossier, mot="Je pars.", vue=vue, acteur=moi, maintenant=horloge_base())
        assert (tient(dossier), Affectation.objects.get().fin) == (None, FinDAffectation.RENDUE)
        assert entrees_sur(dossier)[0].details == {"mot": "Je pars."}


class TestProposition:
    def test_le_plus_proche_puis_le_moins_charge_et_pourquoi_personne(self):
        nord, sud = f.un_departement(), f.un_departement("13", "93")
        _, (deja, un, deux, du_sud, seul) = une_vague_close(nord, nord, nord, sud, nord)
        moi, du_nord, aussi = nomme("Ana"), nomme("Bo", departement=nord), nomme("Cy", departement=nord)
        affecter({deja: du_nord}, du_nord)
        for agent in (du_nord, aussi):
            declarer(seul, agent)
        lus = {suivi.pk: suivi for suivi in suivis_a_instruire_par(moi).select_related("candidature__vague")}
        proposition = preparer(lecteur=moi, suivis=[lus[d.pk] for d in (deja, un, deux, du_sud, seul)])
        assert {proposee.suivi.pk: proposee.elu for proposee in proposition.proposees} == {
            un.pk: aussi.pk,
            deux.pk: du_nord.pk,
            du_sud.pk: moi.pk,
            seul.pk: moi.pk,
        }
        assert [(impossible.suivi.pk, impossible.raison) for impossible in proposition.impossibles] == [
            (deja.pk, "Bo Martin suit déjà ce dossier.")
        ]
        assert [(charge.personne, charge.avant, charge.en_plus) for charge in proposition.charges] == [
            *((moi, 0, 2), (du_nord, 1, 1), (aussi, 0, 1))
        ]

    def test_nul_n_est_propose_ou_tous_ont_un_interet(self):
        nord, sud = f.un_departement(), f.un_departement("13", "93")
        _, (au_nord, au_sud) = une_vague_close(nord, sud)
        du_nord = nomme("Bo", departement=nord)
        lus = list(Suivi.objects.annotate(etat_connu=F("etat")).order_by("pk"))
        declarer(au_nord, du_nord)
        proposition = preparer(lecteur=du_nord, suivis=lus)
        assert {impossible.suivi.pk: impossible.raison for impossible in proposition.impossibles} == {
            au_nord.pk: TOUS_EN_CONFLIT,
            au_sud.pk: PERSONNE,
        }

    def test_une_charge_ne_compte_pas_le_dossier_ou_l_on_a_un_interet(self):
        """Seen by whoever has an interest, nothing moves when that file is entrusted."""
        _, (cache, lu) = une_vague_close(None, None)
        moi, autre = nomme("Ana"), nomme("Bo")
        declarer(cache, moi)

        def vu():
            suivis = list(suivis_a_instruire_par(moi).select_related("candidature__vague").order_by("pk"))
            return preparer(lecteur=moi, suivis=suivis)

        avant = vu()
        affecter({cache: autre}, autre)
        assert vu() == avant
        assert [proposee.suivi.pk for proposee in avant.proposees] == [lu.pk]


def test_un_message_du_territoire_n_est_annonce_qu_a_qui_suit_le_dossier():
    _, (suivi, a_prendre) = une_vague_close(None, None)
    moi, autre = nomme("Ana"), nomme("Bo")
    affecter({suivi: moi}, moi)
    assert agents_de({suivi.pk: 1, a_prendre.pk: 1}) == {moi: {suivi.pk, a_prendre.pk}, autre: {a_prendre.pk}}
