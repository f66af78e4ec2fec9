"""What a file says and what its pages look like, for those who may open it: read once, by a worker.

The reading is that of processes of their own (`lecteur`, `dessinateur`, `reconnaisseur`), without any setting nor
secret, bounded in time, memory and number. Their answer is kept in a `Lecture`, never of a file that is in quarantine.
"""
