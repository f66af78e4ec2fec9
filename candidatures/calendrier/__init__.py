"""How waves are programmed, announced and subscribed to."""
