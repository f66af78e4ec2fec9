"""What awaits the press office: what its releases say that is no longer true, and what none of them says yet."""

from datetime import datetime, timedelta

from django.urls import reverse

from candidatures.labellisation.models import Labellisation
from projets.publication.models import Communique
from rebond.portail.bureau.formes import Compte, Rubrique, Travail
from rebond.socle.bdd.comptes import compter
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr, instant_fr


def informer(maintenant: datetime) -> tuple[list[Travail], list[Rubrique]]:
    """Nothing here tells of an announcement before its instant: its own pages do, once it is signed."""
    nombres = compter(textes=Communique.objects.all(), contredits=Communique.objects.contredits())
    accueil = reverse("presse:accueil")
    liens = {"contredits": f"{accueil}?situation=contredits"}
    travaux = []
    if nombre := nombres["contredits"]:
        travaux.append(
            Travail(
                f"Les données contredisent {compte(nombre, 'texte arrêté', 'textes arrêtés')}.",
                "Un rectificatif dit ce qui change.",
                liens["contredits"],
                "Voir ce qui diffère",
                nombre=nombre,
            )
        )
    travaux += _annoncer(maintenant)
    comptes = (
        Compte(nombres["textes"], "Textes arrêtés", accueil),
        Compte(nombres["contredits"], "Contredits par les données", liens["contredits"]),
    )
    return travaux, [Rubrique("Presse", accueil, ("Les chiffres à une date, et les communiqués.",), comptes)]


def _annoncer(maintenant: datetime) -> list[Travail]:
    """Results that are public, and that no release is late enough to tell of."""
    dernier = Communique.objects.order_by("-au").values_list("au", flat=True).first()
    publics = Labellisation.objects.publiques(maintenant)
    if dernier is not None:
        publics = publics.filter(publique_a__gte=fin_de_journee(dernier))
    annonce = publics.order_by("-publique_a").values_list("publique_a", flat=True).first()
    if annonce is None:
        return []
    hier = jour_de_paris(maintenant) - timedelta(days=1)
    depuis = f" depuis le dernier texte arrêté, au {date_fr(dernier)}" if dernier else ""
    return [
        Travail(
            f"Des lauréats ont été annoncés{depuis}.",
            f"Le {instant_fr(annonce)}.",
            reverse("presse:projet", args=[hier]),
            "Préparer un communiqué",
        )
    ]
