"""What awaits somebody in their files, in words: what, by when, and the button that leads there.

Whether something may be done is asked of the rule that the act itself asks; how much of it, of what the page shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from candidatures.depot.regles import empechement_de_decider_du_depot
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.regles import empechement_d_ecrire, empechement_de_copier
from candidatures.instruction.correction.regles import empechement_de_corriger
from candidatures.pages.territoire.acces import DEPOSER, adresse, attend_une_preuve
from candidatures.pages.territoire.accueil.lecture import DossierLu, Lecture
from candidatures.vagues.models.vagues import Vague
from rebond.socle.listes.a_faire import AFaire
from rebond.socle.texte.accords import enumerer
from rebond.socle.texte.durees import temps_restant
from rebond.socle.texte.typographie import compte, instant_fr, limite_fr
from territoires.models import Rattachement

PRESSE = timedelta(days=7)
PREUVES_MONTREES = 2
CE_QUI_SE_COPIE = "Ses réponses et ses pièces se copient."
PIECES_OU_REPONSES = ("réponse ou pièce", "réponses ou pièces")


@dataclass(frozen=True)
class _Attente:
    """`avant`: the deadline, where there is one. What has none and waits for an answer comes before what is not
    pressing; what is to be done once, whenever it is (`un_jour`), comes last."""

    chose: AFaire
    avant: datetime | None = None
    un_jour: bool = False

    @property
    def rang(self) -> tuple[int, float]:
        rang = 3 if self.un_jour else 0 if self.chose.presse else 1 if self.avant is None else 2
        return rang, self.avant.timestamp() if self.avant else 0.0


def a_faire(lecture: Lecture, ouverte: Vague | None, invitants: Iterable[Any] = ()) -> list[AFaire]:
    """The most pressing first. `ouverte` is the wave in which a file may be begun now; `invitants` are the files of
    `dossiers_qui_invitent`."""
    attentes = [attente for lu in lecture.dossiers for attente in _du_dossier(lu, lecture)]
    attentes += [*_preuves(lecture)]
    attentes += [_invitation(invitant, lecture.maintenant) for invitant in invitants]
    if ouverte is not None and not lecture.dossiers:
        quoi, quand = "Commencer le dossier de votre territoire.", avant_le(ouverte.cloture, lecture.maintenant)
        chose = AFaire(quoi, quand, reverse("candidatures:ouvrir"), "Commencer un dossier")
        attentes.append(_Attente(chose, ouverte.cloture))
    return [attente.chose for attente in sorted(attentes, key=lambda attente: attente.rang)]


def avant_le(limite: datetime, maintenant: datetime) -> str:
    """« Avant le 1er octobre 2026, midi (heure de Paris) : il reste 12 jours »."""
    restant = temps_restant(limite - maintenant)
    return f"Avant le {limite_fr(limite)} (heure de Paris)\u00a0: il reste {restant}."


def _du_dossier(lu: DossierLu, lecture: Lecture) -> Iterator[_Attente]:
    if lu.se_depose:
        yield from _de_ce_qui_s_ecrit(lu, lecture)
    if (limite := lu.candidature.correction_avant) and not empechement_de_corriger(
        lu.etat_connu, limite, lecture.maintenant, lu.qualite
    ):
        quoi = f"Répondre à la correction demandée sur le dossier {_nom(lu)}."
        yield _datee(lu, quoi, limite, lecture, _page("correction", lu), "Voir ce qui est demandé")
    if lu.candidature.non_lus:
        nombre = lu.candidature.non_lus
        yield _Attente(
            AFaire(
                f"Lire {compte(nombre, 'message')} sur le dossier {_nom(lu)}.",
                f"{'Reçu' if nombre == 1 else 'Le premier, reçu'} le {instant_fr(lu.candidature.non_lu_le)}.",
                _page("messages", lu),
                "Lire le message" if nombre == 1 else "Lire les messages",
                lu.candidature.reference,
            )
        )


def _de_ce_qui_s_ecrit(lu: DossierLu, lecture: Lecture) -> Iterator[_Attente]:
    """Nothing when what is written is what was deposited."""
    candidature, limite = lu.candidature, lu.candidature.echeance
    depose = lu.etat_connu is EtatCandidature.DEPOSEE
    if depose and not candidature.a_redeposer:
        return
    ecrit = empechement_d_ecrire(lu.etat_connu, lu.phase, lu.qualite) is None
    if not lu.detaille:
        if ecrit:
            quoi = f"Continuer le dossier {_nom(lu)}."
            yield _datee(lu, quoi, limite, lecture, _page("dossier", lu), "Ouvrir le dossier")
    elif lu.a_completer is not None:
        if ecrit:
            manque = f"il manque {compte(lu.manquants, *PIECES_OU_REPONSES)}"
            quoi = f"Continuer le dossier {_nom(lu)}\u00a0: {manque}."
            if depose:
                quoi = f"Compléter les modifications du dossier {_nom(lu)}, déjà déposé\u00a0: {manque}."
            vers = adresse(candidature.pk, lu.a_completer.section)
            yield _datee(lu, quoi, limite, lecture, vers, "Continuer le dossier")
    elif lu.attendus:
        yield from _accords(lu, lecture)
    elif empechement_de_decider_du_depot(lu.etat_connu, lu.phase, lu.qualite) is None:
        vers = adresse(candidature.pk, DEPOSER)
        if depose:
            quoi = f"Déposer de nouveau le dossier {_nom(lu)}\u00a0: vos dernières modifications ne sont pas déposées."
            yield _datee(lu, quoi, limite, lecture, vers, "Relire et déposer de nouveau")
        else:
            quoi = f"Relire et déposer le dossier {_nom(lu)}\u00a0: il est complet."
            yield _datee(lu, quoi, limite, lecture, vers, "Relire et déposer")


def _accords(lu: DossierLu, lecture: Lecture) -> Iterator[_Attente]:
    """One's own marks, then those that the porteur has to ask others for: without them there is no deposit."""
    liens, limite = lecture.liens, lu.candidature.echeance
    miens = [m for m in lu.attendus if m.siren in liens and liens[m.siren].est_prouve]
    for membre in miens:
        quoi = f"Donner le bon pour dépôt de {membre.nom} sur le dossier {_nom(lu)}."
        vers = reverse("candidatures:donner_accord", args=[lu.candidature.pk, membre.pk])
        yield _datee(lu, quoi, limite, lecture, vers, "Lire et donner le bon pour dépôt")
    autres = [membre.nom for membre in lu.attendus if membre not in miens]
    if autres and lu.est_du_porteur:
        quoi = f"Demander le bon pour dépôt de {enumerer(autres)} sur le dossier {_nom(lu)}, qui est complet."
        yield _datee(lu, quoi, limite, lecture, _page("accords", lu), "Voir qui manque et rappeler")


