"""Counting, in at most six queries whatever the size of the database."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from candidatures.models import Labellisation, Vague
from projets.chiffres.definitions import (
    CALENDRIER,
    DE_LA_MISSION,
    DE_TOUTES,
    LAUREATS,
    PORTEFEUILLE,
    PREFIXE_ENSEMBLE,
    Definition,
)
from projets.chiffres.valeurs import Chiffre, Chiffres, Ligne, Restitution
from projets.etats import Voie
from projets.models import Enveloppe, Industriel, Mission, Projet
from rebond.socle.noms import nom_nu
from rebond.socle.temps import fin_de_journee, jour_de_paris


def calculer(*, au: date) -> Chiffres:
    """National figures at the end of the Paris day `au`: laureates, portfolio, calendar.

    Laureates are those announced, embargo or not. The portfolio is that of the missions restituted on the latest day
    of restitution; the same figures for all missions together bear the prefix `ensemble_`.
    """
    restituees = list(_dernieres_restitutions(au))
    labellisations = list(Labellisation.objects.annoncees_avant(fin_de_journee(au)).pour_liste().order_by("pk"))
    portefeuille = _Portefeuille(au)
    chiffres = [
        *_laureats(labellisations, au),
        *_precises(portefeuille.chiffres({mission.pk for mission in restituees}), DE_LA_MISSION),
        *_precises(portefeuille.chiffres(None), DE_TOUTES, prefixe=PREFIXE_ENSEMBLE),
        _prochaine_releve(au),
    ]
    return Chiffres(
        au=au,
        restitutions=tuple(
            Restitution(mission.pk, mission.titre, debut, fin)
            for mission in restituees
            if (debut := mission.debut) and (fin := mission.restituee_le)
        ),
        publique_a=max((lab.publique_a for lab in labellisations if lab.publique_a), default=None),
        par_cle={chiffre.cle: chiffre for chiffre in chiffres},
    )


def de_la_mission(mission: Mission, *, au: date) -> Chiffres:
    """The portfolio of one mission at the end of the Paris day `au`: three queries."""
    chiffres = _Portefeuille(au, mission).chiffres({mission.pk})
    return Chiffres(au=au, restitutions=(), publique_a=None, par_cle={chiffre.cle: chiffre for chiffre in chiffres})


def publics(*, maintenant: datetime) -> Chiffres:
    """What anyone may know now of the laureates: announced, embargo over. One query."""
    au = jour_de_paris(maintenant)
    labellisations = list(Labellisation.objects.publiques(maintenant).pour_liste().order_by("pk"))
    return Chiffres(
        au=au,
        restitutions=(),
        publique_a=None,
        par_cle={chiffre.cle: chiffre for chiffre in _laureats(labellisations, au)},
    )


def _dernieres_restitutions(au: date) -> Iterable[Mission]:
    derniere = Mission.objects.filter(restituee_le__lte=au).order_by("-restituee_le").values("restituee_le")[:1]
    return Mission.objects.filter(restituee_le=derniere).order_by("pk")


def _laureats(labellisations: list[Labellisation], au: date) -> list[Chiffre]:
    jours = {lab.pk: jour_de_paris(lab.annoncee_le) for lab in labellisations if lab.annoncee_le}
    dernier = max(jours.values(), default=None)
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
        _chiffre(
            LAUREATS["nouveaux_laureats"], au, (ligne for pk, ligne in territoires.items() if jours.get(pk) == dernier)
        ),
    ]


class _Portefeuille:
    """Companies, projects and envelopes known on `au`, read once, then counted for any choice of missions."""

    def __init__(self, au: date, mission: Mission | None = None) -> None:
        self.au = au
        seulement = {"mission": mission} if mission else {}
        self.industriels = list(
            Industriel.objects.filter(rencontre_le__lte=au, **seulement)
            .select_related("mission", "epci")
            .order_by("pk")
        )
        self.projets = list(
            Projet.objects.filter(**seulement)
            .recenses(au)
            .avec_estimation(au)
            .select_related("mission", "epci", "concours")
            .order_by("pk")
        )
        self.enveloppes = list(
            Enveloppe.objects.filter(ouverte_le__lte=au, **seulement).select_related("mission").order_by("pk")
        )

    def chiffres(self, missions: set[int] | None) -> list[Chiffre]:
        """Figures of these missions (primary keys), of all when None."""

        def retenue(objet: Industriel | Projet | Enveloppe) -> bool:
            return missions is None or objet.mission_id in missions

        projets = [projet for projet in self.projets if retenue(projet)]
        orientes = [projet for projet in projets if _oriente_vers_l_enveloppe(projet, self.au)]
        accordes = [projet for projet in projets if _aide_accordee(projet, self.au)]
        lignes: dict[str, Iterable[Ligne]] = {
            "industriels_rencontres": (
                Ligne(i.pk, f"Industriel n° {i.pk} – {i.epci}", 1, i.mission.demonstration)
                for i in self.industriels
                if retenue(i)
            ),
            "projets_recenses": _lignes(projets, lambda _: 1),
            "investissements": _lignes(projets, lambda projet: projet.investissement),
            "creations_potentielles": _lignes(projets, lambda projet: projet.emplois_potentiels),
            "projets_orientes": _lignes(orientes, lambda _: 1),
            "creations_previsionnelles": _lignes(orientes, lambda projet: projet.emplois_previsionnels),
            "enveloppe": (
                Ligne(e.pk, e.nom, e.montant, e.mission.demonstration) for e in self.enveloppes if retenue(e)
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
    return concours is not None and concours.accorde_le <= au


def _lignes(projets: Iterable[Projet], mesure: Callable[..., int | None]) -> list[Ligne]:
    """A project without an estimate, or whose estimate says nothing of it, brings nothing."""
    return [
        Ligne(
            projet.pk,
            f"Projet n° {projet.pk} – {projet.get_nature_display()} – {projet.epci}",
            mesure(projet) or 0,
            projet.mission.demonstration,
        )
        for projet in projets
    ]


def _chiffre(definition: Definition, au: date, lignes: Iterable[Ligne]) -> Chiffre:
    rangees = tuple(lignes)
    return Chiffre(
        cle=definition.cle,
        libelle=definition.libelle,
        valeur=sum(ligne.valeur for ligne in rangees),
        unite=definition.unite,
        definition=definition.texte,
        au=au,
        lignes=rangees,
    )


def _precises(chiffres: Iterable[Chiffre], precision: str, *, prefixe: str = "") -> Iterable[Chiffre]:
    """The same figures, their definition saying which missions count."""
    for chiffre in chiffres:
        yield replace(chiffre, cle=f"{prefixe}{chiffre.cle}", definition=chiffre.definition + precision)


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
