"""Who holds a file, on pages: the list, the file, the sharing out of a wave, the dashboard."""

import re

import pytest
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.affectation import actions
from candidatures.models import Affectation
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db


def nomme(prenom: str, role: Role = Role.INSTRUCTEUR, **perimetre):
    agent = f.un_utilisateur(prenom=prenom, nom="Martin")
    f.un_role(agent, role, **perimetre)
    return agent


def prendre(agent, *dossiers):
    for dossier in dossiers:
        actions.prendre(candidature=dossier, acteur=agent, maintenant=horloge_base())


def dits(reponse) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in reponse.context["messages"]]


def dossiers_de(client, vague, demande: str) -> set[int]:
    page = client.get(reverse("instruction:vague", args=[vague.numero]) + f"?{demande}").context["page"]
    return {ligne.pk for ligne in page}


def test_la_liste_dit_qui_suit_chaque_dossier_et_se_choisit_par_lui():
    vague, (a_moi, a_bo, a_prendre) = une_vague_close(None, None, None)
    moi, bo = nomme("Ana"), nomme("Bo")
    prendre(moi, a_moi)
    prendre(bo, a_bo)
    client = client_de(moi)
    page = texte(client.get(reverse("instruction:vague", args=[vague.numero])))
    assert re.findall(r"(?s)<td[^>]*>\s*(Ana Martin|Bo Martin|À prendre)\s*</td>", page).count("À prendre") == 1
    assert {choix: dossiers_de(client, vague, f"responsable={choix}") for choix in ("moi", "a_prendre", bo.pk)} == {
        "moi": {a_moi.pk},
        "a_prendre": {a_prendre.pk},
        bo.pk: {a_bo.pk},
    }
    export = texte(client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv"))
    assert sorted(re.findall("Ana Martin|Bo Martin|À prendre", export)) == ["Ana Martin", "Bo Martin", "À prendre"]


def test_ce_qu_un_collegue_suit_n_attend_personne_d_autre_au_tableau_de_bord_comme_dans_la_liste():
    vague, (a_moi, a_bo, a_prendre) = une_vague_close(None, None, None)
    moi, bo = nomme("Ana"), nomme("Bo")
    prendre(moi, a_moi)
    prendre(bo, a_bo)
    client = client_de(moi)
    a_faire = client.get(reverse("tableau_de_bord")).context["bureau"].a_faire
    assert [(chose.lien.partition("?")[2], chose.nombre) for chose in a_faire] == [
        ("attente=a_prendre", 1),
        ("attente=recevabilite", 2),
    ]
    assert dossiers_de(client, vague, "attente=a_prendre") == {a_prendre.pk}
    assert dossiers_de(client, vague, "attente=recevabilite") == {a_moi.pk, a_prendre.pk}


class TestUnDossier:
    def test_je_prends_d_un_geste_puis_la_page_le_dit(self):
        _, (dossier,) = une_vague_close(None)
        moi = nomme("Ana")
        client = client_de(moi)
        page = reverse("instruction:dossier", args=[dossier.pk])
        assert "Je prends ce dossier" in texte(client.get(page))
        reponse = client.post(reverse("instruction:prendre", args=[dossier.pk]), f.d_une_autre_page(), follow=True)
        assert (reponse.redirect_chain[-1][0], dits(reponse)) == (page, ["Vous suivez ce dossier."])
        lue = texte(reponse)
        assert "<strong>Ana Martin</strong> (vous)" in lue
        assert "Je prends ce dossier" not in lue

    def test_pris_entre_temps_la_page_de_refus_dit_par_qui_et_ramene_au_dossier(self):
        _, (dossier,) = une_vague_close(None)
        prendre(nomme("Bo"), dossier)
        client = client_de(nomme("Ana"))
        reponse = client.post(reverse("instruction:prendre", args=[dossier.pk]), f.d_une_autre_page())
        assert (reponse.status_code, reponse.context["message"]) == (409, "Bo Martin suit déjà ce dossier.")
        assert reponse.context["retour"].adresse == reverse("instruction:dossier", args=[dossier.pk])

    def test_se_confie_avec_un_mot_qui_reste_dans_la_page(self):
        _, (dossier,) = une_vague_close(None)
        moi, bo = nomme("Ana"), nomme("Bo")
        prendre(moi, dossier)
        client, page = client_de(moi), reverse("instruction:confier", args=[dossier.pk])
        vue = client.get(page).context["formulaire"]["vue"].value()
        sans_mot = client.post(page, {"instructeur": bo.pk, "mot": "", "vue": vue, **f.d_une_autre_page()})
        assert list(sans_mot.context["formulaire"].errors) == ["mot"]
        client.post(page, {"instructeur": bo.pk, "mot": "À relire.", "vue": vue, **f.d_une_autre_page()})
        assert "À relire." in texte(client.get(page))
        # What was read before is no longer what is handed over.
        encore = client.post(page, {"instructeur": moi.pk, "mot": "Non.", "vue": vue, **f.d_une_autre_page()})
        assert (encore.status_code, Affectation.objects.en_cours().get().instructeur) == (409, bo)

    def test_on_ne_propose_que_qui_peut_le_suivre(self):
        nord, sud = f.un_departement(), f.un_departement("13", "93")
        _, (dossier,) = une_vague_close(nord)
        moi, du_nord, _, conflit = (
            nomme("Ana"),
            nomme("Bo", departement=nord),
            nomme("Cy", departement=sud),
            nomme("Di"),
        )
        instruction.declarer_interet(
            candidature=dossier, utilisateur=conflit, motif="Parent.", maintenant=horloge_base()
        )
        champ = client_de(moi).get(reverse("instruction:confier", args=[dossier.pk])).context["formulaire"]
        assert list(champ.fields["instructeur"].queryset) == [moi, du_nord]

    def test_se_rend_par_qui_le_suit_et_n_existe_pour_personne_d_autre(self):
        _, (dossier,) = une_vague_close(None)
        moi, bo = nomme("Ana"), nomme("Bo")
        prendre(moi, dossier)
        page = reverse("instruction:rendre_le_dossier", args=[dossier.pk])
        assert client_de(bo).get(page).status_code == 404
        client = client_de(moi)
        vue = client.get(page).context["formulaire"]["vue"].value()
        reponse = client.post(page, {"mot": "Je pars.", "vue": vue, **f.d_une_autre_page()}, follow=True)
        assert dits(reponse) == ["Le dossier est rendu : il est à prendre."]

    def test_qui_ne_fait_que_lire_ne_voit_aucun_acte(self):
        _, (dossier,) = une_vague_close(None)
        lue = texte(client_de(nomme("Di", Role.VALIDEUR)).get(reverse("instruction:dossier", args=[dossier.pk])))
        assert "Instructeur" in lue
        assert "Je prends ce dossier" not in lue


class TestRepartir:
    def test_la_page_dit_combien_le_seront_et_pourquoi_d_autres_ne_le_peuvent_pas(self):
        vague, (un, deux, pris) = une_vague_close(None, None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        prendre(bo, pris)
        client = client_de(moi)
        page = reverse("instruction:repartir", args=[vague.numero])
        choisis = f"{page}?dossiers={un.pk}&dossiers={deux.pk}&dossiers={pris.pk}&dossiers=abc"
        lue = client.get(choisis)
        assert "2\u00a0dossiers seront confiés, 1\u00a0ne peut pas l’être." in texte(lue)
        assert "Bo Martin suit déjà ce dossier." in texte(lue)
        envoi = {champ.html_name: champ.value() for champ in lue.context["formulaire"]}
        assert envoi == {
            f"dossier_{un.pk}": moi.pk,
            f"vue_{un.pk}": 0,
            f"dossier_{deux.pk}": moi.pk,
            f"vue_{deux.pk}": 0,
        }
        # Bo takes one while the page is open: the other is entrusted, and the page says why this one is not.
        prendre(bo, un)
        reponse = client.post(page, {**envoi, **f.d_une_autre_page()}, follow=True)
        assert dits(reponse) == ["1 dossier confié.", f"{un.reference} : Bo Martin suit déjà ce dossier."]
        assert {a.candidature: a.instructeur for a in Affectation.objects.en_cours()} == {
            un: bo,
            deux: moi,
            pris: bo,
        }

    def test_tout_pris_entre_temps_c_est_un_refus_comme_pour_un_seul_dossier(self):
        vague, (un, deux) = une_vague_close(None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        client = client_de(moi)
        page = reverse("instruction:repartir", args=[vague.numero])
        envoi = {champ.html_name: champ.value() for champ in client.get(page).context["formulaire"]}
        prendre(bo, un, deux)
        choisis = {nom: moi.pk if nom.startswith("dossier_") else valeur for nom, valeur in envoi.items()}
        reponse = client.post(page, {**choisis, **f.d_une_autre_page()})
        assert reponse.status_code == 409
        assert texte(reponse).count("Bo Martin suit déjà ce dossier.") == 2

    def test_sans_choix_ce_sont_ceux_a_prendre_et_l_on_peut_proposer_a_une_seule_personne(self):
        vague, (un, pris) = une_vague_close(None, None)
        moi, bo = nomme("Ana"), nomme("Bo")
        prendre(bo, pris)
        page = reverse("instruction:repartir", args=[vague.numero])
        client = client_de(moi)
        elus = {
            a: [(ligne.suivi.pk, ligne.elu) for ligne, *_ in client.get(f"{page}?a={a}").context["formulaire"].rangees]
            for a in ("", moi.pk, bo.pk)
        }
        assert elus == {"": [(un.pk, moi.pk)], moi.pk: [(un.pk, moi.pk)], bo.pk: [(un.pk, bo.pk)]}

    def test_les_dossiers_d_une_personne_passent_a_ses_collegues_avec_un_mot(self):
        vague, (un, deux, _) = une_vague_close(None, None, None)
        moi, absente = nomme("Ana"), nomme("Bo")
        prendre(absente, un, deux)
        client = client_de(moi)
        page = f"{reverse('instruction:repartir', args=[vague.numero])}?de={absente.pk}"
        lue = client.get(page)
        assert [str(qui) for qui in lue.context["tenants"]] == ["Bo Martin"]
        envoi = {champ.html_name: champ.value() or "" for champ in lue.context["formulaire"]}
        assert {nom: envoi[nom] for nom in envoi if nom.startswith("dossier_")} == {
            f"dossier_{un.pk}": moi.pk,
            f"dossier_{deux.pk}": moi.pk,
        }
        sans_mot = client.post(page, {**envoi, **f.d_une_autre_page()})
        assert list(sans_mot.context["formulaire"].errors) == ["mot"]
        reponse = client.post(page, {**envoi, "mot": "Absente.", **f.d_une_autre_page()}, follow=True)
        assert dits(reponse) == ["2 dossiers confiés."]
        assert {a.candidature: (a.instructeur, a.mot) for a in Affectation.objects.en_cours()} == dict.fromkeys(
            (un, deux), (moi, "Absente.")
        )

    def test_personne_pour_l_instant_laisse_le_dossier_a_prendre(self):
        vague, (un,) = une_vague_close(None)
        client = client_de(nomme("Ana"))
        page = reverse("instruction:repartir", args=[vague.numero])
        reponse = client.post(page, {f"dossier_{un.pk}": "", **f.d_une_autre_page()}, follow=True)
        assert dits(reponse) == ["Aucun dossier n’a été confié : personne n’était choisi."]
        assert not Affectation.objects.exists()

    def test_ni_un_dossier_ou_l_on_a_un_interet_ni_celui_d_un_autre_perimetre_n_y_existent(self):
        nord, sud = f.un_departement(), f.un_departement("13", "93")
        vague, (en_conflit, ailleurs) = une_vague_close(nord, sud)
        moi = nomme("Ana", departement=nord)
        instruction.declarer_interet(
            candidature=en_conflit, utilisateur=moi, motif="Parent.", maintenant=horloge_base()
        )
        client, page = client_de(moi), reverse("instruction:repartir", args=[vague.numero])
        inexistant = client.get(f"{page}?dossiers=999999")
        for dossier in (en_conflit, ailleurs):
            assert _sans_cle(texte(client.get(f"{page}?dossiers={dossier.pk}")), dossier.pk) == _sans_cle(
                texte(inexistant), 999999
            )
            envoi = {f"dossier_{dossier.pk}": moi.pk, **f.d_une_autre_page()}
            client.post(page, envoi, follow=True)
        assert not Affectation.objects.exists()


def _sans_cle(page: str, cle: int) -> str:
    return re.sub(rf'value="[\w-]{{20,}}"|\?dossiers={cle}|value="{cle}"|nonce="[^"]*"', "", page)
