"""What pages show and no act of the decor leaves: one row of each, so that it grows with the rest."""

from datetime import date, timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount

from candidatures.depot.accords.differences import lecture_gardee
from candidatures.depot.relecture import lecture_du_brouillon
from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.dossier.liens import actions as liens
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.etiquettes.actions import etiqueter
from candidatures.instruction.recevabilite.actions import garder
from candidatures.models import (
    Accord,
    Annotation,
    AvisRendu,
    BrouillonDAvis,
    CahierDesCharges,
    Candidature,
    Depot,
    Evaluateur,
    Evaluation,
    FinDeSerie,
    LectureDePiece,
    LeveeDeReserve,
    Mention,
    Note,
    OuvertureDesEvaluations,
    PhaseVague,
    PieceDeposee,
    Presence,
    RelanceDAvis,
    Saisine,
    Suivi,
)
from candidatures.vagues.etats import NatureDePhase
from projets.models import Axe, Cofinancement, Communique, Concours, EcartConstate, Enveloppe, Liberation
from rebond.comptes.seances.models import Appareil
from rebond.socle.courriers.models import Courrier, PanneMessagerie, PreferenceDeLettres
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import Genre, Source
from rebond.socle.documents.models import Analyse, Document
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.vigie import Alarme, Observation
from territoires.models import AdresseOfficielle, Commune, Epci
from tests import fabriques as f
from tests.acces.monde import Decor
from tests.candidatures.instruction.instruction import constater_recevabilite, une_non_remplie
from tests.outils.roles import administrer, sans_declencheurs
from tests.projets.decor import un_projet

UN_JOUR = timedelta(days=1)
# The deposit that counts is the last: copies come before it.
DERNIER_RANG = 30_000
# What stays empty, and why no page asks for more of it.
VIDES = {
    "candidatures_annoncedavis": "ne se lit que pour écrire des lettres",
    "candidatures_reliure": "se lit à la demande d’un fichier",
    "socle_orphelin": "aucune page ne le montre",
    "socle_piecedecourrier": "aucune page ne la montre",
    "socle_scelledujournal": "se lit par une commande",
    "socle_horodatagedujournal": "se lit par une commande",
    "socle_envoi": "se lit à la réception d’un formulaire",
    "territoires_millesimedepci": "une sous-requête des chiffres du passé, que d’autres essais lisent",
    "territoires_succession": "se lit quand une intercommunalité a pris fin, que d’autres essais comptent",
    "territoires_programmeindustrie": "aucune page ne le montre",
    "territoires_territoireindustrie": "une couche de la carte, que d’autres essais comptent",
    "territoires_membreterritoireindustrie": "une couche de la carte, que d’autres essais comptent",
    "donnees_passagedeconservation": "se lit par une commande",
    "account_emailconfirmation": "les adresses se confirment par un code",
    "socialaccount_socialapp": "ProConnect se règle hors de la base",
    "socialaccount_socialtoken": "aucun jeton n’est gardé",
}


# Pages of a state in which the decor leaves nothing: address, object, and who opens it.
OUVERTES_D_ICI = {
    "candidatures:changements": ("dossier-ouvert", "porteur"),
    **{f"candidatures:reprise{forme}": ("dossier-secret", "porteur") for forme in ("", "_json", "_csv")},
    **{f"instruction:reprise{forme}": ("dossier-secret", "instructeur") for forme in ("", "_json", "_csv")},
    "instruction:proposer": ("dossier-signalé", "instructeur"),
    "instruction:rendre_le_dossier": ("dossier-signalé", "instructeur"),
}


def _signer(dossier: Candidature) -> None:
    """A mark of its last member, and the link that was sent to it."""
    dossier.refresh_from_db()
    membre, auteur = dossier.membres.latest("pk"), f.porteur_de(dossier)
    liens.envoyer_lien_a_un_membre(
        candidature=dossier,
        membre=membre,
        genre=GenreDeLien.ACCORD,
        email="mairie@autre.example.fr",
        auteur=auteur,
        maintenant=horloge_base(),
    )
    lue = lecture_du_brouillon(dossier, pieces_de(dossier), membres_de(dossier))
    with sans_declencheurs():
        Accord.objects.create(
            candidature=dossier,
            siren=membre.siren,
            nom=membre.nom,
            empreinte=lue.empreinte,
            lecture=lecture_gardee(lue),
            par=auteur,
            signataire="Odile Maire",
            fonction="présidente",
        )


