"""What an abandoned or cancelled project gives back to its envelope."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.test import Client

from projets.chiffres import de_la_mission
from projets.enveloppe import actions as enveloppes
from projets.models import Concours, Enveloppe, Industriel, Liberation, Projet
from projets.portefeuille import actions as portefeuille
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.fabriques import un_utilisateur
from tests.projets import conduite, decor
from tests.projets.enveloppe.outils import accorder

pytestmark = pytest.mark.django_db


def test_l_abandon_d_un_projet_libere_son_aide(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    concours = accorder(enveloppe, 400_000, gestionnaire)
    equipier = conduite.un_equipier(enveloppe.mission)

    def abandonner(jour: date) -> Projet:
        return enveloppes.abandonner(
            projet=Projet.objects.get(pk=concours.projet_id),
            abandonne_le=jour,
            motif="Autre site retenu",
            acteur=equipier,
            maintenant=horloge_base(),
        )

    with pytest.raises(RegleEnfreinte, match="ne peut pas la précéder"):
        abandonner(date(2023, 9, 26))
    abandonner(date(2023, 11, 15))
    assert Enveloppe.objects.avec_totaux().get().accorde == 0
    # What was true before stays true: the aid existed until that day.
    for jour, accorde in ((date(2023, 11, 14), 400_000), (date(2023, 11, 15), 0)):
        assert de_la_mission(enveloppe.mission, au=jour)["concours_accordes"].valeur == accorde
        assert list(Concours.objects.accordes(jour)) == ([concours] if accorde else [])
        assert Concours.objects.select_related("liberation").get().accorde_au(jour) == bool(accorde)
    # The envelope has it again, in the eyes of Postgres too.
    assert accorder(enveloppe, 400_000, gestionnaire, accorde_le=date(2023, 11, 15)).montant == 400_000
    with pytest.raises(Error, match="permission denied for table"), transaction.atomic():
        Liberation.objects.all().delete()


def test_une_somme_liberee_ne_s_accorde_pas_avant_sa_liberation(
    enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    """Otherwise two grants would hold it together between the two days, beyond what the envelope holds."""
    libere = accorder(enveloppe, 300_000, gestionnaire)
    enveloppes.abandonner(
        projet=libere.projet,
        abandonne_le=date(2023, 11, 15),
        motif="Autre site retenu",
        acteur=conduite.un_equipier(enveloppe.mission),
        maintenant=horloge_base(),
    )
    for jour in (conduite.ACCORD, date(2023, 8, 1), date(2023, 11, 14)):
        with pytest.raises(RegleEnfreinte, match="elle n’a été libérée que plus tard"):
            accorder(enveloppe, 100_001, gestionnaire, accorde_le=jour)
        with pytest.raises(Error, match="concours_dans_l_enveloppe_a_sa_date"), transaction.atomic():
            Concours.objects.create(
                enveloppe=enveloppe,
                projet=conduite.un_projet(enveloppe),
                montant=100_001,
                accorde_le=jour,
                accorde_par=gestionnaire,
            )
    # What was never held is granted at any date, and what was freed from that day on.
    accorder(enveloppe, 100_000, gestionnaire)
    accorder(enveloppe, 300_000, gestionnaire, accorde_le=date(2023, 11, 15))
    for jour in (conduite.ACCORD, date(2023, 11, 14), date(2023, 11, 15), date(2023, 12, 1)):
        assert de_la_mission(enveloppe.mission, au=jour)["concours_accordes"].valeur == enveloppe.montant


def annuler_de_force(objet: Projet | Industriel) -> None:
    signature = {"annule_le": horloge_base(), "annule_par": un_utilisateur(), "annulation": "Saisi deux fois"}
    type(objet)._default_manager.filter(pk=objet.pk).update(**signature)


def test_postgres_n_accorde_rien_a_un_projet_annule(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    projet = conduite.un_projet(enveloppe)
    annuler_de_force(projet)
    with pytest.raises(Error, match="concours_d_un_projet_retenu"), transaction.atomic():
        Concours.objects.create(
            enveloppe=enveloppe, projet=projet, montant=1, accorde_le=conduite.ACCORD, accorde_par=gestionnaire
        )


def test_postgres_ne_laisse_aucun_projet_a_une_entreprise_annulee(enveloppe: Enveloppe) -> None:
    projet = conduite.un_projet(enveloppe)
    with pytest.raises(Error, match="industriel_annule_sans_projet"), transaction.atomic():
        annuler_de_force(projet.industriel)
    annuler_de_force(projet)
    annuler_de_force(projet.industriel)
    with pytest.raises(Error, match="projet_d_un_industriel_retenu"), transaction.atomic():
        decor.un_projet(projet.industriel, un_utilisateur())


def test_la_page_d_un_abandon_ne_propose_pas_d_annuler_un_projet_aide(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    client.force_login(conduite.un_equipier(enveloppe.mission))
    for projet, propose in (
        (conduite.un_projet(enveloppe), True),
        (accorder(enveloppe, 100_000, gestionnaire).projet, False),
    ):
        page = f"/missions/{enveloppe.mission_id}/projets/{projet.pk}/"
        assert (f"{page}annuler/" in client.get(f"{page}abandonner/").content.decode()) == propose


def test_un_projet_aide_ne_s_annule_pas(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    """Nor once its aid is freed: « aides accordées » at an earlier date, and the report's list of them, would part."""
    concours = accorder(enveloppe, 100_000, gestionnaire)
    equipier, maintenant = conduite.un_equipier(enveloppe.mission), horloge_base()

    def annuler() -> None:
        projet = Projet.objects.get(pk=concours.projet_id)
        portefeuille.annuler(projet=projet, raison="Saisi deux fois", acteur=equipier, maintenant=maintenant)

    with pytest.raises(RegleEnfreinte, match="Notez plutôt son abandon"):
        annuler()
    with pytest.raises(Error, match="projet_annule_sans_aide"), transaction.atomic():
        annuler_de_force(concours.projet)
    enveloppes.abandonner(
        projet=concours.projet,
        abandonne_le=date(2023, 11, 15),
        motif="Autre site retenu",
        acteur=equipier,
        maintenant=maintenant,
    )
    with pytest.raises(RegleEnfreinte, match="il a existé"):
        annuler()
    assert de_la_mission(enveloppe.mission, au=conduite.ACCORD)["concours_accordes"].valeur == 100_000
