"""What is written of a deposit, made or still to be made, word for word."""

from datetime import timedelta

import pytest

from candidatures.depot.accuses import accuse_de
from candidatures.depot.actions import echeance, rappels
from candidatures.depot.actions.accuses import fabriquer_accuse, rectifier_accuse
from candidatures.depot.actions.rappels import rappeler
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Depot, Participation, Vague
from candidatures.vagues.delais import delai_de_l_annonce
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import date_fr, instant_fr
from tests import fabriques as f
from tests.candidatures.depot.test_accuses_silence import prolonger, un_depot_accuse
from tests.candidatures.vagues.test_delais import une_vague_annoncee
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db

SEPT_JOURS = timedelta(days=7)


def page_du(dossier: Candidature) -> str:
    return f"{PORTAIL}/candidatures/{dossier.pk}/"


@pytest.mark.parametrize("code", ["59", "974"])
def test_un_accuse_de_reception(code):
    territoire = f.un_territoire("L’Écluse & <b>", departement=f.un_departement(code, region="04"))
    depot = f.un_depot(f.une_candidature(territoire=territoire))
    Candidature.objects.update(demonstration=True)
    fabriquer_accuse(depot_id=depot.pk)
    dossier = depot.candidature
    localement = accuse_de(depot).recu_localement
    assert bool(localement) == (code == "974")
    lue(
        "depot/accuse",
        Courrier.objects.get(),
        f"[Données de démonstration] Accusé de réception du dépôt n° {depot.numero}",
        BONJOUR,
        f"Le portail a reçu le dossier {dossier.reference} du territoire « L’Écluse & <b> », période de dépôt n° "
        f"{dossier.vague.numero}.",
        f"Dépôt n° {depot.numero}\nReçu le {instant_fr(depot.recu_le, secondes=True)} (heure de Paris)"
        + (f"\nsoit le {localement}" if localement else "")
        + f"\nCode de vérification (SHA-256) des réponses : {depot.empreinte}",
        "L’accusé de réception est joint à cet e-mail.",
        "Jusqu’à la clôture de la période de dépôt, vous pouvez modifier votre dossier et le déposer de nouveau. "
        "Seul le dernier "
        "dépôt sera examiné.",
        f"Vérifier ce dépôt : {PORTAIL}/verifier/{depot.numero}/",
        f"Suivre votre dossier : {page_du(dossier)}",
        SIGNATURE,
    )


def test_un_accuse_dit_combien_de_temps_il_a_fallu_aux_vagues_annoncees():
    vague = une_vague_annoncee(75)
    depot = f.un_depot()
    fabriquer_accuse(depot_id=depot.pk)
    phrase = "À la dernière période de dépôt, les résultats ont été annoncés 75 jours après la clôture."
    assert phrase in Courrier.objects.get().texte.replace("\u00a0", " ")
    # What is announced later, or still held, was not known when the deposit was received.
    with sans_declencheurs():
        Vague.objects.filter(pk=vague.pk).update(publique_a=depot.recu_le + timedelta(seconds=1))
    assert delai_de_l_annonce(depot.recu_le).phrase == ""


def test_un_accuse_de_ce_que_le_portail_a_depose():
    dossier = f.une_candidature()
    echeance.demander_depot_a_l_echeance(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())
    Courrier.objects.all().delete()
    (depot,) = echeance.deposer_a_l_echeance(candidatures=dossier.vague.candidatures.all(), maintenant=horloge_base())
    fabriquer_accuse(depot_id=depot.pk)
    depot = Depot.objects.get()
    lue(
        "depot/accuse",
        Courrier.objects.get(),
        f"Accusé de réception du dépôt n° {depot.numero}",
        BONJOUR,
        f"Le portail a reçu le dossier {dossier.reference} du territoire « {dossier.territoire} », période de "
        "dépôt n° "
        f"{dossier.vague.numero}.",
        f"Dépôt n° {depot.numero}\nReçu le {instant_fr(depot.recu_le, secondes=True)} (heure de Paris)"
        f"\nCode de vérification (SHA-256) des réponses : {depot.empreinte}",
        "L’accusé de réception est joint à cet e-mail.",
        "Le portail l’a déposé lui-même à la clôture de la période de dépôt, comme son responsable l’avait "
        "demandé : c’est la "
        "dernière version complète qui ait été enregistrée. Le dossier ne change plus.",
        f"Vérifier ce dépôt : {PORTAIL}/verifier/{depot.numero}/",
        f"Suivre votre dossier : {page_du(dossier)}",
        SIGNATURE,
    )