def _evaluer(monde: Decor) -> None:
    """Of the decided file, two evaluations that all who read it read; of the instructed one, a draft."""
    secret, depuis = monde.dossiers["secret"], horloge_base()
    depot = Depot.objects.filter(candidature=secret).latest("rang")
    cles = [critere.cle for critere in secret.cahier.cahier.criteres]
    brouillon = Evaluateur.objects.get(candidature=monde.dossiers["instruit"])
    rendue = {"rendue_le": depuis, "depot": depot, "points": 300, "sur": 600}
    with sans_declencheurs():
        for qui in ("instructeur", "administrateur"):
            confiee = {"candidature": secret, "personne": monde[qui], "confie_par": monde["valideur"]}
            evaluateur = Evaluateur.objects.create(**confiee, confie_le=depuis)
            _noter(evaluateur, cles, **rendue)
        _noter(brouillon, cles)
        OuvertureDesEvaluations.objects.create(candidature=secret, toutes=True)
        lues = {"evaluations_ouvertes": True, "note": 300, "note_sur": 600, "note_ecart": 200, "desaccord": True}
        Suivi.objects.filter(pk=secret.pk).update(**lues)


def _consulter(monde: Decor) -> None:
    """Of the instructed file: the avis that is awaited, reminded of and begun; the reserve of the other, lifted."""
    dossier, qui, le = monde.dossiers["instruit"], monde["instructeur"], horloge_base()
    attendue = Saisine.objects.get(candidature=dossier, rendu_le=None)
    RelanceDAvis.objects.create(saisine=attendue, relancee_le=le, par=qui)
    BrouillonDAvis.objects.create(saisine=attendue, texte="Un projet", ecrit_par=monde["expert"], ecrit_le=le)
    avis = AvisRendu.objects.get(saisine__candidature=dossier)
    LeveeDeReserve.objects.create(avis=avis, rang=1, levee_par=qui, levee_le=le, motif="C’est précisé.")


def _examiner(monde: Decor) -> None:
    """Of the instructed file: its conditions, begun by somebody."""
    dossier = monde.dossiers["instruit"]
    garder(
        candidature=dossier,
        constats=une_non_remplie(dossier),
        motif="",
        revision=0,
        auteur=monde["instructeur"],
        maintenant=horloge_base(),
    )


def _noter(evaluateur: Evaluateur, cles: list[str], **champs: Any) -> None:
    evaluation = Evaluation.objects.create(
        evaluateur=evaluateur,
        candidature=evaluateur.candidature,
        auteur=evaluateur.personne,
        modifiee_le=horloge_base(),
        **champs,
    )
    Note.objects.bulk_create(Note(evaluation=evaluation, critere=cle, valeur=1) for cle in cles)


def semer(monde: Decor) -> None:
    maintenant = horloge_base()
    f.reecrire(monde.dossiers["ouvert"])
    _evaluer(monde)
    _consulter(monde)
    _examiner(monde)
    _signer(monde.dossiers["ouvert"])
    signale = monde.dossiers["signalé"]
    monde.objets["dossier-signalé"] = {"pk": signale.pk}
    with sans_declencheurs():
        Candidature.objects.filter(pk=signale.pk).update(territoire_tenu=signale.territoire.cle)
    signale.refresh_from_db()
    constater_recevabilite(
        candidature=signale,
        recevable=True,
        motif="",
        auteur=monde["instructeur"],
        maintenant=maintenant,
    )
    affectations.prendre(candidature=signale, acteur=monde["instructeur"], maintenant=maintenant)
    close = monde.en_cours
    for nature in NatureDePhase:
        PhaseVague.objects.create(
            vague=close, nature=nature, debut=close.cloture, fin=close.cloture + 9 * UN_JOUR, dite_aux_territoires=True
        )
    reprise = {"format": 1, "systeme": "Un autre portail", "numero": "1", "demarche": {"numero": "1", "titre": "AMI"}}
    vide: dict[str, Any] = {"dossier": {}, "restes": [], "pieces": [], "ici": {}, "empreinte": "0" * 64}
    Candidature.objects.filter(pk=monde.dossiers["secret"].pk).update(reprise=reprise | vide)
    Candidature.objects.filter(pk=monde.dossiers["ouvert"].pk).update(copie_de=monde.dossiers["secret"])
    jour = date(2026, 5, 4)
    with sans_declencheurs():
        administrer(f"UPDATE candidatures_depot SET rang = {DERNIER_RANG}")
        for nom, valeurs in monde.objets.items():
            monde.objets[nom] = valeurs | ({"rang": DERNIER_RANG} if nom.startswith("dossier-") else {})
        for enveloppe in Enveloppe.objects.select_related("mission"):
            Cofinancement.objects.create(enveloppe=enveloppe, financeur="La Région", montant=1_000)
            industriel = enveloppe.mission.industriels.earliest("pk")
            projet = un_projet(industriel, monde["chargé"], recense_le=jour, oriente_le=jour, enveloppe=enveloppe)
            commun: dict[str, Any] = {"enveloppe": enveloppe, "montant": 1_000, "accorde_le": jour}
            accorde = Concours.objects.create(**commun, projet=projet, accorde_par=monde["gestionnaire"])
            Liberation.objects.create(concours=accorde, libere_le=jour, libere_par=monde["gestionnaire"])
        for axe in Axe.objects.all():
            axe.epcis.add(Epci.objects.earliest("pk"))
        for communique in Communique.objects.all():
            EcartConstate.objects.create(
                communique=communique, ecarts=[], contredit=False, empreinte="0" * 64, constate_le=maintenant
            )
        for document in Document.objects.all():
            Analyse.objects.create(document=document, saine=True, detail="")
    _garder_trace(monde)


