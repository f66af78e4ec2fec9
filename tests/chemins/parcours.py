"""The six journeys of a territory, each written once for whatever hands and whatever browser."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import FilePayload

from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, Depot
from candidatures.pages.territoire.ouverture import OUVERT
from tests import fabriques as f
from tests.chemins import preparations as p
from tests.chemins.visiteurs import CONTENU, Visiteur, un_fichier

NOM, ADRESSE = "Camille Exemple", "camille@exemple.fr"
RECHERCHE = "Nom, commune ou numéro SIREN"
A_LA_FIN = "section[aria-labelledby=deposer]"
DEPOSE = "Votre dossier est déposé"
DIMENSIONS = (1280, 900)
DU_TELEPHONE = (375, 800)


@dataclass(frozen=True)
class Parcours:
    """What has happened before, then what one does, in a window of these `dimensions` (a phone's is touched)."""

    nom: str
    preparer: Callable[[], p.Depart]
    suivre: Callable[[Visiteur, p.Depart], None]
    dimensions: tuple[int, int] = DIMENSIONS


def du_nouveau_venu_au_depot(v: Visiteur, depart: p.Depart) -> None:
    """From the home page, without an account."""
    v.arriver("/")
    choisir_de_commencer(v)
    v.voir("Pour commencer le dossier de la CC de la Vallée d’Essai")
    s_inscrire(v)
    v.voir(OUVERT)
    remplir_les_rubriques(v)
    v.joindre("piece-deliberation", un_fichier("délibération.pdf"))
    deposer(v)
    assert Depot.objects.get().candidature.territoire.cle == depart.epcis[0].siren


def choisir_de_commencer(v: Visiteur) -> None:
    if v.scripts:
        v.proposer(RECHERCHE, "vallee", p.VALLEE)
        v.envoyer("Commencer un dossier")
        return
    # What names none for sure is asked about before any account.
    v.remplir(RECHERCHE, "essai")
    v.envoyer("Commencer un dossier")
    v.cocher(p.VALLEE)
    v.envoyer("Choisir cette intercommunalité")


def s_inscrire(v: Visiteur) -> None:
    v.remplir("Prénom", "Camille")
    v.remplir("Nom", "Exemple", exact=True)
    v.remplir("Adresse e-mail", ADRESSE)
    v.envoyer("Créer mon compte")
    v.lire("Vérifier votre adresse e-mail")
    v.saisir_le_code_recu()


def remplir_les_rubriques(v: Visiteur) -> None:
    """What is obligatory and nothing else; of the last one, only what the account does not say."""
    v.cocher("Fermeture d’un site")
    v.remplir("Que s’est-il passé", "Une filature ferme.")
    v.dater("Date du principal événement", "2026-03-01")
    v.cocher("Textile, habillement, cuir")
    v.envoyer("Enregistrer et continuer")
    v.remplir("Emplois directs supprimés", "200")
    v.remplir("Raison sociale", "Filature d’essai")
    v.remplir("Emplois touchés", "200")
    v.envoyer("Enregistrer et continuer")
    v.remplir("Comment la démarche sera-t-elle pilotée", "Un comité mensuel.")
    v.remplir("Partenaires associés", "La Région.")
    v.envoyer("Enregistrer et continuer")
    v.remplir("Projets industriels connus", "Aucun.")
    v.envoyer("Enregistrer et continuer")
    v.remplir("Qu’attendez-vous de la mission", "Une feuille de route.")
    v.cocher("Innovation")
    v.envoyer("Enregistrer et continuer")
    v.relire("Prénom et nom", NOM)
    v.relire("Adresse e-mail", ADRESSE)
    v.remplir("Fonction", "Secrétaire de mairie")
    v.remplir("Téléphone", "0327000000")
    v.envoyer("Enregistrer et continuer")


def deposer(v: Visiteur) -> None:
    """From the attachments; by the button at the end, once all is read."""
    v.suivre("Continuer : relire et déposer")
    v.envoyer("Déposer le dossier", dans=A_LA_FIN)
    v.lire(DEPOSE)
    v.montrer()


def de_trois_collectivites(v: Visiteur, depart: p.Depart) -> None:
    """A grouping, its lead, a mandate of each."""
    v.arriver("/candidatures/", comme=depart.porteur)
    v.suivre("Commencer un dossier")
    for saisie, nom in (("vallee", p.VALLEE), ("plateau", p.PLATEAU), ("plaine", p.PLAINE)):
        chercher(v, saisie, nom)
        v.lire("Votre territoire")
    v.cocher(p.VALLEE)
    v.envoyer("Commencer le dossier")
    v.voir(OUVERT)
    dossier = Candidature.objects.get()
    assert (dossier.territoire.chef_de_file, set(dossier.territoire.epcis.all())) == (
        depart.epcis[0],
        set(depart.epcis),
    )
    p.ecrire_les_reponses(dossier)
    v.suivre("Groupement")
    v.lire("Groupement")
    v.compter("À joindre", 3)
    v.suivre("Pièces jointes")
    for rang, membre in enumerate(dossier.membres.order_by("pk")):
        v.joindre(f"piece-deliberation-{membre.pk}", un_fichier(f"mandat-{rang}.pdf", f.PDF + b"%%%d" % rang))
    deposer(v)
    assert Depot.objects.get().pieces.count() == 3


def chercher(v: Visiteur, saisie: str, nom: str) -> None:
    if v.scripts:
        v.proposer(RECHERCHE, saisie, nom, mene=True)
        return
    v.remplir(RECHERCHE, saisie)
    v.envoyer("Chercher")
    v.envoyer("Choisir cette intercommunalité")


def du_telephone(v: Visiteur, depart: p.Depart) -> None:
    """A code instead of a password, photographs instead of a scanner."""
    v.arriver("/")
    v.suivre("Se connecter", dans=CONTENU)
    v.remplir("Adresse e-mail", depart.porteur.email)
    v.envoyer("Recevoir un code de connexion")
    v.saisir_le_code_recu()
    v.lire("Bonjour Camille")
    if v.scripts:
        v.ouvrir("Menu")
    v.suivre("Mes dossiers", dans="#navigation")
    v.suivre(depart.reference, dans=CONTENU)
    v.suivre("Pièces jointes")
    v.suivre("Je n’ai que des photos : les réunir en un PDF", dans="#piece-deliberation")
    v.joindre_des_photos("Photos", [une_photo("page-1.jpg"), une_photo("page-2.jpg")])
    v.envoyer("Réunir ces photos en un PDF")
    v.lire("Les pièces jointes")
    deposer(v)
    assert Depot.objects.get().pieces.count() == 1


def une_photo(nom: str) -> FilePayload:
    tampon = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(tampon, "JPEG")
    return un_fichier(nom, tampon.getvalue(), "image/jpeg")


def corriger(v: Visiteur, depart: p.Depart) -> None:
    """One answer is asked for again."""
    v.arriver("/candidatures/", comme=depart.porteur)
    v.suivre(depart.reference, dans=CONTENU)
    v.lire("Une correction vous est demandée")
    v.suivre("Voir ce qui est demandé")
    v.voir("Citez tous les projets.")
    v.suivre("Les projets déjà connus")
    v.remplir("Projets industriels connus", "Une fonderie, un atelier.")
    v.envoyer("Enregistrer ces corrections")
    v.envoyer("Rendre la correction")
    v.lire("Corrections")
    v.voir("Une fonderie, un atelier.")
    v.montrer()
    assert Candidature.objects.get().etat == EtatCandidature.EN_INSTRUCTION


def copier_puis_deposer(v: Visiteur, depart: p.Depart) -> None:
    """Not retained; presented again in the wave that is open, which asks one thing more."""
    v.arriver("/candidatures/", comme=depart.porteur)
    v.suivre(depart.reference, dans=CONTENU)
    v.lire("Dossier non retenu")
    v.lire("Comprendre ou contester cette décision")
    v.suivre("Copier ce dossier dans la période de dépôt ouverte")
    v.envoyer("Copier ce dossier")
    v.lire("Ce qui change depuis le dossier d’origine")
    v.voir(p.NOUVELLE_QUESTION)
    v.suivre("Aller au dossier")
    v.suivre(p.NOUVELLE_QUESTION)
    v.remplir(p.NOUVELLE_QUESTION, "Deux hectares.")
    v.envoyer("Enregistrer et revenir au dossier")
    v.suivre("Relire et déposer le dossier", dans=CONTENU)
    v.envoyer("Déposer le dossier", dans=A_LA_FIN)
    v.lire(DEPOSE)
    v.montrer()
    assert Depot.objects.order_by("pk").last().candidature.copie_de == depart.dossier


def du_laureat(v: Visiteur, depart: p.Depart) -> None:
    """The decision, then what the mission finds."""
    v.arriver("/candidatures/", comme=depart.porteur)
    v.suivre(depart.reference, dans=CONTENU)
    v.lire("Votre territoire est lauréat")
    v.suivre("Ouvrir la mission de votre territoire")
    v.lire("Chiffres clés")
    v.suivre("Portefeuille de projets", dans=CONTENU)
    v.voir("Projet de Usine 0")
    v.suivre("Projet de Usine 0")
    v.voir("Usine 0")
    v.montrer()


PARCOURS = (
    Parcours("du nouveau venu au dépôt", p.un_nouveau_venu, du_nouveau_venu_au_depot),
    Parcours("trois collectivités", p.un_groupement_a_venir, de_trois_collectivites),
    Parcours("dépôt au téléphone", p.un_dossier_sans_piece, du_telephone, DU_TELEPHONE),
    Parcours("correction", p.une_correction_demandee, corriger),
    Parcours("non retenu, puis copié", p.un_dossier_non_retenu, copier_puis_deposer),
    Parcours("lauréat", p.un_laureat, du_laureat),
)