def test_un_accuse_rectificatif():
    depot = un_depot_accuse()
    avant = depot.candidature.decision_implicite_le
    jusqu_au = prolonger(depot)
    Courrier.objects.all().delete()
    rectifier_accuse(depot_id=depot.pk)
    dossier = Candidature.objects.select_related("vague").get(pk=depot.candidature_id)
    lue(
        "depot/accuse_rectificatif",
        Courrier.objects.get(),
        f"Accusé de réception rectificatif du dépôt n° {depot.numero}",
        BONJOUR,
        "Un accusé de réception rectificatif est joint à cet e-mail. Il concerne le dossier "
        f"{dossier.reference} du territoire « {dossier.territoire} », période de dépôt n° {dossier.vague.numero}, "
        "et son dépôt n° "
        f"{depot.numero}.",
        f"L’accusé de réception précédent annonçait, à défaut de décision expresse, le {date_fr(avant)}. Or "
        f"l’échéance du dossier a été prolongée au {instant_fr(jusqu_au, secondes=True)} (heure de Paris) : la date à "
        f"retenir est le {date_fr(dossier.decision_implicite_le)}.",
        "Rien d’autre ne change : votre dépôt, sa date et son contenu restent ceux de l’accusé de réception que vous "
        "avez déjà reçu, que vous pouvez garder.",
        f"Code de vérification (SHA-256) des réponses : {depot.empreinte}",
        f"Vérifier ce dépôt : {PORTAIL}/verifier/{depot.numero}/",
        f"Suivre votre dossier : {page_du(dossier)}",
        SIGNATURE,
    )


def test_un_depot_par_le_portail_demande_puis_abandonne():
    dossier = f.une_candidature()
    porteur = f.porteur_de(dossier)
    en_tete = (
        f"Dossier {dossier.reference} de l’appel « Rebond industriel ». Son territoire y est nommé "
        f"« {dossier.territoire} »."
    )
    echeance.demander_depot_a_l_echeance(candidature=dossier, auteur=porteur, maintenant=horloge_base())
    lue(
        "depot/a_l_echeance_demande",
        Courrier.objects.get(),
        f"{dossier.reference} : le portail déposera le dossier à l’échéance, s’il est complet",
        BONJOUR,
        en_tete,
        "Le portail déposera, à la clôture de la période de dépôt "
        f"({instant_fr(dossier.vague.cloture, secondes=True)}, heure de Paris), la dernière version complète du "
        "dossier, si elle n’est pas déjà déposée. Si le dossier n’a jamais été complet d’ici là, rien ne sera déposé. "
        "Vous pouvez toujours continuer à écrire, et le responsable du dossier peut déposer lui-même ou "
        "renoncer à cette demande.",
        f"La demande vient de « {porteur} ».",
        f"Le dossier : {page_du(dossier)}",
        SIGNATURE,
    )
    echeance.y_renoncer(candidature=dossier, auteur=porteur, maintenant=horloge_base())
    lue(
        "depot/a_l_echeance_abandonne",
        Courrier.objects.latest("pk"),
        f"{dossier.reference} : le portail ne déposera pas le dossier à l’échéance",
        BONJOUR,
        en_tete,
        "Le portail ne déposera pas le dossier à l’échéance : la demande est retirée. Le dossier ne sera examiné que "
        "si "
        "son responsable le dépose lui-même avant la clôture de la période de dépôt.",
        f"Cette décision est de « {porteur} ».",
        f"Le dossier : {page_du(dossier)}",
        SIGNATURE,
    )


