"""The mission report: a frozen view-model, its drawings, its HTML, its PDF."""
