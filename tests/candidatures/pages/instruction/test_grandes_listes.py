"""The list of a wave of ten thousand files: the same statements as for a hundred, each on an index, in the same order.

The database is read through the plans that it says; no time is measured.
"""

import json
from collections.abc import Iterator
from functools import partial
from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.ma_vague.requetes import compter
from candidatures.models import Candidature, Depot, Saisine
from candidatures.pages.instruction.listes import ListeDesDossiers, ListeDesResultats
from rebond.socle.texte.noms import nom_nu
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.roles import administrer
from tests.outils.vagues_pleines import une_vague_pleine

pytestmark = pytest.mark.django_db

GRANDE, PETITE = 10_000, 100
FACETTES = ("", "etat=instruite", "region=05", "filiere=naval", "avis=rendus", "avis=attendus", "q=R1-7", "q=abc")
#: The whole page: as many statements whatever the wave. The first file of each has a name that begins with « C4c ».
PAGES_ENTIERES = (
    *("", "page=9999", "filiere=textile&tri=-region&avis=sans", "region=05&tri=-etat", "onglet=prets", "etape=pret"),
    *("onglet=prendre&departement=05", "particularite=message", "q=c4c&tri=-recu_le", "responsable=a_prendre"),
)
FACETTES_COMPTEES = (
    *("", "region=05", "departement=05", "etape=pret&filiere=naval&onglet=prets", "avis=rendus&etat=instruite"),
    *("particularite=ancien", "particularite=message", "particularite=industrie", "responsable=a_prendre"),
)
#: Ten thousand files are two blocks, or three; each has so many values at most, beside those of another wave.
BLOCS_MAX, PAR_BLOC = 3, 80
TRIS = ("reference", "territoire", "region", "etat", "recu_le", "avis", "note", "ecart")
PAGES = ("1", "9999")
#: What a row of a list is made from; to read any of it whole is to read the wave for one page.
ENTIERES = {
    *("candidatures_candidature", "candidatures_depot", "candidatures_saisine", "candidatures_proposition"),
    *("candidatures_versiondesection", "candidatures_participation", "territoires_territoire", "socle_utilisateur"),
}


def plans(agir) -> list[dict]:
    """The nodes of the plans of what `agir` asks, as Postgres ran them."""
    demandes = []

    def noter(executer, sql, parametres, *reste):
        demandes.append((sql, parametres))
        return executer(sql, parametres, *reste)

    with connection.execute_wrapper(noter):
        agir()
    suite = []
    for sql, parametres in demandes:
        with connection.cursor() as curseur:
            curseur.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parametres)
            lu = curseur.fetchone()[0]
        suite.append({"sql": sql, "noeuds": list(noeuds((json.loads(lu) if isinstance(lu, str) else lu)[0]["Plan"]))})
    return suite


def noeuds(plan: dict) -> Iterator[dict]:
    yield plan
    for enfant in plan.get("Plans", ()):
        yield from noeuds(enfant)


def visitees(noeud: dict) -> float:
    return noeud["Actual Loops"] * (noeud["Actual Rows"] + noeud.get("Rows Removed by Filter", 0))


class Lue(ListeDesDossiers):
    def lire(self) -> None:
        assert self.page is not None


def liste(vague, moi, demande: str) -> Lue:
    return Lue(suivis_par(moi).filter(vague=vague), QueryDict(demande), moi=moi, vague=vague)


def compter_sans_relire(petite, grande, moi) -> None:
    """No row of the wave is read for the counts, whatever facet is asked, and no more blocks than of a small wave."""
    for demande in FACETTES_COMPTEES:
        lues = {}
        for vague in (petite, grande):
            lue = liste(vague, moi, demande)
            (lu,) = (plan for plan in plans(partial(compter, moi, vague, lue.conditions)) if _compte(plan["sql"]))
            suivis = [n for n in lu["noeuds"] if n.get("Relation Name") == "candidatures_suivi"]
            balayees = {n["Relation Name"] for n in lu["noeuds"] if n["Node Type"] == "Seq Scan"}
            assert balayees & (ENTIERES - {"territoires_territoire"}) == set(), demande
            lues[vague] = sum(map(visitees, suivis))
            blocs = sum(visitees(n) for n in lu["noeuds"] if n.get("Relation Name") == "candidatures_bitsdesuivis")
            assert blocs <= BLOCS_MAX * PAR_BLOC, demande
        assert lues[grande] <= lues[petite] + PETITE, demande