def test_le_rappel_d_un_dossier_qui_n_est_pas_depose():
    """To its porteur, with what is missing; to someone else, who learns who may deposit it."""
    vague = f.une_vague(ouverture=horloge_base() - 30 * SEPT_JOURS, cloture=horloge_base() + 2 * SEPT_JOURS)
    dossier = f.une_candidature(vague=vague, complete=False)
    lecteur = f.un_utilisateur()
    Participation.objects.create(candidature=dossier, utilisateur=lecteur, qualite=Qualite.LECTEUR)
    cloture = instant_fr(vague.cloture, secondes=True)
    rappeler(maintenant=vague.cloture - SEPT_JOURS)
    cahier = dossier.cahier.cahier
    attendus = [
        f"- {question.libelle} ({section.titre})"
        for section in cahier.sections
        for question in section.questions
        if question.cle in f.un_contenu().get(section.cle, {})
    ] + [f"- {piece.libelle} (Pièces jointes)" for piece in cahier.pieces if piece.obligatoire]
    for personne, qui in (
        (f.porteur_de(dossier), "C’est à vous, responsable du dossier, de le déposer."),
        (lecteur, f"Seule une personne peut le déposer, son responsable : « {f.porteur_de(dossier)} »."),
    ):
        lue(
            "depot/rappel_non_depose",
            Courrier.objects.get(destinataire=personne.email),
            f"Dossier {dossier.reference} non déposé : clôture le {cloture}",
            f"Le dossier {dossier.reference} du territoire « {dossier.territoire} » n’est PAS déposé.",
            f"La période de dépôt n° {vague.numero} de l’appel « Rebond industriel » se clôt le {cloture} (heure "
            "de Paris) : il "
            "reste 7\u00a0jours. Un dossier qui n’est pas déposé à cet instant ne sera pas examiné.",
            "\n".join([f"Il manque {len(attendus)}\u00a0réponses ou pièces :", *attendus]),
            f"Ouvrir le dossier : {page_du(dossier)}",
            qui,
            SIGNATURE,
        )


@pytest.mark.parametrize("complet", [False, True])
def test_le_rappel_dit_ce_que_le_portail_deposera(complet):
    vague = f.une_vague(ouverture=horloge_base() - 30 * SEPT_JOURS, cloture=horloge_base() + 2 * SEPT_JOURS)
    dossier = f.une_candidature(vague=vague, complete=complet)
    porteur = f.porteur_de(dossier)
    Candidature.objects.update(depot_a_l_echeance_le=horloge_base(), depot_a_l_echeance_par=porteur)
    rappeler(maintenant=vague.cloture - SEPT_JOURS)
    texte = Courrier.objects.get().texte
    fin = "\n\nC’est à vous, responsable du dossier, de le déposer.\n\nIl a été demandé au portail de déposer, à "
    fin += "l’échéance, la dernière version complète\u00a0: "
    if complet:
        fin += f"celle du {instant_fr(dossier.version_complete.fait_le, secondes=True)}."
        assert "\n\nLe dossier est complet\u00a0: il ne reste qu’à le relire et à le déposer.\n\nOuvrir" in texte
    else:
        fin += "il n’y en a encore aucune, rien ne serait déposé."
    fin += f" La demande vient de «\u00a0{porteur}\u00a0»."
    assert texte.endswith(f"{fin}\n\n{SIGNATURE}\n")


def test_le_rappel_ne_cite_pas_tout_ce_qui_manque(monkeypatch):
    monkeypatch.setattr(rappels, "MANQUES_CITES", 14)
    vague = f.une_vague(ouverture=horloge_base() - 30 * SEPT_JOURS, cloture=horloge_base() + 2 * SEPT_JOURS)
    f.une_candidature(vague=vague, complete=False)
    rappeler(maintenant=vague.cloture - SEPT_JOURS)
    _, _, manques, *_ = Courrier.objects.get().texte.split("\n\n")
    annonce, *cites = manques.split("\n")
    assert annonce == "Il manque 16\u00a0réponses ou pièces\u00a0:"
    assert (len(cites), cites[-1]) == (15, "- et 2\u00a0autres")


def test_le_rappel_d_un_dossier_modifie_depuis_son_depot():
    vague = f.une_vague(ouverture=horloge_base() - 30 * SEPT_JOURS, cloture=horloge_base() + 2 * SEPT_JOURS)
    dossier = f.un_depot(f.une_candidature(vague=vague)).candidature
    f.reecrire(dossier)
    cloture = instant_fr(vague.cloture, secondes=True)
    rappeler(maintenant=vague.cloture - SEPT_JOURS)
    lue(
        "depot/rappel_modifie",
        Courrier.objects.get(cle__startswith="rappel-"),
        f"Dossier {dossier.reference} modifié depuis son dépôt : clôture le {cloture}",
        f"Le dossier {dossier.reference} du territoire « {dossier.territoire} » est déposé, mais il a été modifié "
        "depuis : ces modifications ne sont PAS déposées.",
        f"La période de dépôt n° {vague.numero} de l’appel « Rebond industriel » se clôt le {cloture} (heure de "
        "Paris) : il reste "
        "7\u00a0jours. Sans nouveau dépôt d’ici là, c’est la version déjà déposée qui sera examinée.",
        "Le dossier est complet : il ne reste qu’à le relire et à le déposer.",
        f"Ouvrir le dossier : {page_du(dossier)}",
        "C’est à vous, responsable du dossier, de le déposer.",
        SIGNATURE,
    )
