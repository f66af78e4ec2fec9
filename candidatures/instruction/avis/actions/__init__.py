"""Acts on an avis. Every one holds its file first (`candidatures.instruction.tenue`), then its request."""
