"""Files of lists: written at once while they are short, else by a worker, for whoever asked and for nobody else.

A list is exported by its address: `adresses_d_export("projets", vue, "exporter")`, whose view guards as any other and
answers an `Extrait`. A worker asks that same view again, in the name of the person, when it writes the file; so does
the download. Nothing else of the list is known here.
"""
