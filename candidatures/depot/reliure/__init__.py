"""A deposit and its attachments in one PDF, made by a worker for whoever asks."""
