"""The procès-verbal of a closing: its lines, its documents, its verification."""
