"""Design, invariant 9: what someone may not see answers exactly like what does not exist, on every address."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, Vague
from projets.models import Mission
from tests import fabriques as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

POUR_TOUS = {
    "accueil",
    "accessibilite",
    "cahier_des_charges",
    "calendrier",
    "calendrier_atom",
    "calendrier_ics",
    "carte_laureats",
    "carte_laureats_etroite",
    "commencer",
    "contact",
    "contacts_en_region",
    "donnees_personnelles",
    "eligibilite",
    "entete",
    "epci_introuvable",
    "exemple_de_dossier",
    "heure",
    "laureats",
    "mentions_legales",
    "plan_du_site",
    "questions_frequentes",
    "robots",
    "sante",
    "sitemap",
    "territoires:recherche_epci",
    "verification:depot",
    "verification:depots",
}
POUR_TOUT_COMPTE = {
    "candidatures:collectivites",
    "candidatures:liste",
    "candidatures:ouvrir",
    "connecte",
    "projets:liste",
    "recherche",
    "tableau_de_bord",
}
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
ABSENTS = {"au": "1999-01-01", "cle": "inconnue", "format_": "inconnu"}
JETON = re.compile(rb'name="(?:csrfmiddlewaretoken|cle_d_envoi)" value="[^"]+"')


def adresses() -> Iterator[tuple[str, str, str]]:
    """Every address of the portal but the accounts' own: its name, then with real and absent objects."""
    dossier = Candidature.objects.filter(etat=EtatCandidature.EN_INSTRUCTION).first()
    valeurs = {
        "pk": str(dossier.pk),
        "piece_pk": str(dossier.pieces.first().pk),
        "mission_id": str(Mission.objects.get(restituee_le__isnull=False).pk),
        "mission_pk": str(Mission.objects.get(restituee_le__isnull=False).pk),
        "numero": str(Vague.objects.get(pk=dossier.vague_id).numero),
        "rang": "1",
        "cle": "choc",
        "au": "2023-08-28",
        "format_": "pdf",
    }
    for nom, motif in _routes(get_resolver().url_patterns):
        reelle = "/" + VARIABLE.sub(lambda m: valeurs.get(m.group(1), "1"), motif)
        absente = "/" + VARIABLE.sub(lambda m: ABSENTS.get(m.group(1), "30999"), motif)
        yield nom, reelle, absente if absente != reelle else f"{reelle}zzz/"


def _routes(motifs: list[URLPattern | URLResolver], espace: str = "", debut: str = "") -> Iterator[tuple[str, str]]:
    for motif in motifs:
        chemin = debut + str(motif.pattern)
        if isinstance(motif, URLResolver):
            nouveau = f"{motif.namespace}:" if motif.namespace else espace
            yield from _routes(motif.url_patterns, nouveau, chemin)
        elif not chemin.startswith("compte/"):
            yield f"{espace}{motif.name}", chemin


def _mene_au_dessus(adresse: str, reponse) -> bool:
    """Of an act, its address alone is read: the page above it is proposed, whether its object exists or not."""
    return reponse.status_code == 302 and adresse != reponse["Location"] and adresse.startswith(reponse["Location"])


def corps(reponse) -> bytes:
    return JETON.sub(b"", reponse.content)


def test_un_inconnu_connecte_ne_distingue_rien_de_ce_qui_n_existe_pas():
    inconnu = Client()
    inconnu.force_login(f.un_utilisateur())
    routes = list(adresses())
    assert len(routes) > 50

    for nom, adresse, absente in routes:
        reponse = inconnu.get(adresse)
        if nom in POUR_TOUS | POUR_TOUT_COMPTE:
            assert reponse.status_code == {"commencer": 302}.get(nom, 200), adresse
        elif _mene_au_dessus(adresse, reponse):  # an address that only takes a POST, whoever asks
            assert _mene_au_dessus(absente, inconnu.get(absente)) or absente.endswith("zzz/"), adresse
        else:
            assert (reponse.status_code, corps(reponse)) == (404, corps(inconnu.get(absente))), adresse


def test_un_inconnu_connecte_ne_peut_rien_envoyer_non_plus():
    inconnu = Client()
    inconnu.force_login(f.un_utilisateur())
    for nom, adresse, _ in adresses():
        if nom not in POUR_TOUS | POUR_TOUT_COMPTE:
            assert inconnu.post(adresse).status_code in {404, 405}, adresse


def test_un_visiteur_est_invite_a_se_connecter():
    visiteur = Client()
    for nom, adresse, _ in adresses():
        reponse = visiteur.get(adresse)
        if nom in POUR_TOUS:
            # Of the header of a public page, nothing is theirs; a file begins by an account.
            assert reponse.status_code == {"entete": 204, "commencer": 302}.get(nom, 200), adresse
        elif not _mene_au_dessus(adresse, reponse):
            assert reponse.status_code in {302, 404}, adresse
            assert reponse.status_code == 404 or reponse["Location"].startswith("/compte/login/"), adresse
