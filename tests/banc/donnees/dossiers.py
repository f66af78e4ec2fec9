"""Waves full of files, for whoever reads them: 10 kB of answers, five attachments, two avis, three messages each."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from candidatures.cahier import FILIERES
from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.etats import SensAvis
from candidatures.models import AvisRendu, Candidature, Depot, Message, Proposition, Recevabilite, Saisine, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Epci
from tests import fabriques as f
from tests.banc.donnees.semis import Semoir, semer
from tests.outils.roles import ignorer

PIECES, EXPERTS = 5, 20
# So many make pairs enough for a trial, where the reference data are not loaded: beyond `PAIRES` files, they must be.
EPCIS_MIN = 25
PAIRES = EPCIS_MIN * (EPCIS_MIN - 1) // 2 - 1
TEXTES, TAILLE = 50, 9_600
# The model's content with answers of its own; « %s » leads to its sections.
REPONSES = """jsonb_set(jsonb_set(m.contenu, '{%schoc,description}', to_jsonb(s.texte)), '{%schoc,filieres}',
                        jsonb_build_array(s.filiere))"""
# Days between the ends of two waves, so that they never overlap.
PAS = 3


@dataclass
class Decor:
    """People who read, and the file and deposit of which every other one is a copy."""

    instructeurs: list[Utilisateur]
    valideurs: list[Utilisateur]
    presse: list[Utilisateur]
    experts: list[Utilisateur]
    modele: Depot
    vagues: dict[str, Vague] = field(default_factory=dict)
    cahiers: dict[int, int] = field(default_factory=dict)
    territoires: int = 0
    rang: int = 0

    @property
    def instructeur(self) -> Utilisateur:
        return self.instructeurs[0]


def planter(lecteurs: int) -> Decor:
    """Somebody asks so many pages a minute at most: there are `lecteurs` of each kind."""
    maintenant = horloge_base()
    ouverte = Vague.objects.ouvertes(maintenant).first() or f.une_vague(ouverture=maintenant - timedelta(hours=1))
    for _ in range(EPCIS_MIN - Epci.objects.count()):
        f.un_epci()
    modele = f.un_depot(f.une_candidature(vague=ouverte))
    decor = Decor(
        instructeurs=[f.un_agent(Role.INSTRUCTEUR) for _ in range(lecteurs)],
        valideurs=[f.un_agent(Role.VALIDEUR) for _ in range(2)],
        presse=[f.un_agent(Role.PRESSE) for _ in range(2)],
        experts=[f.un_agent(Role.EXPERT) for _ in range(EXPERTS)],
        modele=modele,
    )
    _modeles(decor)
    return decor


def _modeles(decor: Decor) -> None:
    """On the model file, one row of each kind that an instruction leaves, which copies are made of."""
    maintenant = horloge_base()
    champs: dict[str, Any] = {"candidature": decor.modele.candidature}
    constats = toutes_remplies(decor.modele.candidature.cahier.cahier.recevabilite)
    trouve: dict[str, Any] = {"recevable": True, "auteur": decor.instructeur, "constatee_le": maintenant}
    Recevabilite.objects.create(**champs, **trouve, constats=constats)
    with ignorer():
        demande = Saisine.objects.create(
            **champs,
            organisme=cible_de(decor.experts[0]).organisme,
            expert=decor.experts[0],
            prise_le=maintenant,
            demande_par=decor.instructeur,
            demande_le=maintenant,
            a_rendre_avant=jour_de_paris(maintenant) + timedelta(days=14),
            question="Est-ce mûr ?",
        )
        AvisRendu.objects.create(
            saisine=demande,
            auteur=decor.experts[0],
            qualite="Experte",
            sens=SensAvis.FAVORABLE,
            texte="Un projet mûr.",
            rendu_le=maintenant,
            depot=decor.modele,
        )
    Proposition.objects.create(
        **champs, sens=SensDecision.LABELLISER, motif="Un projet mûr.", auteur=decor.instructeur, faite_le=maintenant
    )
    Message.objects.create(**champs, auteur=decor.instructeur, du_service=True, texte="Bonjour. " * 40)


def une_vague(decor: Decor, nombre: int, *, nom: str = "", instruits: bool = False) -> Vague:
    """A wave in instruction of `nombre` files; with `instruits`, all of them with a proposal."""
    decor.rang += 1
    fin = horloge_base() - timedelta(days=PAS * decor.rang)
    vague = f.une_vague(ouverture=fin - timedelta(days=PAS - 1), cloture=fin)
    decor.cahiers[vague.pk] = cahier_en_vigueur(vague=vague).pk
    with semer() as semoir:
        _etendre_les_territoires(semoir, decor, nombre)
        _semer_les_dossiers(semoir, decor, vague, nombre, instruits=instruits)
        _semer_l_instruction(semoir, decor)
    Vague.objects.filter(pk=vague.pk).update(etat=EtatVague.EN_INSTRUCTION)
    vague.refresh_from_db()
    decor.vagues[nom or str(nombre)] = vague
    return vague


def _etendre_les_territoires(semoir: Semoir, decor: Decor, nombre: int) -> None:
    """Pairs of real EPCI, each of another lead than the one before."""
    semoir.executer(
        "CREATE SCHEMA IF NOT EXISTS banc; CREATE TABLE IF NOT EXISTS banc.territoire "
        "(n int PRIMARY KEY, id bigint, cle text, nom text, chef bigint, autre bigint, region bigint)"
    )
    if nombre <= decor.territoires:
        return
    semoir.executer(
        """
        WITH e AS (SELECT id, siren, nom, region_id, row_number() OVER (ORDER BY id) - 1 AS r FROM territoires_epci
                    WHERE siren IN (SELECT siren FROM territoires_epci ORDER BY siren LIMIT %(epcis)s)),
             k AS (SELECT count(*) AS nombre FROM e)
        INSERT INTO banc.territoire
        SELECT n, nextval(pg_get_serial_sequence('territoires_territoire', 'id')),
               least(a.siren, b.siren) || '-' || greatest(a.siren, b.siren), a.nom || ' et ' || b.nom, a.id, b.id,
               a.region_id
          FROM generate_series(%(deja)s + 1, %(nombre)s) n, k, e a, e b
         WHERE a.r = n %% k.nombre AND b.r = (n + 1 + n / k.nombre) %% k.nombre
        """,
        epcis=1250,
        deja=decor.territoires,
        nombre=nombre,
    )
    semoir.copier(
        "territoires_territoire",
        "m.id = %(modele)s",
        "(SELECT * FROM banc.territoire WHERE n > %(deja)s) b",
        {"nom": "left(b.nom, 150)", "cle": "b.cle", "chef_de_file_id": "b.chef", "region_pilote_id": "b.region"},
        cle="b.id",
        modele=decor.modele.candidature.territoire_id,
        deja=decor.territoires,
    )
    semoir.executer(
        "INSERT INTO territoires_territoire_epcis (territoire_id, epci_id) SELECT b.id, unnest(ARRAY[chef, autre]) "
        "FROM banc.territoire b WHERE n > %(deja)s",
        deja=decor.territoires,
    )
    decor.territoires = nombre


def _semer_les_dossiers(semoir: Semoir, decor: Decor, vague: Vague, nombre: int, *, instruits: bool) -> None:
    semoir.executer(
        """
        CREATE TEMPORARY TABLE semis ON COMMIT DROP AS
        SELECT n, %(vague)s::bigint AS vague, b.id AS territoire, b.cle,
               nextval(pg_get_serial_sequence('socle_utilisateur', 'id')) AS utilisateur,
               nextval(pg_get_serial_sequence('candidatures_candidature', 'id')) AS candidature,
               nextval(pg_get_serial_sequence('candidatures_depot', 'id')) AS depot,
               %(instruits)s OR n %% 10 > 5 AS instruit, (%(textes)s::text[])[n %% 50 + 1] AS texte,
               (%(filieres)s::text[])[n %% %(genres)s + 1] AS filiere, v.cloture - n * interval '3 seconds' AS recu_le
          FROM banc.territoire b, candidatures_vague v WHERE n <= %(nombre)s AND v.id = %(vague)s
        """,
        vague=vague.pk,
        nombre=nombre,
        instruits=instruits,
        textes=[_texte(rang) for rang in range(TEXTES)],
        filieres=[filiere.cle for filiere in FILIERES],
        genres=len(FILIERES),
    )
    semoir.copier(
        "socle_utilisateur",
        "m.id = %(auteur)s",
        "semis s",
        {"email": "'banc-' || s.utilisateur || '@example.org'"},
        cle="s.utilisateur",
        auteur=decor.modele.auteur_id,
    )
    _semer_les_brouillons(semoir, decor.modele.candidature_id, decor.cahiers[vague.pk])
    _semer_les_depots(semoir, decor.modele.pk)


def _semer_les_brouillons(semoir: Semoir, modele: int, cahier: int) -> None:
    with semoir.sans("candidatures_candidature", "territoire_tenu_prouve", "dossiers_ouverts_par_jour", "vague_maint"):
        semoir.copier(
            "candidatures_candidature",
            "m.id = %(modele)s",
            "semis s",
            {
                "vague_id": "s.vague",
                "cahier_id": "%(cahier)s",
                "territoire_id": "s.territoire",
                "territoire_tenu": "s.cle",
                "contenu": REPONSES.replace("%s", ""),
                "etat": "CASE WHEN s.instruit THEN %(instruite)s ELSE %(en_cours)s END",
                "creee_le": "s.recu_le - interval '9 days'",
                "modifiee_le": "s.recu_le - interval '1 hour'",
            },
            cle="s.candidature",
            modele=modele,
            cahier=cahier,
            instruite=EtatCandidature.INSTRUITE.value,
            en_cours=EtatCandidature.EN_INSTRUCTION.value,
        )
    semoir.copier(
        "candidatures_participation",
        "m.candidature_id = %(modele)s",
        "semis s",
        {"candidature_id": "s.candidature", "utilisateur_id": "s.utilisateur"},
        modele=modele,
    )


def _semer_les_depots(semoir: Semoir, modele: int) -> None:
    with semoir.sans("candidatures_depot", "depot_recu_a_temps"):
        semoir.copier(
            "candidatures_depot",
            "m.id = %(modele)s",
            "semis s",
            {
                "candidature_id": "s.candidature",
                "numero": "'B-' || s.depot",
                "cle": "gen_random_uuid()",
                "auteur_id": "s.utilisateur",
                "recu_le": "s.recu_le",
                "enregistre_le": "s.recu_le + interval '1 second'",
                "contenu": REPONSES.replace("%s", "sections,"),
            },
            cle="s.depot",
            modele=modele,
        )
    semoir.copier(
        "candidatures_piecedeposee",
        "m.id = (SELECT min(id) FROM candidatures_piecedeposee WHERE depot_id = %(modele)s)",
        "semis s, generate_series(1, %(pieces)s) i",
        {"depot_id": "s.depot", "intitule": "m.intitule || ' ' || i"},
        modele=modele,
        pieces=PIECES,
    )


def _semer_les_avis(semoir: Semoir, decor: Decor) -> None:
    modele = decor.modele.candidature_id
    experts = [expert.pk for expert in decor.experts]
    organismes = [cible_de(expert).organisme.pk for expert in decor.experts]
    rendu = "(s.n + i) % 2 = 0".replace("%", "%%")
    with semoir.sans("candidatures_saisine", "fige_a_la_proposition"):
        semoir.copier(
            "candidatures_saisine",
            "m.candidature_id = %(modele)s",
            "semis s, generate_series(1, 2) i",
            {
                "candidature_id": "s.candidature",
                "organisme_id": "(%(organismes)s::bigint[])[(s.n + i) %% 20 + 1]",
                "expert_id": "(%(experts)s::bigint[])[(s.n + i) %% 20 + 1]",
                "prise_le": "s.recu_le + interval '5 days'",
                "demande_le": "s.recu_le + interval '5 days'",
                "a_rendre_avant": "(s.recu_le + interval '20 days')::date",
                "rendu_le": f"CASE WHEN {rendu} THEN s.recu_le + interval '9 days' END",
            },
            modele=modele,
            experts=experts,
            organismes=organismes,
        )
    with semoir.sans("candidatures_avisrendu", "fige_a_la_proposition", "avis_sur_ce_qui_est_lu", "avis_note"):
        semoir.copier(
            "candidatures_avisrendu",
            "m.depot_id = %(depot)s",
            "semis s JOIN candidatures_saisine a ON a.candidature_id = s.candidature AND a.rendu_le IS NOT NULL",
            {
                "saisine_id": "a.id",
                "auteur_id": "a.expert_id",
                "texte": "left(s.texte, 800)",
                "rendu_le": "a.rendu_le",
                "depot_id": "s.depot",
            },
            depot=decor.modele.pk,
        )


def _semer_l_instruction(semoir: Semoir, decor: Decor) -> None:
    modele = decor.modele.candidature_id
    _semer_les_avis(semoir, decor)
    semoir.copier(
        "candidatures_message",
        "m.candidature_id = %(modele)s",
        "semis s, generate_series(1, 3) i",
        {
            "candidature_id": "s.candidature",
            "auteur_id": "CASE WHEN i = 2 THEN s.utilisateur ELSE m.auteur_id END",
            "du_service": "i <> 2",
            "envoye_le": "s.recu_le + i * interval '2 days'",
        },
        modele=modele,
    )
    for table in ("candidatures_recevabilite", "candidatures_proposition"):
        semoir.copier(
            table,
            "m.candidature_id = %(modele)s AND s.instruit",
            "semis s",
            {"candidature_id": "s.candidature"},
            modele=modele,
        )
    semoir.copier(
        "socle_entreejournal",
        "m.objet_type = 'candidatures.candidature' AND m.objet_id = %(modele)s",
        "semis s",
        {"id": None, "ecrit_le": None, "session": None, "objet_id": "s.candidature::text"},
        modele=str(modele),
    )


def _texte(rang: int) -> str:
    """Some 10 kB that compress as prose does, and not better."""
    debut, mots = "Deux usines ferment. ", []
    taille = len(debut)
    while taille < TAILLE:
        mot = hashlib.sha256(f"{rang}-{len(mots)}".encode()).hexdigest()[:8]
        mots.append(mot)
        taille += len(mot) + 1
    return debut + " ".join(mots)


def un_dossier(vague: Vague) -> Candidature:
    """One of the middle."""
    dossiers = Candidature.objects.filter(vague=vague).order_by("pk")
    return dossiers[dossiers.count() // 2]


def un_siren(vague: Vague) -> str:
    """The number of the lead of a file of the middle."""
    siren: str = un_dossier(vague).territoire.chef_de_file.siren
    return siren


def des_dossiers(vague: Vague, nombre: int) -> list[int]:
    """Their keys, from the middle on."""
    suivants = Candidature.objects.filter(vague=vague, pk__gte=un_dossier(vague).pk).order_by("pk")
    return list(suivants.values_list("pk", flat=True)[:nombre])
