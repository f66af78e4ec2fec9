"""Every table that holds something of a person: what, why, how long, and what remains when the person goes.

Complete by test: a new table, a new link to an account or a new text fails until it is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from rebond.donnees.conservation.regles import REGLES


class Garde(Enum):
    """How long, for what no rule of `conservation` ends."""

    COMPTE = "tant que le compte est ouvert, puis un an au plus, jusqu’à ce que le compte soit rendu anonyme"
    ROLE = "dix ans après la fin du rôle ou du lien, puis visa des archives"
    DOSSIER = "dix ans après la clôture de la vague, puis visa des archives"
    MISSION = "dix ans après la fin de la mission, puis visa des archives"
    PUBLIE = "sans limite : publié ou scellé, archive historique"
    JOURNAL = "comme ce qu’il prouve : dix ans au moins, puis visa des archives"
    REFERENCE = "tant que la collectivité existe"
    PARENT = "comme l’objet auquel il tient"


@dataclass(frozen=True)
class Sorte:
    """`liens`: each foreign key to an account, and the part of an export where its person finds it. `personnels`:
    texts that hold, or may hold, something of a person; `neutres`: the other texts. `duree`: the key of a rule, or a
    `Garde`.
    """

    modele: str
    traitement: str
    duree: str | Garde
    liens: Mapping[str, str]
    personnels: frozenset[str]
    neutres: frozenset[str]

    @property
    def garde(self) -> str:
        if isinstance(self.duree, Garde):
            return self.duree.value
        return next(regle.en_mots for regle in REGLES if regle.cle == self.duree)


def _sorte(
    modele: str, traitement: str, duree: str | Garde, liens: str = "", personnels: str = "", neutres: str = ""
) -> Sorte:
    """`liens` is « champ:rubrique … »; the others, names with spaces between."""
    paires = dict(lien.split(":") for lien in liens.split())
    return Sorte(modele, traitement, duree, paires, frozenset(personnels.split()), frozenset(neutres.split()))


G, S = Garde, _sorte
SORTES: tuple[Sorte, ...] = (
    # Accounts.
    S("socle.Utilisateur", "comptes", G.COMPTE, "", "password email prenom nom"),
    S("account.EmailAddress", "comptes", G.COMPTE, "user:adresses", "email"),
    S("account.EmailConfirmation", "comptes", "sessions", "", "key"),
    S("mfa.Authenticator", "comptes", G.COMPTE, "user:second_facteur", "data"),
    S("socialaccount.SocialAccount", "comptes", G.COMPTE, "user:proconnect", "uid extra_data", "provider"),
    S("socialaccount.SocialToken", "comptes", G.PARENT, "", "token token_secret"),
    S("sessions.Session", "comptes", "sessions", "", "session_key session_data"),
    S("usersessions.UserSession", "comptes", "sessions", "user:sessions", "ip session_key user_agent data"),
    S("seances.Appareil", "comptes", "appareils", "utilisateur:appareils", "nom empreinte"),
    S("socle.Envoi", "comptes", "envois", "utilisateur:formulaires", "messages", "empreinte vers"),
    # Roles, authorities.
    S("territoires.Habilitation", "roles", G.ROLE,
      "utilisateur:roles proposee_par:actes signee_par:actes confirmee_par:actes", "adresse"),
    S("territoires.Rattachement", "collectivites", G.ROLE,
      "utilisateur:collectivites prouve_par:actes fini_par:actes", "adresse adresse_proposee motif fin_motif",
      "siren nom code"),
    S("territoires.AdresseOfficielle", "collectivites", G.REFERENCE, "validee_par:actes", "email", "siren"),
    S("territoires.Petr", "collectivites", G.DOSSIER, "declare_par:petr", "", "siren nom"),
    # Files.
    S("candidatures.Candidature", "dossiers", G.DOSSIER, "ouverte_par:dossiers_ouverts depot_a_l_echeance_par:actes",
      "contenu reprise", "territoire_tenu empreinte numero_source"),
    S("candidatures.Reliure", "dossiers", G.DOSSIER, "demandee_par:actes", "", "incluses"),
    S("candidatures.Participation", "dossiers", G.DOSSIER, "utilisateur:participations"),
    S("candidatures.AncienneParticipation", "dossiers", G.DOSSIER, "utilisateur:participations"),
    S("candidatures.Invitation", "dossiers", "invitations", "faite_par:invitations acceptee_par:invitations", "email",
      "empreinte"),
    S("candidatures.Lien", "dossiers", G.DOSSIER, "fait_par:liens", "pour email", "siren nom empreinte recus"),
    S("candidatures.Accord", "dossiers", G.DOSSIER, "par:accords", "signataire fonction lecture",
      "siren nom empreinte"),
    S("candidatures.Depot", "dossiers", G.DOSSIER, "auteur:depots", "contenu", "numero empreinte"),
    S("candidatures.PieceDeposee", "dossiers", G.DOSSIER, "", "nom", "nature intitule"),
    S("candidatures.PieceJointe", "dossiers", G.DOSSIER, "ajoutee_par:fichiers", "nom", "nature intitule"),
    S("candidatures.Televersement", "dossiers", G.DOSSIER, "utilisateur:fichiers", "nom", "nature refus"),
    S("candidatures.Reserve", "dossiers", G.DOSSIER, "utilisateur:fichiers"),
    S("candidatures.VersionDeSection", "dossiers", G.DOSSIER, "auteur:reponses", "reponses", "section"),
    S("candidatures.VersionComplete", "dossiers", G.DOSSIER, "auteur:reponses", "contenu", "empreinte"),
    S("candidatures.Presence", "dossiers", "presences", "utilisateur:lectures", "", "section"),
    S("candidatures.DemandeDEpci", "collectivites", G.DOSSIER, "repondue_par:actes", "nom email telephone message "
      "reponse", "collectivite commune siren"),
    S("candidatures.Contestation", "dossiers", G.DOSSIER, "par:signalements tranchee_par:actes", "reponse",
      "siren nom"),
    S("candidatures.AccuseRectificatif", "dossiers", G.DOSSIER, "", "motif"),
    S("candidatures.Message", "dossiers", G.DOSSIER, "auteur:messages", "texte"),
    S("candidatures.PieceDeMessage", "dossiers", G.DOSSIER, "", "nom"),
    S("candidatures.LectureDesMessages", "dossiers", G.DOSSIER, "utilisateur:lectures"),
    S("candidatures.Annotation", "dossiers", G.DOSSIER, "auteur:instruction", "texte", "ancre"),
    S("candidatures.Mention", "dossiers", G.DOSSIER, "utilisateur:lectures"),
    S("candidatures.LectureDePiece", "dossiers", G.DOSSIER, "utilisateur:lectures"),
    S("candidatures.DemandeDeCorrection", "dossiers", G.DOSSIER, "auteur:instruction rendue_par:actes",
      "motif reponses", "questions natures"),
    S("candidatures.PieceDeCorrection", "dossiers", G.DOSSIER, "ajoutee_par:fichiers", "nom", "nature intitule"),
    S("candidatures.Affectation", "dossiers", G.DOSSIER, "instructeur:instruction par:actes close_par:actes", "mot"),
    S("candidatures.Suivi", "dossiers", G.PARENT, "responsable:instruction", "",
      "nom region cas_avis etape filieres regions departements etiquettes"),
    S("candidatures.Etiquette", "dossiers", G.DOSSIER, "par:instruction", "nom"),
    S("candidatures.DeclarationInteret", "dossiers", G.DOSSIER, "utilisateur:interets", "motif"),
    S("candidatures.Recevabilite", "dossiers", G.DOSSIER, "auteur:instruction", "motif constats"),
    S("candidatures.ExamenDeRecevabilite", "dossiers", G.DOSSIER, "ecrit_par:instruction", "motif constats"),
    S("candidatures.PropositionDIrrecevabilite", "dossiers", G.DOSSIER, "auteur:instruction close_par:instruction",
      "motif constats mot signataire qualite service"),
    S("candidatures.ActeGroupe", "dossiers", G.DOSSIER, "personne:actes", "donnees", "acte"),
    S("candidatures.ActeSurDossier", "dossiers", G.DOSSIER, "", "", "refus"),
    S("candidatures.VueEnregistree", "dossiers", G.COMPTE, "proprietaire:vues", "nom demande"),
    S("candidatures.Saisine", "dossiers", G.DOSSIER, "expert:instruction demande_par:actes close_par:actes",
      "question motif"),
    S("candidatures.RelanceDAvis", "dossiers", G.DOSSIER, "par:actes"),
    S("candidatures.BrouillonDAvis", "dossiers", G.DOSSIER, "ecrit_par:instruction", "texte reserves qualite nom"),
    S("candidatures.AvisRendu", "dossiers", G.DOSSIER, "auteur:instruction", "texte reserves qualite nom"),
    S("candidatures.LeveeDeReserve", "dossiers", G.DOSSIER, "levee_par:instruction", "motif"),
    S("candidatures.Proposition", "dossiers", G.DOSSIER, "auteur:instruction", "motif"),
    S("candidatures.RevisionDeProposition", "dossiers", G.DOSSIER, "auteur:instruction", "motif"),
    S("candidatures.Evaluateur", "dossiers", G.DOSSIER,
      "personne:instruction confie_par:actes retire_par:actes", "motif"),
    S("candidatures.Evaluation", "dossiers", G.DOSSIER, "auteur:instruction", "motif commentaire abstention"),
    S("candidatures.Note", "dossiers", G.PARENT, "", "motif", "critere"),
    S("candidatures.Decision", "dossiers", G.DOSSIER, "valideur:actes", "motif"),
    S("candidatures.Prolongation", "dossiers", G.DOSSIER, "demandee_par:actes signee_par:actes", "motif"),
    S("candidatures.Incident", "dossiers", G.DOSSIER, "auteur:actes", "description", "cle"),
    S("candidatures.Vague", "dossiers", G.DOSSIER, "labellisee_par:actes annoncee_par:actes", "",
      "silence motif_suspension"),
    S("candidatures.CahierDesCharges", "dossiers", G.DOSSIER, "auteur:actes", "commentaire", "definition"),
    S("candidatures.FinDeSerie", "dossiers", G.DOSSIER, "decidee_par:actes reprise_par:actes", "motif"),
    S("candidatures.ProcesVerbal", "dossiers", G.PUBLIE, "", "contenu", "empreinte"),
    S("candidatures.LigneProcesVerbal", "dossiers", G.PUBLIE, "", "texte"),
    # Missions.
    S("projets.Mission", "missions", G.MISSION, "", "contexte", "titre"),
    S("projets.EquipeMission", "missions", G.MISSION, "utilisateur:missions"),
    S("projets.Industriel", "missions", G.MISSION, "annule_par:actes", "nom annulation", "siren activite"),
    S("projets.Projet", "missions", G.MISSION, "annule_par:actes", "intitule description annulation abandon"),
    S("projets.Estimation", "missions", G.MISSION, "auteur:actes"),
    S("projets.Concours", "missions", G.MISSION, "accorde_par:actes"),
    S("projets.Liberation", "missions", G.MISSION, "libere_par:actes"),
    S("projets.Axe", "missions", G.MISSION, "", "description", "titre"),
    S("projets.ActionAxe", "missions", G.MISSION, "", "pilote", "intitule"),
    S("projets.Rapport", "missions", G.MISSION, "demande_par:actes", "", "etape chiffres erreur"),
    # What is published.
    S("projets.Communique", "communication", G.PUBLIE, "fige_par:actes", "contenu resume motif",
      "chiffres empreinte sommaire"),
    S("portail.VersionDeTexte", "communication", G.PUBLIE, "auteur:actes", "texte commentaire"),
    # Letters, journals, rights.
    S("socle.Courrier", "courriels", "courriels", "demande_par:actes",
      "destinataire objet texte scelle derniere_erreur", "cle"),
    S("socle.PieceDeCourrier", "courriels", "courriels", "", "", "nom"),
    S("socle.Retour", "courriels", G.PARENT, "", "", "statut"),
    S("socle.PreferenceDeLettres", "comptes", G.COMPTE, "utilisateur:preferences"),
    S("socle.EntreeJournal", "journal", G.JOURNAL, "", "acteur objet details", "acte objet_type objet_id session"),
    S("socle.Acces", "securite", "acces", "", "personne chemin objet adresse navigateur", "roles"),
    S("socle.EffacementDeDocument", "droits", G.PUBLIE, "demande_par:actes signe_par:actes", "motif"),
    S("exports.Export", "securite", "traces_des_listes", "personne:listes", "demande",
      "chemin intitule fichier raison habilitations cles caches documents"),
    S("donnees.ExportDeDonnees", "droits", "traces_des_exports", "personne:exports demande_par:actes", "motif",
      "empreinte"),
)  # fmt: skip

_FICHIERS = "des octets et ce que l’on sait d’eux ; le nom et la personne sont à ce qui les cite"
_TECHNIQUE = "état technique du portail"
_REFERENTIEL = "référentiel public des territoires"
_CHIFFRES = "montants, dates et mots de la politique publique"
#: The tables that hold nobody, each with what it holds.
SANS_PERSONNE: dict[str, str] = {
    **dict.fromkeys(
        ("socle.Document", "socle.Analyse", "socle.Lisibilite", "socle.Orphelin", "socle.Citation",
         "candidatures.AccuseReception", "candidatures.ImpressionProcesVerbal", "projets.FichierDeCommunique"),
        _FICHIERS,
    ),
    **dict.fromkeys(
        ("socle.PanneMessagerie", "socle.Alarme", "socle.Observation", "socle.Battement", "socle.Parution",
         "socle.ScelleDuJournal",
         "socle.HorodatageDuJournal", "candidatures.Horodatage", "demo.BaseDeDemonstration",
         "donnees.PassageDeConservation", "contenttypes.ContentType", "auth.Permission", "auth.Group",
         "auth.Group_permissions", "socialaccount.SocialApp", "dsfr.DsfrConfig", "dsfr.DsfrSocialMedia"),
        _TECHNIQUE,
    ),
    **dict.fromkeys(
        ("territoires.Region", "territoires.Departement", "territoires.Epci", "territoires.Epci_regions",
         "territoires.Epci_departements", "territoires.MillesimeDEpci", "territoires.Succession",
         "territoires.Commune", "territoires.Petr_epcis", "territoires.Territoire",
         "territoires.Territoire_epcis", "territoires.Organisme", "territoires.ProgrammeIndustrie",
         "territoires.TerritoireIndustrie", "territoires.MembreTerritoireIndustrie"),
        _REFERENTIEL,
    ),
    "candidatures.TexteDuDossier": "les mots de ce qu’un dossier dit déjà ailleurs, tels que la recherche les trouve",
    "socle.Lecture": "les mots d’un document déjà gardé, tels que la recherche les trouve ; ils partent avec lui",
    "candidatures.AnnonceDAvis": "qu’un avis rendu a été dit à qui l’avait demandé",
    "candidatures.BitsDeSuivis": "quels dossiers ont chaque valeur de ce par quoi on les choisit, pour les compter",
    **dict.fromkeys(
        ("candidatures.Membre", "candidatures.PhaseVague", "candidatures.OuvertureDesEvaluations",
         "candidatures.Labellisation", "projets.MissionLabellisation", "projets.Enveloppe",
         "projets.Cofinancement", "projets.FeuilleDeRoute", "projets.Axe_epcis", "projets.EcartConstate",
         "socle.Fait"),
        _CHIFFRES,
    ),
}  # fmt: skip