def _compte(sql: str) -> bool:
    return sql.startswith("WITH t AS")


def test_a_dix_mille_dossiers_chaque_page_se_lit_dans_un_index():
    petite = une_vague_pleine(PETITE, cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    grande = une_vague_pleine(GRANDE, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    moi = f.un_agent(Role.VALIDEUR)
    client = connecter(moi)
    for facette, (tri, page) in product(FACETTES, product(TRIS, PAGES)):
        for sens in ("", "-"):
            demande = f"{facette}&tri={sens}{tri}&page={page}"
            lus = plans(liste(grande, moi, demande).lire)
            balayees = {n["Relation Name"] for lu in lus for n in lu["noeuds"] if n["Node Type"] == "Seq Scan"}
            assert balayees & ENTIERES == set(), demande
            cles = next((lu for lu in lus if "LIMIT" in lu["sql"] and "COUNT" not in lu["sql"]), None)
            if not facette.startswith("q="):
                # How many there are is read where it is kept.
                (compte,) = (lu for lu in lus if _compte(lu["sql"]))
                comptes = [n for n in compte["noeuds"] if n.get("Relation Name") == "candidatures_suivi"]
                assert sum(map(visitees, comptes)) < PETITE, demande
            if not facette:
                # At most the other wave on the way, of the ten thousand files of this one the page.
                assert sum(visitees(n) for n in cles["noeuds"] if n.get("Relation Name")) < PETITE + 50, demande
    decidees = plans(
        lambda: (
            ListeDesResultats(suivis_par(moi).filter(vague=grande), QueryDict("page=999"), moi=moi, vague=grande).page
        )
    )
    assert {n.get("Relation Name") for lu in decidees for n in lu["noeuds"] if "Seq" in n["Node Type"]} & ENTIERES == (
        set()
    )
    compter_sans_relire(petite, grande, moi)
    for demande in PAGES_ENTIERES:
        nombres = []
        for vague in (petite, grande):
            adresse = f"/instruction/vagues/{vague.numero}/?{demande}"
            client.get(adresse)
            with CaptureQueriesContext(connection) as captees:
                page = client.get(adresse)
            nombres.append(len(captees))
            assert page.status_code == 200
        assert (nombres[0] == nombres[1], nombres[1] <= 12) == (True, True), (demande, nombres)
        assert page.context["page"].paginator.count == liste(grande, moi, demande).selection.count() > 0


def test_toutes_les_pages_mises_bout_a_bout_sont_la_liste_dans_son_ordre():
    """What Python makes of the tables themselves: names bare, what is empty last, the key settles the rest."""
    vague = une_vague_pleine(PETITE)
    moi = f.un_agent(Role.VALIDEUR)
    dossiers = list(Candidature.objects.filter(vague=vague).select_related("territoire__region_pilote"))
    notes = "note = candidature_id % 5, note_ecart = candidature_id % 7"
    administrer(f"UPDATE candidatures_suivi SET {notes} WHERE vague_id = {vague.pk}")
    rendus = {d.pk: Saisine.objects.filter(candidature=d, rendu_le__isnull=False).count() for d in dossiers}
    recus = {d.pk: max(Depot.objects.filter(candidature=d).values_list("recu_le", flat=True)) for d in dossiers}
    etats = list(EtatCandidature)
    cles = {
        "reference": lambda d: d.pk,
        "territoire": lambda d: nom_nu(d.territoire.nom),
        "region": lambda d: (nom_nu(d.territoire.region_pilote.nom), nom_nu(d.territoire.nom)),
        "etat": lambda d: etats.index(d.etat),
        "recu_le": lambda d: recus[d.pk],
        "avis": lambda d: rendus[d.pk],
        "note": lambda d: d.pk % 5,
        "ecart": lambda d: d.pk % 7,
    }
    assert set(cles) == set(TRIS) == set(ListeDesDossiers.tris(ListeDesDossiers.colonnes))
    par_cle = sorted(dossiers, key=lambda d: d.pk)
    for tri, descendant in product(TRIS, (False, True)):
        attendus = [d.pk for d in sorted(par_cle, key=cles[tri], reverse=descendant)]
        lues = []
        for page in range(1, 6):
            demande = f"tri={'-' if descendant else ''}{tri}&page={page}"
            lues += [ligne.pk for ligne in liste(vague, moi, demande).page]
        assert lues == attendus, (tri, descendant)
