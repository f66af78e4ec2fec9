"""A small portal where every kind of object is there once: made in a few seconds, for all the tests of a module."""

from datetime import datetime, timedelta

from candidatures.cloture.actions import cloture
from candidatures.dossier.actions.invitations import inviter
from candidatures.dossier.etats import Qualite, SensDecision
from candidatures.dossier.liens.actions import creer_lien_de_lecture
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Vague
from projets.models import Mission
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.acces import decor_des_donnees
from tests.acces import gens as g
from tests.acces.administration import administrer
from tests.acces.comptes import tenir_les_comptes
from tests.acces.dossiers import deposer, echanger, ouvrir, separer
from tests.acces.missions import accompagner, remplir
from tests.acces.monde import Decor
from tests.candidatures.instruction.instruction import instruire

UN_JOUR = timedelta(days=1)
EMBARGO = 30 * UN_JOUR


def dresser() -> Decor:
    """Everything up to the decisions of the wave that is then announced under embargo; `decider` takes these."""
    maintenant = horloge_base()
    gens = g.creer()
    bientot = maintenant + timedelta(hours=1)
    monde = Decor(
        gens,
        publiee=f.une_vague(cloture=maintenant - 400 * UN_JOUR),
        secrete=f.une_vague(cloture=maintenant - 150 * UN_JOUR),
        en_cours=f.une_vague(cloture=bientot),
        ouverte=f.une_vague(ouverture=bientot, cloture=maintenant + 30 * UN_JOUR),
        future=f.une_vague(ouverture=maintenant + 40 * UN_JOUR, cloture=maintenant + 70 * UN_JOUR),
    )
    nord, loin = f.un_departement(), f.un_departement(*g.AILLEURS)
    lieux = {
        "publié": (monde.publiee, nord),
        "secret": (monde.secrete, nord),
        "secret bis": (monde.secrete, nord),
        "instruit": (monde.en_cours, nord),
        "à corriger": (monde.en_cours, nord),
        "réservé": (monde.en_cours, nord),
        "signalé": (monde.en_cours, nord),
    }
    for nom, (vague, departement) in lieux.items():
        territoire = f.un_territoire(f"Val {nom}", departement=departement)
        monde.dossiers[nom] = deposer(monde, vague, territoire, prouve=nom != "réservé")
    # Somebody else's, in the same wave, whose end nobody of the others may know either.
    ailleurs = f.un_territoire("Val voisin", departement=loin)
    monde.dossiers["voisin"] = f.une_candidature(vague=monde.secrete, territoire=ailleurs, porteur=gens["voisin"])
    f.un_depot(monde.dossiers["voisin"])
    le = {"auteur": gens["voisin"], "maintenant": maintenant}
    inviter(candidature=monde.dossiers["voisin"], email="autre@example.fr", qualite=Qualite.LECTEUR, **le)
    creer_lien_de_lecture(candidature=monde.dossiers["voisin"], pour="M. le président", jours=30, **le)
    _finir(monde)
    for vague in (monde.publiee, monde.secrete, monde.en_cours):
        cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
        vague.refresh_from_db()
    for nom, dossier in monde.dossiers.items():
        dossier.refresh_from_db()
        if nom != "voisin":
            g.consulter(dossier, gens)
    echanger(monde)
    ouvrir(monde)
    administrer(monde)
    tenir_les_comptes(monde)
    decor_des_donnees.poser(monde)
    separer(monde)
    decider(monde, monde.publiee, annonce=maintenant - 200 * UN_JOUR)
    accompagner(monde)
    return monde


def _finir(monde: Decor) -> None:
    """The deadline of the wave in which files were received through the portal; the next one opens at that instant."""
    monde.en_cours.cloture = monde.ouverte.ouverture = horloge_base()
    monde.en_cours.grace = timedelta()
    monde.en_cours.save(update_fields=["cloture", "grace"])
    monde.ouverte.save(update_fields=["ouverture"])


def decider(
    monde: Decor, vague: Vague, *, annonce: datetime, embargo: timedelta = timedelta(), ecartes: tuple[str, ...] = ()
) -> None:
    """Instruct, decide and announce a wave: laureates, but the files named in `ecartes`."""
    sens = {
        dossier.pk: SensDecision.NE_PAS_RETENIR if nom in ecartes else SensDecision.LABELLISER
        for nom, dossier in monde.dossiers.items()
        if dossier.vague_id == vague.pk
    }
    for dossier in Candidature.objects.filter(pk__in=sens).order_by("pk"):
        instruire(dossier, instructeur=monde["instructeur"])
    vague.refresh_from_db()
    labellisation.labelliser(vague=vague, decisions=sens, valideur=monde["valideur"], maintenant=annonce)
    vague.refresh_from_db()
    labellisation.annoncer(vague=vague, valideur=monde["valideur"], publique_a=annonce + embargo, maintenant=annonce)


def sous_embargo(ecartes: tuple[str, ...] = ()) -> Decor:
    """The portal once the decisions of the secret wave are announced, and known to nobody outside for a month."""
    monde = dresser()
    decider(monde, monde.secrete, annonce=horloge_base(), embargo=EMBARGO, ecartes=ecartes)
    mission = Mission.objects.get(labellisations__candidature=monde.dossiers["secret"])
    monde.objets["mission-secrète"] = remplir(mission, monde["chargé"], rang=2)
    return monde
