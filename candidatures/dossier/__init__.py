"""The file that a territory writes: content, completeness, versions, people."""
