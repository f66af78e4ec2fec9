"""Counting, in a constant number of queries whatever the size of the database."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from candidatures.labellisation.models import Labellisation
from candidatures.vagues.models.vagues import Vague
from projets.chiffres.definitions import (
    CALENDRIER,
    DE_LA_DERNIERE,
    DE_TOUTES,
    LAUREATS,
    PORTEFEUILLE,
    PREFIXE_ENSEMBLE,
    Definition,
    Precision,
)
from projets.chiffres.temoins import temoins
from projets.chiffres.valeurs import Chiffre, Chiffres, Ligne, Restitution, total
from projets.enveloppe.models import Enveloppe
from projets.mission.models import Industriel, Mission
from projets.portefeuille.etats import Voie
from projets.portefeuille.models import Projet
from projets.publication.annonces import Annonces
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.noms import nom_nu


def calculer(*, au: date) -> Chiffres:
    """National figures at the end of the Paris day `au`: laureates, portfolio, calendar.

    Laureates are those announced, embargo or not. The portfolio is that of the missions restituted on the latest day
    of restitution; the same figures for all the missions restituted so far, which add up from one restitution to the
    next, bear the prefix `ensemble_`. A mission that is still running counts in neither.
    """
    toutes = list(_restitutions(au))
    derniere = [mission for mission in toutes if mission.restituee_le == toutes[0].restituee_le]
    labellisations = list(Labellisation.objects.annoncees_avant(fin_de_journee(au)).pour_liste().order_by("pk"))
    annonces = Annonces(au)
    portefeuille = _Portefeuille(au)
    chiffres = [
        *_laureats(labellisations, annonces.nouveaux(labellisations), au),
        *_precises(portefeuille.chiffres(_cles(derniere)), DE_LA_DERNIERE),
        *_precises(portefeuille.chiffres(_cles(toutes)), DE_TOUTES, prefixe=PREFIXE_ENSEMBLE),
        _prochaine_releve(au),
    ]
    restitutions = tuple(
        Restitution(mission.pk, mission.titre, debut, fin, nouvelle=mission.pk not in annonces.missions)
        for mission in sorted(derniere, key=lambda mission: mission.pk)
        if (debut := mission.debut) and (fin := mission.restituee_le)
    )
    return Chiffres(
        au=au,
        restitutions=restitutions,
        publique_a=max((lab.publique_a for lab in labellisations if lab.publique_a), default=None),
        par_cle={chiffre.cle: chiffre for chiffre in chiffres},
        temoins=temoins(restitutions, portefeuille.industriels, au),
    )


def de_la_mission(mission: Mission, *, au: date) -> Chiffres:
    """The portfolio of one mission at the end of the Paris day `au`: three queries."""
    chiffres = _Portefeuille(au, mission).chiffres({mission.pk})
    return Chiffres(au=au, restitutions=(), publique_a=None, par_cle={chiffre.cle: chiffre for chiffre in chiffres})


def publics(*, maintenant: datetime) -> Chiffres:
    """How many laureates anyone may know now, and in how many régions: announced, embargo over. One query."""
    au = jour_de_paris(maintenant)
    labellisations = list(Labellisation.objects.publiques(maintenant).pour_liste().order_by("pk"))
    return Chiffres(
        au=au,
        restitutions=(),
        publique_a=None,
        par_cle={chiffre.cle: chiffre for chiffre in _totaux(labellisations, au)},
    )


def _restitutions(au: date) -> Iterable[Mission]:
    """Missions restituted by then, the latest first."""
    return Mission.objects.filter(restituee_le__lte=au).order_by("-restituee_le", "pk")


def _cles(missions: Iterable[Mission]) -> set[int]:
    return {mission.pk for mission in missions}


def _laureats(labellisations: list[Labellisation], nouveaux: set[int], au: date) -> list[Chiffre]:
    laureats, regions = _totaux(labellisations, au)
    lignes = (ligne for ligne in laureats.lignes if ligne.pk in nouveaux)
    return [laureats, regions, _chiffre(LAUREATS["nouveaux_laureats"], au, lignes)]


def _totaux(labellisations: list[Labellisation], au: date) -> list[Chiffre]:
    territoires = {
        lab.pk: Ligne(lab.pk, lab.territoire.nom, 1, lab.territoire.demonstration) for lab in labellisations
    }
    regions: dict[int, Ligne] = {}
    for lab in labellisations:
        region = lab.territoire.region_pilote
        # A région is invented only as long as every laureate that makes it count is.
        invente = lab.territoire.demonstration and regions.get(region.pk, territoires[lab.pk]).demonstration
        regions[region.pk] = Ligne(region.pk, region.nom, 1, invente)
    return [
        _chiffre(LAUREATS["territoires_laureats"], au, territoires.values()),
        _chiffre(LAUREATS["regions"], au, sorted(regions.values(), key=lambda ligne: nom_nu(ligne.libelle))),
    ]


class _Portefeuille:
    """Companies, projects and envelopes known on `au`, read once, then counted for any choice of missions."""

    def __init__(self, au: date, mission: Mission | None = None) -> None:
        self.au = au
        seulement = {"mission": mission} if mission else {}
        self.industriels = list(
            Industriel.objects.filter(**seulement).rencontres(au).select_related("mission", "epci").order_by("pk")
        )
        self.projets = list(
            Projet.objects.filter(**seulement)
            .recenses(au)
            .avec_estimation(au)
            .select_related("mission", "epci", "concours__liberation")
            .order_by("pk")
        )
        self.enveloppes = list(
            Enveloppe.objects.filter(ouverte_le__lte=au, **seulement).select_related("mission").order_by("pk")
        )

    def chiffres(self, missions: set[int]) -> list[Chiffre]:
        """Figures of these missions (primary keys). A company met by several of them counts once."""
        # The first meeting of each SIREN, in the order of the rows.
        rencontres = {i.siren: i for i in reversed(self.industriels) if i.mission_id in missions}
        projets = [projet for projet in self.projets if projet.mission_id in missions]
        orientes = [projet for projet in projets if _oriente_vers_l_enveloppe(projet, self.au)]
        accordes = [projet for projet in projets if _aide_accordee(projet, self.au)]
        lignes: dict[str, Iterable[Ligne]] = {
            "industriels_rencontres": (
                Ligne(i.pk, f"Industriel n° {i.pk} – {i.epci}", 1, i.mission.demonstration)
                for i in reversed(rencontres.values())
            ),
            "projets_recenses": _lignes(projets, lambda _: 1),
            "investissements": _lignes(projets, lambda projet: projet.investissement),
            "creations_potentielles": _lignes(projets, lambda projet: projet.emplois_potentiels),
            "projets_orientes": _lignes(orientes, lambda _: 1),
            "creations_previsionnelles": _lignes(orientes, lambda projet: projet.emplois_previsionnels),
            "enveloppe": (
                Ligne(e.pk, e.nom, e.montant, e.mission.demonstration)
                for e in self.enveloppes
                if e.mission_id in missions
            ),
            "concours_accordes": _lignes(accordes, lambda projet: projet.concours.montant),
        }
        return [_chiffre(PORTEFEUILLE[cle], self.au, lignes[cle]) for cle in PORTEFEUILLE]


def _oriente_vers_l_enveloppe(projet: Projet, au: date) -> bool:
    return (
        projet.structurant
        and projet.voie == Voie.ENVELOPPE
        and projet.oriente_le is not None
        and projet.oriente_le <= au
    )


def _aide_accordee(projet: Projet, au: date) -> bool:
    concours = getattr(projet, "concours", None)
    return concours is not None and concours.accorde_au(au)


def _lignes(projets: Iterable[Projet], mesure: Callable[..., int | None]) -> list[Ligne]:
    """A project without an estimate, or whose estimate says nothing of it, does not speak: that is not 0."""
    return [
        Ligne(
            projet.pk,
            f"Projet n° {projet.pk} – {projet.get_nature_display()} – {projet.epci}",
            mesure(projet),
            projet.mission.demonstration,
        )
        for projet in projets
    ]


def _chiffre(definition: Definition, au: date, lignes: Iterable[Ligne]) -> Chiffre:
    rangees = tuple(lignes)
    return Chiffre(
        cle=definition.cle,
        libelle=definition.libelle,
        valeur=total(rangees),
        unite=definition.unite,
        definition=definition.texte,
        au=au,
        lignes=rangees,
    )


def _precises(chiffres: Iterable[Chiffre], precision: Precision, *, prefixe: str = "") -> Iterable[Chiffre]:
    """The same figures, their name and their definition saying which missions count."""
    for chiffre in chiffres:
        yield replace(
            chiffre,
            cle=f"{prefixe}{chiffre.cle}",
            libelle=f"{chiffre.libelle} ({precision.mot})",
            definition=f"{chiffre.definition} {precision.texte}",
        )


def _prochaine_releve(au: date) -> Chiffre:
    definition = CALENDRIER["prochaine_releve"]
    vague = Vague.objects.maintenues().filter(cloture__gte=fin_de_journee(au)).order_by("cloture").first()
    return Chiffre(
        cle=definition.cle,
        libelle=definition.libelle,
        valeur=jour_de_paris(vague.cloture) if vague else None,
        unite=definition.unite,
        definition=definition.texte,
        au=au,
        lignes=(Ligne(vague.pk, str(vague), 0),) if vague else (),
    )
