"""Whatever is sent twice by a form is done once, and answered the same twice; no form escapes it."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from candidatures.models import Incident, Invitation, Message, Prolongation, Saisine, Vague
from projets.models import Axe, Communique, Concours, Enveloppe, Industriel, Projet, Rapport
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.requete import envois
from rebond.socle.requete.models import Envoi
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Habilitation, Organisme
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demande_d_avis, une_vague_close
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.relecture import champs_caches
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
CLE = re.compile(r'name="cle_d_envoi" value="([\w-]+)"')
NOTRE_CODE = {"rebond", "territoires", "candidatures", "projets"}


class Creation(NamedTuple):
    """What somebody types in a page that makes a row of `modele`."""

    auteur: Utilisateur
    adresse: str
    saisie: dict[str, Any]
    modele: type[models.Model]


def local(instant: Any) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%dT%H:%M}"


def un_message() -> Creation:
    _, [dossier] = une_vague_close(None)
    return Creation(f.porteur_de(dossier), page("messages", dossier.pk), {"texte": "Bonjour."}, Message)


def un_avis() -> Creation:
    _, [dossier] = une_vague_close(None)
    expert = f.un_agent(Role.EXPERT)
    adresse = reverse("instruction:demander_avis", args=[dossier.pk])
    envoi = demande_d_avis(expert, question="Solide ?")
    return Creation(f.un_agent(Role.INSTRUCTEUR), adresse, envoi, Saisine)


def une_invitation() -> Creation:
    dossier = f.une_candidature(complete=False)
    saisie = {"email": "invite@example.fr", "qualite": "lecteur"}
    return Creation(f.porteur_de(dossier), page("equipe", dossier.pk), saisie, Invitation)


def un_incident() -> Creation:
    saisie = {"nature": "messagerie", "debut": local(horloge_base() - HEURE), "fin": "", "description": "Panne."}
    adresse = f"/administration/vagues/{f.une_vague().numero}/incidents/declarer/"
    return Creation(f.un_agent(Role.ADMINISTRATEUR), adresse, saisie, Incident)


def une_prolongation() -> Creation:
    vague = f.une_vague()
    saisie = {"jusqu_au": local(vague.cloture + timedelta(days=2)), "motif": "Panne nationale de réseau."}
    adresse = f"/administration/vagues/{vague.numero}/prolongations/"
    return Creation(f.un_agent(Role.ADMINISTRATEUR), adresse, saisie, Prolongation)


def un_organisme() -> Creation:
    saisie = {"nom": "Une agence", "type": "ANCT", "siren": ""}
    return Creation(f.un_agent(Role.ADMINISTRATEUR), reverse("administration:organisme"), saisie, Organisme)


def un_role() -> Creation:
    administrateur, agent = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur()
    organisme = Organisme.objects.earliest("pk")
    saisie = {"adresse": agent.email, "role": Role.EXPERT, "organisme": organisme.pk}
    return Creation(administrateur, reverse("administration:donner_role"), saisie, Habilitation)


def des_vagues() -> Creation:
    dans_un_an = (horloge_base() + timedelta(days=365)).astimezone(PARIS).date()
    saisie = {"jusqu_au": dans_un_an.isoformat()}
    return Creation(f.un_agent(Role.ADMINISTRATEUR), reverse("administration:calendrier"), saisie, Vague)


def un_projet() -> Creation:
    mission = conduite.une_mission()
    industriel = decor.un_industriel(mission, 1)
    saisie = {
        "industriel": industriel.pk,
        "intitule": "Nouvelle ligne",
        "nature": "modernisation",
        "epci": industriel.epci.pk,
        "recense_le": "2023-06-01",
        "investissement": "1 250 000",
        "emplois_potentiels": "12",
    }
    return Creation(conduite.un_equipier(mission), f"/missions/{mission.pk}/projets/ajouter/", saisie, Projet)


def un_industriel() -> Creation:
    mission = conduite.une_mission()
    epci = mission.labellisations.get().territoire.chef_de_file
    saisie = {"siren": f.un_siren(7), "nom": "Filature", "epci": epci.pk, "activite": "Textile"}
    return Creation(conduite.un_equipier(mission), f"/missions/{mission.pk}/industriels/ajouter/", saisie, Industriel)


def un_axe() -> Creation:
    mission = conduite.une_mission()
    saisie = {
        "titre": "Les compétences",
        "actions-TOTAL_FORMS": "1",
        "actions-INITIAL_FORMS": "0",
        "actions-0-intitule": "Ouvrir une école",
    }
    return Creation(conduite.un_equipier(mission), f"/missions/{mission.pk}/feuille-de-route/ajouter/", saisie, Axe)


def une_enveloppe() -> Creation:
    mission = conduite.une_mission()
    saisie = {
        "nom": "Enveloppe d’aides",
        "montant": "5 000 000",
        "ouverte_le": "2023-07-03",
        "financeurs-TOTAL_FORMS": "0",
        "financeurs-INITIAL_FORMS": "0",
    }
    return Creation(conduite.un_gestionnaire(), f"/missions/{mission.pk}/enveloppe/ouvrir/", saisie, Enveloppe)


def un_concours() -> Creation:
    enveloppe = conduite.une_enveloppe()
    projet = conduite.un_projet(enveloppe)
    saisie = {"projet": projet.pk, "montant": "25 000", "accorde_le": "2023-09-27"}
    adresse = f"/missions/{enveloppe.mission_id}/enveloppe/{enveloppe.pk}/accorder/"
    return Creation(conduite.un_gestionnaire(), adresse, saisie, Concours)


def un_rapport() -> Creation:
    mission = conduite.une_mission()
    adresse = reverse("rapports:liste", args=[mission.pk])
    return Creation(conduite.un_equipier(mission), adresse, {"au": "2023-08-28"}, Rapport)


def un_communique() -> Creation:
    decor.une_annonce()
    presse = f.un_agent(Role.PRESSE)
    adresse = reverse("presse:projet", args=[date(2023, 8, 28)])
    relue = client_de(presse).get(adresse).context["communique"].sceau
    return Creation(presse, adresse, {"relu": "on", "empreinte": relue}, Communique)


CREATIONS = (
    un_message,
    un_avis,
    une_invitation,
    un_incident,
    une_prolongation,
    un_organisme,
    un_role,
    des_vagues,
    un_projet,
    un_industriel,
    un_axe,
    une_enveloppe,
    un_concours,
    un_rapport,
    un_communique,
)


# What is for ever is read back first (`rebond.socle.formulaires.relecture`).
RELUES = (une_enveloppe, un_concours)


@pytest.mark.parametrize("creer", CREATIONS)
def test_la_meme_demande_deux_fois_fait_une_chose_et_recoit_deux_fois_la_meme_reponse(
    creer: Callable[[], Creation],
) -> None:
    auteur, adresse, saisie, modele = creer()
    client = client_de(auteur)
    avant = modele._default_manager.count()
    cle = CLE.findall(texte(client.get(adresse)))[-1]
    if creer in RELUES:
        # The page that reads back has a form, and so a key, of its own.
        saisie = champs_caches(client.post(adresse, saisie))
        cle = saisie.pop("cle_d_envoi")
    premiere = client.post(adresse, saisie | {"cle_d_envoi": cle})
    faits = modele._default_manager.count()
    dits = [str(message) for message in get_messages(premiere.wsgi_request)]
    seconde = client.post(adresse, saisie | {"cle_d_envoi": cle})
    assert faits > avant
    assert modele._default_manager.count() == faits
    assert (premiere.status_code, premiere["Location"]) == (seconde.status_code, seconde["Location"])
    assert [str(message) for message in get_messages(seconde.wsgi_request)][-len(dits) :] == dits != []


class TestMemeDemande:
    @pytest.fixture
    def fil(self) -> tuple[Client, str]:
        demande = un_message()
        return client_de(demande.auteur), demande.adresse

    def envoyer(self, fil: tuple[Client, str], mots: str = "Bonjour.", *, cle: object = None, **autres: Any) -> Any:
        client, adresse = fil
        return client.post(adresse, {"texte": mots, "cle_d_envoi": str(cle or "")} | autres)

    def mots(self) -> list[str]:
        return list(Message.objects.order_by("pk").values_list("texte", flat=True))

    def test_d_autres_mots_sous_la_meme_cle_sont_une_autre_demande(self, fil: tuple[Client, str]) -> None:
        """Whoever goes back, writes something else and sends it has the page, and so the key, of the first message."""
        cle = uuid4()
        for mots in ("Un.", "Deux.", "Un.", "Deux."):
            self.envoyer(fil, mots, cle=cle)
        assert self.mots() == ["Un.", "Deux."]

    def test_un_autre_fichier_aussi(self, fil: tuple[Client, str]) -> None:
        cle = uuid4()
        for suite in (b"% un", b"% deux", b"% un"):
            joint = SimpleUploadedFile("a.pdf", f.PDF + suite, content_type="application/pdf")
            self.envoyer(fil, cle=cle, fichiers=joint)
        assert len(self.mots()) == 2

    def test_les_memes_mots_d_une_autre_page_sont_un_autre_message(self, fil: tuple[Client, str]) -> None:
        self.envoyer(fil, cle=uuid4())
        self.envoyer(fil, cle=uuid4())
        assert self.mots() == ["Bonjour.", "Bonjour."]

    @pytest.mark.parametrize("cle", ["", "pas-une-cle"])
    def test_sans_cle_la_meme_chose_de_suite_n_est_faite_qu_une_fois(self, fil: tuple[Client, str], cle: str) -> None:
        for mots in ("Un.", "Un.", "Deux.", "Un."):
            assert self.envoyer(fil, mots, cle=cle).status_code == 302
        assert self.mots() == ["Un.", "Deux.", "Un."]

    def test_sans_cle_la_meme_chose_bien_plus_tard_est_une_autre_demande(self, fil: tuple[Client, str]) -> None:
        self.envoyer(fil)
        Envoi.objects.update(recu_le=horloge_base() - envois.SANS_CLE)
        self.envoyer(fil)
        assert len(self.mots()) == 2

    def test_la_cle_d_un_autre_ne_donne_pas_sa_reponse(self, fil: tuple[Client, str]) -> None:
        cle = uuid4()
        self.envoyer(fil, cle=cle)
        tiers = client_de(f.un_utilisateur())
        assert tiers.post(fil[1], {"texte": "Bonjour.", "cle_d_envoi": str(cle)}).status_code == 404

    def test_un_refus_n_est_pas_un_acte_et_se_redemande(self) -> None:
        demande = un_concours()
        client = client_de(demande.auteur)
        relue = champs_caches(client.post(demande.adresse, demande.saisie))
        Enveloppe.objects.update(montant=20_000)
        assert client.post(demande.adresse, relue).status_code == 200
        Enveloppe.objects.update(montant=1_000_000)
        assert client.post(demande.adresse, relue).status_code == 302
        assert Concours.objects.count() == 1

    def test_la_cle_ne_reste_pas_sans_son_acte(self, fil: tuple[Client, str], monkeypatch: pytest.MonkeyPatch) -> None:
        """They are written together: an act that breaks takes the key back with it."""
        cle = uuid4()
        with monkeypatch.context() as casse:
            casse.setattr("candidatures.instruction.echanges.actions.consigner", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                self.envoyer(fil, cle=cle)
        assert (self.mots(), Envoi.objects.count()) == ([], 0)
        self.envoyer(fil, cle=cle)
        assert self.mots() == ["Bonjour."]

    def test_postgres_refuse_deux_fois_la_meme_cle(self, fil: tuple[Client, str]) -> None:
        self.envoyer(fil, cle=uuid4())
        seul = Envoi.objects.get()
        seul.pk = None
        with pytest.raises(IntegrityError, match="envoi_une_seule_fois"), transaction.atomic():
            seul.save(force_insert=True)

    def test_les_cles_anciennes_s_oublient(self, fil: tuple[Client, str]) -> None:
        self.envoyer(fil, cle=uuid4())
        assert envois.oublier_les_anciens() == 0
        Envoi.objects.update(recu_le=horloge_base() - envois.CONSERVATION - HEURE)
        assert (envois.oublier_les_anciens(), Envoi.objects.count()) == (1, 0)


GARDIENNES = {"une_seule_fois", "une_fois_par_cle"}
# Why each of these may act on a POST without the key of the form.
REVISION, MORCEAU = "carries the revision of the section", "each upload has its own address, each piece its own offset"
AILLEURS = "sends the browser elsewhere, and writes nothing"
PORTEURS, COMPTES, ETAT = "candidatures.pages.territoire", "rebond.comptes", "candidatures.pages.instruction"
SANS_CLE = {
    f"{COMPTES}.gestion.views.fermer": "the session that would carry the answer ends with the account",
    f"{COMPTES}.preferences.views.refuser": "a mail reader sends it by itself: sent again, it changes nothing",
    **dict.fromkeys((f"{COMPTES}.proconnect.views.{nom}" for nom in ("connexion", "lier")), AILLEURS),
    f"{COMPTES}.proconnect.views.retour": "its key is the state that the provider gives back, once",
    f"{COMPTES}.seances.duree.duree": "says again that somebody is there: the second time changes nothing",
    f"{COMPTES}.seances.views.fermer_toutes": "the second time nothing is left to close",
    "rebond.portail.views_courriers.retours": "its key is the signature of the announcement: a letter comes back once",
    "candidatures.pages.instruction.annotations.presence": "says again that somebody reads: twice is once",
    **dict.fromkeys((f"{ETAT}.{nom}.brouillon" for nom in ("avis.reponses", "recevabilite")), "its draft’s revision"),
    f"{PORTEURS}.depots.deposer": "its key is in the deposit itself",
    f"{PORTEURS}.atelier.redaction.section": f"{REVISION}: the second save changes nothing",
    f"{PORTEURS}.atelier.saisie.automatique": REVISION,
    f"{PORTEURS}.atelier.saisie.presence": "writes when somebody was last seen",
    **dict.fromkeys((f"{PORTEURS}.televersements.{nom}" for nom in ("collection", "televersement")), MORCEAU),
}


def vues() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every view of ours that an address leads to, under its own name."""
    a_lire: list[Any] = list(get_resolver().url_patterns)
    while a_lire:
        motif = a_lire.pop()
        if isinstance(motif, URLResolver):
            a_lire += motif.url_patterns
        elif isinstance(motif, URLPattern):
            vue = inspect.unwrap(motif.callback)
            if vue.__module__.partition(".")[0] in NOTRE_CODE and not hasattr(motif.callback, "view_class"):
                yield f"{vue.__module__}.{vue.__name__}", vue


def decorateurs(vue: Callable[..., Any]) -> list[str]:
    arbre = ast.parse(Path(inspect.getsourcefile(vue) or "").read_text())
    [definition] = [n for n in arbre.body if isinstance(n, ast.FunctionDef) and n.name == vue.__name__]
    return [ast.unparse(decorateur) for decorateur in definition.decorator_list]


def agit(decorations: list[str]) -> bool:
    """Whether a view answers something else than a GET; one that does not say is thought to."""
    return not {"require_safe", "require_GET"}.intersection(decorations)


def test_aucune_page_ou_l_on_agit_n_echappe_a_la_cle() -> None:
    qui_agissent = {nom: lignes for nom, vue in vues() if agit(lignes := decorateurs(vue))}
    assert {nom for nom, lignes in qui_agissent.items() if not GARDIENNES.intersection(lignes[-1:])} == set(SANS_CLE)
    assert len(qui_agissent) > 60
