"""What the matrix asks of personal data."""

from datetime import timedelta
from typing import Any

from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.export.requetes import empreinte_du_secret
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.horloge.temps import horloge_base

UN_JOUR = timedelta(days=1)


def poser(monde: Any) -> None:
    """The porteur's own data, prepared, whose link is known to whoever has the letter; an erasure that waits."""
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
    monde.objets["-"] |= {
        **dict.fromkeys(("effacement pk", "signer_effacement pk", "abandonner_effacement pk"), effacement.pk),
        "telecharger_mes_donnees pk": export.pk,
        **dict.fromkeys(("preparer_les_donnees_de pk", "rendre_anonyme pk"), monde["presse"].pk),
        "secret": "secret-de-la-lettre",
    }
