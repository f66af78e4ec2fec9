"""Lists of names follow the alphabet, accents and capitals apart: in models, selects and lists that sort."""

from operator import attrgetter

import pytest
from django.http import QueryDict

from candidatures.instruction.avis.forms import DemandeDAvisForm
from candidatures.instruction.filtres import FiltresDesDossiers
from candidatures.instruction.suivi.models import Suivi
from candidatures.models import Candidature
from candidatures.pages.instruction.listes import ListeDesDossiers
from projets.mission.filtres import FiltresDesMissions
from projets.mission.models import Mission
from rebond.comptes.forms import HabilitationForm
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.noms import nom_nu
from territoires.etats import Role, TypeOrganisme
from territoires.models import Organisme, Petr, Region, Territoire
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close

NOMS = ["Zuydcoote", "Île-de-France", "écully", "Dijon", "L’Isle", "Étampes", "Œuilly"]
RANGES = ["Dijon", "écully", "Étampes", "Île-de-France", "L’Isle", "Œuilly", "Zuydcoote"]

pytestmark = pytest.mark.django_db


def noms(lignes) -> list[str]:
    return [ligne.nom for ligne in lignes]


def test_les_modeles_et_les_listes_de_choix_suivent_l_alphabet() -> None:
    for rang, nom in enumerate(NOMS):
        Region.objects.create(code=str(rang), nom=nom)
        Organisme.objects.create(nom=nom, type=TypeOrganisme.COMMUNE)
        Petr.objects.create(nom=nom, siren=f.un_siren(70_000 + rang))
    for lignes in (Region.objects.all(), Organisme.objects.all(), Petr.objects.all()):
        assert noms(lignes) == RANGES == sorted(NOMS, key=nom_nu)
    selects = [HabilitationForm(maintenant=horloge_base()).fields[nom] for nom in ("organisme", "region")]
    selects += [
        FiltresDesDossiers({}, Candidature.objects.all()).form.fields["region"],
        FiltresDesMissions({}, Mission.objects.all()).form.fields["region"],
    ]
    assert [noms(select.queryset) for select in selects] == [RANGES] * 4


def test_les_dossiers_et_les_personnes_suivent_l_alphabet() -> None:
    vague, (*_, dossier) = une_vague_close(*[None] * len(NOMS), noms=NOMS)
    moi = f.un_agent(Role.VALIDEUR)
    organisme = f.un_organisme_consulte(NOMS[0])
    for nom in NOMS[1:]:
        f.un_agent(Role.EXPERT, organisme=f.un_organisme_consulte(nom))
    experts = [f.un_agent(Role.EXPERT, organisme=organisme) for _ in NOMS]
    for personne, nom in zip(experts, NOMS, strict=True):
        personne.nom = nom
        personne.save(update_fields=["nom"])
    assert noms(Territoire.objects.all()) == RANGES
    for tri, attendus in (("territoire", RANGES), ("-territoire", RANGES[::-1])):
        suivis = Suivi.objects.filter(vague=vague)
        tries = ListeDesDossiers(suivis, QueryDict(f"tri={tri}"), moi=moi, vague=vague).selection
        assert [suivi.candidature.territoire.nom for suivi in tries] == attendus
    consultables = DemandeDAvisForm(candidature=dossier, maintenant=horloge_base()).consultables.values()
    assert noms(un.organisme for un in consultables) == RANGES
    (proposes,) = (un.experts for un in consultables if un.organisme == organisme)
    assert noms(proposes) == RANGES == noms(sorted(experts, key=attrgetter("rang_du_nom")))
