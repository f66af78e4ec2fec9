class AmorceImpossible(RuntimeError):
    """The set-up cannot go on; the message is French and says what to do."""
