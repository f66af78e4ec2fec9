"""The press release at its edges: nothing counted, one of each, several missions, what people paste into a field."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pypdf
import pytest
from django.core.management import CommandError, call_command
from docx import Document as DocumentWord

from projets.communique import editions
from projets.communique.actions import figer
from projets.communique.annexes import ANNEXES
from projets.communique.contenu import CommuniquePret
from projets.communique.formats import FORMATS
from projets.communique.publies import derniers_chiffres
from projets.models import Axe, Cofinancement, Communique, Enveloppe, FeuilleDeRoute, Mission
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from territoires.models import Territoire
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)
LEVEE = datetime(2023, 8, 29, 18, tzinfo=PARIS)


def pret(au: date = AU) -> CommuniquePret:
    return editions.projet(au=au, maintenant=MAINTENANT)


def texte(communique: CommuniquePret) -> str:
    return FORMATS["texte"].fabriquer(communique).decode().replace("\u00a0", " ").replace("\u202f", " ")


def mots_du_pdf(contenu: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(contenu)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def une_petite_mission(*, projets: int = 0) -> Mission:
    """A laureate of August 2023 with a restituted mission: one company, and as many projects, one job each."""
    vague = decor.une_releve(2, date(2023, 6, 1), ouverture=date(2023, 2, 1))
    mission = decor.une_mission(decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS)))
    industriel = decor.un_industriel(mission, 1)
    for _ in range(projets):
        decor.un_projet(industriel, un_utilisateur(), investissement=1_000_000, potentiels=1)
    return mission


def sous_embargo() -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS), publique_a=LEVEE)


def test_un_seul_de_chaque_s_accorde_au_singulier() -> None:
    une_petite_mission(projets=1)
    ecrit = texte(pret())
    assert "restitution, et annonce d’un nouveau territoire lauréat de l’appel" in ecrit
    assert "porte sur un nouveau territoire lauréat. " in ecrit
    assert "désormais un territoire lauréat dans une région." in ecrit
    assert "\nUn projet industriel recensé\n" in ecrit
    assert (
        "rencontré un industriel en mai 2023. Son portefeuille réunit un projet industriel, pour 1 million d’euros "
        "d’investissements productifs et une création potentielle d’emploi." in ecrit
    )
    assert "\nUn territoire lauréat du dispositif" in ecrit


def test_un_nombre_seul_ouvre_une_phrase_par_une_majuscule() -> None:
    vague = decor.une_releve(2, date(2023, 6, 1), ouverture=date(2023, 2, 1))
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS))
    assert pret().contenu.titre.startswith("Un\u00a0nouveau territoire lauréat de l’appel")


def test_un_portefeuille_vide_ne_s_annonce_pas() -> None:
    une_petite_mission()
    ecrit = texte(pret())
    assert "a rencontré un industriel en mai 2023." in ecrit
    assert [mot for mot in ("0 projet", "0 euro", "0 création", "aucun") if mot in ecrit] == []


def test_un_portefeuille_sans_montant_ni_emploi_ne_dit_pas_zero() -> None:
    mission = une_petite_mission()
    industriel = mission.industriels.get()
    for _ in range(2):
        decor.un_projet(industriel, un_utilisateur(), investissement=0, potentiels=0)
    mission.industriels.update(rencontre_le=None)
    ecrit = texte(pret())
    assert "\nLe portefeuille réunit 2 projets industriels. Chaque industriel" in ecrit
    assert [mot for mot in ("0 euro", "0 création", "aucun", "rencontré") if mot in ecrit] == []


def test_la_feuille_de_route_ne_se_promet_que_si_elle_existe() -> None:
    decor.une_annonce()
    assert "une enveloppe d’investissement de 5 millions d’euros et une feuille de route" in texte(pret())
    Axe.objects.all().delete()
    ecrit = texte(pret())
    assert "un appui en ingénierie et une enveloppe d’investissement de 5 millions d’euros." in ecrit
    assert "Une feuille de route en" not in ecrit


def test_deux_missions_restituees_le_meme_jour_se_disent_au_pluriel() -> None:
    decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS)))
    decor.un_projet(decor.un_industriel(autre, 9), un_utilisateur())
    ecrit = texte(pret())
    assert "Les missions ont rencontré 5 industriels en mai 2023. Leur portefeuille réunit 7 projets" in ecrit
    assert "les territoires s’engagent" in ecrit


def test_plusieurs_enveloppes_et_feuilles_de_route_se_disent_au_pluriel() -> None:
    """« Une enveloppe de 8,5 millions » of two, « des feuilles de route en deux axes » of one each."""
    mission = decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    for rang, titre in enumerate(("Mission du Bas", "Mission du Haut"), start=1):
        labellisation = decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS))
        autre = decor.une_mission(labellisation, titre=titre)
        Enveloppe.objects.create(mission=autre, nom="E", montant=rang * 1_000_000, ouverte_le=date(2023, 7, 3))
    Axe.objects.create(feuille=FeuilleDeRoute.objects.create(mission=autre), rang=1, titre="Le foncier")
    for enveloppe in Enveloppe.objects.all():
        for financeur in ("Etat", "Région"):
            Cofinancement.objects.create(enveloppe=enveloppe, financeur=financeur, montant=500_000)
    ecrit = texte(pret())
    assert f"\n{mission.titre}, Mission du Bas et Mission du Haut : restitution, et annonce de 4 nouveaux" in ecrit
    assert (
        "un appui en ingénierie, trois enveloppes d’investissement de 8 millions d’euros au total et des feuilles de "
        "route pour l’industrie des territoires. Ces enveloppes sont cofinancées par l’Etat et la Région." in ecrit
    )
    assert "ont été orientés vers les trois enveloppes d’aides (8 millions d’euros au total), pour plus" in ecrit
    assert "les seuls projets orientés vers les enveloppes : ces deux" in ecrit
    assert "\nDeux feuilles de route, deux axes\n" in ecrit
    Cofinancement.objects.filter(enveloppe=mission.enveloppes.get()).delete()
    assert "financée" not in texte(pret())


def test_une_somme_partielle_dit_ce_qui_lui_manque_et_une_somme_inconnue_se_tait() -> None:
    """« 14 projets … pour 18 créations prévisionnelles » where one project out of fourteen had said anything."""
    mission = une_petite_mission()
    enveloppe = Enveloppe.objects.create(mission=mission, nom="E", montant=5_000_000, ouverte_le=date(2023, 7, 3))
    industriel = mission.industriels.get()
    premier = decor.un_projet(industriel, un_utilisateur(), enveloppe=enveloppe)
    assert "l’enveloppe de 5 millions d’euros d’aides." in texte(pret())
    assert "prévisionnelle" not in texte(pret())
    decor.un_projet(industriel, un_utilisateur(), enveloppe=enveloppe, previsionnels=18)
    attendu = "pour 18 créations prévisionnelles d’emplois (renseigné pour 1 projet sur 2)."
    assert attendu in texte(pret())
    fige = decor.un_communique(maintenant=MAINTENANT)
    decor.estimer(premier, un_utilisateur(), AU, 1_000_000, 10, 2)
    assert attendu in texte(editions.fige(fige, maintenant=MAINTENANT))
    assert "pour 20 créations prévisionnelles d’emplois." in texte(pret())


def test_sans_laureat_aucun_format_n_annonce_de_liste() -> None:
    decor.une_annonce()
    avant = pret(date(2023, 1, 1))
    assert "par région" not in texte(avant)
    assert DocumentWord(io.BytesIO(FORMATS["docx"].fabriquer(avant))).tables == []


def test_un_motif_sur_plusieurs_lignes_n_efface_pas_le_pied_des_pages() -> None:
    mission = decor.une_annonce()
    Mission.objects.filter(pk=mission.pk).update(demonstration=True)
    motif = 'Un projet oublié.\r\nUn "autre" </style> compté deux fois.'
    decor.un_communique(maintenant=MAINTENANT)
    rectificatif = decor.un_communique(maintenant=MAINTENANT, motif=motif, empreinte="autre")
    mots = mots_du_pdf(FORMATS["pdf"].fabriquer(editions.fige(rectificatif, maintenant=MAINTENANT)))
    # Once at the top of the text, then at the foot of each of its pages.
    assert mots.count("Données de démonstration. Ce document") >= 3
    assert mots.count("compté deux fois.") >= 3


@pytest.mark.parametrize("format_", list(FORMATS))
def test_un_caractere_invisible_colle_d_un_diaporama_n_empeche_aucun_format(format_: str) -> None:
    decor.une_annonce()
    Axe.objects.update(titre="L’emploi\x0bet les compétences\x1f")
    contenu = FORMATS[format_].fabriquer(pret())
    assert b"\x0b" not in contenu or format_ in {"docx", "pdf"}
    if format_ == "docx":
        mots = "\n".join(p.text for p in DocumentWord(io.BytesIO(contenu)).paragraphs)
        assert "l’emploi et les compétences" in mots


def test_un_nom_qui_ressemble_a_une_formule_reste_un_texte() -> None:
    decor.une_annonce()
    Territoire.objects.filter(pk=Territoire.objects.earliest("pk").pk).update(
        nom='=HYPERLINK("http://exemple.invalid")'
    )
    with zipfile.ZipFile(io.BytesIO(ANNEXES["xlsx"].fabriquer(pret()))) as classeur:
        feuilles = "".join(classeur.read(nom).decode() for nom in classeur.namelist() if "worksheets/" in nom)
    assert "<f>" not in feuilles


def test_l_embargo_se_lit_sur_chaque_fichier_et_dans_son_nom() -> None:
    decor.une_annonce()
    sous_embargo()
    avant, apres = pret(), editions.projet(au=AU, maintenant=LEVEE)
    assert avant.nom == "communique-2023-08-28-projet-sous-embargo"
    assert apres.nom == "communique-2023-08-28-projet"
    assert "SOUS EMBARGO" in ANNEXES["csv"].fabriquer(avant).decode("utf-8-sig").splitlines()[1]
    assert "SOUS EMBARGO" not in ANNEXES["csv"].fabriquer(apres).decode("utf-8-sig")


def test_chaque_page_du_docx_dit_ce_qui_est_invente_et_l_embargo() -> None:
    mission = decor.une_annonce()
    Mission.objects.filter(pk=mission.pk).update(demonstration=True)
    sous_embargo()
    word = DocumentWord(io.BytesIO(FORMATS["docx"].fabriquer(pret())))
    (section,) = word.sections
    pied = section.footer.paragraphs[0].text
    assert pied.startswith("Données de démonstration.")
    assert "SOUS EMBARGO" in pied


def test_la_commande_dit_l_embargo_et_refuse_l_avenir(capsys: pytest.CaptureFixture[str]) -> None:
    decor.une_annonce()
    levee = horloge_base() + timedelta(days=1)
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS), publique_a=levee)
    call_command("chiffres", "--au", "2023-08-28")
    assert "SOUS EMBARGO jusqu’au" in capsys.readouterr().out
    demain = jour_de_paris(horloge_base()) + timedelta(days=1)
    for commande in ("chiffres", "communique"):
        for jour, dit in ((demain.isoformat(), "dans l’avenir"), ("9999-12-31", "Vérifiez l’année")):
            with pytest.raises(CommandError, match=dit):
                call_command(commande, "--au", jour)


def test_beaucoup_de_versions_sous_embargo_ne_cachent_pas_ce_qui_est_publie() -> None:
    decor.une_annonce()
    decor.un_communique(maintenant=MAINTENANT)
    sous_embargo()
    decor.un_projet(Mission.objects.get().industriels.earliest("pk"), un_utilisateur())
    for rang in range(7):
        decor.un_communique(maintenant=MAINTENANT, empreinte=f"{rang}")
    assert {c.cle: c.valeur for c in derniers_chiffres(MAINTENANT)}["ensemble_projets_recenses"] == 6
    assert {c.cle: c.valeur for c in derniers_chiffres(LEVEE)}["ensemble_projets_recenses"] == 7


def test_on_fige_ce_que_l_on_a_relu() -> None:
    decor.une_annonce()
    relu = pret().sceau
    decor.un_projet(Mission.objects.get().industriels.earliest("pk"), un_utilisateur())
    with pytest.raises(RegleEnfreinte, match="ont changé"):
        figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT, relu=relu)
    assert not Communique.objects.exists()
