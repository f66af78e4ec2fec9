"""What somebody of a territory reads when they come in: what they have to do, then what follows without them."""
