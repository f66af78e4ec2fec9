"""Whole responses: nothing moves for those who may not know."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Participation
from candidatures.pages.administration.tableau_des_clotures import etat_du_portail
from projets.models import Mission
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.connaissance.outils import UN_JOUR, E, Monde
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close

pytestmark = pytest.mark.django_db
PUBLIQUES = [
    *("/", "/territoires-laureats/", "/territoires-laureats/carte.svg"),
    *("/calendrier/", "/calendrier.ics", "/calendrier.atom"),
]


def adresses(monde: Monde) -> list[str]:
    pk, numero = monde.dossier.pk, monde.vague.numero
    dossier, vague = f"/instruction/dossiers/{pk}/", f"/instruction/vagues/{numero}/"
    return [
        *("/tableau-de-bord/", "/missions/", "/courriers/", "/candidatures/", f"/candidatures/{pk}/"),
        *("/instruction/", "/instruction/avis/", vague, f"{vague}?etat=laureate", f"{vague}?etat=instruite&tri=etat"),
        *(f"{vague}dossiers.csv", f"{vague}dossiers.xlsx", f"{vague}decisions/", f"{vague}annonce/"),
        *(f"{vague}resultats/", dossier, f"{dossier}avis/rendre/", f"{dossier}proposition/", f"{dossier}messages/"),
        *("/administration/vagues/", f"/administration/vagues/{numero}/prolongations/"),
    ]


# Status, headers, body.
Vue = tuple[int, dict[str, str], bytes]
VARIABLES = (
    (rb'name="csrfmiddlewaretoken" value="[^"]*"', b""),
    (rb'name="cle_d_envoi" value="[^"]*"', b""),
    (rb"\d{4}-\d\d-\d\dT\d\d:\d\d[^\"<\s]*", b"INSTANT"),
    (rb"au \d+(er)? \w+ \d{4} .{1,4} \d\d[^ ]{1,4}h[^(]*\(heure de Paris\)", b"INSTANT"),
    (rb"\d\d[^\w]{1,4}h[^\w]{1,4}\d\d", b"HEURE"),
)


def photo(personne: Utilisateur | None, cibles: list[str]) -> dict[str, Vue]:
    """Status, headers and body of every address, without what changes by itself from one second to the next."""
    client = Client()
    if personne is not None:
        client.force_login(personne)
    return {cible: reduire(client.get(cible)) for cible in cibles}


def reduire(reponse: HttpResponseBase) -> Vue:
    corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content  # type: ignore[attr-defined]
    if corps.startswith(b"PK"):
        with ZipFile(BytesIO(corps)) as archive:
            corps = b"".join(archive.read(nom) for nom in sorted(archive.namelist()))
    for motif, par in VARIABLES:
        corps = re.sub(motif, par, corps)
    propres = {nom: valeur for nom, valeur in reponse.headers.items() if nom not in {"ETag", "Content-Length"}}
    return reponse.status_code, propres, corps


# Who learns nothing at all of what becomes of the file, before it is announced to everybody.
IGNORENT = (
    *("porteur", "instructeur d’ailleurs", "expert", "comité en conflit", "valideur en conflit"),
    *("gestionnaire", "chargé de mission", "presse", "administrateur", None),
)


def test_rien_ne_bouge_d_un_octet_pour_qui_ne_doit_pas_savoir(monde: Monde) -> None:
    """From the first look at the file to the eve of its announcement: bodies and headers of every page."""
    gens = {qui: monde.gens[qui] if qui else None for qui in IGNORENT}
    avant = {qui: photo(p, adresses(monde) if p else PUBLIQUES) for qui, p in gens.items()}
    ouvertes = {qui: {cible: vue for cible, vue in vues.items() if vue[0] != 404} for qui, vues in avant.items()}
    assert avant["expert"]["/tableau-de-bord/"][0] == avant["comité en conflit"]["/instruction/"][0] == 200

    # Of its proposal an expert learns that nothing is asked of them any more, as they would of an inadmissibility.
    irrecevable = photo_d_un_irrecevable(monde, gens["expert"])
    instruire(monde.dossier, instructeur=monde.instructeur)
    avant["expert"] = photo(gens["expert"], adresses(monde))
    comparer(avant["expert"], irrecevable, "expert")
    assert avant["expert"][f"/instruction/dossiers/{monde.dossier.pk}/"][0] == 404
    ouvertes["expert"] = {cible: vue for cible, vue in avant["expert"].items() if vue[0] != 404}
    monde.decider()
    for qui, personne in gens.items():
        comparer(photo(personne, list(ouvertes[qui])), ouvertes[qui], qui)

    monde.annoncer()
    caches = pages_de(Mission.objects.get())
    for qui, personne in gens.items():
        # What did not exist for them still does not: for two of them, whatever their role has no page for.
        cibles = avant[qui] if qui in {"expert", "valideur en conflit"} else ouvertes[qui]
        comparer(photo(personne, list(cibles)), cibles, qui)
        assert {statut for statut, _, _ in photo(personne, caches).values()} == {404 if qui else 302}


def photo_d_un_irrecevable(monde: Monde, personne: Utilisateur | None) -> dict[str, Vue]:
    """What they would read if the file were inadmissible; undone."""
    with transaction.atomic():
        constater_recevabilite(
            candidature=monde.dossier,
            recevable=False,
            motif="Hors champ.",
            auteur=monde.instructeur,
            maintenant=horloge_base(),
        )
        lue = photo(personne, adresses(monde))
        transaction.set_rollback(True)
    return lue


def comparer(apres: dict[str, Vue], avant: dict[str, Vue], qui: str | None) -> None:
    assert apres == avant, (qui, [cible for cible in avant if apres[cible] != avant[cible]])


def pages_de(mission: Mission) -> list[str]:
    base = f"/missions/{mission.pk}/"
    return [base, f"{base}equipe/", f"{base}projets/", f"{base}projets.csv", f"{base}enveloppe/"]


@pytest.fixture
def a_deux(monde: Monde) -> Iterator[Monde]:
    """Another file of the same wave, that everybody on the State's side may read."""
    vague, (cache, lisible) = une_vague_close(
        *[f.un_departement()] * 2, cloture=monde.vague.ouverture, noms=["Val caché", "Val lisible"]
    )
    for qui in ("comité participant", "valideur participant"):
        Participation.objects.create(candidature=cache, utilisateur=monde.gens[qui], qualite="lecteur")
    for qui in ("comité en conflit", "valideur en conflit"):
        instruction.declarer_interet(
            candidature=cache, utilisateur=monde.gens[qui], motif="Mandat.", maintenant=horloge_base()
        )
    instruire(lisible, instructeur=monde.instructeur)
    return Monde(vague, cache, monde.instructeur, monde.gens)


