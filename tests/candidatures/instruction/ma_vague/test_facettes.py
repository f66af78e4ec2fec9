"""Each count of « Ma vague » is that of the list where it leads, for whoever reads it, and tells nothing else."""

from itertools import product

import pytest
from django.http import QueryDict

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation import actions as affectation
from candidatures.instruction.correction import actions as correction
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.etiquettes.actions import etiqueter
from candidatures.instruction.filtres import NOTES
from candidatures.instruction.ma_vague.facettes import FACETTES
from candidatures.instruction.ma_vague.requetes import compter
from candidatures.instruction.suivi.etats import Etape
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.models import Candidature
from candidatures.pages.instruction.listes import ListeDesDossiers
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import NatureMembre, Programme, Role
from territoires.models import (
    MembreTerritoireIndustrie,
    ProgrammeIndustrie,
    Region,
    Territoire,
    TerritoireIndustrie,
)
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.outils import demander
from tests.outils.roles import sans_declencheurs
from tests.outils.vagues_pleines import une_vague_pleine

pytestmark = pytest.mark.django_db

CHOISIS = (
    "",
    "region=05",
    "etiquette=À revoir",
    "avis=retard",
    "note=75",
    "etape=pret&filiere=naval",
    "onglet=prets&region=05",
    "avis=rendus",
    "q=abc",
    "etat=faux",
)


def lire(vague, moi, demande=""):
    return ListeDesDossiers(suivis_par(moi).filter(vague=vague), QueryDict(demande), moi=moi, vague=vague)


def comptes(vague, moi, demande=""):
    """By facet and value, how many files the page says that there are."""
    liste = lire(vague, moi, demande)
    lus = compter(moi, vague, liste.conditions)
    dits = {(facette.cle, valeur): n for facette in FACETTES for valeur, n in lus.de(facette.cle).items() if n}
    return {**dits, ("total", ""): lus.total}


def vrais(vague, moi, demande, cles):
    """The same, from the lists where each leads."""
    choisi = QueryDict(demande)
    suite = {}
    for facette, valeur in cles:
        voulu = choisi.copy()
        if facette != "total":
            voulu[facette] = "a_prendre" if (facette, valeur) == ("responsable", "0") else valeur
        suite[facette, valeur] = lire(vague, moi, voulu.urlencode()).selection.count()
    return suite


