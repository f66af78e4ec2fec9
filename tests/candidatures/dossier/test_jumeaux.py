"""What Python and Postgres both say of a file, over all its states and at each of its bounds."""

from itertools import product

import pytest
from django.db import IntegrityError

from candidatures.dossier.connaissance import avec_etat_su
from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.dossier.models.dossiers import ECHEANCE, LIBELLE, reference_sql
from candidatures.dossier.regles import OUVERTURES_PAR_JOUR, empechement_d_ouvrir_encore, est_copiable
from candidatures.models import Candidature, Participation, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from territoires.models import Territoire
from tests import fabriques as f
from tests.candidatures.jumeaux import UN_JOUR, autour, des_vagues, un_cahier
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
# Its own extension, counted from the closing of the wave, and whether its end is recorded.
PROLONGATIONS = ((None, False), (UN_JOUR, False), (3 * UN_JOUR, False), (3 * UN_JOUR, True))


def des_dossiers(vagues: list[Vague], source: Source = Source.PORTAIL) -> list[Candidature]:
    """In each wave, a file in each state under each extension."""
    cas = list(product(EtatCandidature, PROLONGATIONS))
    epci = f.un_epci()
    territoires = Territoire.objects.bulk_create(
        Territoire(nom=f"T{rang}", chef_de_file=epci, region_pilote=epci.region, cle=f.un_siren(90_000 + rang))
        for rang in range(len(cas))
    )
    cahier, fini = un_cahier(vagues[0]), horloge_base()
    with ignorer():
        return Candidature.objects.bulk_create(
            Candidature(
                vague=vague,
                cahier=cahier,
                territoire=territoire,
                etat=etat,
                prolongee_au=vague.cloture + propre if propre else None,
                prolongation_close_le=fini if close else None,
                source=source,
                numero_source=f"{vague.numero}-{territoire.pk}" if source is Source.REPRISE else "",
            )
            for vague in vagues
            for territoire, (etat, (propre, close)) in zip(territoires, cas, strict=True)
        )


@pytest.mark.jumeau("candidatures.dossier.models.dossiers.ECHEANCE")
def test_l_echeance_d_un_dossier() -> None:
    dossiers = des_dossiers(des_vagues())
    lues = dict(Candidature.objects.annotate(lue=ECHEANCE).values_list("pk", "lue"))
    assert lues == {dossier.pk: dossier.echeance for dossier in dossiers}
    assert {(d.echeance == d.vague.echeance, d.echeance == d.prolongee_au) for d in dossiers} == {
        (True, False),
        (False, True),
    }


@pytest.mark.jumeau(
    "candidatures.dossier.models.dossiers.reference_sql", "candidatures.dossier.models.dossiers.LIBELLE"
)
@pytest.mark.parametrize("nom", ["Cambrésis", "100 % d’« Écully »", "CC\u00a0d'Ornans – {x}"])
def test_la_reference_et_le_nom_d_un_dossier(nom: str) -> None:
    vague = f.une_vague()
    cles = (1, 42, 999, 9_999, 10_000, 1_234_567)
    porteur, cahier = f.un_utilisateur(), un_cahier(vague)
    Candidature.objects.bulk_create(
        Candidature(pk=cle, vague=vague, cahier=cahier, territoire=f.un_territoire(nom)) for cle in cles
    )
    Participation.objects.bulk_create(Participation(candidature_id=cle, utilisateur=porteur) for cle in cles)
    lus = Candidature.objects.annotate(lue=reference_sql(), nom=LIBELLE).select_related("vague", "territoire")
    assert [(d.lue, d.nom) for d in lus] == [(d.reference, str(d)) for d in lus]
    par_la_participation = Participation.objects.annotate(lue=reference_sql("candidature__"))
    assert set(par_la_participation.values_list("lue", flat=True)) == {d.reference for d in lus}
    assert {len(d.reference) for d in lus} == {9, 10, 12}


@pytest.mark.jumeau("candidatures.dossier.models.dossiers.CandidatureQuerySet.copiables")
@pytest.mark.parametrize("source", [Source.PORTAIL, Source.REPRISE])
def test_un_dossier_se_copie(source: Source) -> None:
    # A suspended wave never opened: nobody began a file in it.
    vagues = [vague for vague in des_vagues() if vague.etat != EtatVague.SUSPENDUE]
    des_dossiers(vagues, source)
    vus = set()
    for vague in vagues:
        for instant in autour(
            (
                vague.ouverture,
                vague.cloture,
                vague.prolongee_au,
                vague.publique_a,
                vague.cloture + UN_JOUR,
                vague.cloture + 3 * UN_JOUR,
            )
        ):
            lus = avec_etat_su(vague.candidatures.select_related("vague").sans_contenu(), instant)
            attendus = {d.pk for d in lus if est_copiable(d.etat_connu, d.phase(instant))}
            copiables = vague.candidatures.copiables(instant).values_list("pk", flat=True)
            assert set(copiables) == attendus, (vague.etat, instant)
            vus |= attendus
    assert 0 < len(vus) < Candidature.objects.count()


@pytest.mark.jumeau("postgres:dossiers_ouverts_par_jour")
def test_les_dossiers_qu_une_personne_ouvre_en_un_jour() -> None:
    vague, auteur = f.une_vague(), f.un_utilisateur()
    cahier = un_cahier(vague)
    territoire = f.un_territoire()
    for ouverts in range(OUVERTURES_PAR_JOUR + 2):
        # Whatever instant the application says: the database's own counts.
        hier = horloge_base() - 2 * UN_JOUR
        valeurs = {
            "vague": vague,
            "cahier": cahier,
            "territoire": territoire,
            "ouverte_par": auteur,
            "creee_le": hier,
        }
        if empechement_d_ouvrir_encore(ouverts) is None:
            Candidature.objects.create(**valeurs)
        else:
            with pytest.raises(IntegrityError, match="trop de dossiers ouverts"), f.dans_un_point_de_reprise():
                Candidature.objects.create(**valeurs)
    assert Candidature.objects.ouvertes_depuis_un_jour(auteur).count() == OUVERTURES_PAR_JOUR
    autre = f.un_utilisateur()
    assert Candidature.objects.create(**valeurs | {"ouverte_par": autre}).ouverte_par == autre
