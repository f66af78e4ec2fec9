"""What keeps accounts safe, whatever their door: what a session has proven, passwords, acts, signals."""