def _preuves(lecture: Lecture) -> Iterator[_Attente]:
    """Once for each authority that leads files of theirs; of many, the first, which leads to the next. Nothing while
    the State looks for its address."""
    codes, liens = _a_prouver(lecture)
    for lien in codes:
        vers = reverse("candidatures:collectivite_code", args=[lien.siren])
        chose = f"Recopier le code envoyé à l’adresse officielle de {lien.nom}."
        fin = lien.expire_le or lecture.maintenant
        yield _Attente(AFaire(chose, avant_le(fin, lecture.maintenant), vers, "Saisir le code", lien.nom), fin)
    apres = "Sans cette vérification, un dépôt est reçu à temps, mais sous réserve."
    seules = liens if len(liens) <= PREUVES_MONTREES else liens[:1]
    if reste := len(liens) - len(seules):
        apres += f" Il en restera {reste} autres à vérifier."
    for siren, nom in seules:
        vers = reverse("candidatures:collectivite", args=[siren])
        chose = f"Montrer que vous travaillez pour {nom}, une seule fois."
        yield _Attente(AFaire(chose, apres, vers, "Montrer que j’y travaille", nom), un_jour=True)


def _a_prouver(lecture: Lecture) -> tuple[list[Rattachement], list[tuple[str, str]]]:
    """The links whose code is to be typed, then the authorities (number, name) to which a link is to be shown."""
    codes: list[Rattachement] = []
    a_montrer: list[tuple[str, str]] = []
    vus: set[str] = set()
    for lu in lecture.dossiers:
        if lu.chef is None or not attend_une_preuve(lu.etat_connu, lu.qualite):
            continue
        siren, nom = lu.chef["petr"] or lu.chef["epci"], lu.chef["nom"]
        lien = lecture.liens.get(siren)
        if siren in vus or (lien is not None and lien.est_prouve):
            continue
        vus.add(siren)
        if lien is not None and lien.code_attendu(lecture.maintenant):
            codes.append(lien)
        elif lien is None or lien.lettre_le is not None:
            a_montrer.append((siren, nom))
    return codes, a_montrer


def _invitation(invitant: Any, maintenant: datetime) -> _Attente:
    """Only its reference: what somebody else has called the territory is theirs."""
    quoi = f"Répondre à l’invitation à participer au dossier {invitant.reference}."
    vers = reverse("candidatures:invitation_recue", args=[invitant.invitation])
    quand = avant_le(invitant.expire_le, maintenant)
    return _Attente(AFaire(quoi, quand, vers, "Lire l’invitation", invitant.reference), invitant.expire_le)


def possibles(lecture: Lecture, ouverte: Vague | None) -> list[AFaire]:
    """What somebody may do too: take a file without sequel into the open wave, unless another one follows it."""
    if ouverte is None:
        return []
    suivis: set[str] = set()
    copiables = []
    for lu in sorted(lecture.dossiers, key=lambda lu: -lu.candidature.pk):
        cle = lu.candidature.territoire.cle
        ancien = lu.candidature.vague_id != ouverte.pk
        if ancien and cle not in suivis and empechement_de_copier(lu.etat_connu, lu.phase, lu.qualite) is None:
            copiables.append(lu)
        suivis.add(cle)
    quand = avant_le(ouverte.cloture, lecture.maintenant)
    if len(copiables) > 1:
        quoi = f"Présenter de nouveau un de vos {len(copiables)} dossiers restés sans suite."
        return [AFaire(f"{quoi} {CE_QUI_SE_COPIE}", quand, reverse("candidatures:liste"), "Voir mes dossiers")]
    return [
        AFaire(
            f"Présenter de nouveau le dossier {_nom(lu)}. {CE_QUI_SE_COPIE}",
            quand,
            _page("copier", lu),
            "Copier ce dossier",
            lu.candidature.reference,
        )
        for lu in copiables
    ]


def _datee(lu: DossierLu, quoi: str, limite: datetime, lecture: Lecture, lien: str, libelle: str) -> _Attente:
    presse = limite - lecture.maintenant <= PRESSE
    quand = avant_le(limite, lecture.maintenant)
    return _Attente(AFaire(quoi, quand, lien, libelle, lu.candidature.reference, presse), limite)


def _page(nom: str, lu: DossierLu) -> str:
    return reverse(f"candidatures:{nom}", args=[lu.candidature.pk])


def _nom(lu: DossierLu) -> str:
    return f"{lu.candidature.reference}, {lu.candidature.territoire}"
