"""Long lists: asked for, written by a worker in the name of who asked, given to them alone, then gone."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.instruction.models import DeclarationInteret
from rebond.comptes.actions import roles
from rebond.donnees.conservation.actions import appliquer
from rebond.exports import actions, regles
from rebond.exports.etats import EtatExport
from rebond.exports.models import Export
from rebond.exports.progression import suivre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.listes import tableaux
from territoires.etats import Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.acces.requetes import PROPRES_A_LA_PAGE
from tests.candidatures.instruction.instruction import une_vague_close
from tests.exports.exports import (
    ADRESSE,
    LONGUE,
    adresse_du_fichier,
    client_de,
    demander,
    des_acces,
    lignes_de,
    preparer,
    statut_du_fichier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditeur():
    return f.un_agent(Role.AUDITEUR)


def test_jusqu_au_seuil_le_fichier_part_aussitot_et_au_dela_il_est_propose(auditeur):
    des_acces(regles.SEUIL)
    client = client_de(auditeur)
    assert len(lignes_de(client.get(ADRESSE))) == regles.SEUIL + 1
    des_acces(1)
    page = client.get(ADRESSE)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "2\u202f001 lignes, en CSV" in page.text
    assert not Export.objects.exists()


@pytest.mark.parametrize("format_", tableaux.TYPES_MIME)
def test_le_fichier_prepare_est_celui_qui_serait_parti_aussitot(auditeur, format_, monkeypatch):
    des_acces(LONGUE)
    client = client_de(auditeur)
    adresse = ADRESSE.replace(".csv", f".{format_}")
    export = demander(client, adresse)
    assert export.etat_a(horloge_base()) == EtatExport.EN_ATTENTE
    assert preparer(export)
    remis = client.get(adresse_du_fichier(export))
    monkeypatch.setattr("rebond.exports.adresses.SEUIL", LONGUE)
    direct = client.get(adresse)
    assert {nom: remis[nom] for nom in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        nom: direct[nom] for nom in ("Content-Type", "Content-Disposition", "Cache-Control")
    }
    # The instant of the mention differs; the rows do not.
    if format_ == "csv":
        assert [ligne[:-1] for ligne in lignes_de(remis)] == [ligne[:-1] for ligne in lignes_de(direct)]
    else:
        assert remis.getvalue()[:4] == direct.getvalue()[:4] == b"PK\x03\x04"
    assert (export.lignes, export.fichier) == (LONGUE, f"acces.{format_}")


def test_la_recherche_et_le_tri_de_la_liste_sont_ceux_du_fichier(auditeur):
    des_acces(LONGUE)
    des_acces(5, objet="autre")
    export = demander(client_de(auditeur), "/journal/acces.csv?objet=essai&page=3&nature=document")
    assert export.demande == "objet=essai&nature=document"
    preparer(export)
    lignes = lignes_de(client_de(auditeur).get(adresse_du_fichier(export)))
    assert len(lignes) == LONGUE + 1
    assert {ligne[4].partition(" ")[0] for ligne in lignes[1:]} == {"essai"}
    assert lignes[1][7] == "'=1+1"


def test_l_export_est_a_qui_l_a_demande_et_n_existe_pour_personne_d_autre(auditeur):
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    preparer(export)
    autre = client_de(f.un_agent(Role.AUDITEUR))
    for nom in ("export", "etat", "fichier"):
        adresses = reverse(f"exports:{nom}", args=[export.pk]), reverse(f"exports:{nom}", args=[export.pk + 1])
        refus, absent = (autre.get(adresse) for adresse in adresses)
        assert (refus.status_code, nue(refus)) == (404, nue(absent))
    assert autre.post(reverse("exports:annuler", args=[export.pk])).status_code == 404
    assert list(autre.get(reverse("exports:mes_exports")).context["page"]) == []


def nue(page) -> bytes:
    return PROPRES_A_LA_PAGE.sub(b"", page.content)


def test_qui_n_a_pas_la_liste_ne_peut_pas_la_demander(auditeur):
    des_acces(LONGUE)
    adresses = (
        ADRESSE,
        "/journal/acces/",
        "/inconnue.csv",
        "//ailleurs.example/journal/acces.csv",
        "//[",
        "",
        f"{ADRESSE}{'x' * 3000}",
    )
    client = client_de(f.un_agent(Role.PRESSE))
    assert {client.post(reverse("exports:demander"), {"adresse": lue}).status_code for lue in adresses} == {404}
    sien = client_de(auditeur)
    lues = [sien.post(reverse("exports:demander"), {"adresse": lue}).status_code for lue in adresses[1:5]]
    assert lues == [404] * 4
    assert not Export.objects.exists()


def test_le_meme_export_qui_attend_n_est_pas_fait_deux_fois(auditeur):
    des_acces(LONGUE)
    client = client_de(auditeur)
    assert demander(client) == demander(client)
    preparer(Export.objects.get())
    demander(client)
    assert Export.objects.count() == 2


def test_un_role_retire_avant_la_preparation_ne_donne_rien(auditeur):
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    retirer_le_role(auditeur, Role.AUDITEUR)
    assert not preparer(export)
    assert (export.raison, export.document) == (regles.ACCES_PERDU, None)


def test_un_role_retire_apres_la_preparation_ne_donne_plus_le_fichier(monkeypatch):
    """Another role that still opens the list does not give what this one had let see."""
    monkeypatch.setattr("rebond.exports.adresses.SEUIL", 0)
    vague, _ = une_vague_close(None)
    personne = f.un_agent(Role.INSTRUCTEUR)
    f.un_role(personne, Role.COMITE)
    adresse = reverse("instruction:export_csv", args=[vague.numero])
    export = demander(client_de(personne), adresse)
    preparer(export)
    assert statut_du_fichier(client_de(personne), export) == 200
    retirer_le_role(personne, Role.INSTRUCTEUR)
    client = client_de(personne)
    assert client.get(adresse).status_code == 200
    assert statut_du_fichier(client, export) == 404
    page = client.get(reverse("exports:export", args=[export.pk]))
    assert "Vos droits ont changé" in page.text
    assert adresse_du_fichier(export) not in page.text


def retirer_le_role(personne, role: Role) -> None:
    """By an administrateur, as its act does."""
    tenu = Habilitation.objects.get(utilisateur=personne, role=role)
    roles.retirer(habilitation=tenu, acteur=f.un_agent(Role.ADMINISTRATEUR), maintenant=horloge_base())


def test_un_dossier_que_l_on_ne_lit_plus_reprend_le_fichier_qui_le_montre(monkeypatch):
    monkeypatch.setattr("rebond.exports.adresses.SEUIL", 1)
    vague, (dossier, autre) = une_vague_close(None, None)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    client = client_de(instructeur)
    export = demander(client, reverse("instruction:export_csv", args=[vague.numero]))
    preparer(export)
    assert sorted(export.cles) == sorted([dossier.pk, autre.pk])
    assert statut_du_fichier(client, export) == 200
    DeclarationInteret.objects.create(candidature=dossier, utilisateur=instructeur, motif="Mandat local.")
    assert statut_du_fichier(client_de(instructeur), export) == 404


def test_ce_qui_est_cache_depuis_reprend_le_fichier_du_journal_des_acces(auditeur):
    """Too many rows to be looked at one by one: what they are chosen by is kept."""
    des_acces(LONGUE)
    _, (dossier, autre) = une_vague_close(None, None)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    for lu in (dossier, autre):
        assert client_de(instructeur).get(reverse("instruction:dossier", args=[lu.pk])).status_code == 200
    DeclarationInteret.objects.create(candidature=autre, utilisateur=auditeur, motif="Mandat local.")
    export = demander(client_de(auditeur))
    preparer(export)
    assert statut_du_fichier(client_de(auditeur), export) == 200
    DeclarationInteret.objects.create(candidature=dossier, utilisateur=auditeur, motif="Mandat local.")
    assert statut_du_fichier(client_de(auditeur), export) == 404
    page = client_de(auditeur).get(reverse("exports:export", args=[export.pk]))
    assert "Vos droits ont changé" in page.text


def test_les_roles_que_la_session_n_a_pas_prouves_ne_servent_pas_au_fichier(settings, auditeur):
    """Without its second factor, a session reads no list of an auditeur: nor does the worker in its name."""
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    settings.SECOND_FACTEUR_EXIGE = True
    assert not preparer(export)
    assert export.raison == regles.ACCES_PERDU


def test_le_journal_garde_la_remise_sous_l_adresse_et_le_role_de_la_liste(auditeur):
    des_acces(LONGUE)
    client = client_de(auditeur)
    export = demander(client)
    preparer(export)
    assert not Acces.objects.filter(nature=NatureAcces.EXPORT).exists()
    assert statut_du_fichier(client, export) == 200
    lu = Acces.objects.get(nature=NatureAcces.EXPORT)
    assert (lu.chemin, lu.objet) == ("/journal/acces.csv", "acces.csv")
    assert (lu.roles, lu.personne) == (Role.AUDITEUR, auditeur.email)


def test_annule_il_n_est_ni_ecrit_ni_donne(auditeur):
    des_acces(LONGUE)
    client = client_de(auditeur)
    export = demander(client)
    assert client.post(reverse("exports:annuler", args=[export.pk])).status_code == 302
    assert not preparer(export)
    assert export.etat_a(horloge_base()) == EtatExport.ANNULE
    encore = client.post(reverse("exports:annuler", args=[export.pk]), f.d_une_autre_page())
    assert encore.status_code == 409
    with pytest.raises(RegleEnfreinte):
        actions.annuler(export=export, maintenant=horloge_base())


def test_l_avancement_se_dit_en_lignes(auditeur):
    des_acces(LONGUE)
    client = client_de(auditeur)
    export = demander(client)
    page = reverse("exports:export", args=[export.pk])
    etat = reverse("exports:etat", args=[export.pk])
    assert client.get(etat).json() == {
        "etape": "Votre export se prépare\u00a0: il attend son tour.",
        "avancement": 0,
        "fini": False,
    }
    assert f'href="{page}">Actualiser' in client.get(page).text
    export.essais = 1
    export.save()
    assert client.get(etat).json()["etape"] == "Votre export se prépare."
    dites = {}
    for rang, _ in enumerate(suivre(export.pk, iter(range(LONGUE)), horloge=count().__next__)):
        lu = client.get(etat).json() if rang % 500 == 0 else {}
        dites |= {lu["avancement"]: lu["etape"]} if lu else {}
    debut = "Votre export se prépare\u00a0: "
    assert dites == {
        0: f"{debut}0\u00a0ligne sur 2\u202f001.",
        24: f"{debut}400\u00a0lignes sur 2\u202f001.",
        49: f"{debut}800\u00a0lignes sur 2\u202f001.",
        74: f"{debut}1\u202f400\u00a0lignes sur 2\u202f001.",
        99: f"{debut}1\u202f800\u00a0lignes sur 2\u202f001.",
    }
    preparer(export)
    assert client.get(etat).json()["fini"] is True
    assert adresse_du_fichier(export) in client.get(page).text


def test_ce_qui_tue_son_ouvrier_a_chaque_fois_finit_par_etre_dit(auditeur, monkeypatch):
    des_acces(LONGUE)
    export = demander(client_de(auditeur))

    def tomber(pk):
        raise MemoryError

    monkeypatch.setattr("rebond.exports.actions._ecrire", tomber)
    for _ in range(regles.ESSAIS_MAX):
        preparer(export)
        assert export.echoue_le is None
    preparer(export)
    assert (export.raison, export.etat_a(horloge_base())) == (regles.TROP_D_ESSAIS, EtatExport.ECHOUE)


def test_ce_que_nul_ouvrier_ne_prend_finit_par_etre_dit(auditeur):
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    assert actions.veiller(maintenant=horloge_base()) == 1
    export.refresh_from_db()
    assert export.echoue_le is None
    actions.veiller(maintenant=export.demande_le + regles.ATTENTE_MAX)
    export.refresh_from_db()
    assert export.raison == regles.TROP_D_ATTENTE


def test_une_feuille_de_calcul_trop_longue_est_refusee_plutot_que_coupee(auditeur, monkeypatch):
    des_acces(LONGUE)
    export = demander(client_de(auditeur), ADRESSE.replace("csv", "xlsx"))
    monkeypatch.setattr(tableaux, "LIGNES_D_UNE_FEUILLE", LONGUE)
    assert not preparer(export)
    assert export.raison == tableaux.FEUILLE_PLEINE
    reponse = client_de(auditeur).post(reverse("exports:demander"), {"adresse": ADRESSE.replace("csv", "ods")})
    assert (reponse.status_code, tableaux.FEUILLE_PLEINE in reponse.text) == (409, True)


def test_le_fichier_expire_puis_ses_octets_et_sa_trace_s_en_vont(auditeur):
    des_acces(LONGUE)
    client = client_de(auditeur)
    export = demander(client)
    preparer(export)
    document = export.document
    assert default_storage.exists(document.chemin)
    tard = export.expire_le + timedelta(seconds=1)
    assert export.etat_a(tard) == EtatExport.EXPIRE
    Export.objects.filter(pk=export.pk).update(expire_le=horloge_base(), pret_le=horloge_base() - timedelta(days=3))
    assert client.get(adresse_du_fichier(export)).status_code == 404
    assert "a été effacé" in client.get(reverse("exports:export", args=[export.pk])).text
    faits = appliquer(maintenant=horloge_base())
    assert faits["exports_de_listes"] == 1
    export.refresh_from_db()
    assert (export.document, export.cles) == (None, [])
    assert appliquer(maintenant=export.demande_le + regles.TRACES + timedelta(seconds=1))["traces_des_listes"] == 1
    assert not Export.objects.exists()


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(auditeur):
    client = client_de(auditeur)
    mesures = []
    for nombre in (LONGUE, 3 * LONGUE):
        des_acces(nombre, objet=f"essai{nombre}")
        export = demander(client, f"/journal/acces.csv?objet=essai{nombre}")
        with CaptureQueriesContext(connection) as ecriture:
            assert preparer(export)
        with CaptureQueriesContext(connection) as remise:
            assert client.get(adresse_du_fichier(export)).getvalue()
        with CaptureQueriesContext(connection) as page:
            client.get(reverse("exports:mes_exports"))
        mesures.append((len(ecriture), len(remise)))
        assert len(page) <= 12
    assert mesures[0] == mesures[1]
