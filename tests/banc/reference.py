"""What the issue asks, made independent of the machine.

pretalx 2026.1 with 10,000 submissions, and Rebond, were measured on 27 November 2026 on one machine of two cores, in
the same minutes as an empty Django view, which served 3,556 requests a second to eight clients.

*Throughput.* pretalx's requests a second at eight clients over 3,556 is what it does of an empty view, on any machine.
A goal « at most 1/n of pretalx » is then at least n times that ratio. Its latency at eight clients follows from its
throughput, whatever it is (Little's law: clients = throughput × latency), so both goals are one; the one-client
milliseconds of pretalx had no empty view of their own beside them, and are not used.

*Latency.* « p95 at most 1/3 of pretalx » is one third of pretalx's mean latency at eight (8 / 72 s for the list of an
applicant), in mean latencies of the empty view at eight (8 / 3,556 s): at most 3,556 / 72 / 3 = 16.5 of them.

*Milliseconds.* A goal in milliseconds holds on that machine. Elsewhere it is multiplied by 3,556 over what the empty
view does in the run, when that is slower; never divided.
"""

VIDE_A_HUIT = 3556.0
# Requests a second of pretalx 2026.1 at eight clients.
PRETALX_LISTE = 1.8
PRETALX_ACCUEIL = 72.0
PRETALX_DOSSIER = 18.0


def rapport_de_pretalx(par_seconde: float, *, fois: float = 1.0) -> float:
    """Of the empty view's throughput at eight, what `fois` pretalx's is."""
    return fois * par_seconde / VIDE_A_HUIT


def latences_vides(par_seconde: float, *, part: float) -> float:
    """`part` of pretalx's latency at eight, in mean latencies of the empty view at eight."""
    return part * VIDE_A_HUIT / par_seconde


def lenteur(vide_a_huit: float) -> float:
    """How many times this machine, as it is loaded now, is slower than that of the issue; 1 when it is not."""
    return max(1.0, VIDE_A_HUIT / vide_a_huit)
