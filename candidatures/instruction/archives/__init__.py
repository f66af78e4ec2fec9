"""What an agent takes away of a file: all that they read of it, in a folder."""
