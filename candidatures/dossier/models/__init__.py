"""The file, who writes it, its attachments, its versions."""
