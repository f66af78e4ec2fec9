"""The public calendar of waves as feeds: iCalendar (RFC 5545) for agendas, Atom (RFC 4287) for news readers.

Both say what the calendar page says and nothing more: results appear once any embargo is over, and what the State does
with a wave in between leaves no trace. The same calendar gives the same bytes, whoever asks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils.feedgenerator import Atom1Feed

from candidatures.vagues.etats import EtatVague, Phase
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import EPOQUE
from rebond.socle.texte.typographie import instant_fr

if TYPE_CHECKING:
    from icalendar import Event

ESPACE = UUID("5d0f8f2e-51b1-4a6e-9d0c-3f6f4f0c7e21")
TITRE = "Rebond industriel\u00a0: calendrier des périodes de dépôt"
SUJET = "Ouvertures, clôtures, résultats et changements de dates des périodes de dépôt de l’appel."
# How often an agenda asks again, at most.
FRAICHEUR = timedelta(hours=1)
NOUVELLES_MAX = 60


@dataclass(frozen=True)
class Nouvelle:
    """Something that happened to a wave and that everyone may know. `cle` names it for ever."""

    cle: str
    instant: datetime
    titre: str
    texte: str


class _Flux(Atom1Feed):
    """Dated by its latest news, and never by the instant at which it was made."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else EPOQUE


def en_icalendar(vagues: Iterable[Vague], *, adresse: str) -> bytes:
    """Two events a wave, at its opening and at its deadline, in UTC: agendas show them in their own time.

    `adresse` is the calendar page. The events of a suspended wave stay, cancelled, so that agendas strike them out.
    """
    from icalendar import Calendar  # late: heavy

    calendrier = Calendar()
    calendrier.add("prodid", "-//Rebond industriel//Calendrier des périodes de dépôt//FR")
    calendrier.add("version", "2.0")
    calendrier.add("name", TITRE)
    calendrier.add("x-wr-calname", TITRE)
    calendrier.add("url", adresse)
    calendrier.add("refresh-interval", FRAICHEUR, parameters={"value": "DURATION"})
    calendrier.add("x-published-ttl", FRAICHEUR)
    for vague in vagues:
        suspendue = vague.etat == EtatVague.SUSPENDUE
        for nom, instant in (("ouverture", vague.ouverture), ("clôture", vague.echeance)):
            calendrier.add_component(_evenement(vague, nom, instant, adresse=adresse, suspendue=suspendue))
    return bytes(calendrier.to_ical())


def en_atom(vagues: Iterable[Vague], maintenant: datetime, *, adresse: str, flux: str) -> str:
    """The latest news of the waves, `NOUVELLES_MAX` at most.

    `adresse` is the calendar page, `flux` the feed itself.
    """
    atom = _Flux(
        title=TITRE,
        link=adresse,
        feed_url=flux,
        feed_guid=_urn("calendrier"),
        description=SUJET,
        subtitle=SUJET,
        language="fr",
        author_name="L’équipe Rebond industriel",
    )
    nouvelles = sorted(
        (nouvelle for vague in vagues for nouvelle in nouvelles_de(vague, maintenant)),
        key=lambda nouvelle: (nouvelle.instant, nouvelle.cle),
        reverse=True,
    )
    for nouvelle in nouvelles[:NOUVELLES_MAX]:
        atom.add_item(
            title=nouvelle.titre,
            link=adresse,
            description=nouvelle.texte,
            unique_id=_urn(nouvelle.cle),
            pubdate=nouvelle.instant.astimezone(UTC),
            updateddate=nouvelle.instant.astimezone(UTC),
        )
    return str(atom.writeString("utf-8"))


def nouvelles_de(vague: Vague, maintenant: datetime) -> Iterator[Nouvelle]:
    """What everyone may know of a wave at `maintenant`, oldest first."""
    du_au = f"Du {instant_fr(vague.ouverture)} au {instant_fr(vague.cloture, secondes=True)} (heure de Paris)."
    cle, phase = f"vague-{vague.numero}", vague.phase(maintenant)
    if phase is Phase.SUSPENDUE:
        if vague.suspendue_le:
            titre = f"{vague.periode} suspendue"
            yield Nouvelle(f"{cle}-suspension", vague.suspendue_le, titre, vague.motif_suspension)
        return
    if phase is Phase.PROGRAMMEE:
        yield Nouvelle(f"{cle}-dates", vague.revisee_le, f"{vague.periode} programmée", du_au)
        return
    yield Nouvelle(f"{cle}-ouverture", vague.ouverture, f"{vague.periode} ouverte", du_au)
    if vague.prolongee_au:
        yield Nouvelle(f"{cle}-prolongation", vague.revisee_le, f"{vague.periode} prolongée", prolongation_fr(vague))
    if phase in {Phase.OUVERTE, Phase.PROLONGEE}:
        return
    yield Nouvelle(f"{cle}-cloture", vague.echeance, f"{vague.periode} close", "Elle n’accepte plus de dossier.")
    if vague.resultats_publics(maintenant) and vague.publique_a:
        yield Nouvelle(
            f"{cle}-resultats",
            vague.publique_a,
            f"{vague.periode}\u00a0: résultats publiés",
            "Les territoires lauréats sont sur le portail.",
        )


def prolongation_fr(vague: Vague) -> str:
    """What a reader needs to know of an extension of the wave; empty when there is none."""
    if not vague.prolongee_au:
        return ""
    return (
        f"Prolongée jusqu’au {instant_fr(vague.echeance, secondes=True)} (heure de Paris) pour les dossiers commencés "
        f"avant le {instant_fr(vague.cloture)}."
    )


def _evenement(vague: Vague, nom: str, instant: datetime, *, adresse: str, suspendue: bool) -> "Event":
    from icalendar import Event  # late: heavy

    evenement = Event()
    revisee_le = vague.revisee_le.astimezone(UTC)
    resume = f"Rebond industriel\u00a0: {nom} de la période de dépôt n°\u00a0{vague.numero}"
    evenement.add("uid", str(uuid5(ESPACE, f"vague-{vague.numero}-{nom}")))
    evenement.add("dtstamp", revisee_le)
    evenement.add("last-modified", revisee_le)
    evenement.add("sequence", vague.revision)
    evenement.add("dtstart", instant.astimezone(UTC))
    evenement.add("summary", f"{resume} (suspendue)" if suspendue else resume)
    texte = f"Le {instant_fr(instant, secondes=True)}, heure de Paris. {prolongation_fr(vague)}".strip()
    evenement.add("description", f"Période de dépôt suspendue. {vague.motif_suspension}" if suspendue else texte)
    evenement.add("status", "CANCELLED" if suspendue else "CONFIRMED")
    # An instant keeps nobody busy.
    evenement.add("transp", "TRANSPARENT")
    evenement.add("url", adresse)
    return evenement


def _urn(cle: str) -> str:
    return uuid5(ESPACE, cle).urn
