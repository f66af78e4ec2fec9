"""Taking over the files that the call received on Démarches simplifiées.

`lecture` (the JSON) → `correspondance` (whose field is whose) → `preparation` (a `plan` per dossier, pure but for the
reference of territories) → `candidatures.reprise.actions` (one transaction each), led by `execution`, told by
`rapport`. What has no place here is kept with the file and shown by `presentation`.
"""
