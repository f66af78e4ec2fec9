"""What missions and their companies are searched by."""

from typing import Any

from django.db.models import Q, QuerySet, TextChoices

from projets.mission.etats import EtatMission
from projets.mission.models import Mission, MissionLabellisation
from projets.mission.regles import ETAPES_OUVERTES
from rebond.comptes.habilitations import a_le_role
from rebond.socle.listes import Cas, Choix, JeuDeFiltres, Recherche, UnParmi
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.millesimes.suites import lignees
from territoires.models import Epci, Region, Territoire
from territoires.recherche import territoires_cherches
from territoires.regles import siren_compact


def accompagne(territoires: QuerySet[Territoire]) -> Q:
    """Missions with a laureate territory among these (their keys are enough)."""
    rattachements = MissionLabellisation.objects.filter(labellisation__territoire__in=territoires.values("pk"))
    return Q(pk__in=rattachements.values("mission"))


def _cherche_mission(texte: str) -> Q:
    return Q(titre__unaccent__icontains=texte) | accompagne(territoires_cherches(texte))


def _sert(epci: Epci) -> Q:
    """It, or those that it comes from or that come from it: a laureate keeps its members of the day."""
    return accompagne(Territoire.objects.filter(epcis__in=lignees([epci.pk])[epci.pk]))


class Part(TextChoices):
    """What whoever accompanies or finances missions has to do with some of them."""

    MIENNES = "miennes", "Dans vos mains"
    A_PRENDRE = "a_prendre", "En attente d’une équipe"
    A_FINANCER = "a_financer", "En cours, que vous financez"


def parts_de(personne: Utilisateur) -> dict[str, QuerySet[Mission]]:
    """By `Part`, those of `personne`: only what their roles are about."""
    missions = Mission.objects
    parts: dict[str, QuerySet[Mission]] = {}
    if a_le_role(personne, Role.CHARGE_MISSION):
        parts[Part.MIENNES] = missions.modifiables_par(personne).filter(etat__in=ETAPES_OUVERTES)
        parts[Part.A_PRENDRE] = missions.a_prendre_en_charge_par(personne)
    if a_le_role(personne, Role.GESTIONNAIRE):
        parts[Part.A_FINANCER] = missions.financables_par(personne).filter(etat__in=ETAPES_OUVERTES)
    return parts


class FiltresDesMissions(JeuDeFiltres):
    q = Recherche("Mission ou territoire", _cherche_mission)
    etape = Choix("Étape", EtatMission.choices, champ="etat", tous="Toutes")
    region = UnParmi(
        "Région",
        Region.objects.order_by(alphabetique("nom")),
        condition=lambda region: accompagne(Territoire.objects.en_region(region)),
        par="code",
    )
    epci = UnParmi("Intercommunalité", Epci.objects.none(), condition=_sert, par="siren")
    part = Choix("Votre part", Part.choices, tous="Toutes")

    def __init__(self, *args: Any, moi: Utilisateur | None = None, **options: Any) -> None:
        """`moi`: whoever reads, and may have a part in some of them. One chooses among the members of those that are
        listed."""
        super().__init__(*args, **options)
        membres = self.queryset.order_by().values("labellisations__territoire__epcis")
        self.filters["epci"].field.queryset = Epci.objects.filter(pk__in=membres).order_by(alphabetique("nom"), "pk")
        parts = {} if moi is None else parts_de(moi)
        if not parts:
            del self.filters["part"]
            return
        self.filters["part"].extra["choices"] = [(part.value, part.label) for part in Part if part in parts]
        self.filters["part"].condition = lambda part: Q(pk__in=parts[part].values("pk"))


def epcis_de(mission: Mission) -> QuerySet[Epci]:
    """Members of the territories that the mission serves."""
    membres = mission.labellisations.values("territoire__epcis")
    return Epci.objects.filter(pk__in=membres).order_by(alphabetique("nom"), "pk")


def cherche_industriel(texte: str, prefixe: str = "") -> Q:
    """By what begins its SIREN, or by its name or its trade; `prefixe` leads to it: « industriel__ »."""
    siren = siren_compact(texte)
    if siren.isascii() and siren.isdecimal():
        return Q(**{f"{prefixe}siren__startswith": siren})
    nom, activite = (f"{prefixe}{champ}__unaccent__icontains" for champ in ("nom", "activite"))
    return Q(**{nom: texte}) | Q(**{activite: texte})


class FiltresDUneMission(JeuDeFiltres):
    """Its places are those of the mission's territories."""

    def __init__(self, *args: Any, mission: Mission, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["epci"].field.queryset = epcis_de(mission)


class FiltresDesIndustriels(FiltresDUneMission):
    q = Recherche("Raison sociale, activité ou SIREN", cherche_industriel)
    rencontre = Cas(
        "Rencontre",
        {
            "oui": ("Rencontrés", Q(rencontre_le__isnull=False)),
            "non": ("À rencontrer", Q(rencontre_le=None)),
        },
    )
    epci = UnParmi("Intercommunalité", Epci.objects.none(), champ="epci")
