"""What the matrix asks of personal data."""

from datetime import timedelta
from typing import Any

from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.export.requetes import empreinte_du_secret
from rebond.exports.models import Export
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.horloge.temps import horloge_base

UN_JOUR = timedelta(days=1)


def poser(monde: Any) -> None:
    """The porteur's own data, prepared, whose link is known to whoever has the letter; an erasure that waits; a long
    list that an auditeur had prepared."""
    maintenant, porteur = horloge_base(), monde["porteur"]
    export = ExportDeDonnees.objects.create(
        personne=porteur,
        demande_par=porteur,
        pret_le=maintenant,
        expire_le=maintenant + UN_JOUR,
        document=documents.enregistrer(b"archive", type_mime="application/zip"),
        empreinte=empreinte_du_secret("secret-de-la-lettre"),
    )
    # Asked by another administrateur than the one of the table: that one may sign.
    effacement = EffacementDeDocument.objects.create(
        document=documents.enregistrer(b"ordonnance", type_mime="application/pdf"),
        motif="Un document de santé.",
        demande_par=monde["presse"],
    )
    liste = Export.objects.create(
        personne=monde["auditeur"],
        chemin="/journal/acces.csv",
        intitule="Accès",
        fichier="acces.csv",
        lignes=1,
        pret_le=maintenant,
        expire_le=maintenant + UN_JOUR,
        document=documents.enregistrer(b"Instant;Acces", type_mime="text/csv; charset=utf-8"),
    )
    monde.objets["-"] |= {
        **dict.fromkeys((f"exports:{nom} pk" for nom in ("export", "etat", "fichier", "annuler")), liste.pk),
        **dict.fromkeys(("effacement pk", "signer_effacement pk", "abandonner_effacement pk"), effacement.pk),
        "telecharger_mes_donnees pk": export.pk,
        **dict.fromkeys(("preparer_les_donnees_de pk", "rendre_anonyme pk"), monde["presse"].pk),
        "secret": "secret-de-la-lettre",
    }
