"""The outbox before a real mail server: down, then up, refusing, closing the connection."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier, PanneMessagerie, PieceDeCourrier
from rebond.socle.horloge.temps import horloge_base
from tests.outils.smtp import ServeurSmtp

pytestmark = pytest.mark.django_db


@pytest.fixture
def serveur(settings) -> Iterator[ServeurSmtp]:
    serveur = ServeurSmtp()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", serveur.port, 5
    serveur.demarrer()
    yield serveur
    serveur.arreter()


@pytest.fixture
def maintenant():
    return horloge_base()


def des_lettres(*noms: str) -> list[Courrier]:
    return [
        Courrier.objects.create(cle=nom, destinataire=f"{nom}@example.fr", objet=f"Objet {nom}", texte="Bonjour")
        for nom in noms
    ]


def etat_de(nom: str) -> tuple[int, bool, bool]:
    """Tries, sent, set aside."""
    lettre = Courrier.objects.get(cle=nom)
    return lettre.tentatives, lettre.envoye_le is not None, lettre.abandonne_le is not None


def envoyer(maintenant, **options) -> int:
    return courriers.envoyer_en_attente(maintenant=maintenant, **options)


def test_un_lot_part_par_une_seule_connexion_du_plus_ancien_au_plus_recent(serveur, maintenant):
    des_lettres("a", "b", "c")
    assert envoyer(maintenant + timedelta(seconds=1)) == 3
    assert (serveur.destinataires, serveur.connexions) == (["a@example.fr", "b@example.fr", "c@example.fr"], 1)


def test_rien_a_envoyer_n_ouvre_aucune_connexion(serveur, maintenant):
    assert (envoyer(maintenant), serveur.connexions) == (0, 0)


def test_une_heure_de_panne_ne_perd_rien_et_ne_coute_un_essai_a_aucune_lettre(serveur, maintenant):
    des_lettres("a", "b", "c")
    serveur.arreter()
    instant = maintenant + timedelta(seconds=1)
    # Every ten seconds, as the beat does.
    for _ in range(360):
        assert envoyer(instant) == 0
        instant += timedelta(seconds=10)
    assert [etat_de(nom) for nom in "abc"] == [(0, False, False)] * 3
    panne = PanneMessagerie.objects.get()
    assert (panne.debut, panne.fin) == (maintenant + timedelta(seconds=1), None)
    assert 10 <= panne.essais <= 20
    assert "refused" in panne.erreur

    serveur.demarrer()
    instant += courriers.DELAI_MAX_SERVEUR
    assert envoyer(instant) == 3
    assert sorted(serveur.destinataires) == ["a@example.fr", "b@example.fr", "c@example.fr"]
    panne.refresh_from_db()
    assert panne.fin == instant


def test_un_serveur_injoignable_n_est_pas_redemande_avant_son_heure(serveur, maintenant):
    des_lettres("a")
    serveur.arreter()
    envoyer(maintenant + timedelta(seconds=1))
    serveur.demarrer()
    assert envoyer(maintenant + timedelta(seconds=10)) == 0
    assert serveur.connexions == 0
    assert envoyer(maintenant + timedelta(seconds=1) + courriers.PREMIER_DELAI_SERVEUR) == 1


def test_une_seconde_panne_est_une_autre_panne(serveur, maintenant):
    for rang in (1, 2):
        des_lettres(f"lettre-{rang}")
        serveur.arreter()
        envoyer(maintenant + timedelta(hours=rang))
        serveur.demarrer()
        envoyer(maintenant + timedelta(hours=rang, minutes=30))
    assert [panne.fin - panne.debut for panne in PanneMessagerie.objects.all()] == [timedelta(minutes=30)] * 2


def test_un_destinataire_refuse_pour_de_bon_est_mis_de_cote_et_les_autres_partent(serveur, maintenant):
    des_lettres("a", "inconnu", "c")
    serveur.refus_destinataire = lambda adresse: "550 5.1.1 Adresse inconnue" if "inconnu" in adresse else None
    assert envoyer(maintenant + timedelta(seconds=1)) == 2
    assert [etat_de(nom) for nom in ("a", "inconnu", "c")] == [
        (1, True, False),
        (1, False, True),
        (1, True, False),
    ]
    assert "Adresse inconnue" in Courrier.objects.get(cle="inconnu").derniere_erreur
    assert (serveur.connexions, PanneMessagerie.objects.count()) == (1, 0)


@pytest.mark.parametrize("ou", ["refus_destinataire", "refus_texte"])
def test_un_refus_temporaire_est_retente_de_plus_en_plus_tard(serveur, maintenant, ou):
    des_lettres("liste-grise", "b")
    instant = maintenant + timedelta(seconds=1)
    setattr(serveur, ou, lambda adresse: "451 4.7.1 Plus tard" if "liste-grise" in adresse else None)
    assert envoyer(instant) == 1
    assert etat_de("liste-grise") == (1, False, False)
    assert Courrier.objects.get(cle="liste-grise").prochain_essai == instant + courriers.PREMIER_DELAI
    assert envoyer(instant + courriers.PREMIER_DELAI) == 0
    attendu = instant + courriers.PREMIER_DELAI * 3
    assert Courrier.objects.get(cle="liste-grise").prochain_essai == attendu
    setattr(serveur, ou, lambda _adresse: None)
    assert envoyer(attendu) == 1


def test_un_refus_temporaire_sans_fin_met_la_lettre_de_cote(serveur, maintenant):
    des_lettres("liste-grise")
    serveur.refus_destinataire = lambda _adresse: "450 4.2.1 Plus tard"
    for rang in range(courriers.TENTATIVES_MAX):
        assert etat_de("liste-grise") == (rang, False, False)
        envoyer(maintenant + (rang + 1) * courriers.DELAI_MAX)
    assert etat_de("liste-grise") == (courriers.TENTATIVES_MAX, False, True)


def test_un_texte_refuse_pour_de_bon_est_mis_de_cote(serveur, maintenant):
    des_lettres("a", "b")
    serveur.refus_texte = lambda adresse: "554 5.7.1 Contenu refusé" if adresse.startswith("a@") else None
    assert envoyer(maintenant + timedelta(seconds=1)) == 1
    assert [etat_de("a"), etat_de("b")] == [(1, False, True), (1, True, False)]


def test_un_expediteur_refuse_est_l_affaire_du_serveur_et_d_aucune_lettre(serveur, maintenant):
    des_lettres("a", "b")
    serveur.refus_expediteur = "530 5.7.0 Authentification requise"
    assert envoyer(maintenant + timedelta(seconds=1)) == 0
    assert [etat_de("a"), etat_de("b")] == [(0, False, False)] * 2
    assert "Authentification requise" in PanneMessagerie.objects.get().erreur


def test_un_serveur_qui_limite_les_lettres_par_connexion_en_ouvre_d_autres(serveur, maintenant):
    des_lettres("a", "b", "c", "d", "e")
    serveur.par_connexion = 2
    assert envoyer(maintenant + timedelta(seconds=1)) == 5
    assert (len(serveur.lettres), serveur.connexions, PanneMessagerie.objects.count()) == (5, 3, 0)
    assert {etat_de(nom) for nom in "abcde"} == {(1, True, False)}


def test_une_lettre_qui_fait_rompre_la_connexion_n_arrete_pas_les_autres(serveur, maintenant):
    des_lettres("poison", "b", "c")
    serveur.rompre = lambda adresse: "poison" in adresse
    assert envoyer(maintenant + timedelta(seconds=1)) == 2
    assert [etat_de(nom) for nom in ("poison", "b", "c")] == [(1, False, False), (1, True, False), (1, True, False)]


def test_un_serveur_qui_rompt_toujours_n_est_pas_essaye_lettre_apres_lettre(serveur, maintenant):
    des_lettres(*(f"lettre-{rang}" for rang in range(10)))
    serveur.rompre = lambda _adresse: True
    assert envoyer(maintenant + timedelta(seconds=1)) == 0
    assert (serveur.connexions, PanneMessagerie.objects.count()) == (2, 1)


def test_une_piece_perdue_ne_retient_que_sa_lettre(serveur, maintenant):
    from rebond.socle.documents import stockage as documents

    piece = documents.enregistrer(b"%PDF-1.4 perdue", type_mime="application/pdf")
    documents.default_storage.delete(piece.chemin)
    perdue = Courrier.objects.create(cle="perdue", destinataire="a@example.fr", objet="o", texte="t")
    PieceDeCourrier.objects.create(courrier=perdue, document=piece, nom="accuse.pdf")
    des_lettres("b")
    assert envoyer(maintenant + timedelta(seconds=1)) == 1
    assert [etat_de("perdue"), etat_de("b")] == [(1, False, False), (1, True, False)]


def test_une_adresse_qu_aucun_serveur_ne_lirait_est_mise_de_cote(serveur, maintenant):
    Courrier.objects.create(cle="cassee", destinataire="a@b@example.fr", objet="Deux\nlignes", texte="t")
    des_lettres("b")
    assert envoyer(maintenant + timedelta(seconds=1)) == 1
    assert [etat_de("cassee"), etat_de("b")] == [(1, False, True), (1, True, False)]


def test_un_ouvrier_tue_avant_d_avoir_note_l_envoi_renvoie_la_meme_lettre(serveur, maintenant):
    """The letter has left, its row does not say so: the second one bears the same Message-ID."""
    des_lettres("a")
    with pytest.raises(KeyboardInterrupt):
        _envoyer_et_mourir(serveur, maintenant)
    assert etat_de("a") == (0, False, False)
    assert envoyer(maintenant + timedelta(seconds=1)) == 1
    premiere, seconde = serveur.lettres
    assert premiere["Message-ID"] == seconde["Message-ID"] == _message_id("a")


def _envoyer_et_mourir(serveur: ServeurSmtp, maintenant) -> None:
    from django.db import connection

    def mourir(execute, sql, params, many, contexte):
        if sql.startswith('UPDATE "socle_courrier"'):
            raise KeyboardInterrupt
        return execute(sql, params, many, contexte)

    with connection.execute_wrapper(mourir):
        envoyer(maintenant + timedelta(seconds=1))


def _message_id(cle: str) -> str:
    return courriers.identifiant(Courrier.objects.get(cle=cle))


def test_le_nom_d_une_lettre_ne_dit_ni_quand_elle_fut_ecrite_ni_son_rang(serveur, maintenant):
    """Results wait for their announcement: their headers do not tell when the decision was taken."""
    des_lettres("a", "b")
    envoyer(maintenant + timedelta(seconds=1))
    for lettre, cle in zip(serveur.lettres, "ab", strict=True):
        ecrite = Courrier.objects.get(cle=cle)
        brut = lettre.as_string()
        assert f"{ecrite.cree_le:%Y%m%d%H}" not in brut
        assert re.fullmatch(r"<[0-9a-f]{32}@rebond>", lettre["Message-ID"])
    assert serveur.lettres[0]["Message-ID"] != serveur.lettres[1]["Message-ID"]


def test_un_prefixe_limite_l_envoi_a_ses_lettres(serveur, maintenant):
    des_lettres("alarme-1", "autre")
    assert envoyer(maintenant + timedelta(seconds=1), prefixe="alarme-") == 1
    assert serveur.destinataires == ["alarme-1@example.fr"]


def test_toutes_les_lettres_mises_de_cote_repartent_d_un_geste(serveur, maintenant):
    des_lettres("a", "b", "c")
    serveur.refus_destinataire = lambda adresse: None if adresse.startswith("c@") else "550 Non"
    envoyer(maintenant + timedelta(seconds=1))
    serveur.refus_destinataire = lambda _adresse: None
    plus_tard = maintenant + timedelta(hours=1)
    assert courriers.renvoyer_abandonnes(maintenant=plus_tard) == 2
    assert courriers.renvoyer_abandonnes(maintenant=plus_tard) == 0
    assert envoyer(plus_tard) == 2
    assert sorted(serveur.destinataires) == ["a@example.fr", "b@example.fr", "c@example.fr"]
