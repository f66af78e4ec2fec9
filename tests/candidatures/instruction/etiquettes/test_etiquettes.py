"""Labels: on the file, in the list, in its files; never read by the territory nor by an expert."""

import csv
import io
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.etiquettes import regles
from candidatures.instruction.etiquettes.actions import desetiqueter, etiqueter
from candidatures.instruction.etiquettes.models import DEJA
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts
from candidatures.models import Etiquette
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, instruire, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


def poser(dossier, nom, auteur):
    return etiqueter(candidature=dossier, etiquette=nom, auteur=auteur, maintenant=horloge_base())


def portees(dossier):
    """What the list shows, once the narrow rows are known to be true."""
    assert ecarts() == []
    return Suivi.objects.values_list("etiquettes", flat=True).get(pk=dossier.pk)


def test_s_ajoute_et_se_retire_sur_la_page_du_dossier_et_la_liste_la_montre():
    vague, (dossier, autre) = une_vague_close(None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    client, page = connecter(moi), reverse("instruction:etiquettes", args=[dossier.pk])
    assert "peut être communiquée" in client.get(page).content.decode()
    assert client.post(page, {"etiquette": "  À   revoir "}).status_code == 302
    assert portees(dossier) == ["À revoir"]
    assert "À revoir" in client.get(reverse("instruction:dossier", args=[dossier.pk])).content.decode()
    liste = reverse("instruction:vague", args=[vague.numero])
    lue = client.get(f"{liste}?etiquette=À revoir")
    assert [ligne.pk for ligne in lue.context["page"]] == [dossier.pk]
    assert lue.context["liste"].comptes.de("etiquette") == {"À revoir": 1}
    contenu = lue.content.decode()
    assert ">À revoir (1)</option>" in contenu
    assert 'fr-tag--sm">À revoir</span>' in contenu
    fichier = client.get(f"{liste}dossiers.csv?colonnes=etiquettes").getvalue().decode("utf-8-sig")
    lignes = csv.DictReader(io.StringIO(fichier), delimiter=";")
    assert sorted(ligne["Étiquettes"] for ligne in lignes) == ["", "À revoir"]
    deux_fois = client.post(page, {"etiquette": "a revoir"})
    assert (deux_fois.status_code, DEJA in deux_fois.content.decode()) == (409, True)
    oter = reverse("instruction:oter_une_etiquette", args=[dossier.pk])
    assert client.post(oter, {"etiquette": "À revoir"}).status_code == 302
    assert portees(dossier) == []
    assert client.post(oter, {"etiquette": "Une autre"}).status_code == 409
    assert [e.acte for e in EntreeJournal.objects.filter(acte__contains="etiqueter").order_by("pk")] == [
        "etiqueter",
        "desetiqueter",
    ]
    assert portees(autre) == []


def test_une_etiquette_que_personne_ne_porte_est_un_choix_vide_et_non_une_erreur():
    vague, _ = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    page = client.get(reverse("instruction:vague", args=[vague.numero]) + "?etiquette=<b>Rien")
    assert (page.status_code, page.context["page"].paginator.count) == (200, 0)
    assert "Étiquette\u00a0: &lt;b&gt;Rien" in page.content.decode()


def test_ni_le_territoire_ni_un_expert_n_en_lisent_un_octet():
    _, (dossier,) = une_vague_close(None)
    moi, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander_avis(candidature=dossier, expert=expert, question="", auteur=moi, maintenant=horloge_base())
    pages = [
        (dossier.participants.get(), reverse("candidatures:dossier", args=[dossier.pk])),
        (expert, reverse("instruction:dossier", args=[dossier.pk])),
    ]
    for personne, adresse in pages:
        assert connecter(personne).get(adresse).status_code == 200
    poser(dossier, "Zzetiquette", moi)
    for personne, adresse in pages:
        lue = connecter(personne).get(adresse).content.decode()
        assert "Zzetiquette" not in lue
        assert "Étiquette" not in lue
        assert connecter(personne).get(reverse("instruction:etiquettes", args=[dossier.pk])).status_code == 404


def test_qui_lit_le_dossier_en_entier_sans_l_instruire_lit_ses_etiquettes_et_n_en_change_aucune():
    _, (dossier,) = une_vague_close(None)
    poser(dossier, "À revoir", f.un_agent(Role.INSTRUCTEUR))
    client = connecter(f.un_agent(Role.VALIDEUR))
    lue = client.get(reverse("instruction:dossier", args=[dossier.pk])).content.decode()
    assert "À revoir" in lue
    assert reverse("instruction:etiquettes", args=[dossier.pk]) not in lue
    assert client.post(reverse("instruction:etiquettes", args=[dossier.pk]), {"etiquette": "Non"}).status_code == 404


def test_ce_que_porte_un_dossier_en_conflit_ne_se_compte_pas():
    vague, (ici, secret) = une_vague_close(None, None)
    moi, collegue = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    poser(ici, "À revoir", collegue)
    instruction.declarer_interet(candidature=secret, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
    liste = reverse("instruction:vague", args=[vague.numero])
    avant = connecter(moi).get(liste).context["liste"].comptes
    poser(secret, "À revoir", collegue)
    poser(secret, "Autre", collegue)
    assert connecter(moi).get(liste).context["liste"].comptes == avant


class TestParPostgres:
    def test_en_petit_nombre_deja_dit_et_net(self):
        _, (dossier,) = une_vague_close(None)
        moi = f.un_agent(Role.INSTRUCTEUR)
        for rang in range(regles.PAR_DOSSIER):
            poser(dossier, f"É {rang}", moi)
        assert refus(lambda: Etiquette.objects.create(candidature=dossier, nom="Une de trop", par=moi)) == (
            "etiquettes_en_petit_nombre"
        )
        with pytest.raises(instruction.RegleEnfreinte, match="au plus 10"):
            poser(dossier, "Une de trop", moi)
        desetiqueter(candidature=dossier, etiquette="é 0", auteur=moi, maintenant=horloge_base())
        assert refus(lambda: Etiquette.objects.create(candidature=dossier, nom="e 1", par=moi)) == (
            "etiquette_une_fois_par_dossier"
        )
        for sale in ("", " mot", "mot ", "deux\nlignes"):
            assert refus(lambda sale=sale: Etiquette.objects.create(candidature=dossier, nom=sale, par=moi)) == (
                "etiquette_nette"
            )

    @pytest.mark.jumeau("postgres:etiquettes_en_petit_nombre")
    def test_ce_que_la_regle_refuse_la_base_le_refuse(self):
        _, (dossier,) = une_vague_close(None)
        moi = f.un_agent(Role.INSTRUCTEUR)
        vues = []
        for rang in range(regles.PAR_DOSSIER + 2):
            regle = regles.empechement_d_etiqueter(Etiquette.objects.count())
            ecrire = partial(Etiquette.objects.create, candidature=dossier, nom=f"É {rang}", par=moi)
            assert refus(ecrire) == ("etiquettes_en_petit_nombre" if regle else None)
            vues.append(regle is None)
            if regle is None:
                ecrire()
        assert vues == [True] * regles.PAR_DOSSIER + [False] * 2

    def test_jamais_par_qui_y_a_un_interet_et_ne_change_pas(self):
        _, (dossier,) = une_vague_close(None)
        moi, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
        posee = poser(dossier, "À revoir", autre)
        instruction.declarer_interet(candidature=dossier, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
        assert (
            refus(lambda: Etiquette.objects.create(candidature=dossier, nom="Non", par=moi)) == "auteur_sans_conflit"
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            Etiquette.objects.filter(pk=posee.pk).update(nom="Autre")

    def test_la_liste_les_suit_quoi_qu_on_ecrive(self):
        _, (dossier, autre) = une_vague_close(None, None)
        moi = f.un_agent(Role.INSTRUCTEUR)
        Etiquette.objects.bulk_create(
            Etiquette(candidature=d, nom=nom, par=moi) for d in (dossier, autre) for nom in ("Z", "à", "B")
        )
        assert (portees(dossier), portees(autre)) == (["à", "B", "Z"], ["à", "B", "Z"])
        Etiquette.objects.filter(nom="B").delete()
        assert (portees(dossier), portees(autre)) == (["à", "Z"], ["à", "Z"])
        instruire(dossier)
        assert portees(dossier) == ["à", "Z"]
