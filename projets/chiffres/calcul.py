"""Counting, in a constant number of queries whatever the size of the database."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, OuterRef, Q
from django.db.models.functions import JSONObject

from candidatures.labellisation.models import Labellisation
from candidatures.vagues.models.vagues import Vague
from projets.carte.laureats import carte_annoncee
from projets.chiffres.definitions import (
    CALENDRIER,
    DE_LA_DERNIERE,
    DE_TOUTES,
    LAUREATS,
    PORTEFEUILLE,
    PREFIXE_ENSEMBLE,
    Precision,
)
from projets.chiffres.lignes import Ligne
from projets.chiffres.portefeuille import Portefeuille
from projets.chiffres.temoins import temoins
from projets.chiffres.valeurs import AxeLu, Chiffre, Chiffres, Membre, Releve, Restitution
from projets.feuille_de_route.models import Axe
from projets.mission.models import Mission
from projets.publication.annonces import Annonces
from rebond.socle.faits.requetes import connu_a
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.noms import nom_nu
from territoires.models import Epci
from territoires.models.millesimes import au_jour, ordre_au_jour


def _membre(au: date) -> JSONObject:
    """An EPCI as the vintage of that day names it: a figure of the past keeps the words of its day."""
    return JSONObject(pk="pk", nom=au_jour("nom", au), nature=au_jour("nature", au))


def calculer(*, au: date, connu_le: datetime | None = None, annonces: Annonces | None = None) -> Chiffres:
    """National figures at the end of the Paris day `au`: laureates, portfolio, calendar.

    Laureates are those announced, embargo or not. The portfolio is that of the missions restituted on the latest day
    of restitution; the same figures for all the missions restituted so far, which add up from one restitution to the
    next, bear the prefix `ensemble_`. A mission that is still running counts in neither. `annonces`: what releases of
    other dates have said, when it has been read.

    `connu_le`: as the portal knew them at that instant, with their rows in memory: the same for ever. Raises
    `RienDeConnu` when nothing is kept of it, or it is still to come.
    """
    if connu_le is not None:
        with connu_a(connu_le):
            return _calculer(au, annonces).lus()
    return _calculer(au, annonces)


def _calculer(au: date, annonces: Annonces | None) -> Chiffres:
    toutes = list(_restitutions(au))
    derniere = sorted(
        (mission for mission in toutes if mission.restituee_le == toutes[0].restituee_le),
        key=lambda mission: mission.pk,
    )
    labellisations = list(Labellisation.objects.annoncees_avant(fin_de_journee(au)).pour_liste().order_by("pk"))
    annonces = annonces or Annonces(au)
    restituees = Q(mission__restituee_le__lte=au)
    dernieres = Q(mission__restituee_le=toutes[0].restituee_le) if toutes else restituees
    portefeuille = Portefeuille(au, {"": dernieres, PREFIXE_ENSEMBLE: restituees})
    lus = portefeuille.chiffres(sceller=True)
    rencontres, premieres = portefeuille.rencontres[""]
    chiffres = [
        *_laureats(labellisations, annonces.nouveaux(labellisations), au),
        *_precises(lus[""], DE_LA_DERNIERE),
        *_precises(lus[PREFIXE_ENSEMBLE], DE_TOUTES, prefixe=PREFIXE_ENSEMBLE),
        _prochaine_releve(au),
    ]
    restitutions = tuple(
        Restitution(mission.pk, mission.titre, debut, fin, nouvelle=mission.pk not in annonces.missions)
        for mission in derniere
        if (debut := mission.debut) and (fin := mission.restituee_le)
    )
    releve = Releve(
        rencontres=premieres,
        carte=carte_annoncee(au),
        annonces={lab.pk: lab.annoncee_le for lab in labellisations if lab.annoncee_le},
        membres={mission.pk: _membres(mission.membres_lus) for mission in derniere},
        # Axes have no date of their own: they are those of today.
        axes=tuple(_axes(derniere)),
        parts=portefeuille.parts[""],
    )
    return Chiffres(
        au=au,
        restitutions=restitutions,
        publique_a=max((lab.publique_a for lab in labellisations if lab.publique_a), default=None),
        par_cle={chiffre.cle: chiffre for chiffre in chiffres},
        temoins=temoins(restitutions, rencontres, releve),
        releve=releve,
    )


def calculer_un(cle: str, *, au: date) -> Chiffres:
    """The figure `cle` of those that `calculer` gives, alone, with the embargo that binds it: what this figure counts
    is read, and nothing else. Empty when there is none of that key, or it is one of all missions (`ensemble_`)."""
    annoncees = Labellisation.objects.annoncees_avant(fin_de_journee(au))
    return Chiffres(
        au=au,
        restitutions=(),
        publique_a=annoncees.aggregate(fin=Max("publique_a"))["fin"],
        par_cle={chiffre.cle: chiffre for chiffre in _seul(cle, au, annoncees)},
    )


def _seul(cle: str, au: date, annoncees: Any) -> Iterable[Chiffre]:
    if cle in PORTEFEUILLE:
        derniere = Mission.objects.filter(restituee_le__lte=au).aggregate(jour=Max("restituee_le"))["jour"]
        # Without a restitution yet, nothing counts.
        portefeuille = Portefeuille(au, {"": Q(mission__restituee_le=derniere or au)})
        return _precises([portefeuille.chiffre(cle, "")], DE_LA_DERNIERE)
    if cle in CALENDRIER:
        return [_prochaine_releve(au)]
    if cle not in LAUREATS:
        return []
    labellisations = list(annoncees.pour_liste().order_by("pk"))
    nouveaux = Annonces(au).nouveaux(labellisations) if cle == "nouveaux_laureats" else set()
    return [chiffre for chiffre in _laureats(labellisations, nouveaux, au) if chiffre.cle == cle]


def de_la_mission(mission: Mission, *, au: date, connu_le: datetime | None = None) -> Chiffres:
    """The portfolio of one mission at the end of the Paris day `au`: one query. `connu_le` as in `calculer`."""
    if connu_le is not None:
        with connu_a(connu_le):
            return de_la_mission(mission, au=au).lus()
    (chiffres,) = Portefeuille(au, {"": Q(mission=mission)}).chiffres().values()
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


def _restitutions(au: date) -> Iterable[Any]:
    """Missions restituted by then, the latest first, with the EPCIs of their laureates and their axes."""
    laureats = "territoires__labellisations"
    membres = Epci.objects.filter(**{f"{laureats}__missions": OuterRef("pk")}).annotate(laureat=F(laureats))
    cites = Axe.epcis.through.objects.filter(axe=OuterRef(OuterRef("pk"))).values("epci")
    epcis = ArraySubquery(Epci.objects.filter(pk__in=cites).order_by(*ordre_au_jour(au)).values(membre=_membre(au)))
    axes = Axe.objects.filter(feuille__mission=OuterRef("pk")).order_by("rang", "pk")
    return (
        Mission.objects.filter(restituee_le__lte=au)
        .order_by("-restituee_le", "pk")
        .annotate(
            membres_lus=ArraySubquery(membres.order_by("laureat", *ordre_au_jour(au)).values(membre=_membre(au))),
            axes_lus=ArraySubquery(axes.values(axe=JSONObject(pk="pk", titre="titre", epcis=epcis))),
        )
    )


def _axes(missions: Iterable[Any]) -> Iterable[AxeLu]:
    """From the first mission, in the order of its roadmap."""
    for mission in missions:
        for lu in mission.axes_lus:
            yield AxeLu(lu["pk"], mission.pk, lu["titre"], _membres(lu["epcis"]))


def _membres(lus: Iterable[dict[str, Any]]) -> tuple[Membre, ...]:
    return tuple(dict.fromkeys(Membre(**lu) for lu in lus))


def _laureats(labellisations: list[Labellisation], nouveaux: set[int], au: date) -> list[Chiffre]:
    laureats, regions = _totaux(labellisations, au)
    lignes = tuple(ligne for ligne in laureats.lignes if ligne.pk in nouveaux)
    return [laureats, regions, LAUREATS["nouveaux_laureats"].chiffre(au, lignes)]


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
        LAUREATS["territoires_laureats"].chiffre(au, tuple(territoires.values())),
        LAUREATS["regions"].chiffre(au, tuple(sorted(regions.values(), key=lambda ligne: nom_nu(ligne.libelle)))),
    ]


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
    vague = Vague.objects.maintenues().filter(cloture__gte=fin_de_journee(au)).order_by("cloture").first()
    return CALENDRIER["prochaine_releve"].chiffre(
        au,
        (Ligne(vague.pk, str(vague), 0),) if vague else (),
        jour_de_paris(vague.cloture) if vague else None,
    )