def _garder_trace(monde: Decor) -> None:
    maintenant, porteur = horloge_base(), monde["porteur"]
    passe = {"debut": maintenant - 2 * UN_JOUR, "fin": maintenant - UN_JOUR}
    PanneMessagerie.objects.create(**passe, prochain_essai=maintenant, erreur="Un refus.")
    Observation.objects.create(**passe, etat=Observation._meta.get_field("etat").choices[0][0], detail="Lent.")
    Alarme.objects.create(cle="une-alarme", objet="Une alarme", texte="Lent.", sonnee_le=maintenant)
    Acces.objects.create(
        nature=Acces._meta.get_field("nature").choices[0][0], personne_id_copie=porteur.pk, chemin="/une/page/"
    )
    epci = Epci.objects.select_related("region").earliest("pk")
    Commune.objects.create(
        code="59000",
        nom="Une commune",
        siren=epci.siren,
        codes_postaux=["59000"],
        population=1_000,
        departement=epci.departements.earliest("pk"),
        epci=epci,
    )
    AdresseOfficielle.objects.create(siren=epci.siren, email="mairie@example.fr", validee_par=monde["administrateur"])
    section = next(iter(CahierDesCharges.objects.earliest("pk").cahier.sections)).cle
    Presence.objects.create(
        candidature=monde.dossiers["ouvert"], section=section, utilisateur=monde["coporteur"], vue_le=maintenant
    )
    for nom in ("instruit", "signalé"):
        dossier = monde.dossiers[nom]
        note = Annotation.objects.create(
            candidature=dossier, ancre="choc.nature", texte="À vérifier.", auteur=monde["instructeur"]
        )
        etiqueter(candidature=dossier, etiquette="À revoir", auteur=monde["instructeur"], maintenant=maintenant)
        Mention.objects.create(annotation=note, utilisateur=monde["valideur"])
        deposee = PieceDeposee.objects.filter(depot__candidature=dossier).latest("pk")
        LectureDePiece.objects.create(candidature=dossier, utilisateur=monde["instructeur"], document=deposee.document)
    FinDeSerie.objects.create(
        motif="Assez.",
        decidee_le=passe["debut"],
        decidee_par=monde["administrateur"],
        reprise_le=passe["fin"],
        reprise_par=monde["administrateur"],
    )
    lettre = Courrier.objects.filter(envoye_le__isnull=False).earliest("pk")
    Retour.objects.create(courrier=lettre, genre=Genre.ADRESSE, source=Source.BOITE, parti_le=lettre.envoye_le)
    for personne in monde.gens.values():
        PreferenceDeLettres.objects.create(utilisateur=personne, sorte="rappels", rythme="quotidien")
        Appareil.objects.create(utilisateur=personne, empreinte="0" * 64, nom="Un navigateur")
        SocialAccount.objects.create(user=personne, provider="proconnect", uid=f"agent-{personne.pk}")
