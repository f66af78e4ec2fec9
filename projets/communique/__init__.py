"""The press release: written from the figures, then given the shape that each format wants."""