INTERESSES = ("comité en conflit", "valideur en conflit")


def test_aucun_compte_ne_depend_d_un_dossier_qu_on_ne_lit_pas(a_deux: Monde) -> None:
    """Labelled, adjourned or inadmissible: whoever has an interest in the file reads the same pages, to the byte."""
    cibles = [cible for cible in adresses(a_deux) if not cible.startswith("/candidatures/")]

    def irrecevable() -> None:
        constater_recevabilite(
            candidature=a_deux.dossier,
            recevable=False,
            motif="Hors champ.",
            auteur=a_deux.instructeur,
            maintenant=horloge_base(),
        )

    def instruite(sens: SensDecision) -> Callable[[], object]:
        return lambda: instruire(a_deux.dossier, instructeur=a_deux.instructeur, sens=sens)

    labellisee, ecartee = instruite(SensDecision.LABELLISER), instruite(SensDecision.NE_PAS_RETENIR)
    suites = [
        suite(a_deux, labellisee, SensDecision.LABELLISER, cibles),
        suite(a_deux, ecartee, SensDecision.NE_PAS_RETENIR, cibles),
        suite(a_deux, irrecevable, None, cibles),
    ]
    for autre in suites[1:]:
        for qui in INTERESSES:
            comparer(autre[qui], suites[0][qui], qui)


def suite(
    monde: Monde, issue: Callable[[], object], sens: SensDecision | None, cibles: list[str]
) -> dict[str, dict[str, Vue]]:
    """What those who have an interest read once the wave is decided, then announced under embargo; all undone."""
    ouvertes = [cible for cible in cibles if not cible.startswith(("/courriers/", "/administration/"))]
    with transaction.atomic():
        issue()
        labellisation.labelliser(
            vague=monde.vague,
            decisions={
                d.pk: sens if sens and d == monde.dossier else SensDecision.LABELLISER
                for d in Candidature.objects.filter(vague=monde.vague, etat=E.INSTRUITE)
            },
            valideur=monde.gens["valideur"],
            maintenant=horloge_base(),
        )
        decidee = {qui: photo(monde.gens[qui], ouvertes) for qui in INTERESSES}
        monde.annoncer()
        annoncee = {qui: photo(monde.gens[qui], ouvertes) for qui in INTERESSES}
        transaction.set_rollback(True)
    return {
        qui: {f"décidée {c}": v for c, v in decidee[qui].items()}
        | {f"annoncée {c}": v for c, v in annoncee[qui].items()}
        for qui in INTERESSES
    }


def test_un_auditeur_ne_lit_rien_au_journal_d_un_dossier_ou_il_a_un_interet(monde: Monde) -> None:
    libre, participant = f.un_agent(Role.AUDITEUR), f.un_agent(Role.AUDITEUR)
    Participation.objects.create(candidature=monde.dossier, utilisateur=participant, qualite="lecteur")
    instruire(monde.dossier, instructeur=monde.instructeur)
    monde.decider()
    monde.annoncer()

    def lus(personne: Utilisateur) -> set[str]:
        client = Client()
        client.force_login(personne)
        return {entree.acte for entree in client.get("/journal/").context["page"]}

    assert {"proposer", "labelliser", "preparer"} <= lus(libre)
    assert not {"proposer", "labelliser", "preparer", "demander_avis"} & lus(participant)
    assert "clore" in lus(participant)


def test_un_courriel_de_resultat_n_existe_pour_personne_avant_son_heure(monde: Monde) -> None:
    instruire(monde.dossier, instructeur=monde.instructeur)
    monde.decider()
    avant = etat_du_portail(horloge_base()).courriers_en_attente
    monde.annoncer()
    lettres = Courrier.objects.filter(cle__startswith="resultat-")
    assert lettres.exists()
    assert etat_du_portail(horloge_base()).courriers_en_attente == avant
    assert etat_du_portail(horloge_base() + 2 * UN_JOUR).courriers_en_attente == avant + lettres.count()
