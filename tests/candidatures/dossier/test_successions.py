"""A draft whose EPCI is gone: it says so, offers the one that came after, and loses nothing."""

from datetime import date, timedelta

import pytest
from django.test import Client

from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.groupement.successions import suivre_la_succession
from candidatures.models import Candidature
from candidatures.pages.territoire.groupement import alertes
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from territoires.millesimes.histoire import redire_les_territoires
from territoires.models import Epci, Succession
from tests import fabriques as f
from tests.candidatures.dossier.test_groupements import acte, joindre, seul
from tests.candidatures.pages.pages import client_de, en_retard, page, sans_jeton, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature(complete=False)


def finir(epci: Epci, *suivantes: Epci) -> date:
    """As a loading leaves it, since yesterday."""
    le = jour_de_paris(horloge_base()) - timedelta(days=1)
    noms = " et ".join(suivante.nom for suivante in suivantes)
    Epci.objects.filter(pk=epci.pk).update(au=le, devenir=f"devenue {noms}")
    for suivante in suivantes:
        Succession.objects.create(ancienne=epci, nouvelle=suivante, le=le, part=100 // len(suivantes))
    redire_les_territoires()
    return le


def test_la_page_le_dit_et_le_bouton_met_la_nouvelle_a_sa_place(candidature: Candidature) -> None:
    ancienne, nouvelle = seul(candidature), f.un_epci("CA du Grand Lin")
    piece = joindre(candidature, membre=candidature.membres.get())
    finir(ancienne, nouvelle)
    porteur = client_de(f.porteur_de(candidature))
    membre = candidature.membres.get()
    lue = texte(porteur.get(page("groupement", candidature.pk)))
    assert f"{ancienne.nom} n’existe plus sous ce nom" in lue
    assert "devenue CA du Grand Lin" in texte(porteur.get(page("dossier", candidature.pk)))
    assert porteur.post(page("membre_remplacer", candidature.pk, membre.pk, f.un_epci().siren)).status_code == 409
    assert porteur.post(page("membre_remplacer", candidature.pk, membre.pk, nouvelle.siren)).status_code == 302
    candidature.refresh_from_db()
    assert (seul(candidature), candidature.territoire.chef_de_file) == (nouvelle, nouvelle)
    assert candidature.territoire.suite == ""
    membre.refresh_from_db()
    assert (membre.epci, membre.chef_de_file) == (nouvelle, True)
    assert list(candidature.pieces.values_list("pk", "membre")) == [(piece.pk, membre.pk)]
    entree = EntreeJournal.objects.filter(acte="suivre_succession").get()
    assert entree.details["ancienne"] == ancienne.siren
    assert "n’existe plus" not in texte(porteur.get(page("groupement", candidature.pk)))


def test_deux_membres_qui_fusionnent_n_en_font_qu_un_et_gardent_leurs_pieces(candidature: Candidature) -> None:
    ancienne, nouvelle = seul(candidature), f.un_epci("CA du Grand Lin")
    acte(groupements.ajouter_membre, candidature, collectivite=nouvelle)
    sienne = joindre(candidature, membre=candidature.membres.get(epci=ancienne))
    finir(ancienne, nouvelle)
    acte(suivre_la_succession, candidature, membre=candidature.membres.get(epci=ancienne), nouvelle=nouvelle)
    (membre,) = candidature.membres.all()
    assert (membre.epci, membre.chef_de_file) == (nouvelle, True)
    assert list(candidature.pieces.values_list("pk", "membre")) == [(sienne.pk, membre.pk)]


def test_apres_l_echeance_rien_ne_change(candidature: Candidature) -> None:
    ancienne, nouvelle = seul(candidature), f.un_epci()
    finir(ancienne, nouvelle)
    en_retard(candidature)
    with pytest.raises(EcheanceDepassee):
        acte(suivre_la_succession, candidature, membre=candidature.membres.get(), nouvelle=nouvelle)
    assert candidature.membres.get().epci == ancienne


def test_une_intercommunalite_finie_ne_s_ajoute_plus_a_un_dossier(candidature: Candidature) -> None:
    finie, nouvelle = f.un_epci("CC du Chanvre"), f.un_epci("CA du Grand Lin")
    finir(finie, nouvelle)
    finie.refresh_from_db()
    with pytest.raises(RegleEnfreinte, match=r"CC du Chanvre.*devenue CA du Grand Lin"):
        acte(groupements.ajouter_membre, candidature, collectivite=finie)
    porteur = client_de(f.porteur_de(candidature))
    ouvrir = porteur.get(f"{page('ouvrir')}?epci={finie.siren}")
    assert "La CC du Chanvre\u00a0: au" in texte(ouvrir).replace("\u202f", "\u00a0")
    assert ", devenue CA du Grand Lin. Choisissez celle qui lui succède." in texte(ouvrir)
    assert f'name="epci" id="epci-{nouvelle.siren}" value="{nouvelle.siren}" required checked' in texte(ouvrir)
    assert "Votre territoire" not in texte(ouvrir)


def test_qui_vient_avec_une_intercommunalite_finie_le_lit_avant_tout_compte_et_choisit_celle_qui_suit() -> None:
    f.une_vague()
    finie, nouvelle, autre = f.un_epci("CC du Chanvre"), f.un_epci("CA du Grand Lin"), f.un_epci("CC du Lac")
    finir(finie, nouvelle)
    visiteur = Client()
    lue = texte(visiteur.get("/commencer/", {"epci": [finie.siren, autre.siren]}))
    assert ", devenue CA du Grand Lin. Choisissez celle qui lui succède." in lue
    assert f'<input type="hidden" name="epci" value="{autre.siren}">' in lue
    assert f'name="epci" id="epci-{nouvelle.siren}" value="{nouvelle.siren}" required checked' in lue
    suite = visiteur.get("/commencer/", {"epci": [autre.siren, nouvelle.siren]})
    assert suite.status_code == 302
    # Whoever was already on the way to sign in reads it on the page that they come to.
    voulu = f"{page('ouvrir')}?epci={finie.siren}"
    porteur = f.un_utilisateur()
    assert visiteur.get(voulu).headers["Location"].startswith("/compte/login/?next=")
    assert "devenue CA du Grand Lin" in texte(client_de(porteur).get(voulu))


def test_une_intercommunalite_dont_rien_ne_reste_mene_a_la_recherche() -> None:
    f.une_vague()
    finie = f.un_epci("CC du Chanvre")
    finir(finie)
    lue = texte(Client().get("/commencer/", {"epci": finie.siren}))
    assert "Cherchez celle à laquelle vos communes appartiennent aujourd’hui" in lue
    assert "Dites-nous laquelle" in lue


def test_le_chevauchement_se_voit_a_travers_une_fusion(candidature: Candidature) -> None:
    ancienne, nouvelle = seul(candidature), f.un_epci("CA du Grand Lin")
    finir(ancienne, nouvelle)
    porteur = f.un_utilisateur()
    territoire = f.territoire_pour(epcis=[nouvelle], chef_de_file=nouvelle)
    f.une_candidature(vague=candidature.vague, territoire=territoire, porteur=porteur, complete=False)
    lecteur = f.porteur_de(candidature)
    assert alertes(candidature, horloge_base(), lecteur) == [
        f"{ancienne.nom} fait aussi partie d’un autre dossier de cette période de dépôt."
    ]
    # Whoever is not known to work for it learns nothing.
    assert alertes(candidature, horloge_base(), f.un_utilisateur()) == []


def test_ce_qui_est_depose_garde_les_mots_de_son_jour() -> None:
    depot = f.un_depot()
    ancienne = depot.candidature.territoire.epcis.get()
    contenu, octets = depot.contenu, depot.empreinte
    porteur = client_de(f.porteur_de(depot.candidature))
    avant = sans_jeton(porteur.get(page("depot", depot.candidature.pk, depot.rang)))
    finir(ancienne, f.un_epci("CA du Grand Lin"))
    depot.refresh_from_db()
    assert (depot.contenu, depot.empreinte) == (contenu, octets)
    assert sans_jeton(porteur.get(page("depot", depot.candidature.pk, depot.rang))) == avant
