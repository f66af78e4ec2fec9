"""From a dossier as they tell it to what will be done of it here."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from candidatures.cahier import Cahier, Question
from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.etats import EtatCandidature
from candidatures.reprise.brut import Objet, instant, objet, objets, texte
from candidatures.reprise.champs import dire, est_decor, est_piece, libelle
from candidatures.reprise.conversion import Inconvertible, convertir
from candidatures.reprise.correspondance import Champs, Correspondance, cle_de_libelle
from candidatures.reprise.groupement import champs_de_territoire, groupement
from candidatures.reprise.lecture import DossierLu, nettoyer
from candidatures.reprise.pieces import Fichiers, pieces_annoncees
from candidatures.reprise.plan import Plan, Porteur, Reste, Sort, Trace
from candidatures.reprise.referentiel import Referentiel
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.texte.caracteres import en_une_ligne, identifiant
from rebond.socle.texte.typographie import instant_fr

E = EtatCandidature
LONGUEUR_EXEMPLE = 60


@dataclass
class Reponses:
    """The answers found, what is left, and what became of each field."""

    contenu: dict[str, dict[str, Any]] = field(default_factory=dict)
    restes: list[Reste] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)


class Preparation:
    """What is the same for every dossier: waves, reference, mapping, and the folder of attachments if there is one."""

    def __init__(
        self,
        correspondance: Correspondance,
        *,
        vagues: list[Vague],
        cahier_de: Callable[[Vague], CahierDesCharges],
        dossier: Fichiers | None = None,
    ) -> None:
        self.correspondance = correspondance
        self.referentiel = Referentiel()
        self.dossier = dossier
        self._vagues = vagues
        self._cahier_de = cahier_de

    def preparer(self, lu: DossierLu) -> tuple[Plan, list[Trace]]:
        """Raises `RegleEnfreinte`, whose sentence says why this dossier cannot be taken over."""
        origine = nettoyer(lu)
        correction = self.correspondance.de(lu.numero)
        recu_le = self._recu_le(origine)
        vague = self._vague(recu_le)
        cahier = self._cahier_de(vague)
        champs = [champ for champ in objets(origine, "champs") if not est_decor(champ)]
        epcis = groupement(origine, champs, self.correspondance, correction, self.referentiel)
        reponses = self._reponses(champs, cahier.cahier)
        etat, notes = self._etat(origine, correction.etat, vague)
        plan = Plan(
            numero=lu.numero,
            demarche=lu.demarche,
            titre=lu.titre,
            vague=vague,
            cahier=cahier,
            epcis=epcis,
            porteur=_porteur(origine, correction.porteur),
            etat=etat,
            recu_le=recu_le,
            instruit_le=instant(origine, "datePassageEnInstruction"),
            decide_le=instant(origine, "dateTraitement"),
            modifie_le=lu.modifie_le,
            annonce_le=self.correspondance.annonces.get(vague.numero),
            contenu=reponses.contenu,
            origine=origine,
            restes=tuple(reponses.restes),
            pieces=tuple(pieces_annoncees(champs, cahier.cahier, self.correspondance, self.dossier, lu.numero)),
            notes=notes,
        )
        return plan, reponses.traces

    def _recu_le(self, origine: Objet) -> datetime:
        recu_le = instant(origine, "dateDepot") or instant(origine, "datePassageEnConstruction")
        if recu_le is None:
            raise RegleEnfreinte("Il n’a pas de date de dépôt lisible.")
        return recu_le

    def _vague(self, recu_le: datetime) -> Vague:
        for vague in self._vagues:
            if vague.ouverture <= recu_le < vague.cloture:
                return vague
        raise RegleEnfreinte(f"Déposé le {instant_fr(recu_le, secondes=True)}\u00a0: aucune vague n’était ouverte.")

    def _etat(self, origine: Objet, voulu: E | None, vague: Vague) -> tuple[E, tuple[str, ...]]:
        leur = texte(origine, "state")
        etat = voulu or self.correspondance.etats.get(leur)
        if etat is None:
            raise RegleEnfreinte(f"Son état «\u00a0{leur or 'absent'}\u00a0» n’est pas dans la correspondance.")
        if etat is E.DEPOSEE and vague.etat != EtatVague.PREVUE:
            note = f"La vague {vague.numero} est close\u00a0: en construction là-bas, il passe en instruction."
            return E.EN_INSTRUCTION, (note,)
        return etat, ()

    def _reponses(self, champs: list[Objet], cahier: Cahier) -> Reponses:
        reponses = Reponses()
        rangement = _Rangement(champs)
        faits: dict[int, Trace] = {}
        for section, question in _questions(cahier):
            cle = f"{section}.{question.cle}"
            regle = self.correspondance.reponses.get(cle, Champs())
            champ = rangement.premier((*regle.noms, question.libelle), faits)
            if champ is not None:
                faits[id(champ)] = self._une_reponse(reponses, section, question, champ, regle)
        territoire = {id(champ) for champ in champs_de_territoire(champs, self.correspondance)}
        for champ in champs:
            trace = faits.get(id(champ)) or _autre_place(champ, territoire) or _sans_place(champ)
            reponses.traces.append(trace)
            if trace.sort is Sort.SANS_PLACE:
                reponses.restes.append(Reste(libelle(champ), dire(champ)))
            elif trace.motif:
                reponses.restes.append(Reste(libelle(champ), dire(champ), trace.motif))
        return reponses

    def _une_reponse(self, reponses: Reponses, section: str, question: Question, champ: Objet, regle: Champs) -> Trace:
        vers = f"{section}.{question.cle}"
        try:
            conversion = convertir(question, champ, regle, self.referentiel)
        except Inconvertible as motif:
            return Trace(libelle(champ), Sort.NON_CONVERTI, vers, _exemple(champ), str(motif))
        if conversion.valeur is not None:
            reponses.contenu.setdefault(section, {})[question.cle] = conversion.valeur
        return Trace(libelle(champ), Sort.REPRIS, vers, _exemple(champ), " ".join(conversion.reserves), conversion.lus)


def _questions(cahier: Cahier) -> Iterator[tuple[str, Question]]:
    for section in cahier.sections:
        for question in section.saisies:
            yield section.cle, question


class _Rangement:
    """The fields of a dossier, found by identifier or by label."""

    def __init__(self, champs: list[Objet]) -> None:
        self._champs = champs
        self._rangs: dict[str, set[int]] = defaultdict(set)
        for rang, champ in enumerate(champs):
            for nom in (texte(champ, "champDescriptorId"), texte(champ, "id"), _etiquette(texte(champ, "label"))):
                self._rangs[nom].add(rang)

    def premier(self, noms: tuple[str, ...], faits: dict[int, Trace]) -> Objet | None:
        """The first field with an answer that bears one of `noms`, in their order, and serves no other question."""
        for nom in noms:
            for rang in sorted(self._rangs.get(nom, set()) | self._rangs.get(_etiquette(nom), set())):
                champ = self._champs[rang]
                if id(champ) not in faits and dire(champ):
                    return champ
        return None


def _etiquette(nom: str) -> str:
    """A label as a key that no identifier has; empty, like an absent identifier, for nothing."""
    cle = cle_de_libelle(nom)
    return f"\n{cle}" if cle else ""


def _autre_place(champ: Objet, territoire: set[int]) -> Trace | None:
    if not dire(champ):
        return None
    if id(champ) in territoire:
        return Trace(libelle(champ), Sort.REPRIS, "territoire", _exemple(champ))
    if est_piece(champ):
        return Trace(libelle(champ), Sort.REPRIS, "pièces", _exemple(champ))
    return None


def _sans_place(champ: Objet) -> Trace:
    dit = dire(champ)
    return Trace(libelle(champ), Sort.SANS_PLACE if dit else Sort.VIDE, exemple=_exemple(champ) if dit else "")


def _exemple(champ: Objet) -> str:
    lisible = "".join(lettre if lettre.isprintable() else " " for lettre in dire(champ)[: LONGUEUR_EXEMPLE * 4])
    court = " ".join(lisible.split())
    return court if len(court) <= LONGUEUR_EXEMPLE else f"{court[:LONGUEUR_EXEMPLE]}…"


def _porteur(origine: Objet, corrige: str) -> Porteur:
    email = identifiant(corrige or texte(origine, "usager", "email")).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise RegleEnfreinte("L’adresse e-mail de son usager manque ou n’est pas valable.") from None
    demandeur = objet(origine, "demandeur")
    # Deposited by someone else, the dossier names its beneficiary, not whoever holds the account.
    if origine.get("deposeParUnTiers") or identifiant(texte(demandeur, "email")).lower() not in {"", email}:
        return Porteur(email)
    return Porteur(email, _nom(demandeur, "prenom"), _nom(demandeur, "nom"))


def _nom(demandeur: Objet, cle: str) -> str:
    return " ".join(en_une_ligne(texte(demandeur, cle)).split())[:100]
