"""Writing a file, by its actions."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from candidatures.actions import dossiers
from candidatures.actions.dossiers import RevisionDepassee, qualite_de
from candidatures.etats import EtatCandidature, NaturePiece, Qualite
from candidatures.models import Candidature, Participation
from rebond.socle.documents import lire
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.models import Document, EntreeJournal
from rebond.socle.temps import horloge_base
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def ecrire(candidature, *, auteur=None, maintenant=None, revision=None, section="projets", **reponses):
    return dossiers.enregistrer_section(
        candidature=candidature,
        section=section,
        reponses=reponses or {"projets": "Un atelier."},
        auteur=auteur or f.porteur_de(candidature),
        maintenant=maintenant or horloge_base(),
        revision=revision,
    )


def joindre(candidature, contenu=f.PDF, nom="note.pdf", **arguments):
    valeurs = {
        "fichier": ContentFile(contenu, name=nom),
        "nom": nom,
        "nature": NaturePiece.AUTRE,
        "auteur": f.porteur_de(candidature),
        "maintenant": horloge_base(),
    }
    return dossiers.joindre_piece(candidature=candidature, **(valeurs | arguments))


def participant(candidature, qualite):
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    return personne


class TestOuvrir:
    def test_l_auteur_devient_porteur_et_le_journal_le_dit(self):
        auteur = f.un_utilisateur()
        candidature = f.une_candidature(porteur=auteur, complete=False)

        assert candidature.etat == EtatCandidature.BROUILLON
        assert qualite_de(candidature, auteur) is Qualite.PORTEUR
        entree = EntreeJournal.objects.get(acte="ouvrir")
        assert (entree.objet_id, entree.acteur_id_copie) == (str(candidature.pk), auteur.pk)

    def test_un_seul_dossier_par_territoire_dans_une_vague_sans_dire_de_qui(self):
        premier = f.une_candidature(complete=False)
        with pytest.raises(RegleEnfreinte, match="existe déjà pour ce territoire") as refus:
            f.une_candidature(vague=premier.vague, territoire=premier.territoire)
        assert str(f.porteur_de(premier)) not in refus.value.message
        assert Candidature.objects.count() == 1

    def test_apres_un_retrait_le_territoire_peut_recommencer(self):
        premier = f.une_candidature(complete=False)
        dossiers.retirer(candidature=premier, auteur=f.porteur_de(premier), maintenant=horloge_base())

        assert f.une_candidature(vague=premier.vague, territoire=premier.territoire, complete=False).pk != premier.pk

    @pytest.mark.parametrize("instant", ["avant", "cloture", "apres"])
    def test_seule_une_vague_ouverte_accueille_un_dossier(self, instant):
        vague = f.une_vague()
        maintenant = {
            "avant": vague.ouverture - timedelta(microseconds=1),
            "cloture": vague.cloture,
            "apres": vague.cloture + timedelta(seconds=1),
        }[instant]
        with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
            dossiers.ouvrir_candidature(
                vague=vague, territoire=f.un_territoire(), auteur=f.un_utilisateur(), maintenant=maintenant
            )


class TestEnregistrer:
    def test_une_rubrique_incomplete_s_enregistre_sans_toucher_aux_autres(self):
        candidature = f.une_candidature()
        avant = candidature.contenu
        ecrire(candidature, projets="", foncier="Une friche.")

        candidature.refresh_from_db()
        assert candidature.contenu == avant | {"projets": {"projets": "", "foncier": "Une friche."}}

    def test_rien_n_est_ecrase_quand_un_autre_a_enregistre_entre_temps(self):
        candidature = f.une_candidature(complete=False)
        collegue = participant(candidature, Qualite.CO_PORTEUR)
        lue = candidature.revision
        ecrire(candidature, auteur=collegue, revision=lue, projets="La version du collègue.")

        with pytest.raises(RevisionDepassee, match="Rien n’a été écrasé"):
            ecrire(candidature, revision=lue, projets="La mienne.")
        candidature.refresh_from_db()
        assert candidature.contenu["projets"] == {"projets": "La version du collègue."}
        assert ecrire(candidature, revision=candidature.revision, projets="La mienne.").contenu["projets"] == {
            "projets": "La mienne."
        }

    @pytest.mark.parametrize("retard", [timedelta(0), timedelta(seconds=1)])
    def test_a_l_echeance_le_brouillon_ne_change_plus_et_les_deux_instants_sont_dits(self, retard):
        candidature = f.une_candidature()
        instant = candidature.vague.cloture + retard
        with pytest.raises(EcheanceDepassee) as refus:
            ecrire(candidature, maintenant=instant)
        assert (refus.value.recu_le, refus.value.echeance) == (instant, candidature.vague.cloture)
        candidature.refresh_from_db()
        assert candidature.contenu == f.un_contenu()

    def test_une_microseconde_avant_l_echeance_il_change_encore(self):
        candidature = f.une_candidature()
        instant = candidature.vague.cloture - timedelta(microseconds=1)
        assert ecrire(candidature, maintenant=instant).contenu["projets"] == {"projets": "Un atelier."}

    @pytest.mark.parametrize("qualite", [Qualite.LECTEUR, None])
    def test_qui_ne_fait_que_lire_n_ecrit_pas(self, qualite):
        candidature = f.une_candidature()
        personne = participant(candidature, qualite) if qualite else f.un_utilisateur()
        with pytest.raises(RegleEnfreinte, match="ne pouvez pas modifier"):
            ecrire(candidature, auteur=personne)

    def test_un_dossier_retire_ne_s_ecrit_plus(self):
        candidature = f.une_candidature()
        dossiers.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte):
            ecrire(candidature)

    def test_une_rubrique_inconnue_est_refusee(self):
        with pytest.raises(RegleEnfreinte, match="n’existe pas"):
            ecrire(f.une_candidature(), section="horoscope")

    def test_un_depot_ne_bouge_pas_quand_le_brouillon_change(self):
        depot = f.un_depot()
        ecrire(depot.candidature)
        depot.refresh_from_db()
        assert depot.contenu["sections"] == f.un_contenu()


class TestPieces:
    def test_un_pdf_est_garde_avec_son_nom(self):
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature, nom="C:\\Mes documents\\dé\u0000libération\n 2026.pdf")

        assert piece.nom == "délibération 2026.pdf"
        assert lire(piece.document) == f.PDF

    @pytest.mark.parametrize(
        ("contenu", "message"),
        [
            (b"", "vide"),
            (b"PK\x03\x04 un classeur", "n’est pas un PDF"),
            (b"<html>%PDF-1.4</html>", "n’est pas un PDF"),
        ],
    )
    def test_ce_qui_n_est_pas_un_pdf_est_refuse_quel_que_soit_son_nom(self, contenu, message):
        candidature = f.une_candidature(complete=False)
        with pytest.raises(RegleEnfreinte, match=message):
            joindre(candidature, contenu)
        assert not Document.objects.exists()

    def test_la_taille_permise_l_est_et_pas_un_octet_de_plus(self, settings):
        settings.PIECE_TAILLE_MAX = len(f.PDF)
        candidature = f.une_candidature(complete=False)
        assert joindre(candidature).pk
        with pytest.raises(RegleEnfreinte, match="dépasse la taille permise"):
            joindre(candidature, f.PDF + b"\n")

    def test_le_meme_fichier_deux_fois_est_refuse_clairement(self):
        candidature = f.une_candidature(complete=False)
        joindre(candidature)
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            joindre(candidature, nom="autre-nom.pdf")
        assert candidature.pieces.count() == 1

    def test_le_nombre_de_pieces_est_limite(self, settings):
        settings.PIECES_NOMBRE_MAX = 1
        candidature = f.une_candidature(complete=False)
        joindre(candidature)
        with pytest.raises(RegleEnfreinte, match="au plus 1"):
            joindre(candidature, f.PDF + b"%")

    def test_enlever_une_piece_la_laisse_dans_les_depots(self):
        depot = f.un_depot()
        piece = depot.candidature.pieces.get()
        dossiers.enlever_piece(piece=piece, auteur=f.porteur_de(depot.candidature), maintenant=horloge_base())

        assert not depot.candidature.pieces.exists()
        assert depot.pieces.get().document == piece.document

    def test_apres_l_echeance_les_pieces_ne_bougent_plus(self):
        candidature = f.une_candidature()
        arguments = {"auteur": f.porteur_de(candidature), "maintenant": candidature.vague.cloture}
        with pytest.raises(EcheanceDepassee):
            joindre(candidature, f.PDF + b"%", **arguments)
        with pytest.raises(EcheanceDepassee):
            dossiers.enlever_piece(piece=candidature.pieces.get(), **arguments)
        assert candidature.pieces.count() == 1


class TestRetirer:
    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_retire(self, qualite):
        candidature = f.une_candidature()
        with pytest.raises(RegleEnfreinte, match="porteur"):
            dossiers.retirer(
                candidature=candidature, auteur=participant(candidature, qualite), maintenant=horloge_base()
            )

    def test_a_l_echeance_il_est_trop_tard(self):
        candidature = f.une_candidature()
        with pytest.raises(RegleEnfreinte):
            dossiers.retirer(
                candidature=candidature, auteur=f.porteur_de(candidature), maintenant=candidature.vague.cloture
            )
