"""One act on many files: each is done once, whatever stops the worker, and what cannot be done says why."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Count

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import avec_etat_connu
from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots import registre, regles
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from candidatures.instruction.lots.registre import ACTES, Acte
from candidatures.instruction.lots.requetes import avancement, refus_lus
from candidatures.instruction.saisine.regles import DELAI_PROPOSE
from candidatures.models import Candidature, Recevabilite, Saisine
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.candidatures.pages.instruction.outils import demander

pytestmark = pytest.mark.django_db


def lancer(acte, vague, moi, dossiers, donnees=None):
    return lots.demander(
        acte=ACTES[acte], vague=vague, personne=moi, dossiers=[d.pk for d in dossiers], donnees=donnees or {}
    )


def lus(groupe):
    return list(ActeSurDossier.objects.filter(groupe=groupe).values_list("candidature", "refus"))


def actes_au_journal(acte):
    entrees = EntreeJournal.objects.filter(acte=acte).values("objet_id").annotate(n=Count("pk"))
    return {int(entree["objet_id"]): entree["n"] for entree in entrees}


def test_chaque_dossier_est_fait_une_fois_ou_dit_pourquoi_il_ne_l_est_pas():
    vague, (premier, second, hors) = une_vague_close(None, None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    constater_recevabilite(
        candidature=hors, recevable=False, motif="Hors sujet.", auteur=moi, maintenant=horloge_base()
    )
    groupe = lancer("recevable", vague, moi, [premier, second, hors])
    assert lots.faire(groupe.pk, maintenant=horloge_base()) == 3
    faits = lus(groupe)
    assert faits[:2] == [(premier.pk, ""), (second.pk, "")]
    assert faits[2][0] == hors.pk
    assert "déjà constatée" in faits[2][1]
    assert actes_au_journal("constater_recevabilite") == {premier.pk: 1, second.pk: 1}
    assert (lots.faire(groupe.pk, maintenant=horloge_base()), lots.veiller(maintenant=horloge_base())) == (0, 0)
    ou = avancement(groupe, moi)
    assert (ou.total, ou.faits, ou.refuses, ou.en_cours) == (3, 2, 1, False)


class Tue(BaseException):
    """As a worker that is killed: nothing of the transaction under way remains."""


def test_tue_au_milieu_il_reprend_et_chaque_dossier_est_fait_une_fois():
    vague, dossiers = une_vague_close(None, None, None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    faits = []

    def faire(*, candidature, auteur, maintenant):
        ACTES["recevable"].faire(candidature=candidature, auteur=auteur, maintenant=maintenant)
        faits.append(candidature.pk)
        if len(faits) == 2:
            raise Tue

    acte = registre.declarer(Acte("essai", "Essayer", "essayés", faire=faire, refus=lambda *_: {}))
    try:
        groupe = lancer("essai", vague, moi, dossiers)
        with pytest.raises(Tue):
            lots.faire(groupe.pk, maintenant=horloge_base())
        assert ActeSurDossier.objects.a_faire().count() == 3
        assert lots.veiller(maintenant=horloge_base()) == 1
        lots.faire(groupe.pk, maintenant=horloge_base())
    finally:
        ACTES.pop(acte.cle)
    assert lus(groupe) == [(dossier.pk, "") for dossier in dossiers]
    assert actes_au_journal("constater_recevabilite") == {dossier.pk: 1 for dossier in dossiers}


def test_ce_qui_tue_toujours_son_ouvrier_finit_par_etre_dit():
    vague, (dossier,) = une_vague_close(None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    groupe = lancer("recevable", vague, moi, [dossier])
    ActeSurDossier.objects.update(essais=regles.ESSAIS_MAX)
    lots.faire(groupe.pk, maintenant=horloge_base())
    assert (lus(groupe), Recevabilite.objects.exists()) == ([(dossier.pk, regles.TROP_D_ESSAIS)], False)
    tardif = lancer("recevable", vague, moi, [dossier])
    assert lots.veiller(maintenant=horloge_base() + 2 * regles.ATTENTE_MAX) == 1
    assert lus(tardif) == [(dossier.pk, regles.TROP_D_ATTENTE)]


def test_ce_qui_est_fini_ne_change_plus_ni_ne_s_efface():
    vague, (dossier,) = une_vague_close(None)
    groupe = lancer("recevable", vague, f.un_agent(Role.INSTRUCTEUR), [dossier])
    lots.faire(groupe.pk, maintenant=horloge_base())
    for defaire in (
        lambda: ActeSurDossier.objects.update(fini_le=None),
        lambda: ActeSurDossier.objects.update(refus="Autre chose."),
        lambda: ActeSurDossier.objects.all()._raw_delete("default"),
        lambda: ActeSurDossier.objects.create(groupe=groupe, candidature=dossier),
        lambda: ActeGroupe.objects.update(acte="autre"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            defaire()


def test_un_conflit_declare_entre_temps_retient_l_acte_et_la_page_n_en_dit_rien():
    vague, (mien, secret) = une_vague_close(None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    groupe = lancer("recevable", vague, moi, [mien, secret])
    instruction.declarer_interet(candidature=secret, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
    lots.faire(groupe.pk, maintenant=horloge_base())
    assert dict(lus(groupe)) == {mien.pk: "", secret.pk: regles.PLUS_LE_ROLE}
    assert not Recevabilite.objects.filter(candidature=secret).exists()
    ou = avancement(groupe, moi)
    assert ((ou.total, ou.faits, ou.refuses), list(refus_lus(groupe, moi))) == ((1, 1, 0), [])


def test_ce_que_l_on_ne_lit_pas_n_entre_pas_dans_un_acte():
    nord, jura = f.un_departement("59", "32"), f.un_departement("39", "27")
    vague, (ici, la_bas) = une_vague_close(nord, jura)
    moi = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    assert [cle for cle, _ in lus(lancer("recevable", vague, moi, [ici, la_bas]))] == [ici.pk]


def test_l_apercu_dit_d_avance_ce_que_l_acte_refuserait_en_un_nombre_constant_de_requetes(
    django_assert_max_num_queries,
):
    vague, dossiers = une_vague_close(None, None, None, None)
    moi, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demande, instruit, *libres = dossiers
    demander(demande, expert, moi)
    organisme = Saisine.objects.get().organisme
    instruire(instruit)
    connus = list(avec_etat_connu(Candidature.objects.filter(vague=vague), moi, horloge_base()).pour_liste())
    with django_assert_max_num_queries(1):
        refus = ACTES["avis"].refus(connus, {"organismes": [organisme]})
    assert set(refus) == {demande.pk, instruit.pk}
    jour = jour_de_paris(horloge_base()) + DELAI_PROPOSE
    donnees = {"organismes": [str(organisme.pk)], "question": ["Quoi ?"], "a_rendre_avant": [jour.isoformat()]}
    groupe = lancer("avis", vague, moi, dossiers, donnees)
    lots.faire(groupe.pk, maintenant=horloge_base())
    refuses = {cle for cle, dit in lus(groupe) if dit}
    assert refuses == set(refus)
    lues = Saisine.objects.filter(candidature__in=libres).values_list("organisme", "expert", "question")
    assert list(lues) == [(organisme.pk, None, "Quoi ?")] * 2
