"""Letters under seal: nobody reads them while they wait, and nothing of them is kept once they have left."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.courriers.scelle import ScelleIllisible, ouvrir, sceller
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.smtp import ServeurSmtp

pytestmark = pytest.mark.django_db

CODE = "ZQXW-VKJH"
TEXTE = f"Bonjour,\n\n{CODE}\n\nÀ bientôt."


def sous_scelle(cle: str = "code", **options: Any) -> Courrier:
    return courriers.mettre_sous_scelle(
        cle=cle, destinataire="camille@exemple.fr", objet="Votre code", texte=TEXTE, **options
    )


def toute_la_ligne() -> str:
    """All that the table holds, as whoever has a copy of it reads it."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT string_agg(courrier::text, E'\\n') FROM socle_courrier AS courrier")
        return str(curseur.fetchone()[0])


def test_une_lettre_sous_scelle_part_entiere_et_ne_laisse_rien() -> None:
    courrier = sous_scelle()
    assert "camille@exemple.fr" in toute_la_ligne()
    assert CODE not in toute_la_ligne()
    assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["camille@exemple.fr"], "Votre code", TEXTE)
    assert CODE in str(message.alternatives[0][0])
    courrier.refresh_from_db()
    assert (courrier.scelle, courrier.texte, courrier.envoye_le is None) == ("", "", False)


def test_la_page_des_courriels_et_ses_fichiers_ne_la_montrent_pas(client: Client) -> None:
    sous_scelle()
    client.force_login(f.un_agent(Role.ADMINISTRATEUR))
    adresse = reverse("courriers")
    for demande in ({}, {"q": CODE}, {"q": "Votre code"}, {"format": "csv"}, {"format": "xlsx"}, {"format": "ods"}):
        reponse = client.get(adresse, demande)
        octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert reponse.status_code == 200
        if demande != {"q": CODE}:
            assert CODE.encode() not in octets
    assert "Aucun e-mail ne correspond" in client.get(adresse, {"q": CODE}).content.decode()


def test_deux_fois_le_meme_texte_ne_se_ressemblent_pas() -> None:
    assert sceller(TEXTE) != sceller(TEXTE)
    assert ouvrir(sceller(TEXTE)) == TEXTE


def test_une_ancienne_clef_ouvre_encore_et_une_autre_jamais(settings: Any) -> None:
    scelle = sceller(TEXTE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "la-neuve", [settings.SECRET_KEY]
    assert ouvrir(scelle) == TEXTE
    settings.SECRET_KEY_FALLBACKS = []
    for illisible in (scelle, "autre chose"):
        with pytest.raises(ScelleIllisible):
            ouvrir(illisible)


def test_un_scelle_que_plus_rien_n_ouvre_est_mis_de_cote(settings: Any) -> None:
    sous_scelle()
    settings.SECRET_KEY = "la-neuve"
    maintenant = horloge_base()
    assert courriers.envoyer_en_attente(maintenant=maintenant) == 0
    courrier = Courrier.objects.get()
    assert courrier.abandonne_le == maintenant
    assert courrier.derniere_erreur == "Texte sous scellé illisible : la clef du portail a changé."


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"scelle": "x", "texte": "en clair"}, "courrier_scelle_ou_en_clair"),
        ({"scelle": "x", "texte": "", "envoye_le": True}, "courrier_scelle_efface_une_fois_parti"),
    ],
)
def test_postgres_ne_garde_ni_texte_en_clair_ni_scelle_apres_l_envoi(champs: dict[str, Any], contrainte: str) -> None:
    if champs.get("envoye_le"):
        champs = champs | {"envoye_le": horloge_base()}
    with pytest.raises(IntegrityError, match=contrainte):
        Courrier.objects.create(cle="a", destinataire="a@example.fr", objet="o", **champs)


def test_perimee_elle_ne_part_plus_et_disparait() -> None:
    dans_une_minute = horloge_base() + timedelta(minutes=1)
    sous_scelle("perime", perime_le=dans_une_minute)
    sous_scelle("valable", perime_le=dans_une_minute + timedelta(seconds=1))
    maintenant = dans_une_minute
    assert courriers.envoyer_en_attente(maintenant=maintenant) == 1
    assert list(Courrier.objects.values_list("cle", flat=True)) == ["valable"]
    # Once it has left, its row stays, which says that it did.
    courriers.envoyer_en_attente(maintenant=maintenant + timedelta(days=1))
    assert Courrier.objects.get().envoye_le == maintenant


def test_perimee_pendant_une_panne_elle_disparait_sans_attendre_qu_elle_finisse() -> None:
    maintenant = horloge_base()
    PanneMessagerie.objects.create(debut=maintenant, prochain_essai=maintenant + timedelta(hours=1))
    sous_scelle(perime_le=maintenant)
    assert courriers.envoyer_en_attente(maintenant=maintenant) == 0
    assert not Courrier.objects.exists()


def test_refusee_pour_de_bon_une_lettre_attendue_disparait_et_un_avis_reste(settings: Any) -> None:
    """Anybody may type an address that does not exist: no administrateur is told of each."""
    serveur = ServeurSmtp()
    serveur.refus_destinataire = lambda _adresse: "550 5.1.1 Adresse inconnue"
    serveur.demarrer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
    sous_scelle("attendue", perime_le=horloge_base() + timedelta(minutes=15))
    sous_scelle("avis")
    maintenant = horloge_base()
    try:
        assert courriers.envoyer_en_attente(maintenant=maintenant) == 0
        avis = Courrier.objects.get()
        assert (avis.cle, avis.abandonne_le) == ("avis", maintenant)
        serveur.refus_destinataire = lambda _adresse: None
        courriers.renvoyer(avis, maintenant=maintenant)
        assert courriers.envoyer_en_attente(maintenant=maintenant) == 1
    finally:
        serveur.arreter()
    assert CODE in serveur.lettres[0].as_bytes().decode()
