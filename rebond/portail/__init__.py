"""The composition root: home page, dashboards, menu, health."""
