"""The text by which agents find a file: what they may read of it and nothing else.

`candidatures_texte_lu` (a function of Postgres) is its one statement: the deposit that counts, then the corrections
once they are given back; neither the draft, nor a correction that is still being written.
"""

#: The origin of the answers; what is read in an attachment has another one.
REPONSES = "reponses"
ECRIRE = f"""
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    VALUES (NEW.candidature_id, '{REPONSES}',
            recherche_vecteur(coalesce(candidatures_texte_lu(NEW.candidature_id), '')))
        ON CONFLICT (candidature_id, origine) DO UPDATE SET vecteur = EXCLUDED.vecteur;
    RETURN NULL;
"""  # noqa: S608
