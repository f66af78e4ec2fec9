"""Pages that are the same for everyone, whoever asks."""

#: Set on a request whose page goes to everyone: what is made of it shows nothing of who asks.
POUR_TOUS = "pour_tous"
