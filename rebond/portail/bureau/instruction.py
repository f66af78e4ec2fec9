"""What awaits those who instruct, deliberate, decide, or give an opinion on files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from candidatures.cloture.models.prolongations import Prolongation
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation.requetes import a_rendre
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.attente import Attente, Attentes, a_signer_par_vague, attentes_par_vague
from candidatures.instruction.comptes import etats_par_vague
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.labellisation.regles import A_INSTRUIT
from candidatures.labellisation.requetes import vagues_instruites_par
from candidatures.vagues.etats import EtatVague, NatureDePhase
from candidatures.vagues.regles import UN_INSTANT, dans_quelques_mois, jours_de_phase
from candidatures.vagues.requetes import terme_de
from rebond.portail.bureau.formes import Compte, Echeance, Rubrique, Travail, presse
from rebond.socle.horloge.temps import debut_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr, instant_fr, limite_fr
from rebond.socle.utilisateur import Utilisateur

CORRECTIONS_MONTREES = 5


def adresse_de(vague: int, demande: str = "") -> str:
    adresse = reverse("instruction:vague", args=[vague])
    return f"{adresse}?{demande}" if demande else adresse


@dataclass(frozen=True)
class Vagues:
    """Those under way, as their reader knows them: `vagues.vagues_de`."""

    lues: list[Any]
    maintenant: datetime

    @cached_property
    def par_numero(self) -> dict[int, Any]:
        return {vague.numero: vague for vague in self.lues}

    @property
    def en_instruction(self) -> list[Any]:
        return [vague for vague in self.lues if vague.etat_connu == EtatVague.EN_INSTRUCTION]

    def terme(self, vague: Any) -> datetime | None:
        """When the silence of the administration becomes a decision; none once decisions are taken."""
        if vague.etat_connu != EtatVague.EN_INSTRUCTION:
            return None
        return debut_de_journee(dans_quelques_mois(jour_de_paris(vague.echeance), vague.silence_mois))

    def dit_le_terme(self, vague: Any) -> str:
        terme = self.terme(vague)
        if terme is None:
            return ""
        jour = date_fr(terme.date())
        if terme <= self.maintenant:
            return f"Depuis le {jour}, le silence de l’administration vaut décision."
        return f"Avant le {jour}\u00a0: ensuite, le silence de l’administration vaut décision."

    def a_finir(self, vague: Any, nature: NatureDePhase) -> tuple[datetime | None, str]:
        """By when what that phase is for is to be done, and in words: its end, or the committee that waits for it;
        the silence of the administration when no date is set."""
        terme = terme_de(vague.phases.all(), nature)
        if terme is None or self.terme(vague) is None:
            return self.terme(vague), self.dit_le_terme(vague)
        jour = date_fr(jour_de_paris(terme - UN_INSTANT))
        if terme <= self.maintenant:
            return terme, f"C’était à faire avant le {date_fr(jour_de_paris(terme))}."
        return terme, f"Jusqu’au {jour} inclus."

    def phases(self) -> Iterator[Echeance]:
        """The next date of each phase of the waves under way: its beginning, then its end."""
        for vague in self.en_instruction:
            for phase in vague.phases.all():
                du, au = jours_de_phase(phase.debut, phase.fin)
                quoi = f"Vague {vague.numero}\u00a0: {phase}"
                if phase.debut > self.maintenant:
                    yield Echeance(phase.debut, f"Le {date_fr(du)}", f"{quoi}, début", adresse_de(vague.numero))
                elif phase.fin > self.maintenant:
                    yield Echeance(phase.fin, f"Jusqu’au {date_fr(au)}", f"{quoi}, fin", adresse_de(vague.numero))

    def echeances(self) -> Iterator[Echeance]:
        """What whoever reads the files of the waves sees coming."""
        yield from self.phases()
        for vague in self.lues:
            if vague.programmee:
                resultats = reverse("instruction:resultats", args=[vague.numero])
                quand = instant_fr(vague.publique_a)
                yield Echeance(vague.publique_a, quand, f"Annonce des résultats de la vague {vague.numero}", resultats)
            terme = self.terme(vague)
            if terme is not None and terme > self.maintenant:
                quoi = f"Pour la vague {vague.numero}, le silence de l’administration vaudra décision"
                yield Echeance(terme, date_fr(terme.date()), quoi, adresse_de(vague.numero))


def instruire(moi: Utilisateur, vagues: Vagues) -> Iterator[Travail]:
    for numero, attentes in sorted(attentes_par_vague(moi, jour_de_paris(vagues.maintenant)).items()):
        yield from _instruire(numero, attentes, vagues)
    yield from _evaluer(moi, vagues)


def _evaluer(moi: Utilisateur, vagues: Vagues) -> Iterator[Travail]:
    """What is entrusted to `moi`, whatever the wave."""
    attendues = a_rendre(moi)
    if nombre := attendues["nombre"]:
        avant = attendues["premiere"]
        yield Travail(
            f"{compte(nombre, 'évaluation est à rendre', 'évaluations sont à rendre')}.",
            "" if avant is None else f"La première, avant le {date_fr(jour_de_paris(avant))}.",
            f"{reverse('instruction:mes_evaluations')}?etat=a_rendre",
            "Évaluer les dossiers",
            presse=presse(avant, vagues.maintenant),
            nombre=nombre,
            avant=avant,
        )


@dataclass(frozen=True)
class ARegler:
    """What awaits in several files of a wave: how many, what is said of one and of several, and the phase that dates
    it; none for what has no term."""

    attente: Attente
    nombre: int
    d_un: str
    de_plusieurs: str
    libelle: str
    phase: NatureDePhase | None = None


def _a_regler(attentes: Attentes) -> Iterator[ARegler]:
    suite = "que vous vérifiiez la recevabilité."
    recevabilite, comite = NatureDePhase.RECEVABILITE, NatureDePhase.COMITE
    yield ARegler(
        Attente.A_PRENDRE,
        attentes.a_prendre,
        "n’a pas d’instructeur.",
        "n’ont pas d’instructeur.",
        "Voir les dossiers à prendre",
        recevabilite,
    )
    yield ARegler(
        Attente.RECEVABILITE,
        attentes.recevabilite,
        f"attend {suite}",
        f"attendent {suite}",
        "Vérifier la recevabilité",
        recevabilite,
    )
    yield ARegler(
        Attente.PROPOSITION,
        attentes.proposition,
        "attend votre proposition.",
        "attendent votre proposition.",
        "Faire les propositions",
        comite,
    )
    suite = "un avis qui devrait être rendu."
    yield ARegler(
        Attente.AVIS_EN_RETARD,
        attentes.avis_en_retard,
        f"attend {suite}",
        f"attendent {suite}",
        "Relancer les experts",
    )
    suite = "un message du territoire que vous n’avez pas lu."
    yield ARegler(Attente.MESSAGE, attentes.message, f"a {suite}", f"ont {suite}", "Lire les messages")


def _instruire(numero: int, attentes: Attentes, vagues: Vagues) -> Iterator[Travail]:
    vague = vagues.par_numero.get(numero)
    de_la_vague = f"de la vague {numero}"
    for chose in _a_regler(attentes):
        if not chose.nombre:
            continue
        avant, quand = vagues.a_finir(vague, chose.phase) if vague and chose.phase else (None, "")
        combien = compte(chose.nombre, f"dossier {de_la_vague}", f"dossiers {de_la_vague}")
        yield Travail(
            f"{combien} {chose.d_un if chose.nombre == 1 else chose.de_plusieurs}",
            quand,
            adresse_de(numero, f"attente={chose.attente.value}"),
            chose.libelle,
            precision=de_la_vague,
            presse=presse(avant, vagues.maintenant),
            nombre=chose.nombre,
            avant=avant,
        )


def corrections_attendues(moi: Utilisateur) -> Iterator[Echeance]:
    """The next ones to come back, of the files that `moi` instructs."""
    attendues = (
        DemandeDeCorrection.objects.filter(
            rendue_le=None, fermee_le=None, candidature__in=a_instruire_par(moi).values("pk")
        )
        .select_related("candidature__vague", "candidature__territoire")
        .only("echeance", "candidature__vague__numero", "candidature__territoire__nom")
    )
    for demande in attendues.order_by("echeance", "pk")[:CORRECTIONS_MONTREES]:
        dossier = demande.candidature
        adresse = reverse("instruction:dossier", args=[dossier.pk])
        quoi = f"Fin de la correction demandée à {dossier.territoire.nom} ({dossier.reference})"
        yield Echeance(demande.echeance, limite_fr(demande.echeance), quoi, adresse)


def deliberer(vagues: Vagues, etats: Mapping[int, Mapping[str, int]]) -> Iterator[Travail]:
    for vague in vagues.en_instruction:
        lus = sum(etats.get(vague.pk, {}).values())
        if lus:
            dossiers = f"dossier de la vague {vague.numero} est", f"dossiers de la vague {vague.numero} sont"
            avant, quand = vagues.a_finir(vague, NatureDePhase.COMITE)
            yield Travail(
                f"{compte(lus, *dossiers)} à lire pour le comité de sélection.",
                quand,
                adresse_de(vague.numero),
                "Lire les dossiers",
                precision=f"de la vague {vague.numero}",
                presse=presse(avant, vagues.maintenant),
                nombre=lus,
                avant=avant,
            )


def decider(moi: Utilisateur, vagues: Vagues, etats: Mapping[int, Mapping[str, int]]) -> Iterator[Travail]:
    """What a valideur signs, wave by wave. Whoever has an interest in one of its files reads the same sentence
    whatever becomes of that file, and has nothing to do."""
    yield from _signer(moi, vagues)
    libres = [vague.pk for vague in vagues.en_instruction if ce_qui_bloque(vague) is None]
    instruites = vagues_instruites_par(moi, libres) if libres else set()
    for vague in vagues.lues:
        vague.blocage = A_INSTRUIT if vague.pk in instruites else ce_qui_bloque(vague)
        if vague.etat_connu == EtatVague.LABELLISEE and not vague.programmee:
            yield Travail(
                f"Vague {vague.numero}\u00a0: les décisions sont prises, il reste à les annoncer.",
                "",
                reverse("instruction:annonce", args=[vague.numero]),
                "Annoncer les résultats",
                precision=f"Vague {vague.numero}",
            )
        elif vague.etat_connu == EtatVague.EN_INSTRUCTION and vague.blocage is None:
            proposes = etats.get(vague.pk, {}).get(EtatCandidature.INSTRUITE, 0)
            avant = vagues.terme(vague)
            combien = compte(proposes, "proposition enregistrée", "propositions enregistrées")
            yield Travail(
                f"Vague {vague.numero}\u00a0: tous les dossiers sont instruits, les décisions sont à prendre.",
                f"{combien}. {vagues.dit_le_terme(vague)}",
                reverse("instruction:decisions", args=[vague.numero]),
                "Prendre les décisions",
                precision=f"Vague {vague.numero}",
                presse=presse(avant, vagues.maintenant),
                nombre=proposes,
                avant=avant,
            )


def _signer(moi: Utilisateur, vagues: Vagues) -> Iterator[Travail]:
    """The inadmissibilities that wait for this valideur, wave by wave."""
    for numero, nombre in sorted(a_signer_par_vague(moi).items()):
        vague = vagues.par_numero.get(numero)
        avant, quand = vagues.a_finir(vague, NatureDePhase.RECEVABILITE) if vague else (None, "")
        est = f"irrecevabilité de la vague {numero} est", f"irrecevabilités de la vague {numero} sont"
        yield Travail(
            f"{compte(nombre, *est)} à signer, ou à renvoyer.",
            quand,
            adresse_de(numero, f"attente={Attente.SIGNATURE.value}"),
            "Lire ces dossiers",
            precision=f"de la vague {numero}",
            presse=presse(avant, vagues.maintenant),
            nombre=nombre,
            avant=avant,
        )


def ce_qui_bloque(vague: Any) -> str | None:
    """Why it is not for this valideur to decide on a wave now (`vagues.vagues_de`); None when it may be."""
    if vague.interet:
        return "Vous avez un intérêt dans un de ses dossiers\u00a0: un autre valideur prendra les décisions."
    if vague.prolongee or vague.en_cours:
        return "L’instruction est en cours\u00a0: il est trop tôt pour décider."
    if vague.signalee:
        return "Un dossier signalé par sa collectivité attend une réponse\u00a0: il est trop tôt pour décider."
    return None


def pour_decider() -> dict[str, Any]:
    """What `ce_qui_bloque` reads of a wave, beside `interet`."""
    dossiers = Candidature.objects.filter(vague=OuterRef("pk"))
    restants = Candidature.objects.a_instruire().filter(vague=OuterRef("pk"))
    return {
        "signalee": Exists(dossiers.filter(contestations__in=Contestation.objects.en_cours())),
        "en_cours": Exists(restants),
        "prolongee": Exists(Prolongation.objects.en_vigueur().filter(vague=OuterRef("pk"))),
    }


def lecture(vagues: Vagues, etats: Mapping[int, Mapping[str, int]], *, decide: bool) -> Iterator[Rubrique]:
    """Where each wave under way stands: the files that its reader reads, by state."""
    trouvees = False
    for vague in reversed(vagues.lues):
        if vague.etat_connu not in {EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE}:
            continue
        par_etat = etats.get(vague.pk, {})
        comptes = [Compte(sum(par_etat.values()), "Dossiers", adresse_de(vague.numero))]
        comptes += [
            Compte(par_etat[etat], etat.label, adresse_de(vague.numero, f"etat={etat.value}"))
            for etat in EtatCandidature
            if par_etat.get(etat)
        ]
        textes = [_ou_en_est(vague)]
        if decide and vague.etat_connu == EtatVague.EN_INSTRUCTION and vague.blocage:
            textes.append(vague.blocage)
        trouvees = True
        yield Rubrique(
            f"Instruction de la vague {vague.numero}", adresse_de(vague.numero), tuple(textes), tuple(comptes)
        )
    if not trouvees:
        yield Rubrique("Instruction", reverse("instruction:vagues"), ("Aucune vague n’est en instruction.",))


def _ou_en_est(vague: Any) -> str:
    if vague.programmee:
        return f"L’annonce est programmée le {instant_fr(vague.publique_a)}."
    return f"{EtatVague(vague.etat_connu).label}. Close le {limite_fr(vague.echeance)}."


def par_etat(moi: Utilisateur, vagues: Vagues) -> Mapping[int, Mapping[str, int]]:
    return etats_par_vague(moi, [vague.pk for vague in vagues.lues])
