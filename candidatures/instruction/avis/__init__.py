"""Avis: asked of organismes, taken, given, reminded; what each of those who read them sees."""