def test_chaque_compte_est_celui_de_la_liste_ou_il_mene():
    une_vague_pleine(20, cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    vague = une_vague_pleine(60, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    region = Region.objects.get(code="05")
    gens = {
        "valideur": f.un_agent(Role.VALIDEUR),
        "instructeur": f.un_agent(Role.INSTRUCTEUR),
        "d’une région": f.un_agent(Role.INSTRUCTEUR, region=region),
    }
    libre = Suivi.objects.filter(vague=vague, regions__contains=[region.pk], etat="en_instruction").first()
    for suivi, nom in ((libre, "À voir"), (libre, "Relu"), (Suivi.objects.filter(vague=vague).last(), "À voir")):
        etiqueter(candidature=suivi.candidature, etiquette=nom, auteur=gens["instructeur"], maintenant=horloge_base())
    for cle in (libre.pk, Suivi.objects.filter(vague=vague, etat="en_instruction").exclude(pk=libre.pk).first().pk):
        dossier = Candidature.objects.get(pk=cle)
        affectation.prendre(candidature=dossier, acteur=gens["instructeur"], maintenant=horloge_base())
    conflit = Suivi.objects.filter(vague=vague).exclude(pk=libre.pk).last()
    instruction.declarer_interet(
        candidature=conflit.candidature, utilisateur=gens["valideur"], motif="Parent.", maintenant=horloge_base()
    )
    vus = {}
    for (nom, moi), demande in product(gens.items(), CHOISIS):
        dits = comptes(vague, moi, demande)
        assert dits == vrais(vague, moi, demande, dits), (nom, demande)
        vus[nom] = vus.get(nom, set()) | {facette for facette, _ in dits}
    assert vus["instructeur"] == {"total", *(facette.cle for facette in FACETTES)} - {"particularite"}
    assert comptes(vague, gens["instructeur"])["responsable", str(gens["instructeur"].pk)] == 2


def test_l_etape_suit_chaque_acte():
    _, (premier, second, troisieme) = une_vague_close(None, None, None)
    agent, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    constat = {"motif": "", "auteur": agent, "maintenant": horloge_base()}
    vues = []

    def voir():
        assert (ecarts(), vagues_mal_comptees()) == ([], [])
        vues.append(Suivi.objects.values_list("etape", flat=True).get(pk=premier.pk))

    voir()
    constater_recevabilite(candidature=premier, recevable=True, **constat)
    voir()
    demander(premier, expert, agent)
    voir()
    avis = {"sens": SensAvis.FAVORABLE, "texte": "Oui.", "maintenant": horloge_base()}
    rendre_avis(candidature=premier, expert=expert, **avis)
    voir()
    instruction.proposer(candidature=premier, sens="labelliser", **{**constat, "motif": "Prêt."})
    voir()
    assert vues == [Etape.RECEVABILITE, Etape.PROPOSITION, Etape.AVIS, Etape.PROPOSITION, Etape.PRET]
    constater_recevabilite(candidature=second, recevable=False, **{**constat, "motif": "Hors sujet."})
    correction.demander_correction(
        candidature=troisieme,
        motif="À préciser.",
        questions=["choc.filieres"],
        natures=[],
        echeance=horloge_base() + f.timedelta(days=10),
        auteur=agent,
        maintenant=horloge_base(),
    )
    etapes = {cle: Suivi.objects.get(pk=dossier.pk).etape for cle, dossier in (("b", second), ("c", troisieme))}
    assert (etapes, ecarts()) == ({"b": Etape.IRRECEVABLE, "c": Etape.CORRECTION}, [])


def test_les_avis_en_retard_et_les_defavorables_se_comptent_et_se_choisissent():
    vague, (en_retard, defavorable, attendu, sans) = une_vague_close(None, None, None, None)
    moi, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    for dossier in (en_retard, defavorable, attendu):
        demander(dossier, expert, moi)
    avis = {"sens": SensAvis.DEFAVORABLE, "texte": "Non.", "maintenant": horloge_base()}
    rendre_avis(candidature=defavorable, expert=expert, **avis)
    with sans_declencheurs():
        Suivi.objects.filter(pk=en_retard.pk).update(avis_attendu_avant=jour_de_paris(horloge_base()))
    attendus = {
        "sans": [sans.pk],
        "attendus": [en_retard.pk, attendu.pk],
        "retard": [en_retard.pk],
        "defavorables": [defavorable.pk],
        "rendus": [defavorable.pk],
    }
    dits = {valeur: n for (facette, valeur), n in comptes(vague, moi).items() if facette == "avis"}
    assert dits == {valeur: len(cles) for valeur, cles in attendus.items()}
    listes = {valeur: lire(vague, moi, f"avis={valeur}&tri=reference") for valeur in attendus}
    assert {valeur: [s.pk for s in liste.page] for valeur, liste in listes.items()} == attendus
    # Without the facets, the total is read elsewhere: it is the same.
    assert {valeur: liste.page.paginator.count for valeur, liste in listes.items()} == dits


def test_la_note_et_l_ecart_se_choisissent_et_se_trient():
    vague, dossiers = une_vague_close(*[None] * 6)
    moi = f.un_agent(Role.INSTRUCTEUR)
    notes = [(150, 200, 0), (149, 200, 10), (50, 200, 70), (49, 200, 20), (0, 200, 30), None]
    with sans_declencheurs():
        for dossier, lue in zip(dossiers, notes, strict=True):
            note, sur, ecart = lue or (None, None, None)
            Suivi.objects.filter(pk=dossier.pk).update(note=note, note_sur=sur, note_ecart=ecart)
    cles = [dossier.pk for dossier in dossiers]
    choisis = {bande: [s.pk for s in lire(vague, moi, f"note={bande}&tri=reference").page] for bande in NOTES}
    assert choisis == {"75": cles[:1], "50": cles[1:2], "25": cles[2:3], "0": cles[3:5]}
    par_ecart = [cles[rang] for rang in (0, 1, 3, 4, 2, 5)]
    tris = {sens: [s.pk for s in lire(vague, moi, f"colonnes=ecart&tri={sens}ecart").page] for sens in ("", "-")}
    # What has none is last in both directions.
    assert tris == {"": par_ecart, "-": [*reversed(par_ecart[:5]), cles[5]]}
    par_note = [s.pk for s in lire(vague, moi, "tri=-note").page]
    assert par_note == cles


def test_les_departements_suivent_ceux_des_membres():
    _, (dossier,) = une_vague_close(f.un_departement("59", "32"))
    departement = f.un_departement("62", "32")
    epci = dossier.territoire.epcis.get()
    epci.departements.add(departement)
    suivi = Suivi.objects.get(pk=dossier.pk)
    assert (len(suivi.departements), departement.pk in suivi.departements, ecarts()) == (2, True, [])
    epci.departements.remove(departement)
    suivi.refresh_from_db()
    assert (departement.pk in suivi.departements, ecarts()) == (False, [])


def test_ce_qui_distingue_un_dossier_se_compte():
    """A Territoire d’industrie of the day of the closing; the same grouping in an earlier wave."""
    _, (avant,) = une_vague_close(None, noms=["Avant"], cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    vague, (pareil, autre) = une_vague_close(None, None, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    Territoire.objects.filter(pk=pareil.territoire_id).update(cle=avant.territoire.cle, prive=True)
    ProgrammeIndustrie.objects.create(
        programme=Programme.values[0], debut=f.date(2023, 1, 1), fin=f.date(2023, 12, 31)
    )
    ti = TerritoireIndustrie.objects.create(programme=Programme.values[0], id_ti="ti-1", nom="Vallée")
    epci = autre.territoire.epcis.get()
    MembreTerritoireIndustrie.objects.create(
        territoire_industrie=ti, epci=epci, nature=NatureMembre.EPCI, siren=epci.siren, libelle=epci.nom
    )
    moi = f.un_agent(Role.VALIDEUR)
    dits = {valeur: n for (facette, valeur), n in comptes(vague, moi).items() if facette == "particularite"}
    assert dits == {"industrie": 1, "ancien": 1}
    assert [s.pk for s in lire(vague, moi, "particularite=ancien").selection] == [pareil.pk]
    # Of a file in which one has an interest, nothing is known: not even that another one follows it.
    instruction.declarer_interet(candidature=avant, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
    assert ("particularite", "ancien") not in comptes(vague, moi)


def test_rien_de_ce_qui_arrive_a_un_dossier_en_conflit_ne_change_un_compte():
    vague, dossiers = une_vague_close(None, None, None)
    moi, collegue = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    secret = dossiers[0]
    instruction.declarer_interet(candidature=secret, utilisateur=moi, motif="Parent.", maintenant=horloge_base())
    demandes = ("", "onglet=prendre", "q=textile", "responsable=a_prendre", "etape=recevabilite")
    avant = [comptes(vague, moi, demande) for demande in demandes]
    affectation.prendre(candidature=secret, acteur=collegue, maintenant=horloge_base())
    demander(secret, f.un_agent(Role.EXPERT), collegue)
    instruire(secret, instructeur=collegue)
    assert [comptes(vague, moi, demande) for demande in demandes] == avant
    assert avant[0]["total", ""] == 2


def test_ce_qui_est_ecrit_dans_un_dossier_le_trouve_et_la_liste_dit_ou():
    vague, _ = une_vague_close(None, None, noms=["Vallée", "Plaine"])
    moi = f.un_agent(Role.INSTRUCTEUR)
    ou = {ligne.territoire.nom: [e.ou for e in ligne.trouve_dans] for ligne in lire(vague, moi, "q=vallee").page}
    assert ou == {"Vallée": ["Dans le nom du territoire"]}
    lues = {ligne.territoire.nom: ligne.trouve_dans for ligne in lire(vague, moi, "q=textile").page}
    assert {nom: [e.ou for e in endroits] for nom, endroits in lues.items()} == {
        "Plaine": ["Dans les réponses"],
        "Vallée": ["Dans les réponses"],
    }
    assert "<mark>" in lues["Plaine"][0].extrait
