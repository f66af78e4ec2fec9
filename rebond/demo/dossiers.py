"""Invented files of the demonstration, written through the porteur's and the agents' own actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile

from candidatures.depot.actions import depots
from candidatures.dossier.actions import dossiers, invitations, redaction
from candidatures.dossier.etats import Qualite, SensDecision
from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.pieces.actions import pieces
from candidatures.evaluation.actions import evaluateurs, evaluations
from candidatures.evaluation.actions.evaluations import Saisie
from candidatures.evaluation.requetes import lu_maintenant
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import reponses as avis
from candidatures.instruction.avis.actions.demandes import demander_avis
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.conditions.etats import Constat
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as messages
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.recevabilite import actions as recevabilite
from candidatures.instruction.saisine.regles import DELAI_PROPOSE
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.rattachements.actions import attester
from rebond.socle.documents.stockage import html_en_pdf
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import inventer_epci, territoire_pour
from territoires.etats import Nature
from territoires.models import Departement, Territoire

MENTION = "Données de démonstration : texte inventé."
DELIBERATION = """<!doctype html><html lang="fr"><head><title>Délibération fictive</title></head><body>
<h1>Délibération fictive</h1><p>Pièce de démonstration du portail « Rebond industriel ». Elle n’émane d’aucune
collectivité et n’a aucune valeur.</p></body></html>"""


def contenu(territoire: Territoire, rang: int) -> dict[str, dict[str, Any]]:
    """A complete set of answers; `rang` varies the figures from one file to the next."""
    return {
        "choc": {
            "nature": "fermeture",
            "description": (
                f"{MENTION}\n\nUn équipementier du territoire « {territoire} » a annoncé l’arrêt d’une ligne de "
                "production. Ses sous-traitants perdent une part de leur activité et plusieurs ateliers sont menacés."
            ),
            "date_choc": f"2022-{rang % 12 + 1:02d}-15",
            "filieres": [["automobile", "metallurgie"], ["agroalimentaire"], ["textile", "chimie"]][rang % 3],
            "precisions_filieres": "",
        },
        "entreprises": {
            "emplois_concernes": 120 + 35 * (rang % 9),
            "emplois_industriels": 2_400 + 310 * (rang % 11),
            "liste": [
                {"nom": f"Établissement fictif {rang}-A", "siren": "", "emplois": 80 + 10 * (rang % 9)},
                {"nom": f"Établissement fictif {rang}-B", "siren": "", "emplois": 40 + 25 * (rang % 9)},
            ],
        },
        "gouvernance": {
            "pilotage": f"{MENTION} Un comité de pilotage réunit chaque mois les élus, l’État et la Région.",
            "partenaires": "Région, chambre de commerce et d’industrie, organisations syndicales.",
            "deliberation_le": f"2022-{rang % 12 + 1:02d}-28",
        },
        "projets": {
            "projets": f"{MENTION} Une dizaine de projets de modernisation sont connus, d’importance inégale.",
            "nombre_projets": 8 + rang % 7,
            "foncier": "Une friche de quatre hectares, desservie par le rail.",
        },
        "mission": {
            "attentes": "Rencontrer les industriels, chiffrer leurs projets, arrêter une feuille de route partagée.",
            "priorites": [["competences", "innovation"], ["foncier", "ecologie"], ["numerique"]][rang % 3],
            "demarrage": None,
        },
        "contact": {
            "nom": "Contact de démonstration",
            "fonction": "Chargé du développement économique",
            "courriel": "contact@demonstration.example",
            "telephone": "01 99 00 00 00",
        },
    }


@dataclass
class Atelier:
    """Writes files the way people do, with the demonstration's accounts."""

    comptes: dict[str, Utilisateur]
    rang: int = 0

    @cached_property
    def deliberation(self) -> bytes:
        return html_en_pdf(DELIBERATION, identifiant="deliberation-fictive")

    def territoire_fictif(self, nom: str, departement: str) -> Territoire:
        """An invented authority, alone in its territory, placed in a real département."""
        self.rang += 1
        epci = inventer_epci(
            rang=self.rang,
            nom=f"{nom} (intercommunalité fictive)",
            nature=Nature.CC,
            population=18_000 + 1_300 * self.rang,
            departement=Departement.objects.select_related("region").get(code=departement),
            millesime=2023,
        )
        return territoire_pour(epcis=[epci], chef_de_file=epci, nom=f"{nom} (fictif)", demonstration=True)

    def rattacher(self, cle: str, territoire: Territoire) -> None:
        """The account works for the lead of that territory, on the word of the administrateur."""
        attester(
            utilisateur=self.comptes[cle],
            siren=territoire.chef_de_file.siren,
            motif=f"{MENTION} Compte inventé de la démonstration.",
            acteur=self.comptes["administrateur"],
            maintenant=horloge_base(),
        )

    def brouillon(
        self, vague: Vague, territoire: Territoire, le: datetime, *, porteur: str = "porteur", sections: int = 6
    ) -> Candidature:
        """A draft with its first `sections` sections written; six with the attachment make it complete."""
        auteur = self.comptes[porteur]
        if vague.cloture > horloge_base():
            self.rattacher(porteur, territoire)
        dossier = dossiers.ouvrir_candidature(
            vague=vague, territoire=territoire, auteur=auteur, maintenant=le, demonstration=True
        )
        for section, reponses in list(contenu(territoire, dossier.pk).items())[:sections]:
            redaction.enregistrer_section(
                candidature=dossier, section=section, reponses=reponses, auteur=auteur, maintenant=le
            )
        if sections == 6:
            pieces.joindre_piece(
                candidature=dossier,
                fichier=ContentFile(self.deliberation, name="deliberation-fictive.pdf"),
                nom="deliberation-fictive.pdf",
                nature="deliberation",
                auteur=auteur,
                maintenant=le,
            )
        dossier.refresh_from_db()
        return dossier

    def grouper(self, dossier: Candidature, lieu: tuple[str, str], nom: str, le: datetime) -> None:
        """Another authority joins the file, and someone of hers is invited."""
        territoire = self.territoire_fictif(*lieu)
        self.rattacher("co-porteur", territoire)
        voisin = territoire.chef_de_file
        groupements.ajouter_membre(
            candidature=dossier,
            collectivite=voisin,
            auteur=self.comptes["porteur"],
            maintenant=le,
            nom=f"{nom} (fictif)",
        )
        invitations.inviter(
            candidature=dossier,
            email="invitation@demonstration.example",
            qualite=Qualite.LECTEUR,
            auteur=self.comptes["porteur"],
            maintenant=le,
        )

    def attendre_un_accord(self, dossier: Candidature, lieu: tuple[str, str], nom: str, le: datetime) -> None:
        """Another authority joins a complete file with its deliberation: only its mark is awaited."""
        territoire, auteur = self.territoire_fictif(*lieu), self.comptes["porteur"]
        self.rattacher("co-porteur", territoire)
        voisin = territoire.chef_de_file
        groupements.ajouter_membre(
            candidature=dossier, collectivite=voisin, auteur=auteur, maintenant=le, nom=f"{nom} (fictif)"
        )
        sienne = html_en_pdf(DELIBERATION, identifiant="deliberation-fictive-du-membre")
        pieces.joindre_piece(
            candidature=dossier,
            fichier=ContentFile(sienne, name="deliberation-fictive.pdf"),
            nom="deliberation-fictive.pdf",
            nature="deliberation",
            membre=dossier.membres.get(epci=voisin),
            auteur=auteur,
            maintenant=le,
        )
        self.associer(dossier, "co-porteur", Qualite.CO_PORTEUR)

    def echanger(self, dossier: Candidature, le: datetime) -> None:
        for cle, texte in (
            ("instructeur", "Pouvez-vous préciser le calendrier de l’arrêt de la ligne\u00a0?"),
            ("porteur", "L’arrêt est prévu à la fin du trimestre prochain. Nous vous tiendrons informés."),
        ):
            le += timedelta(days=1)
            messages.envoyer_message(
                candidature=dossier, auteur=self.comptes[cle], texte=f"{MENTION} {texte}", maintenant=le
            )

    def faire_corriger(self, dossier: Candidature, le: datetime) -> None:
        corrections.demander_correction(
            candidature=dossier,
            questions=["projets.projets", "entreprises.emplois_concernes"],
            natures=["lettre"],
            motif=f"{MENTION} Citez les projets un par un, et vérifiez le nombre d’emplois touchés.",
            echeance=(le + timedelta(days=15)).replace(second=0, microsecond=0),
            auteur=self.comptes["instructeur"],
            maintenant=le,
        )

    def associer(self, dossier: Candidature, cle: str, qualite: Qualite) -> None:
        Participation.objects.create(candidature=dossier, utilisateur=self.comptes[cle], qualite=qualite)

    def evaluer(self, dossier: Candidature, le: datetime, evaluateurs_: tuple[str, str], *places: int) -> None:
        """Entrusted to these two accounts; the first of them render, each at that level of each scale (`places`)."""
        gens = {cle: self.comptes[cle] for cle in evaluateurs_}
        evaluateurs.confier(
            candidature=dossier, personnes=[*gens.values()], auteur=self.comptes["instructeur"], maintenant=le
        )
        for cle, place in zip(gens, places, strict=False):
            notes = {
                critere.cle: (critere.echelle[: place + 1][-1].valeur, f"{MENTION} Les faits sont décrits.")
                for critere in dossier.cahier.cahier.criteres
            }
            evaluations.rendre(
                candidature=dossier,
                auteur=gens[cle],
                saisie=Saisie(notes=notes, commentaire=MENTION, lu=lu_maintenant(dossier)),
                maintenant=le + timedelta(days=3),
            )

    def repris(self, vague: Vague, territoire: Territoire, *, jours_avant: int = 3) -> Candidature:
        """A file deposited in a past wave, taken over at its own instant."""
        le = vague.cloture - timedelta(days=jours_avant, hours=2)
        dossier = self.brouillon(vague, territoire, le - timedelta(days=8))
        depots.reprendre_depot(
            candidature=dossier,
            auteur=self.comptes["porteur"],
            recu_le=le,
            cle=uuid5(NAMESPACE_URL, f"demonstration/{dossier.reference}"),
        )
        return dossier

    def instruire(self, dossier: Candidature, sens: SensDecision, le: datetime) -> None:
        """Admissible, one expert's avis, one proposal."""
        instructeur = self.comptes["instructeur"]
        recevabilite.declarer_recevable(candidature=dossier, auteur=instructeur, maintenant=le)
        self.consulter(dossier, le)
        favorable = sens == SensDecision.LABELLISER
        avis.rendre_avis(
            candidature=dossier,
            expert=self.comptes["expert"],
            sens=SensAvis.FAVORABLE if favorable else SensAvis.RESERVE,
            reserves=[] if favorable else [f"{MENTION} Le plan de financement des projets est à préciser."],
            texte=f"{MENTION} Le diagnostic est clair et les entreprises sont mobilisées.",
            qualite="Expert de démonstration",
            maintenant=le + timedelta(days=7),
        )
        instruction.proposer(
            candidature=dossier,
            sens=sens,
            motif=f"{MENTION} Proposition issue de la réunion d’instruction.",
            auteur=instructeur,
            maintenant=le + timedelta(days=10),
        )

    def proposer_l_irrecevabilite(
        self, dossier: Candidature, condition: str, mot: str, *, signee: bool, le: datetime
    ) -> None:
        """For that condition of the specifications, the others being met; signed, or still to be."""
        constats = toutes_remplies(dossier.cahier.cahier.recevabilite)
        constats[condition] = {"constat": Constat.NON_REMPLIE.value, "mot": f"{MENTION} {mot.capitalize()}"}
        proposee = recevabilite.proposer_irrecevabilite(
            candidature=dossier, constats=constats, motif="", auteur=self.comptes["instructeur"], maintenant=le
        )
        if signee:
            recevabilite.signer_irrecevabilite(
                candidature=dossier,
                lue=proposee.pk,
                qualite="Directrice de programme (démonstration)",
                valideur=self.comptes["valideur"],
                maintenant=le + timedelta(days=2),
            )

    def consulter(self, dossier: Candidature, le: datetime) -> None:
        demander_avis(
            candidature=dossier,
            cibles=[cible_de(self.comptes["expert"])],
            question="Quels projets pourraient être accompagnés à court terme ?",
            a_rendre_avant=jour_de_paris(le) + DELAI_PROPOSE,
            auteur=self.comptes["instructeur"],
            maintenant=le,
        )
