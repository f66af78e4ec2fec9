"""Search across what one may see: what was typed, read once; how Postgres finds it; what each app gives to be found.

An app declares a `Source` beside the subject that it searches, made of that subject's own QuerySets of what a person
may see. Nothing here knows who may see what, nor any app.
"""
