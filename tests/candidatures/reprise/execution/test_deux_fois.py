"""A takeover done again changes nothing that is already there, and a refusal stops nobody else."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, VersionDeSection
from candidatures.reprise.correspondance import depuis_toml
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite
from tests.candidatures.reprise.execution.outils import ETATS, contenu_attendu
from tests.candidatures.reprise.reprise import la_vague_passee, plat, plus_tard, reprendre, un_dossier

pytestmark = pytest.mark.django_db


def comptes() -> dict[str, int]:
    return {modele._meta.label: modele._default_manager.count() for modele in apps.get_models()}


def test_deux_reprises_ne_changent_rien_et_une_version_plus_ancienne_non_plus():
    la_vague_passee()
    dossier = un_dossier()
    reprendre(dossier)
    avant, garde = comptes(), Candidature.objects.values().get()

    encore = reprendre(dossier)
    ancienne = reprendre({**dossier, "dateDerniereModification": "2023-01-01T00:00:00Z", "champs": []})

    assert (dict(encore.resultats), dict(ancienne.resultats)) == ({"déjà là": 1}, {"déjà là": 1})
    assert (comptes(), Candidature.objects.values().get()) == (avant, garde)


def test_l_essai_a_blanc_dit_la_meme_chose_et_n_ecrit_rien():
    la_vague_passee()
    lus = [un_dossier(), un_dossier(usager=None), un_dossier(state="refuse")]
    avant = comptes()

    a_blanc = reprendre(*lus, a_blanc=True)

    assert comptes() == avant
    pour_de_bon = reprendre(*lus)
    assert list(a_blanc.lignes()) == list(pour_de_bon.lignes())
    assert Candidature.objects.count() == 2


def test_une_version_plus_recente_met_a_jour_le_dossier_que_personne_n_a_touche():
    la_vague_passee()
    epci = f.un_epci()
    ancien = un_dossier(epci, state="en_instruction", motivation=None, dateTraitement=None)
    reprendre(ancien)
    champs = [
        champ | {"stringValue": "Deux usines ferment."} if "choc" in champ["label"] else champ
        for champ in ancien["champs"]
    ]

    rapport = reprendre(plus_tard(ancien, state="accepte", champs=champs, dateTraitement="2023-06-12T09:00:00+02:00"))

    assert dict(rapport.resultats) == {"mis à jour": 1}
    dossier = Candidature.objects.get()
    assert dossier.etat == EtatCandidature.LAUREATE
    assert dossier.contenu["choc"]["description"] == "Deux usines ferment."
    assert [(depot.rang, depot.contenu["sections"]["choc"]["description"]) for depot in dossier.depots.all()] == [
        (1, "Une usine ferme.\nCent vingt emplois."),
        (2, "Deux usines ferment."),
    ]
    versions = VersionDeSection.objects.filter(section="choc").order_by("revision")
    assert [version.revision for version in versions] == [1, 2]


def test_un_dossier_que_l_on_instruit_ici_garde_ses_reponses_et_son_etat():
    la_vague_passee()
    ancien = un_dossier(numero=9, state="en_instruction")
    reprendre(ancien)
    dossier = Candidature.objects.get()
    constater_recevabilite(
        candidature=dossier, recevable=True, motif="", auteur=f.un_agent(Role.INSTRUCTEUR), maintenant=horloge_base()
    )

    rapport = reprendre(plus_tard(ancien, state="refuse", champs=ancien["champs"][2:3], motivation="Non."))

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.contenu) == (EtatCandidature.EN_INSTRUCTION, contenu_attendu())
    assert dossier.reprise["dossier"]["motivation"] == "Non."
    sentence = "On a travaillé ici sur ce dossier : ses réponses et son état n’ont pas été changés."
    assert plat(rapport.remarques) == [("9", sentence)]


def test_ce_que_le_porteur_a_ecrit_ici_depuis_n_est_pas_ecrase():
    f.une_vague(ouverture=horloge_base() - timedelta(days=30))
    depot = (horloge_base() - timedelta(days=2)).isoformat()
    ancien = un_dossier(state="en_construction", dateDepot=depot, dateDerniereModification=depot)
    reprendre(ancien)
    dossier = Candidature.objects.get()
    redaction.enregistrer_section(
        candidature=dossier,
        section="gouvernance",
        reponses={"pilotage": "Autrement."},
        auteur=f.porteur_de(dossier),
        maintenant=horloge_base(),
    )

    reprendre(plus_tard(ancien, champs=[]))

    dossier.refresh_from_db()
    assert dossier.contenu["gouvernance"]["pilotage"] == "Autrement."
    assert dossier.contenu["choc"] == contenu_attendu()["choc"]


def test_un_dossier_refuse_n_emporte_pas_les_autres():
    la_vague_passee()
    epci = f.un_epci()
    lus = [
        un_dossier(epci, 1),
        un_dossier(epci, 2, state="sans_suite"),
        un_dossier(numero=3, usager={"email": "pas une adresse"}),
        un_dossier(numero=4, state="inconnu"),
        un_dossier(numero=5, dateDepot=None, datePassageEnConstruction=None),
        un_dossier(numero=6, demandeur=None, champs=[]),
        un_dossier(numero=7, dateDepot=(horloge_base() + timedelta(days=1)).isoformat()),
        un_dossier(numero=8),
    ]
    f.une_vague()

    rapport = reprendre(*lus)

    assert sorted(Candidature.objects.values_list("numero_source", flat=True)) == ["1", "8"]
    assert plat(dict(rapport.refus)) == {
        "2": "Ce territoire a déjà un dossier dans cette vague. Si l’un des deux ne compte pas, donnez-lui l’état "
        '"retiree" dans la correspondance, sous [dossiers.…].',
        "3": "L’adresse e-mail de son usager manque ou n’est pas valable.",
        "4": "Son état « inconnu » n’est pas dans la correspondance.",
        "5": "Il n’a pas de date de dépôt lisible.",
        "6": "Aucun de ses champs ne désigne une intercommunalité connue. Indiquez son territoire dans la "
        "correspondance, sous [dossiers.…].",
        "7": "Sa date de dépôt est dans le futur.",
    }


def test_l_administrateur_tranche_dossier_par_dossier():
    la_vague_passee()
    chef, membre = f.un_epci(), f.un_epci()
    correspondance = depuis_toml(
        {
            "etats": ETATS,
            "dossiers": {
                "1": {"territoire": [chef.siren, membre.siren], "porteur": "Nouvel.Agent@collectivite.example"},
                "2": {"etat": "retiree"},
            },
        }
    )

    rapport = reprendre(un_dossier(membre, 1, usager=None), un_dossier(membre, 2), correspondance=correspondance)

    assert rapport.refus == []
    premier, second = Candidature.objects.order_by("numero_source")
    assert premier.territoire.chef_de_file == chef
    assert set(premier.territoire.sirens) == {chef.siren, membre.siren}
    assert f.porteur_de(premier).email == "nouvel.agent@collectivite.example"
    assert second.etat == EtatCandidature.RETIREE


def test_une_base_qui_refuse_un_dossier_garde_les_autres():
    la_vague_passee()
    lourd = un_dossier(numero=1, motivation="\u0000\ud83d\ude00\u202e" + "a" * 1_000_000)
    casse = un_dossier(numero=2, motivation="\ud83d")

    with transaction.atomic():
        rapport = reprendre(lourd, casse)

    assert rapport.refus == []
    gardees = dict(Candidature.objects.values_list("numero_source", "reprise__dossier__motivation"))
    assert gardees == {"1": "␀😀\u202e" + "a" * 1_000_000, "2": "\ufffd"}


def test_un_dossier_repris_se_retire_et_se_modifie_comme_un_autre_avant_l_echeance():
    f.une_vague(ouverture=horloge_base() - timedelta(days=30))
    depot = (horloge_base() - timedelta(days=2)).isoformat()
    reprendre(un_dossier(state="en_construction", dateDepot=depot))
    dossier = Candidature.objects.get()

    retrait.retirer(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())

    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.RETIREE
