"""The pages of one's authorities, of the administrateur who checks, of the instructeur who lifts a reserve."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.dossier.groupement import actions as groupements
from candidatures.models import Candidature, Contestation
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.actions import declarer_petr
from territoires.etats import Role
from territoires.models import Rattachement
from tests import fabriques as f
from tests.candidatures.depot.test_tenue import clos, deux_dossiers, relu
from tests.candidatures.pages.pages import client_de, page, sans_jeton, texte

pytestmark = pytest.mark.django_db
SANS_HORLOGE = re.compile(r'data-maintenant="\d+"|R\d+-\d+(-\d+)?|/candidatures/\d+/|\d{4} à \d+:\d+:\d+|[0-9a-f]{64}')


def admin(nom: str, *arguments) -> str:
    return reverse(f"administration:{nom}", args=arguments)


class TestProuver:
    def test_de_la_page_du_dossier_au_code_sans_rien_savoir_d_autre(self):
        dossier = f.une_candidature(prouve=False)
        client, siren = client_de(f.porteur_de(dossier)), dossier.territoire.cle
        assert f'href="{page("collectivite", siren)}"' in texte(client.get(page("dossier", dossier.pk)))
        assert "Demander la vérification" in texte(client.get(page("collectivite", siren)))
        reponse = client.post(page("collectivite", siren), {"adresse": "accueil@bocage.example"})
        assert reponse.url == page("collectivite", siren)
        assert "Vous avez le code" in texte(client.get(reponse.url))

        agent = client_de(f.un_agent(Role.ADMINISTRATEUR))
        lien = Rattachement.objects.get()
        assert "accueil@bocage.example" in texte(agent.get(admin("rattachement_adresse", lien.pk)))
        agent.post(admin("rattachement_adresse", lien.pk), {"adresse": "accueil@bocage.example"})
        lettre = Courrier.objects.get(destinataire="accueil@bocage.example")
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", lettre.texte)[0]
        faux = client.post(page("collectivite_code", siren), {"code": "AAAA-AAAA"})
        assert (faux.status_code, "n’est pas le bon" in texte(faux), "AAAA-AAAA" in texte(faux)) == (409, True, True)
        assert Rattachement.objects.get().essais == 1
        client.post(page("collectivite_code", siren), {"code": code})
        assert "C’est vérifié" in texte(client.get(page("collectivite", siren)))
        assert "Montrer que je travaille" not in texte(client.get(page("dossier", dossier.pk)))

    def test_la_page_d_une_collectivite_ne_depend_que_de_soi(self):
        epci, autre, personne = f.un_epci("CC du Bocage"), f.un_epci("CC du Bocage"), f.un_utilisateur()
        f.un_rattachement(f.un_utilisateur(), autre.siren)
        lien = Rattachement.objects.create(utilisateur=f.un_utilisateur(), siren=autre.siren, nom="X")
        client_de(f.un_agent(Role.ADMINISTRATEUR)).post(admin("rattachement_adresse", lien.pk), {"adresse": "a@b.fr"})
        f.une_candidature(territoire=f.un_territoire(), complete=False)

        def pages(siren):
            client = client_de(personne)
            avant = sans_jeton(client.get(page("collectivite", siren)))
            reponse = client.post(page("collectivite", siren), {"adresse": ""} | f.d_une_autre_page())
            return [lue.replace(siren, "SIREN") for lue in (avant, sans_jeton(client.get(reponse.url)))]

        assert pages(epci.siren) == pages(autre.siren)

    def test_une_collectivite_inconnue_n_existe_pas(self):
        client = client_de(f.un_utilisateur())
        assert {client.get(page("collectivite", siren)).status_code for siren in ("732829320", "abc", "1")} == {404}
        assert client.get(page("collectivite_code", f.un_epci().siren)).status_code == 404

    def test_on_trouve_sa_collectivite_par_son_nom(self):
        epci = f.un_epci("CC de la Vallée d’Essai")
        reponse = client_de(f.un_utilisateur()).get(page("collectivites"), {"collectivite": "vallee dessai"})
        assert page("collectivite", epci.siren) in (getattr(reponse, "url", "") or texte(reponse)) or (
            epci.siren in texte(reponse)
        )


class TestContester:
    def test_en_un_clic_depuis_ses_collectivites(self):
        dossier, agent = f.un_depot().candidature, f.un_utilisateur()
        siren = dossier.territoire.cle
        f.un_rattachement(agent, siren)
        client = client_de(agent)
        adresse = page("contester", siren, dossier.pk)
        assert f'action="{adresse}"' in texte(client.get(page("collectivites")))
        assert client.post(adresse).url == page("collectivites")
        assert (Contestation.objects.get().par, relu(dossier).territoire_tenu) == (agent, "")
        assert "Signalé" in texte(client.get(page("collectivites")))
        signale = texte(client_de(f.porteur_de(dossier)).get(page("dossier", dossier.pk)))
        assert "une collectivité a signalé ce dossier" in signale

    @pytest.mark.parametrize("qui", ["inconnu", "d’ailleurs", "participant"])
    def test_pour_tout_autre_le_dossier_n_existe_pas(self, qui):
        dossier = f.un_depot().candidature
        siren, personne = dossier.territoire.cle, f.un_utilisateur()
        if qui == "d’ailleurs":
            siren = f.un_rattachement(personne, f.un_epci().siren).siren
        if qui == "participant":
            personne = f.porteur_de(dossier)
        client = client_de(personne)
        reponse = client.post(page("contester", siren, dossier.pk))
        absent = client.post(page("contester", siren, 999_999))
        assert absent.status_code == 404
        assert reponse.status_code == (409 if qui == "participant" else 404)
        assert dossier.reference not in texte(client.get(page("collectivites")))
        assert not Contestation.objects.exists()

    def test_l_administrateur_repond(self):
        dossier, agent = f.un_depot().candidature, f.un_utilisateur()
        f.un_rattachement(agent, dossier.territoire.cle)
        client_de(agent).post(page("contester", dossier.territoire.cle, dossier.pk))
        pk, client = Contestation.objects.get().pk, client_de(f.un_agent(Role.ADMINISTRATEUR))
        assert dossier.reference in texte(client.get(admin("rattachements")))
        vide = client.post(admin("contestation", pk), {"fondee": "non", "reponse": ""})
        assert "Écrivez votre réponse" in texte(vide)
        client.post(admin("contestation", pk), {"fondee": "non", "reponse": "C’est le vôtre."})
        assert relu(dossier).territoire_tenu == dossier.territoire.cle


class TestCeQueLOnLit:
    def test_le_second_depose_sait_lequel_tient_et_quoi_faire(self):
        premier, second = deux_dossiers()
        lu = texte(client_de(f.porteur_de(second)).get(page("dossier", second.pk)))
        assert "un autre dossier est déjà déposé pour ce territoire" in lu
        assert premier.reference in lu

    def test_qui_n_a_rien_prouve_depose_et_lit_les_memes_octets_qu_un_autre_dossier_existe_ou_non(self):
        vague, inconnu, territoire = f.une_vague(), f.un_utilisateur(), f.un_territoire()

        def pages():
            dossier = f.une_candidature(vague=vague, territoire=territoire, porteur=inconnu, prouve=False)
            client = client_de(inconnu)
            client.post(page("deposer", dossier.pk))
            lues = [texte(client.get(page("dossier", dossier.pk))), texte(client.get(page("depot", dossier.pk, 1)))]
            Candidature.objects.filter(pk=dossier.pk).update(territoire=f.un_territoire())
            return [SANS_HORLOGE.sub("", re.sub(r'(value|href|id)="[^"]*"', "", lue)) for lue in lues]

        sans = pages()
        f.un_depot(f.une_candidature(vague=vague, territoire=territoire))
        assert pages() == sans

    def test_un_petr_declare_par_autrui_ne_se_trouve_pas(self):
        dossier, ailleurs = f.une_candidature(complete=False), f.une_candidature
        autre = ailleurs(vague=dossier.vague, complete=False)
        membres = [f.un_epci(), f.un_epci()]
        groupements.declarer_membre_petr(
            candidature=autre,
            siren="732829320",
            nom_du_petr="PETR du Secret",
            epcis=membres,
            auteur=f.porteur_de(autre),
            maintenant=horloge_base(),
        )
        adresse = page("membre_ajouter", dossier.pk)
        assert "PETR du Secret" not in texte(client_de(f.porteur_de(dossier)).get(adresse, {"q": "Secret"}))
        assert "PETR du Secret" in texte(
            client_de(f.porteur_de(autre)).get(page("membre_ajouter", autre.pk), {"q": "Secret"})
        )
        mien = declarer_petr(
            siren="732829320",
            nom="Le mien",
            epcis=[f.un_epci(), f.un_epci()],
            acteur=f.porteur_de(dossier),
            maintenant=horloge_base(),
        )
        assert (mien.nom, mien.declare_par) == ("Le mien", f.porteur_de(dossier))

    def test_un_nom_de_territoire_qui_mene_ailleurs_est_refuse_sans_rien_perdre(self):
        f.une_vague()
        epci = f.un_epci()
        reponse = client_de(f.un_utilisateur()).post(
            f"{page('ouvrir')}?epci={epci.siren}", {"chef_de_file": epci.siren, "nom": "Votez www.moi.example"}
        )
        assert "ni adresse de site" in texte(reponse)
        assert "Votez www.moi.example" in texte(reponse)
        assert not Candidature.objects.exists()


class TestLInstructeur:
    def test_leve_la_reserve_depuis_le_dossier(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        client = client_de(f.un_agent(Role.INSTRUCTEUR))
        adresse = reverse("instruction:lever_la_reserve", args=[dossier.pk])
        lu = texte(client.get(reverse("instruction:dossier", args=[dossier.pk])))
        assert "Dossier reçu sous réserve" in lu
        # The link says what was known of the file, and the act says it back.
        vu = re.search(rf'href="{adresse}\?vu=(\d+)"', lu)
        assert vu is not None
        refus = client.post(reverse("instruction:recevabilite", args=[dossier.pk]), {"toutes": "oui"})
        assert refus.status_code in {200, 409}
        assert client.post(adresse, {"motif": "Appel à l’accueil.", "vu": vu[1]}).status_code == 302
        assert relu(dossier).territoire_tenu == dossier.territoire.cle
        assert client.get(adresse).status_code == 409

    def test_qui_n_instruit_pas_n_a_pas_cette_page(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        adresse = reverse("instruction:lever_la_reserve", args=[dossier.pk])
        for role in (Role.EXPERT, Role.VALIDEUR, Role.ADMINISTRATEUR):
            assert client_de(f.un_agent(role)).get(adresse).status_code == 404
        assert client_de(f.porteur_de(dossier)).get(adresse).status_code == 404


def test_l_adresse_que_la_personne_propose_n_est_ni_officielle_ni_deja_tapee():
    lien = Rattachement.objects.create(
        utilisateur=f.un_utilisateur("moi@pirate.example"),
        siren=f.un_epci().siren,
        nom="X",
        adresse_proposee="accueil@pirate.example",
    )
    lue = client_de(f.un_agent(Role.ADMINISTRATEUR)).get(admin("rattachement_adresse", lien.pk))
    assert 'value="accueil@pirate.example"' not in lue.content.decode()
    assert "<dd>Domaine pirate.example\u00a0: à comparer avec le site de la collectivité.</dd>" in lue.content.decode()
    assert "<dt>Adresse proposée par la personne</dt><dd>accueil@pirate.example</dd>" in lue.content.decode()


@pytest.mark.parametrize(
    "nom", ["rattachements", "rattachement_adresse", "rattachement_attester", "rattachement_terminer"]
)
def test_les_pages_des_collectivites_sont_a_l_administrateur(nom):
    lien = Rattachement.objects.create(utilisateur=f.un_utilisateur(), siren=f.un_epci().siren, nom="X")
    adresse = admin(nom, *([] if nom == "rattachements" else [lien.pk]))
    for role in (Role.INSTRUCTEUR, Role.AUDITEUR, Role.PRESSE):
        assert client_de(f.un_agent(role)).get(adresse).status_code == 404
    assert Client().get(adresse).status_code == 302
    assert client_de(f.un_agent(Role.ADMINISTRATEUR)).get(adresse).status_code == 200


def test_attester_et_terminer_par_les_pages():
    client, lien = client_de(f.un_agent(Role.ADMINISTRATEUR)), f.un_utilisateur()
    demande = Rattachement.objects.create(utilisateur=lien, siren=f.un_epci().siren, nom="X")
    assert "Écrivez en une phrase" in texte(client.post(admin("rattachement_attester", demande.pk), {"motif": ""}))
    client.post(admin("rattachement_attester", demande.pk), {"motif": "Appel."})
    assert est_rattache(lien, [demande.siren])
    client.post(admin("rattachement_terminer", demande.pk), {"motif": "Partie."})
    assert not est_rattache(lien, [demande.siren])
