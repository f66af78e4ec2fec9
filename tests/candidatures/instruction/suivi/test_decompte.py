"""What lists of agents say that there are is what there is, without being counted."""

from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.models import DeclarationInteret
from candidatures.instruction.suivi import bits
from candidatures.instruction.suivi.models import BitsDeSuivis, Suivi
from candidatures.instruction.suivi.requetes import vagues_mal_comptees
from candidatures.models import Candidature
from candidatures.pages.instruction.listes import ListeDesDossiers, ListeDesResultats
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.models import Region
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_saisine, une_vague_close
from tests.outils.roles import ignorer
from tests.outils.vagues_pleines import une_vague_pleine

pytestmark = pytest.mark.django_db

ETATS = ("", "etat=instruite", "etat=en_instruction", "etat=laureate", "etat=inconnu")
REGIONS = ("", "region=05", "region=99")
FILIERES = ("", "filiere=naval", "filiere=automobile")
AVIS = ("", "avis=sans", "avis=attendus", "avis=rendus")
RECHERCHES = ("", "q=R1-7", "q=abc")


def nombres(vague, moi, demande):
    """What the page says, and what there is."""
    liste = ListeDesDossiers(suivis_par(moi).filter(vague=vague), QueryDict(demande), moi=moi, vague=vague)
    return liste.page.paginator.count, liste.selection.count()


def s_interesser(moi, dossiers):
    for dossier in dossiers:
        DeclarationInteret.objects.create(
            candidature=dossier, utilisateur=moi, motif="Parent.", declaree_le=horloge_base()
        )


def test_tout_choix_de_facettes_dit_le_nombre_de_ce_que_l_on_voit():
    une_vague_pleine(30, cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    vague = une_vague_pleine(100, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    region = Region.objects.get(code="05")
    gens = {
        "valideur": f.un_agent(Role.VALIDEUR),
        "comité": f.un_agent(Role.COMITE),
        "instructeur": f.un_agent(Role.INSTRUCTEUR),
        "d’une région": f.un_agent(Role.INSTRUCTEUR, region=region),
        "d’ailleurs": f.un_agent(Role.EXPERT),
    }
    s_interesser(gens["valideur"], Candidature.objects.filter(vague=vague).order_by("pk")[:40])
    s_interesser(gens["d’une région"], Candidature.objects.filter(vague=vague).order_by("-pk")[:30])
    vus = {}
    for nom, moi in gens.items():
        for choix in product(ETATS, REGIONS, FILIERES, AVIS, RECHERCHES):
            dit, vrai = nombres(vague, moi, "&".join(filter(None, choix)))
            assert dit == vrai, (nom, choix)
            vus[nom] = max(dit, vus.get(nom, 0))
    assert vus == {"valideur": 61, "comité": 101, "instructeur": 101, "d’une région": 4, "d’ailleurs": 0}


def test_les_decisions_disent_leur_nombre():
    vague = une_vague_pleine(100)
    moi = f.un_agent(Role.VALIDEUR)
    with ignorer("candidatures.Candidature:etat_suit_la_table"):
        Candidature.objects.filter(vague=vague, pk__in=Suivi.objects.filter(rang__gt=0).values("pk")[:60]).update(
            etat=EtatCandidature.NON_RETENUE
        )
    s_interesser(moi, Candidature.objects.filter(vague=vague, etat=EtatCandidature.NON_RETENUE)[:7])
    decides = suivis_par(moi).filter(vague=vague, etat_connu=EtatCandidature.NON_RETENUE)
    liste = ListeDesResultats(decides, QueryDict(), moi=moi, vague=vague)
    assert (liste.page.paginator.count, vagues_mal_comptees()) == (53, [])


def test_ce_qui_change_ne_laisse_rien_derriere_soi():
    """The blocks are those of the files that are there: none is left empty, none is written twice."""
    vague, (premier, second) = une_vague_close(None, None)
    expert = f.un_agent(Role.EXPERT)
    for dossier in (premier, second):
        une_saisine(dossier, expert)
    suivi = Suivi.objects.get(pk=premier.pk)
    blocs = {dossier.pk // bits.LARGEUR for dossier in (premier, second)}
    attendues = [
        *[("", ""), ("etat", "en_instruction"), ("etape", "recevabilite"), ("cas_avis", "attendus")],
        *[("responsable_id", ""), ("filieres", "textile")],
        *[(nom, str(cle)) for nom in ("regions", "departements") for cle in getattr(suivi, nom)],
    ]
    lus = list(BitsDeSuivis.objects.values_list("colonne", "valeur", "bloc"))
    assert sorted(lus) == sorted((*une, bloc) for une in attendues for bloc in blocs)
    with ignorer("candidatures.Candidature:etat_suit_la_table"):
        Candidature.objects.filter(vague=vague).update(etat=EtatCandidature.RETIREE)
    assert list(BitsDeSuivis.objects.all()) == []


def test_compter_tient_en_une_requete():
    vague = une_vague_pleine(100)
    moi = f.un_agent(Role.VALIDEUR)
    s_interesser(moi, Candidature.objects.filter(vague=vague)[:3])
    liste = ListeDesDossiers(suivis_par(moi).filter(vague=vague), QueryDict("avis=rendus"), moi=moi, vague=vague)
    with CaptureQueriesContext(connection) as requetes:
        liste.compter()
    assert len([r for r in requetes if "candidatures_" in r["sql"]]) == 1
