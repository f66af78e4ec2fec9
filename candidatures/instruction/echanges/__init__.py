"""Messages between a territory and the service that instructs its file."""
