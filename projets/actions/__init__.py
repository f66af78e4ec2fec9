"""What people do in missions and with what comes of them: one transaction each."""
