"""What awaits those who accompany laureates, and those who grant aid to their projects."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from projets.enveloppe.models import Concours, Enveloppe
from projets.enveloppe.requetes import avec_nombres
from projets.mission.filtres import Part, parts_de
from projets.mission.models import Industriel
from projets.portefeuille.etats import EtatProjet
from projets.portefeuille.models import Projet
from rebond.portail.bureau.formes import Compte, Echeance, Rubrique, Travail, presse
from rebond.socle.bdd.comptes import compter
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr, euros
from rebond.socle.utilisateur import Utilisateur

MISSIONS_MONTREES = 4
ENVELOPPES_MONTREES = 8


def part(laquelle: Part) -> str:
    return f"{reverse('projets:liste')}?part={laquelle.value}"


def accompagner(moi: Utilisateur, maintenant: datetime) -> tuple[list[Travail], list[Echeance], list[Rubrique]]:
    """What waits in the missions of a chargé de mission, those that end first first."""
    parts = parts_de(moi)
    nombres = compter(libres=parts[Part.A_PRENDRE], miennes=parts[Part.MIENNES])
    travaux = []
    if libres := nombres["libres"]:
        travaux.append(
            Travail(
                f"{compte(libres, 'mission attend', 'missions attendent')} une équipe.",
                "",
                part(Part.A_PRENDRE),
                "Prendre en charge une mission",
                nombre=libres,
            )
        )
    miennes = _avec_leurs_nombres(parts[Part.MIENNES], jour_de_paris(maintenant))
    lues = list(miennes.order_by("fin", "pk")[:MISSIONS_MONTREES])
    for mission in lues:
        travaux += _de_la_mission(mission, maintenant)
    if nombres["miennes"] > len(lues):
        travaux.append(
            Travail(
                f"{compte(nombres['miennes'], 'mission est', 'missions sont')} dans vos mains, dont celles-ci.",
                "",
                part(Part.MIENNES),
                "Voir toutes mes missions",
                nombre=nombres["miennes"],
            )
        )
    rubrique = Rubrique(
        "Missions",
        reverse("projets:liste"),
        ("Les missions dont vous êtes de l’équipe, et celles qui en attendent une.",),
        (
            Compte(nombres["miennes"], "Dans vos mains", part(Part.MIENNES)),
            Compte(nombres["libres"], "En attente d’une équipe", part(Part.A_PRENDRE)),
        ),
    )
    return travaux, list(_fins(lues, maintenant)), [rubrique]


def _avec_leurs_nombres(missions: QuerySet[Any], aujourd_hui: date) -> Any:
    """What their lists of companies and of projects would show under each filter."""
    projets = Projet.objects.recenses(aujourd_hui)
    return missions.annotate(
        a_rencontrer=_nombre(Industriel.objects.retenus().filter(rencontre_le=None)),
        a_qualifier=_nombre(projets.filter(etat=EtatProjet.DETECTE)),
        a_orienter=_nombre(projets.filter(etat=EtatProjet.QUALIFIE)),
    )


def _nombre(lignes: QuerySet[Any]) -> Coalesce:
    comptees = lignes.filter(mission=OuterRef("pk")).order_by().values("mission").annotate(nombre=Count("pk"))
    return Coalesce(Subquery(comptees.values("nombre"), output_field=IntegerField()), Value(0))


def _de_la_mission(mission: Any, maintenant: datetime) -> Iterator[Travail]:
    avant = fin_de_journee(mission.fin) if mission.fin and mission.restituee_le is None else None
    quand = f"{mission.titre}." if avant is None else f"{mission.titre}, à finir le {date_fr(mission.fin)}."
    projets = reverse("projets:projets", args=[mission.pk])
    choses = (
        (
            mission.a_rencontrer,
            ("entreprise est à rencontrer", "entreprises sont à rencontrer"),
            f"{reverse('projets:industriels', args=[mission.pk])}?rencontre=non",
            "Voir les entreprises",
        ),
        (
            mission.a_qualifier,
            ("projet est à qualifier", "projets sont à qualifier"),
            f"{projets}?etat={EtatProjet.DETECTE.value}",
            "Qualifier les projets",
        ),
        (
            mission.a_orienter,
            ("projet est à orienter", "projets sont à orienter"),
            f"{projets}?etat={EtatProjet.QUALIFIE.value}",
            "Orienter les projets",
        ),
    )
    for nombre, noms, lien, libelle in choses:
        if nombre:
            yield Travail(
                f"{compte(nombre, *noms)}.",
                quand,
                lien,
                libelle,
                precision=mission.titre,
                presse=presse(avant, maintenant),
                nombre=nombre,
                avant=avant,
            )


def _fins(missions: list[Any], maintenant: datetime) -> Iterator[Echeance]:
    for mission in missions:
        if mission.fin and mission.restituee_le is None and fin_de_journee(mission.fin) > maintenant:
            adresse = reverse("projets:mission", args=[mission.pk])
            yield Echeance(
                fin_de_journee(mission.fin), date_fr(mission.fin), f"Fin prévue de la mission {mission.titre}", adresse
            )


def accorder(moi: Utilisateur) -> tuple[list[Travail], list[Rubrique]]:
    """What waits for a grant, envelope by envelope; the missions that have no envelope yet."""
    missions = parts_de(moi)[Part.A_FINANCER]
    sans_enveloppe = missions.exclude(Exists(Enveloppe.objects.filter(mission=OuterRef("pk"))))
    enveloppes = Enveloppe.objects.filter(mission__in=missions.values("pk"))
    attendent = avec_nombres(enveloppes.avec_totaux()).filter(attente_en_tout__gt=0).select_related("mission")
    lues = list(attendent.order_by("-attente_en_tout", "pk")[:ENVELOPPES_MONTREES])
    nombres = compter(
        missions=missions,
        enveloppes=attendent,
        accordees=Concours.objects.filter(enveloppe__in=enveloppes.values("pk")),
    )
    travaux = [_accorder(enveloppe) for enveloppe in lues]
    travaux += [_ouvrir(mission) for mission in sans_enveloppe.order_by("pk")[:MISSIONS_MONTREES]]
    if nombres["enveloppes"] > len(lues):
        travaux.append(
            Travail(
                "D’autres enveloppes ont des projets qui attendent une aide.",
                "",
                part(Part.A_FINANCER),
                "Voir toutes les missions",
            )
        )
    aides = nombres["accordees"]
    textes: tuple[str, ...] = ("Les enveloppes des missions en cours, ce qui y est accordé et ce qui attend.",)
    if aides:
        textes += (f"{compte(aides, 'aide accordée', 'aides accordées')} depuis leur ouverture.",)
    comptes = (Compte(nombres["missions"], "Missions en cours", part(Part.A_FINANCER)),)
    return travaux, [Rubrique("Enveloppes d’aides", reverse("projets:liste"), textes, comptes)]


def _accorder(enveloppe: Any) -> Travail:
    nombre, reste = enveloppe.attente_en_tout, enveloppe.montant - enveloppe.accorde
    attend = compte(nombre, "projet attend", "projets attendent")
    adresse = f"{reverse('conduite:enveloppe', args=[enveloppe.mission_id])}#enveloppe-{enveloppe.pk}"
    ou = f"{enveloppe.nom}, {enveloppe.mission.titre}"
    if reste <= 0:
        quoi, libelle = f"{attend} une aide, mais l’enveloppe est entièrement accordée.", "Voir l’enveloppe"
    else:
        quoi, libelle = f"{attend} une aide.", "Accorder une aide"
        ou = f"{ou}\u00a0: il reste {euros(reste)}"
    return Travail(quoi, f"{ou}.", adresse, libelle, precision=enveloppe.nom, nombre=nombre)


def _ouvrir(mission: Any) -> Travail:
    return Travail(
        "Une mission en cours n’a pas d’enveloppe.",
        f"{mission.titre}.",
        reverse("conduite:ouvrir_enveloppe", args=[mission.pk]),
        "Ouvrir une enveloppe",
        precision=mission.titre,
    )
