"""Composing the grouping of a file: members, territory, attachments, refusals, overlaps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from candidatures.depot.actions.retrait import retirer
from candidatures.dossier.etats import Qualite
from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.pieces.actions.pieces import joindre_piece
from candidatures.models import (
    Candidature,
    Labellisation,
    Participation,
    PieceJointe,
    Televersement,
    Vague,
    VersionComplete,
)
from candidatures.pages.territoire.groupement import alertes
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.actions import declarer_petr, territoire_pour
from territoires.models import Epci, Petr
from tests import fabriques as f
from tests.candidatures.pages.pages import en_retard

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature(complete=False)


def seul(candidature: Candidature) -> Epci:
    return candidature.territoire.epcis.get()


def une_vague_passee() -> Vague:
    cloture = horloge_base() - timedelta(days=120)
    return f.une_vague(cloture=cloture, ouverture=cloture - timedelta(days=30))


def un_petr(*epcis: Epci, nom: str = "PETR du Lin", rang: int = 80_000) -> Petr:
    return declarer_petr(
        siren=f.un_siren(rang), nom=nom, epcis=epcis, acteur=f.un_utilisateur(), maintenant=horloge_base()
    )


def acte(action: Callable[..., Candidature], candidature: Candidature, **arguments: Any) -> Candidature:
    arguments = {"auteur": f.porteur_de(candidature), "maintenant": horloge_base()} | arguments
    fait = action(candidature=candidature, **arguments)
    candidature.refresh_from_db()
    return fait


def membres(candidature: Candidature) -> list[tuple[str, bool]]:
    return [(membre.nom, membre.chef_de_file) for membre in candidature.membres.all()]


def joindre(candidature: Candidature, membre: Any = None) -> PieceJointe:
    return joindre_piece(
        candidature=candidature,
        fichier=ContentFile(f.PDF + uuid4().hex.encode(), name="deliberation.pdf"),
        nom="deliberation.pdf",
        nature="deliberation",
        membre=membre,
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )


def test_ajouter_un_membre_recalcule_le_territoire(candidature: Candidature) -> None:
    chef, autre = seul(candidature), f.un_epci("CC du Lin", departement=f.un_departement("62"))
    revision = candidature.revision
    acte(groupements.ajouter_membre, candidature, collectivite=autre, nom="Les deux vallées")
    assert membres(candidature) == [(chef.nom, True), ("CC du Lin", False)]
    territoire = candidature.territoire
    assert (territoire.nom, territoire.chef_de_file) == ("Les deux vallées", chef)
    assert set(territoire.epcis.all()) == {chef, autre}
    assert (territoire.population, [d.code for d in territoire.departements]) == (40_000, ["59", "62"])
    assert candidature.revision == revision + 1
    entree = EntreeJournal.objects.filter(acte="ajouter_membre").get()
    assert entree.details == {"siren": autre.siren, "nom": "CC du Lin"}


def test_un_petr_compte_pour_les_intercommunalites_qu_il_reunit(candidature: Candidature) -> None:
    chef, un, deux = seul(candidature), f.un_epci(), f.un_epci()
    acte(groupements.ajouter_membre, candidature, collectivite=un_petr(un, deux))
    assert membres(candidature) == [(chef.nom, True), ("PETR du Lin", False)]
    assert set(candidature.territoire.epcis.all()) == {chef, un, deux}


def test_un_petr_prend_la_place_et_la_tete_de_ses_intercommunalites(candidature: Candidature) -> None:
    chef, autre = seul(candidature), f.un_epci()
    autre.population = 30_000
    autre.save()
    petr = un_petr(chef, autre)
    acte(groupements.ajouter_membre, candidature, collectivite=petr, prend_la_place=True)
    assert membres(candidature) == [("PETR du Lin", True)]
    assert candidature.territoire.chef_de_file == autre


def test_declarer_un_petr_l_ajoute_et_corrige_sa_liste_tant_qu_il_n_est_qu_ici(candidature: Candidature) -> None:
    chef, un, deux = seul(candidature), f.un_epci(), f.un_epci()

    def declarer(dossier: Candidature, *epcis: Epci) -> None:
        acte(
            groupements.declarer_membre_petr,
            dossier,
            siren=f.un_siren(80_001),
            nom_du_petr="PETR du Chanvre",
            epcis=epcis,
        )

    declarer(candidature, chef, un)
    assert membres(candidature) == [("PETR du Chanvre", True)]
    declarer(candidature, chef, un, deux)
    assert set(candidature.territoire.epcis.all()) == {chef, un, deux}
    autre = f.une_candidature(vague=candidature.vague, complete=False)
    # What somebody else has declared does not exist here, nor does it change.
    declarer(autre, un, deux)
    assert {membre.petr.nom for membre in autre.membres.filter(chef_de_file=False)} == {"PETR du Chanvre"}
    assert set(candidature.membres.get().petr.epcis.all()) == {chef, un, deux}


def test_un_petr_que_tous_connaissent_garde_ses_membres(candidature: Candidature) -> None:
    chef, un, deux = seul(candidature), f.un_epci(), f.un_epci()
    connu = un_petr(chef, un)
    Petr.objects.filter(pk=connu.pk).update(declare_par=None)
    with pytest.raises(RegleEnfreinte, match="déjà déclaré, avec d’autres membres"):
        acte(
            groupements.declarer_membre_petr,
            candidature,
            siren=connu.siren,
            nom_du_petr="Autre nom",
            epcis=[un, deux],
        )
    assert membres(candidature) == [(chef.nom, True)]


def test_qui_reste_garde_ses_pieces_et_qui_part_emporte_les_siennes(candidature: Candidature) -> None:
    du_chef = joindre(candidature)
    un, deux = f.un_epci(), f.un_epci()
    for epci in (un, deux):
        acte(groupements.ajouter_membre, candidature, collectivite=epci)
    d_un, de_deux = (joindre(candidature, candidature.membres.get(epci=epci)) for epci in (un, deux))
    en_cours = Televersement.objects.create(
        id=uuid4(),
        candidature=candidature,
        utilisateur=f.porteur_de(candidature),
        nom="suite.pdf",
        nature="deliberation",
        membre=de_deux.membre,
        taille=10,
    )
    acte(groupements.designer_chef_de_file, candidature, collectivite=un)
    acte(groupements.retirer_membre, candidature, collectivite=deux)
    gardees = {piece.pk: piece.membre and piece.membre.epci_id for piece in candidature.pieces.all()}
    chef_initial = next(m.epci_id for m in candidature.membres.all() if m.epci_id != un.pk)
    assert gardees == {du_chef.pk: chef_initial, d_un.pk: un.pk}
    en_cours.refresh_from_db()
    assert en_cours.refus == groupements.DESTINATAIRE_PARTI


def test_changer_de_chef_de_file_change_celui_d_un_territoire_qui_n_est_qu_ici(candidature: Candidature) -> None:
    ancien, nouveau = seul(candidature), f.un_epci(departement=f.un_departement("08", "44"))
    acte(groupements.ajouter_membre, candidature, collectivite=nouveau)
    acte(groupements.designer_chef_de_file, candidature, collectivite=nouveau)
    assert membres(candidature) == [(nouveau.nom, True), (ancien.nom, False)]
    territoire = candidature.territoire
    assert (territoire.chef_de_file, territoire.region_pilote) == (nouveau, nouveau.region)


def test_ce_que_d_autres_ont_nomme_ne_change_pas_et_ne_change_rien_ici(candidature: Candidature) -> None:
    chef, autre = seul(candidature), f.un_epci()
    partage = territoire_pour(epcis=[chef, autre], chef_de_file=autre, nom="Connu")
    f.une_candidature(vague=une_vague_passee(), territoire=partage, complete=False)
    acte(groupements.ajouter_membre, candidature, collectivite=autre, nom="Rebaptisé")
    partage.refresh_from_db()
    assert (partage.nom, partage.chef_de_file) == ("Connu", autre)
    assert (candidature.territoire.nom, candidature.territoire.chef_de_file) == ("Rebaptisé", chef)
    assert (candidature.territoire.cle, candidature.territoire.prive) == (partage.cle, True)
    assert membres(candidature)[0] == (chef.nom, True)


def test_composer_donne_exactement_les_membres_voulus(candidature: Candidature) -> None:
    chef, un, deux = seul(candidature), f.un_epci("A"), f.un_epci("B")
    du_chef = candidature.membres.get()
    acte(groupements.composer, candidature, membres=[un, chef, deux], chef_de_file=un)
    assert membres(candidature) == [("A", True), (chef.nom, False), ("B", False)]
    assert candidature.membres.get(epci=chef) == du_chef


def test_les_compositions_impossibles_sont_refusees_et_rien_ne_change(
    candidature: Candidature, monkeypatch: pytest.MonkeyPatch
) -> None:
    chef, un, deux = seul(candidature), f.un_epci("CC du Lin"), f.un_epci()
    petr, voisin = un_petr(chef, un), un_petr(un, deux, nom="PETR voisin", rang=80_002)
    avant = (membres(candidature), candidature.territoire, candidature.revision)

    def refuse(message: str, action: Callable[..., Candidature], **arguments: Any) -> None:
        with pytest.raises(RegleEnfreinte, match=message):
            acte(action, candidature, **arguments)
        candidature.refresh_from_db()
        assert (membres(candidature), candidature.territoire, candidature.revision) == avant

    refuse("au moins une collectivité", groupements.composer, membres=[], chef_de_file=chef)
    refuse("chef de file doit faire partie", groupements.composer, membres=[chef], chef_de_file=un)
    refuse(f"{chef.nom} fait partie de PETR du Lin", groupements.ajouter_membre, collectivite=petr)
    refuse(
        "CC du Lin figure à la fois dans PETR du Lin et dans PETR voisin",
        groupements.composer,
        membres=[petr, voisin],
        chef_de_file=petr,
    )
    refuse("fait déjà partie du groupement", groupements.ajouter_membre, collectivite=chef)
    refuse("désignez-en un autre", groupements.retirer_membre, collectivite=chef)
    refuse("ne fait plus partie", groupements.retirer_membre, collectivite=un)
    refuse("ne fait plus partie", groupements.designer_chef_de_file, collectivite=un)
    monkeypatch.setattr("territoires.actions.MEMBRES_MAX", 2)
    refuse("au plus 2", groupements.composer, membres=[chef, un, deux], chef_de_file=chef)


def test_le_territoire_d_un_autre_dossier_de_la_vague_se_compose_aussi(candidature: Candidature) -> None:
    chef, autre = seul(candidature), f.un_epci()
    f.une_candidature(
        vague=candidature.vague, territoire=territoire_pour(epcis=[chef, autre], chef_de_file=autre), complete=False
    )
    acte(groupements.ajouter_membre, candidature, collectivite=autre)
    assert membres(candidature) == [(chef.nom, True), (autre.nom, False)]


def test_seuls_porteur_et_co_porteurs_composent_jusqu_a_l_echeance(candidature: Candidature) -> None:
    lecteur, co_porteur = f.un_utilisateur(), f.un_utilisateur()
    for personne, qualite in ((lecteur, Qualite.LECTEUR), (co_porteur, Qualite.CO_PORTEUR)):
        Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    for auteur in (lecteur, f.un_utilisateur()):
        with pytest.raises(RegleEnfreinte, match="ne pouvez pas modifier"):
            acte(groupements.ajouter_membre, candidature, collectivite=f.un_epci(), auteur=auteur)
    acte(groupements.ajouter_membre, candidature, collectivite=f.un_epci(), auteur=co_porteur)
    en_retard(candidature)
    with pytest.raises(EcheanceDepassee):
        acte(groupements.ajouter_membre, candidature, collectivite=f.un_epci())
    assert candidature.membres.count() == 2


def test_un_dossier_complet_ne_l_est_plus_tant_que_le_nouveau_membre_n_a_pas_delibere() -> None:
    candidature = f.une_candidature()
    complete = VersionComplete.objects.get(candidature=candidature).empreinte
    autre = f.un_epci()
    acte(groupements.ajouter_membre, candidature, collectivite=autre)
    assert VersionComplete.objects.get(candidature=candidature).empreinte == complete
    joindre(candidature, candidature.membres.get(epci=autre))
    assert VersionComplete.objects.get(candidature=candidature).empreinte != complete


class TestAlertes:
    def test_un_autre_dossier_de_la_vague_n_est_dit_sans_le_nommer_qu_a_qui_est_connu_de_la_collectivite(
        self, candidature: Candidature
    ) -> None:
        chef, autre = seul(candidature), f.un_epci()
        nomme = territoire_pour(epcis=[chef, autre], chef_de_file=autre, nom="Nom tenu secret")
        f.une_candidature(vague=candidature.vague, territoire=nomme, complete=False)
        phrase = f"{chef.nom} fait aussi partie d’un autre dossier de cette période de dépôt."
        assert alertes(candidature, horloge_base(), f.porteur_de(candidature)) == [phrase]
        assert alertes(candidature, horloge_base(), f.un_utilisateur()) == []

    def test_un_dossier_retire_ou_d_une_autre_vague_ne_l_est_pas(self, candidature: Candidature) -> None:
        chef = seul(candidature)
        duo = territoire_pour(epcis=[chef, f.un_epci()], chef_de_file=chef)
        f.une_candidature(vague=une_vague_passee(), territoire=duo, complete=False)
        retiree = f.une_candidature(vague=candidature.vague, territoire=duo, complete=False)
        retirer(candidature=retiree, auteur=f.porteur_de(retiree), maintenant=horloge_base())
        assert alertes(candidature, horloge_base(), f.porteur_de(candidature)) == []

    def test_un_laureat_n_est_nomme_qu_une_fois_public(self, candidature: Candidature) -> None:
        chef, autre = seul(candidature), f.un_epci()
        territoire = territoire_pour(epcis=[chef, autre], chef_de_file=autre, nom="Vallée lauréate")
        passee = une_vague_passee()
        maintenant = horloge_base()
        Labellisation.objects.create(
            candidature=f.une_candidature(vague=passee, territoire=territoire, complete=False),
            territoire=territoire,
            vague=passee,
            decidee_le=maintenant - timedelta(days=2),
            annoncee_le=maintenant - timedelta(days=1),
            publique_a=maintenant,
        )
        assert alertes(candidature, maintenant - timedelta(seconds=1), f.un_utilisateur()) == []
        laureat = f"«\u00a0Vallée lauréate\u00a0», lauréat de la période de dépôt n°\u00a0{passee.numero}"
        assert alertes(candidature, maintenant, f.un_utilisateur()) == [
            f"{chef.nom} fait déjà partie du territoire {laureat}."
        ]
