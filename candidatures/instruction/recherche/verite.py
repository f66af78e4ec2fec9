"""The text by which agents find a file: what they may read of it and nothing else.

`candidatures_texte_lu` (a function of Postgres) is its one statement: the deposit that counts, then the corrections
once they are given back; neither the draft, nor a correction that is still being written.

`candidatures_pieces_lues` (a view) says the same of attachments: those of the deposit that counts, then those of the
corrections given back. What a worker has read of them (`socle.Lecture`) is copied beside the answers by whatever
changes one or the other; it goes with the reading, which Postgres takes away from what must not be read any more.
"""

#: The origin of the answers, and the beginning of that of an attachment, before the key of its document.
REPONSES, PIECE = "reponses", "piece-"
ECRIRE = f"""
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    VALUES (NEW.candidature_id, '{REPONSES}',
            recherche_vecteur(coalesce(candidatures_texte_lu(NEW.candidature_id), '')))
        ON CONFLICT (candidature_id, origine) DO UPDATE SET vecteur = EXCLUDED.vecteur;
    RETURN NULL;
"""  # noqa: S608

#: A document was read, or is not any more.
PIECE_LUE = f"""
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM candidatures_textedudossier texte USING candidatures_pieces_lues lue
         WHERE lue.document_id = OLD.document_id AND texte.candidature_id = lue.candidature_id
           AND texte.origine = '{PIECE}' || OLD.document_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
        SELECT DISTINCT lue.candidature_id, '{PIECE}' || NEW.document_id, NEW.vecteur
          FROM candidatures_pieces_lues lue WHERE lue.document_id = NEW.document_id AND NEW.texte <> ''
            ON CONFLICT (candidature_id, origine) DO UPDATE SET vecteur = EXCLUDED.vecteur;
    END IF;
    RETURN NULL;
"""  # noqa: S608
#: Another deposit counts: what was attached to the former is found no more. What is attached to both comes back.
OUBLIER_LES_PIECES = f"""
    DELETE FROM candidatures_textedudossier
     WHERE candidature_id = NEW.candidature_id AND starts_with(origine, '{PIECE}');
    RETURN NULL;
"""  # noqa: S608
PIECE_DEPOSEE = f"""
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    SELECT depot.candidature_id, '{PIECE}' || lecture.document_id, lecture.vecteur
      FROM candidatures_depot depot, socle_lecture lecture
     WHERE depot.id = NEW.depot_id AND lecture.document_id = NEW.document_id AND lecture.texte <> ''
        ON CONFLICT DO NOTHING;
    RETURN NULL;
"""  # noqa: S608
PIECES_RENDUES = f"""
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    SELECT NEW.candidature_id, '{PIECE}' || lecture.document_id, lecture.vecteur
      FROM candidatures_piecedecorrection piece JOIN socle_lecture lecture USING (document_id)
     WHERE piece.demande_id = NEW.id AND lecture.texte <> ''
        ON CONFLICT DO NOTHING;
    RETURN NULL;
"""  # noqa: S608
#: Two acts that did not see each other may have left a text out, or one too many: a sweep sets it right.
ACCORDER = (
    f"""
    DELETE FROM candidatures_textedudossier texte
     WHERE starts_with(origine, '{PIECE}') AND NOT EXISTS (
         SELECT 1 FROM candidatures_pieces_lues lue JOIN socle_lecture lecture USING (document_id)
          WHERE lue.candidature_id = texte.candidature_id AND lecture.texte <> ''
            AND texte.origine = '{PIECE}' || lue.document_id)
    """,  # noqa: S608
    f"""
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    SELECT DISTINCT lue.candidature_id, '{PIECE}' || lue.document_id, lecture.vecteur
      FROM candidatures_pieces_lues lue JOIN socle_lecture lecture USING (document_id)
     WHERE lecture.texte <> '' AND NOT EXISTS (
         SELECT 1 FROM candidatures_textedudossier texte
          WHERE texte.candidature_id = lue.candidature_id AND texte.origine = '{PIECE}' || lue.document_id)
        ON CONFLICT DO NOTHING
    """,  # noqa: S608
)  # fmt: skip
