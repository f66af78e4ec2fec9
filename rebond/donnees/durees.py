"""How long what is not an archive of a procedure is kept. The register says why; `regles` does it."""

from datetime import timedelta

#: Longer than the year in which an act that was told badly may still be contested (CE, Ass., 13/07/2016, n° 387763).
COURRIELS = timedelta(days=396)
#: After an invitation was answered, withdrawn, or has expired: the porteur may still see who did not answer.
INVITATIONS = timedelta(days=183)
#: Who is in front of which section: worth a minute.
PRESENCES = timedelta(days=1)
#: An export waits so long to be downloaded; its file serves nobody afterwards.
EXPORTS = timedelta(days=7)
#: That an export was made: somebody who asks every month is answered every month, and a refusal is explained.
TRACES_DES_EXPORTS = timedelta(days=365)
#: An address that nobody proved may be somebody else's.
ADRESSES_JAMAIS_PROUVEES = timedelta(days=30)
#: From the closing of an account to its anonymisation: what it did may be questioned, and may be answered for.
COMPTES_FERMES = timedelta(days=365)
#: Files of a procedure, its decisions, its proofs: ten years, then the archives decide (code du patrimoine, L212-2).
DOSSIERS = timedelta(days=3653)
